/** Making elements without markup in strings. */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean>} [attributes] true sets an empty attribute, false leaves it out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** The element that a page promises to have. @template {Element} T @param {ParentNode} root @param {string} selector @param {new (...args: any[]) => T} type @returns {T} */
export function need(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${selector}`);
  return found;
}

/** The control that was used is about to vanish; the reader goes on here. @param {HTMLElement} heading */
export function goOnAt(heading) {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** As long as a page that is not shown waits for its frame. */
const UNSEEN = 100;

/** Resolves in the task after the next frame. @returns {Promise<void>} */
export function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, UNSEEN);
  });
}
