/** The explorer's keys: which one does what, and whether the reader wants them. Only single characters, so that they can be switched off. */

/** @typedef {"search" | "next" | "previous" | "open" | "help"} Action */

/** @type {ReadonlyMap<string, Action>} */
const ACTIONS = new Map([["/", "search"], ["j", "next"], ["k", "previous"], ["o", "open"], ["?", "help"]]);
const SETTING = "atlas-keys";

/**
 * What a key asks for; null while the reader types, holds a modifier or composes a character. Shift is part of how many
 * keyboards write / and ?, so it only matters for letters.
 * @param {{key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean, shiftKey: boolean, isComposing: boolean}} event
 * @param {boolean} isTyping
 * @returns {Action | null}
 */
export function actionOf({ key, ctrlKey, altKey, metaKey, shiftKey, isComposing }, isTyping) {
  const isLetter = /^[a-z]$/i.test(key);
  if (isTyping || isComposing || ctrlKey || altKey || metaKey || (isLetter && shiftKey)) return null;
  return ACTIONS.get(key.toLowerCase()) ?? null;
}

/** Whether keys are wanted; yes where nothing can be remembered. @param {() => Pick<Storage, "getItem">} open */
export function wantsKeys(open) {
  try {
    return open().getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

/** @param {() => Pick<Storage, "setItem">} open @param {boolean} isWanted @returns {boolean} whether it will be remembered */
export function rememberKeys(open, isWanted) {
  try {
    open().setItem(SETTING, isWanted ? "on" : "off");
    return true;
  } catch {
    return false;
  }
}
