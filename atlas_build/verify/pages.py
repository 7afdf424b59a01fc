"""What every page promises by itself: a unique title, one h1, a language, the security policy, nothing inline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from atlas_build.verify.addresses import FRONT, NOT_FOUND
from atlas_build.verify.files import CASES
from atlas_build.verify.markup import Tag
from atlas_build.verify.problem import Problem, show
from atlas_build.verify.reading import PageText

CASE_KINDS = frozenset({"case", "candidate", "tombstone"})
KINDS = CASE_KINDS | {"explorer", "list", "former", "codebook", "label", "prose", "prompt", "release"}
HIDDEN_KINDS = frozenset({"candidate", "tombstone", "former"})
"""Pages that search engines must not list, and that no list of the site leads to."""


def check_page(page: PageText, *, csp: str) -> Iterator[Problem]:
    yield from _check_head(page, csp)
    yield from _check_body(page)
    yield from _check_kind(page)
    for token, facts, _ in page.tags:
        for fault in facts.faults:
            yield page.problem(fault.rule, fault.message, token)


def _check_head(page: PageText, csp: str) -> Iterator[Problem]:
    if len(page.titles) != 1 or not page.titles[0]:
        yield page.problem("title", "must have one title element with text")
    root = next((tag for tag in page.head if tag.name == "html"), None)
    if root is None or not root.attributes.get("lang", "").strip():
        yield page.problem("lang", "the html element must name its language")
    metas = [tag for tag in page.head if tag.name == "meta"]
    if not any(_named(tag, "description") and tag.attributes.get("content", "").strip() for tag in metas):
        yield page.problem("description", "must have a meta description with text")
    yield from _check_policy(page, csp)


def _named(tag: Tag, name: str) -> bool:
    return tag.attributes.get("name", "").lower() == name


def _check_policy(page: PageText, csp: str) -> Iterator[Problem]:
    inside = [tag for tag in page.head if tag.name not in ("html", "head")]
    charset = inside[0].attributes.get("charset", "") if inside and inside[0].name == "meta" else ""
    if charset.lower() != "utf-8":
        yield page.problem("charset", "the head must begin with meta charset utf-8")
    policies = [tag for tag in inside if tag.attributes.get("http-equiv", "").lower() == "content-security-policy"]
    if len(policies) != 1 or len(inside) < 2 or inside[1] is not policies[0]:
        yield page.problem("csp", "one security policy must stand right after the charset")
    elif policies[0].attributes.get("content") != csp:
        yield page.problem("csp", "the security policy is not the one that every page has")


def _check_body(page: PageText) -> Iterator[Problem]:
    for name in ("h1", "main"):
        if page.count(name) != 1:
            yield page.problem(name, f"has {page.count(name)} {name} elements; must be one")
    for name, count in page.ids.items():
        if count > 1:
            yield page.problem("id", f"the id {show(name)} stands {count} times")
        if not name or any(char.isspace() for char in name):
            yield page.problem("id", "an id is empty or has blanks")


def _check_kind(page: PageText) -> Iterator[Problem]:
    kind = page.kind
    if not kind:
        if page.count("main"):
            yield page.problem("page-kind", 'main must have a class like "page-case"')
        return
    if kind not in KINDS:
        yield page.problem("page-kind", f"the kind of page {show(kind)} is not known")
        return
    if (kind in CASE_KINDS) != page.path.startswith(CASES) or (kind == "explorer") != (page.path == FRONT):
        yield page.problem("page-kind", f"a page of the kind {kind} stands at this address")
    hidden = kind in HIDDEN_KINDS or page.path == NOT_FOUND
    if hidden != ("noindex" in page.robots):
        yield page.problem("robots", "must say noindex" if hidden else "must not say noindex")


def canonical_base(page: PageText) -> str:
    """The site's address according to the page's canonical link; "" when it has none, or one of another page."""
    address = page.path.removesuffix(FRONT)
    for tag in page.head:
        if tag.name == "link" and "canonical" in tag.attributes.get("rel", "").split():
            url = tag.attributes.get("href", "")
            return url.removesuffix(address) if url.endswith(f"/{address}") else ""
    return ""


def check_canonical(bases: Mapping[str, str]) -> Iterator[Problem]:
    """Pages that are to be found name their own address, all below the same one; or none does.

    Args:
        bases: page -> what `canonical_base` says of it.
    """
    expected = bases.get(FRONT, "")
    for path, base in bases.items():
        if base != expected:
            yield Problem(path, "canonical", "its canonical address is missing, or not its own")


def check_titles(titles: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """`titles`: (path, title) of every page, by path."""
    first: dict[str, str] = {}
    for path, title in titles:
        if title and first.setdefault(title, path) != path:
            yield Problem(path, "title", f"has the same title as {show(first[title])}")
