"""The smallest site that keeps every promise: two cases, a rejected candidate, a withdrawn case. Tests break it."""

from __future__ import annotations

import gzip
from collections import Counter
from html import escape
from pathlib import Path

from factories import make_episode

from atlas_build.model.episode import Episode
from atlas_build.model.facets import FACETS, Missing
from atlas_build.read.codebook_files import read_codebook
from atlas_build.search.index import build_index

ROOT = Path(__file__).resolve().parents[1]
CSP = "default-src 'none'; script-src 'self'; style-src 'self'"
FIRST = make_episode(number=1, form=["S3", "S4"], cause="C6", severity="DS2", locus="DL1", name="First Case")
SECOND = make_episode(number=2, workflow="CLI", agent="none", name="Second Case", timestamp=None)
CANDIDATE = make_episode(number=3, validation="INVALID", name="Rejected Candidate")
TOMBSTONE = "ama-0000-0000"


class MiniSite:
    """A site in a folder, with a few ways to break it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = f"c/{FIRST.slug}/index.html"
        self.second = f"c/{SECOND.slug}/index.html"
        self.candidate = f"c/{CANDIDATE.slug}/index.html"
        self.tombstone = f"c/{TOMBSTONE}/index.html"

    def pages(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))

    def write(self, path: str, content: str | bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, path: str, old: str, new: str) -> None:
        """Put `new` in the place of `old`, which must stand in the file once."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))

    def add(self, path: str, markup: str) -> None:
        """Put markup at the end of main."""
        self.replace(path, "</main>", f"{markup}</main>")

    def remove(self, path: str) -> None:
        (self.folder / path).unlink()


def write_mini_site(folder: Path, *, base_path: str = "/") -> MiniSite:
    site = MiniSite(folder)
    episodes = (FIRST, SECOND, CANDIDATE)
    cases = episodes[:2]
    index = build_index(episodes, read_codebook(ROOT / "data" / "codebook"))
    for path, data in index.files.items():
        site.write(f"index/{index.digest}/{path}", data)
    site.write(".misalignment-atlas", "ours\n")
    site.write(".nojekyll", "")
    site.write("favicon.svg", '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')
    site.write("assets/d1/css/main.css", "body { color: black } /* url(https://example.com/not-loaded) */")
    site.write("assets/d1/js/explorer.js", 'import {\n  read,\n} from "./state.js";\nread();\n')
    site.write("assets/d1/js/state.js", '// from "nowhere"\nexport function read() { return "https://example.org" }\n')
    site.write("data/cases.json.gz", gzip.compress(b"[]", mtime=0))
    site.write("index.html", _page("explorer", "", "Atlas", _explorer(cases, index.digest)))
    site.write("list/1/index.html", _page("list", "../../", "All cases", _links(cases, "../../")))
    site.write("codebook/index.html", _page("codebook", "../", "Codebook", '<a href="s4/#cases">S4</a>'))
    label = (
        f'<h2 id="cases">Cases</h2>{_links(cases, "../../")}<a href="../../?form=S4&amp;cause=C6:direct,-C2">all</a>'
    )
    site.write("codebook/s4/index.html", _page("label", "../../", "S4", label))
    outside = '<a href="https://example.com/" rel="noopener noreferrer nofollow">out</a><a href="mailto:a@example.com">'
    site.write(
        "about/index.html", _page("prose", "../", "About", f'{outside}write</a><a href="../data/cases.json.gz">')
    )
    for case in cases:
        site.write(f"c/{case.slug}/index.html", _page("case", "../../", case.text.name, _case(case)))
    hidden = '<meta name="robots" content="noindex">'
    site.write(site.candidate, _page("candidate", "../../", "Candidate", _case(CANDIDATE), hidden))
    withdrawn = f'<a href="../{FIRST.slug}/#q1">Continued</a>'
    site.write(site.tombstone, _page("tombstone", "../../", "Withdrawn", withdrawn, hidden))
    site.write("404.html", _page("prose", base_path, "Not found", f'<a href="{base_path}list/1/">All</a>', hidden))
    return site


def _page(kind: str, root: str, title: str, main: str, head: str = "") -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(CSP)}">
<title>{title}</title>
<meta name="description" content="About {title}.">
{head}
<link rel="icon" href="{root}favicon.svg">
<link rel="stylesheet" href="{root}assets/d1/css/main.css">
</head>
<body>
<a href="#main">Skip</a>
<nav><a href="{root or "./"}">Explore</a> <a href="{root}codebook/">Codebook</a></nav>
<main id="main" class="page-{kind}">
<h1>{title}</h1>
<svg viewBox="0 0 1 1" aria-hidden="true"><title>not the page's</title><path d="M0 0"/></svg>
{main}
</main>
</body>
</html>
"""


def _links(cases: tuple[Episode, ...], root: str) -> str:
    return "".join(f'<a href="{root}c/{case.slug}/">{case.text.name}</a>' for case in cases)


def _explorer(cases: tuple[Episode, ...], digest: str) -> str:
    facets = "".join(_facet(facet.name, [v for case in cases for v in facet.values(case)]) for facet in FACETS)
    script = '<script type="module" src="assets/d1/js/explorer.js"></script>'
    form = '<form action="./" method="get"><input name="q"></form><a href="?q=table">table</a><a href="">blank</a>'
    return f'<div data-index="index/{digest}/">{form}{facets}{_links(cases, "")}</div>{script}'


def _facet(name: str, values: list[str | Missing]) -> str:
    rows = "".join(
        f'<li class="facet-value" data-{_which(value)}><span class="count">{count}</span></li>'
        for value, count in Counter(values).items()
    )
    return f'<details class="facet" data-facet="{name}"><ul>{rows}</ul></details>'


def _which(value: str | Missing) -> str:
    return f'missing="{value.value}"' if isinstance(value, Missing) else f'value="{value}"'


def _case(case: Episode) -> str:
    labels = case.facts.labels
    codes = [("workflow", case.facts.session.workflow)]
    if labels:
        codes += [("form", form) for form in labels.forms] + [("cause", cause.label) for cause in labels.causes]
        codes += [("severity", labels.severity), ("locus", labels.locus)]
        codes += [("status", labels.status), ("resolver", labels.resolver)]
    cells = "".join(f'<li class="cell {axis}"><span class="code">{code}</span></li>' for axis, code in codes if code)
    return f'<ul class="strip">{cells}</ul><blockquote id="q1">1 &lt; 2 > 0</blockquote><a href="#q1">q1</a>'
