"""What one start tag may say, wherever it stands: no inline code, nothing loaded from elsewhere, careful links out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from atlas_build.verify.addresses import scheme_of
from atlas_build.verify.markup import Tag, parse_tag

LOADING_RELS = frozenset({
    "stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "modulepreload", "prefetch",
    "preconnect", "dns-prefetch", "prerender",
})  # fmt: skip
LOADING = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "iframe": ("src",),
    "frame": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "input": ("src", "formaction"),
    "button": ("formaction",),
    "form": ("action",),
    "body": ("background",),
    "use": ("href", "xlink:href"),
    "image": ("href", "xlink:href"),
    "feimage": ("href", "xlink:href"),
}
"""Element -> attributes whose address the browser fetches or sends to."""

CODE_SCHEMES = frozenset({"javascript", "vbscript", "data"})
OUTSIDE_SCHEMES = frozenset({"http", "https", "mailto"})
OUTSIDE_REL = frozenset({"noopener", "noreferrer", "nofollow"})
DATA_BLOCKS = frozenset({"application/ld+json", "application/json"})
"""Types of script elements that hold data, which no browser runs."""


class Fault(NamedTuple):
    rule: str
    message: str


class TagFacts(NamedTuple):
    """What a page check needs of one tag.

    Attributes:
        links: addresses inside the site, as written.
    """

    name: str
    id: str | None
    links: tuple[str, ...]
    faults: tuple[Fault, ...]
    page_class: str = ""
    """The class of a main element."""

    @property
    def is_plain(self) -> bool:
        """Nothing here for a check to look at."""
        return self.id is None and not self.links and not self.faults and self.name not in ("h1", "main")


def read_tag_facts(token: str) -> TagFacts:
    tag = parse_tag(token)
    addresses = list(_addresses(tag))
    faults = [*_inline_faults(tag), *(fault for address in addresses if (fault := _address_fault(tag, *address)))]
    if tag.repeated:
        faults.append(Fault("markup", f"<{tag.name}> has an attribute twice"))
    return TagFacts(
        name=tag.name,
        id=tag.attributes.get("id"),
        links=tuple(url for _, url in addresses if not scheme_of(url)),
        faults=tuple(faults),
        page_class=tag.attributes.get("class", "") if tag.name == "main" else "",
    )


def _addresses(tag: Tag) -> Iterator[tuple[bool, str]]:
    """(is loaded, address as written) of every address that the tag names."""
    attributes = tag.attributes
    for name in LOADING.get(tag.name, ()):
        if name in attributes:
            urls = _srcset(attributes[name]) if name == "srcset" else (attributes[name],)
            yield from ((True, url) for url in urls)
    if tag.name in ("a", "area"):
        yield from ((False, attributes[name]) for name in ("href", "xlink:href") if name in attributes)
        yield from ((True, url) for url in attributes.get("ping", "").split())
    if tag.name == "link" and "href" in attributes:
        yield not LOADING_RELS.isdisjoint(attributes.get("rel", "").lower().split()), attributes["href"]


def _srcset(value: str) -> tuple[str, ...]:
    return tuple(candidate.split()[0] for candidate in value.split(",") if candidate.strip())


def _address_fault(tag: Tag, is_loaded: bool, url: str) -> Fault | None:
    scheme = scheme_of(url)
    if not scheme:
        return None
    if scheme in CODE_SCHEMES:
        return Fault("script-url", f"<{tag.name}> has an address that is code or data; write a real address")
    if is_loaded:
        return Fault("third-party", f"<{tag.name}> loads from another host; ship the file with the site")
    if scheme not in OUTSIDE_SCHEMES:
        return Fault("outside-link", f"<{tag.name}> leads out by something else than http, https or mailto")
    lacks = OUTSIDE_REL - set(tag.attributes.get("rel", "").lower().split())
    if tag.name != "link" and scheme != "mailto" and lacks:
        return Fault("outside-link", f"a link out lacks rel {' '.join(sorted(lacks))}")
    return None


def _inline_faults(tag: Tag) -> Iterator[Fault]:
    attributes = tag.attributes
    if tag.name == "style":
        yield Fault("inline", "a style element; the policy blocks it, use the style sheet")
    is_code = tag.name == "script" and attributes.get("type", "").lower() not in DATA_BLOCKS
    if is_code and (tag.content or "src" not in attributes):
        yield Fault("inline", "an inline script; the policy blocks it, use a file")
    for name in attributes:
        if name == "style" or name.startswith("on") or name == "srcdoc":
            what = "an event handler" if name.startswith("on") else f"the attribute {name}"
            yield Fault("inline", f"<{tag.name}> has {what}; the policy blocks it")
    if tag.name == "base":
        yield Fault("link-form", "a base element changes where every link leads")
    if tag.name == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
        yield Fault("link-form", "the page sends its reader on by itself")
