"""What every page has: an address, a way back to the root, a title of its own, and the security policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from markupsafe import Markup

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing inline, nothing from elsewhere, and no way for text to become markup."""


@dataclass(frozen=True)
class NavItem:
    name: str
    href: str


NAV = (
    NavItem("Explore", ""),
    NavItem("Codebook", "codebook/"),
    NavItem("Method", "method/"),
    NavItem("Inclusion", "inclusion/"),
    NavItem("Data", "data/"),
    NavItem("About", "about/"),
)


@dataclass(frozen=True)
class Site:
    """What all pages share.

    Attributes:
        assets: folder of scripts and styles below the root, named by their digest.
        modules: script files that the explorer preloads.
        contact_href: address to write to for a removal, as a link.
        releases: names of all releases, oldest first; each has a page.
        pid_base: where persistent addresses start, with a slash at the end; None when the site's own are persistent.
    """

    title: str
    assets: str
    modules: tuple[str, ...]
    base_url: str | None
    sample: bool
    release: str | None
    released: date | None
    contact: str | None
    license_note: str | None = None

    csp: str = CSP
    nav: tuple[NavItem, ...] = NAV
    pid_base: str | None = None
    releases: tuple[str, ...] = ()

    @property
    def base_path(self) -> str:
        """The path under which the site is hosted, `/` when that is not known."""
        return urlsplit(self.base_url).path or "/" if self.base_url else "/"

    def address(self, path: str) -> str | None:
        """The absolute address of a page or file below the root; None without a base URL."""
        return self.base_url + path if self.base_url else None

    def pid(self, path: str) -> str | None:
        """The persistent address of a page."""
        return persistent_address(self.base_url, self.pid_base, path)

    @property
    def contact_href(self) -> str | None:
        if self.contact and "://" not in self.contact and "@" in self.contact:
            return f"mailto:{self.contact}"
        return self.contact


def persistent_address(base_url: str | None, pid_base: str | None, path: str) -> str | None:
    """Where a page can be found for good; a redirecting service gets the path without the slash at its end."""
    if base_url and pid_base:
        return pid_base + path.removesuffix("/")
    return base_url + path if base_url else None


@dataclass(frozen=True, slots=True)
class HeadLink:
    """A link element of the head; `type` is a media type or ""."""

    rel: str
    href: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What a page tells machines: `render.metadata` makes it.

    Attributes:
        meta: (name, content) of meta elements.
        properties: (property, content) of Open Graph elements.
        data: JSON-LD, escaped for a script element.
    """

    meta: tuple[tuple[str, str], ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    links: tuple[HeadLink, ...] = ()
    data: Markup | None = None


NO_HEAD = Head()


@dataclass(frozen=True)
class Page:
    """One page's frame.

    Attributes:
        path: address below the root, `c/ama-0000-0000/` or `404.html`; "" is the front page.
        kind: names the page's class for styles and the size limits.
        section: the navigation's item that the page belongs to.
        robots: content of the robots element, or "".
    """

    path: str
    kind: str
    title: str
    description: str
    root: str
    canonical: str | None
    section: str = ""
    robots: str = ""
    head: Head = NO_HEAD

    @property
    def file(self) -> str:
        return f"{self.path}index.html" if self.path.endswith("/") or not self.path else self.path


def root_of(path: str) -> str:
    """The relative way from a page's folder up to the site's root: "", "../", "../../" ..."""
    return "../" * path.count("/")


def make_page(site: Site, path: str, kind: str, title: str, description: str, **more: object) -> Page:
    """A page with links relative to where it stands; without a base URL there is no canonical address.

    A page that is not to be indexed has no canonical address either.
    """
    canonical = site.base_url + path if site.base_url and not more.get("robots") else None
    full = title if title == site.title else f"{title} · {site.title}"
    root = str(more.pop("root", root_of(path)))
    return Page(path, kind, full, description, root, canonical, **more)  # type: ignore[arg-type]
