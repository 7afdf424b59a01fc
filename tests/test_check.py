"""The checks of a finished site: a correct site has no problem, and each broken promise is named by its own rule."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mini_site import CSP, MiniSite, write_mini_site

from atlas_build.errors import InputError
from atlas_build.search import reader
from atlas_build.verify.check import Problem, check_site
from atlas_build.verify.limits import Limits, read_limits
from atlas_build.verify.markup import MarkupError, split_tags

ROOT = Path(__file__).resolve().parents[1]
LIMITS = read_limits(ROOT / "data" / "policy" / "limits.toml")

Break = Callable[[MiniSite], None]


@pytest.fixture
def site(tmp_path: Path) -> MiniSite:
    return write_mini_site(tmp_path / "site")


def check(site: MiniSite, limits: Limits = LIMITS, **options: object) -> list[Problem]:
    return check_site(site.folder, limits, csp=CSP, index=reader, **options)  # type: ignore[arg-type]


def rules(problems: list[Problem]) -> set[str]:
    return {problem.rule for problem in problems}


def test_a_correct_site_has_no_problems(site: MiniSite) -> None:
    assert check(site) == []


def test_a_site_below_a_path_has_no_problems(tmp_path: Path) -> None:
    assert check(write_mini_site(tmp_path, base_path="/atlas/"), base_path="/atlas/") == []


def replaces(path: str, old: str, new: str) -> Break:
    return lambda site: site.replace(path, old, new)


def adds(markup: str, path: str = "about/index.html") -> Break:
    return lambda site: site.add(path, markup)


def writes(path: str, content: str | bytes) -> Break:
    return lambda site: site.write(path, content)


def writes_copy(source: str, path: str) -> Break:
    """The page at `source` under another title, one level deeper."""

    def write(site: MiniSite) -> None:
        text = (site.folder / source).read_text(encoding="utf-8")
        site.write(path, text.replace('="../', '="../../').replace("About", "Copy"))

    return write


def canonical(path: str, url: str) -> Break:
    return replaces(path, HEAD, f'<link rel="canonical" href="{url}">{HEAD}')


ABOUT = "about/index.html"
HEAD = '<meta name="description"'
OUT = '<a href="https://example.com/" rel="noopener noreferrer">x</a>'

FAULTS: list[tuple[str, str, Break]] = [
    # links
    ("link to no page", "link", adds('<a href="../list/9/">x</a>')),
    ("link to a folder without its slash", "link", adds('<a href="../codebook">x</a>')),
    ("link above the root", "link", adds('<a href="../../list/1/">x</a>')),
    ("link in other case", "link", adds('<a href="../Codebook/">x</a>')),
    ("style sheet that is not there", "link", replaces(ABOUT, "main.css", "other.css")),
    ("image that is not there", "link", adds('<img src="x.png" alt="">')),
    ("one of a set of images that is not there", "link", adds('<img srcset="../favicon.svg 1x, x.png 2x" alt="">')),
    ("form to no page", "link", adds('<form action="x/"></form>')),
    ("style sheet that loads what is not there", "link", writes("assets/d1/css/main.css", "a{b:url(x.woff2)}")),
    ("script that imports what is not there", "link", writes("assets/d1/js/state.js", 'import "./x.js";')),
    ("script that imports later what is not there", "link", writes("assets/d1/js/state.js", 'f(import("./x.js"));')),
    ("script that imports a bare name", "link", writes("assets/d1/js/state.js", 'import x from "x";')),
    ("link that starts with a slash", "link-form", adds('<a href="/codebook/">x</a>')),
    ("relative link on the page for any address", "link-form", adds('<a href="codebook/">x</a>', "404.html")),
    ("base element", "link-form", replaces(ABOUT, HEAD, f'<base href="../">{HEAD}')),
    ("page that sends its reader on", "link-form", replaces(ABOUT, HEAD, f'<meta http-equiv="refresh">{HEAD}')),
    ("anchor that is not on the page", "anchor", adds('<a href="#q9">x</a>')),
    ("anchor that is not on another page", "anchor", replaces("codebook/index.html", "#cases", "#case")),
    ("unknown query key", "query", adds('<a href="../?shape=S3">x</a>')),
    ("unknown facet value", "query", adds('<a href="../?form=S3,-S9">x</a>')),
    ("unknown tier", "query", adds('<a href="../?cause=C6:sure">x</a>')),
    ("query for a page that reads none", "query", adds('<a href="../codebook/?form=S3">x</a>')),
    # pages
    ("same id twice", "id", adds('<p id="main"></p>')),
    ("empty id", "id", adds('<p id=""></p>')),
    ("title of another page", "title", replaces(ABOUT, "<title>About", "<title>Codebook")),
    ("no title", "title", replaces(ABOUT, "<title>About</title>", "")),
    ("blank title", "title", replaces(ABOUT, "<title>About", "<title> ")),
    ("canonical address on one page", "canonical", canonical(ABOUT, "https://example.com/about/")),
    ("two h1", "h1", adds("<h1>Again</h1>")),
    ("no h1", "h1", replaces(ABOUT, "<h1>About</h1>", "")),
    ("no main", "main", replaces(ABOUT, '<main id="main" class="page-prose">', '<div id="main">')),
    ("two main", "main", adds("<main></main>")),
    ("no language", "lang", replaces(ABOUT, ' lang="en"', "")),
    ("no description", "description", replaces(ABOUT, 'name="description"', 'name="other"')),
    ("empty description", "description", replaces(ABOUT, "About About.", "")),
    ("charset not first", "charset", replaces(ABOUT, '<meta charset="utf-8">', "<meta name=x>")),
    ("other policy", "csp", replaces(ABOUT, "default-src &#x27;none&#x27;", "default-src *")),
    ("no policy", "csp", replaces(ABOUT, "Content-Security-Policy", "X-Other")),
    ("policy not after the charset", "csp", replaces(ABOUT, '<meta charset="utf-8">', '<meta charset="utf-8"><link>')),
    ("two policies", "csp", replaces(ABOUT, HEAD, f'<meta http-equiv="content-security-policy">{HEAD}')),
    ("main without kind", "page-kind", replaces(ABOUT, ' class="page-prose"', "")),
    ("unknown kind", "page-kind", replaces(ABOUT, "page-prose", "page-poetry")),
    ("front page in the wrong place", "page-kind", replaces(ABOUT, "page-prose", "page-explorer")),
    ("prose in the place of a case", "page-kind", writes_copy(ABOUT, "c/ama-2222-2222/index.html")),
    ("hidden list", "robots", replaces(ABOUT, HEAD, f'<meta name="robots" content="noindex">{HEAD}')),
    ("listed tombstone", "robots", lambda site: site.replace(site.tombstone, "noindex", "all")),
    ("listed page for any address", "robots", replaces("404.html", "noindex", "all")),
    # nothing inline, nothing from elsewhere
    ("inline script", "inline", adds("<script>if (1 < 2) x()</script>")),
    ("inline code beside a source", "inline", adds('<script src="../assets/d1/js/state.js">x()</script>')),
    ("style element", "inline", adds("<style>p { color: red }</style>")),
    ("style attribute", "inline", adds('<p style="color: red">x</p>')),
    ("event handler", "inline", adds('<p ONCLICK="x()">x</p>')),
    ("event handler without quotes", "inline", adds("<svg onload=x()></svg>")),
    ("script from elsewhere", "third-party", adds('<script src="https://example.com/x.js"></script>')),
    ("script without scheme", "third-party", adds('<script src="//example.com/x.js"></script>')),
    ("image with backslashes", "third-party", adds(r'<img src="\\example.com\x.png" alt="">')),
    ("set of images", "third-party", adds('<img srcset="https://example.com/x.png 2x" alt="">')),
    ("preload", "third-party", replaces(ABOUT, 'rel="icon" href="../favicon.svg"', 'rel=preload href="http://a.b/"')),
    ("form that sends elsewhere", "third-party", adds('<form action="https://example.com/"></form>')),
    ("ping", "third-party", adds('<a href="../" ping="https://example.com/">x</a>')),
    ("drawing that uses another", "third-party", adds('<svg><use href="https://example.com/x.svg#a"/></svg>')),
    ("style sheet import", "third-party", writes("assets/d1/css/main.css", '@import "https://example.com/x.css";')),
    ("style sheet url", "third-party", writes("assets/d1/css/main.css", "a { b: url( 'https://example.com/x' ) }")),
    ("script import", "third-party", writes("assets/d1/js/state.js", 'export { x } from "https://example.com/x.js";')),
    ("icon that loads", "third-party", writes("favicon.svg", '<svg><image href="https://example.com/x"/></svg>')),
    ("link out without nofollow", "outside-link", adds(OUT)),
    ("link out by ftp", "outside-link", adds('<a href="ftp://example.com/" rel="noopener noreferrer nofollow">x</a>')),
    ("code as address", "script-url", adds('<a href=" java&#10;script:x()">x</a>')),
    ("data as address", "script-url", adds('<img src="data:image/png;base64,AA" alt="">')),
    # markup that cannot be read
    ("no UTF-8", "markup", writes(ABOUT, b"<!doctype html>\xff")),
    ("binary", "markup", writes(ABOUT, bytes(range(128)))),
    ("empty page", "markup", writes(ABOUT, "")),
    ("no doctype", "markup", replaces(ABOUT, "<!doctype html>", "")),
    ("tag without end", "markup", adds('<p class="x')),
    ("unescaped sign", "markup", adds("1 < 2")),
    ("script without end", "markup", adds("<script>")),
    ("slash for a blank", "markup", adds("<svg/onload=x()></svg>")),
    ("attribute twice", "markup", adds('<p class="a" class="b">x</p>')),
    ("page that is a folder", "link", lambda site: _make_folder(site, "about/index.html")),
    # files
    ("no page for any address", "missing-file", lambda site: site.remove("404.html")),
    ("no .nojekyll", "missing-file", lambda site: site.remove(".nojekyll")),
    ("a link in the file system", "strange-file", lambda site: (site.folder / "x").symlink_to("about")),
    ("style sheet that is no text", "asset", writes("assets/d1/css/main.css", b"\xff\xfe")),
    # index
    ("no index", "index", lambda site: _break_index(site, "index.json", None)),
    ("garbage in the index", "index", lambda site: _break_index(site, "index.json", b"{]")),
    ("index without columns", "index", lambda site: _break_index(site, "index.json", b'{"facets":[],"columns":[]}')),
    ("index without cards", "index", lambda site: _break_index(site, "cards/0.json", b"{}")),
    ("two indexes", "index", writes("index/0123/index.json", "{}")),
    ("front page with another index", "index", replaces("index.html", 'data-index="', 'data-index="x')),
    ("other codes", "index-codes", lambda site: site.replace(site.first, ">C6<", ">C2<")),
    ("one code less", "index-codes", lambda site: site.replace(site.first, '<span class="code">S3</span>', "")),
    ("no strip", "index-codes", lambda site: site.replace(site.second, 'class="strip"', 'class="other"')),
    ("other count", "legend", lambda site: _change_count(site, "form", "S4", "3")),
    ("unreadable count", "legend", lambda site: _change_count(site, "form", "S4", "two")),
    ("facet that is not in the legend", "legend", replaces("index.html", 'data-facet="goal"', "")),
    ("facet that is not in the index", "legend", replaces("index.html", 'data-facet="goal"', 'data-facet="mood"')),
]  # fmt: skip


def _make_folder(site: MiniSite, path: str) -> None:
    site.remove(path)
    (site.folder / path).mkdir()
    site.add("index.html", '<a href="about/">x</a>')


def _break_index(site: MiniSite, name: str, content: bytes | None) -> None:
    path = next(path for path in (site.folder / "index").rglob("*") if path.as_posix().endswith(f"/{name}"))
    path.unlink() if content is None else path.write_bytes(content)


def _change_count(site: MiniSite, facet: str, value: str, count: str) -> None:
    text = (site.folder / "index.html").read_text(encoding="utf-8")
    pattern = rf'(data-facet="{facet}".*?data-value="{value}"><span class="count">)\d+'
    changed, number = re.subn(pattern, rf"\g<1>{count}", text, count=1)
    assert number == 1
    site.write("index.html", changed)


@pytest.mark.parametrize(("rule", "fault"), [pytest.param(r, f, id=name.replace(" ", "-")) for name, r, f in FAULTS])
def test_a_fault_is_reported_by_its_rule_alone(site: MiniSite, rule: str, fault: Break) -> None:
    fault(site)
    assert rules(check(site)) == {rule}


def test_a_missing_icon_is_reported_and_so_are_links_to_it(site: MiniSite) -> None:
    site.remove("favicon.svg")
    assert rules(check(site)) == {"missing-file", "link"}


def test_a_case_page_that_the_index_lacks_is_reported(site: MiniSite) -> None:
    text = (site.folder / site.first).read_text(encoding="utf-8").replace("First Case", "Stranger")
    site.write("c/ama-1111-1111/index.html", text)
    assert [(p.rule, p.file) for p in check(site)] == [("index-pages", "c/ama-1111-1111/index.html")]


def test_an_indexed_case_without_page_is_reported_once_beside_the_links_to_it(site: MiniSite) -> None:
    site.remove(site.second)
    problems = check(site)
    assert [p.file for p in problems if p.rule == "index-pages"] == [site.second]
    assert rules(problems) == {"index-pages", "link"}


def test_a_candidate_shown_as_a_case_is_reported(site: MiniSite) -> None:
    site.replace(site.candidate, "page-candidate", "page-case")
    site.replace(site.candidate, '<meta name="robots" content="noindex">', "")
    assert [(p.rule, p.file) for p in check(site)] == [("index-validation", site.candidate)]


@pytest.mark.parametrize("path", ["list/1/index.html", "codebook/s4/index.html", "index.html"])
@pytest.mark.parametrize("which", ["candidate", "tombstone"])
def test_a_list_that_leads_to_a_hidden_page_is_reported(site: MiniSite, path: str, which: str) -> None:
    target = getattr(site, which).removesuffix("index.html")
    site.add(path, f'<a href="{"../" * path.count("/")}{target}">x</a>')
    assert [(p.rule, p.file) for p in check(site)] == [("hidden-page", path)]


def test_whole_addresses_are_the_sites_own(site: MiniSite) -> None:
    found = [path for path in site.pages() if path not in (site.candidate, site.tombstone, "404.html")]
    for path in found:
        canonical(path, f"https://example.com/a/{path.removesuffix('index.html')}")(site)
    assert check(site, base_path="/") == []
    locations = "".join(
        f"<url><loc>https://example.com/a/{path.removesuffix('index.html')}</loc></url>" for path in found
    )
    site.write("sitemap.xml", f"<urlset>{locations}</urlset>")
    site.replace(site.first, HEAD, f'<link rel="describedby" href="https://example.com/a/data/cases.json.gz">{HEAD}')
    assert check(site, base_path="/") == []
    site.replace("sitemap.xml", f"a/{site.first.removesuffix('index.html')}", f"a/{site.candidate}")
    assert [(p.rule, p.file) for p in check(site, base_path="/")] == [("sitemap", "sitemap.xml")] * 2
    site.remove("sitemap.xml")
    site.replace(site.first, "cases.json.gz", "gone.json.gz")
    assert [(p.rule, p.file) for p in check(site, base_path="/")] == [("link", site.first)]
    site.replace(site.first, '<link rel="describedby" href="https://example.com/a/data/gone.json.gz">', "")
    site.replace(ABOUT, "/a/about/", "/a/codebook/")
    site.replace(site.first, "https://example.com", "https://example.org")
    assert [(p.rule, p.file) for p in check(site, base_path="/")] == [("canonical", ABOUT), ("canonical", site.first)]


def test_the_base_path_is_that_of_the_front_page(site: MiniSite) -> None:
    for path in site.pages():
        if path not in (site.candidate, site.tombstone, "404.html"):
            canonical(path, f"https://example.com/a/{path.removesuffix('index.html')}")(site)
    assert {(p.rule, p.file) for p in check(site)} == {("link-form", "404.html")}
    assert check(site, base_path="/") == []


def test_a_case_may_lead_to_a_withdrawn_one(site: MiniSite) -> None:
    site.add(site.first, '<a href="../ama-0000-0000/">x</a>')
    assert check(site) == []


def test_a_case_that_no_list_leads_to_is_reported(site: MiniSite) -> None:
    text = (site.folder / "list/1/index.html").read_text(encoding="utf-8")
    site.write("list/1/index.html", re.sub(r'<a href="[^"]*">Second Case</a>', "", text))
    assert [(p.rule, p.file) for p in check(site)] == [("unlisted", site.second)]


def test_the_page_for_any_address_starts_its_links_with_the_sites_path(site: MiniSite) -> None:
    assert {(p.rule, p.file) for p in check(site, base_path="/atlas/")} == {("link-form", "404.html")}


def test_data_blocks_comments_and_reserved_query_words_are_fine(site: MiniSite) -> None:
    site.add(ABOUT, '<script type="application/ld+json">{"@context": "https://schema.org"}</script><!-- a < b -->')
    site.add(
        ABOUT, '<a href="../?locus=na&amp;tier=none&amp;form.match=all&amp;invalid=custom:odd&amp;agent=x%2Cy">x</a>'
    )
    site.add(ABOUT, '<a href="#top">up</a><link rel="license" href="https://spdx.org/licenses/MIT.html">')
    assert check(site) == []


def test_a_problem_names_rule_file_and_line_but_no_text_of_the_page(site: MiniSite) -> None:
    site.add(ABOUT, '\n<a href="../Änne Muster.html" onclick="Änne Muster">Änne Muster</a>')
    site.add(ABOUT, '<p id="Änne"></p><p id="Änne"></p>')
    problems = check(site)
    assert [str(problem) for problem in problems if problem.rule == "inline"] == [
        "about/index.html: line 20: <a> has an event handler; the policy blocks it [inline]"
    ]
    assert rules(problems) == {"inline", "link", "id"}
    assert not any("nne" in str(problem) or "Muster" in str(problem) or "\n" in str(problem) for problem in problems)


def test_problems_are_sorted_and_the_same_for_any_number_of_jobs(
    site: MiniSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atlas_build.verify.sweep.WORTH_A_JOB", 1)
    monkeypatch.setattr("atlas_build.verify.sweep.BYTES_A_TASK", 10_000)
    for number in range(30):
        text = (site.folder / ABOUT).read_text(encoding="utf-8")
        site.write(f"about/{number}/index.html", text)
    alone = check(site, jobs=1)
    assert alone == sorted(alone)
    assert rules(alone) == {"link", "title"}
    assert check(site, jobs=3) == alone


def test_a_folder_without_marker_is_an_input_error_with_a_hint(site: MiniSite) -> None:
    site.remove(".misalignment-atlas")
    with pytest.raises(InputError, match=r"no file \.misalignment-atlas") as caught:
        check(site)
    assert "misalignment-atlas build" in caught.value.hint


def test_a_folder_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        check_site(tmp_path / "none", LIMITS, csp=CSP, index=reader)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_page_without_read_permission_is_a_problem(site: MiniSite) -> None:
    (site.folder / ABOUT).chmod(0)
    assert rules(check(site)) == {"markup"}


def test_the_marker_is_the_one_that_a_build_writes() -> None:
    from atlas_build.publish import staging
    from atlas_build.verify import files

    assert files.MARKER == staging.MARKER


def test_every_rule_is_described_and_tested() -> None:
    documented = set(
        re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs" / "checks.md").read_text("utf-8"), re.MULTILINE)
    )
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "atlas_build" / "verify").glob("*.py"))
    planted = {rule for _, rule, _ in FAULTS}
    planted |= {"sitemap", "index-pages", "index-validation", "hidden-page", "unlisted"}
    planted |= {"page-size", "file-count", "file-size", "site-size", "explorer-size", "first-data", "median-size"}
    assert documented == planted
    assert all(f'"{rule}"' in sources for rule in documented)


LARGE = "<p>" + "word " * 4_000 + "</p>"


@pytest.mark.parametrize(
    ("rule", "table", "changes"),
    [
        ("file-count", "files", {"others": 12}),
        ("file-size", "files", {"largest": 3_000}),
        ("site-size", "files", {"total": 10_000}),
        ("explorer-size", "explorer", {"shell_gzip": 500}),
        ("first-data", "explorer", {"first_data_gzip": 500}),
    ],
)
def test_a_site_limit_is_reported_by_its_rule_alone(
    site: MiniSite, rule: str, table: str, changes: dict[str, int]
) -> None:
    lowered = getattr(LIMITS, table).model_copy(update=changes)
    assert rules(check(site, LIMITS.model_copy(update={table: lowered}))) == {rule}


def _page_limits(kind: str, **changes: int) -> Limits:
    return LIMITS.model_copy(update={"page": {**LIMITS.page, kind: LIMITS.page[kind].model_copy(update=changes)}})


@pytest.mark.parametrize(
    ("rule", "changes", "message"),
    [
        ("page-size", {"raw": 20_000}, r"bytes; a page of the kind case may have 20,000"),
        ("page-size", {"gzip": 500}, r"bytes after gzip; a page of the kind case may have 500"),
        (
            "median-size",
            {"median_gzip": 500, "median_from": 2},
            r"the median case page has \d+ bytes after gzip; may be 500",
        ),
    ],
)
def test_a_page_limit_holds_for_its_kind(site: MiniSite, rule: str, changes: dict[str, int], message: str) -> None:
    site.add(site.first, LARGE)
    site.add("about/index.html", LARGE)
    problems = check(site, _page_limits("case", **changes))
    assert rules(problems) == {rule}
    assert all(re.search(message, problem.message) for problem in problems)


def test_a_large_page_that_compresses_well_is_fine(site: MiniSite) -> None:
    site.add(site.first, LARGE)
    assert check(site, _page_limits("case", gzip=1_500)) == []


def test_facet_data_may_grow_with_the_corpus(site: MiniSite) -> None:
    explorer = LIMITS.explorer.model_copy(update={"first_data_gzip": 1, "first_data_gzip_each": 5_000.0})
    assert check(site, LIMITS.model_copy(update={"explorer": explorer})) == []


@pytest.mark.parametrize(
    "piece", ["<!--", "<script>", "<style>", "<a ", "<a b=", '<a b="', "<a/", "<", "</", "<p >", "<!-", "<a b c "]
)
def test_garbage_is_read_in_linear_time(piece: str) -> None:
    """Quadratic reading would take minutes for this much."""
    try:
        split_tags(piece * (2_000_000 // len(piece)))
    except MarkupError as error:
        assert error.line == 1
