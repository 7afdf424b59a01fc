"""`cite`: the citation of a case from a finished site, and what a reader of a paper will find behind its links."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from building import write_downloads
from factories import make_episode

from atlas_build.case_links import canonical, find_links
from atlas_build.citing import FORMATS, PublishedSite, Status, Verdict, check_files, judge
from atlas_build.cli import main
from atlas_build.errors import InputError, UsageError
from atlas_build.model.episode import Episode
from atlas_build.model.identity import parse_case_id
from atlas_build.model.ledger import CaseStatus, Reason, Tombstone
from atlas_build.model.release import ReleaseNumbers, ReleaseRecord
from atlas_build.nearest import body_of, distance, nearest_ids
from atlas_build.publish.releases import describe_case, write_release
from atlas_build.read.codebook_files import read_codebook
from atlas_build.render.descriptors import Collection, write_descriptors
from atlas_build.render.page import Site
from atlas_build.render.withdrawn import write_withdrawn
from atlas_build.site_files import FolderSource, WebSource, unfold

BASE = "https://atlas.example.org/"
SAME, FLIPPED, REQUOTED = (make_episode(number=number, form="S3", name=f"Case {number}") for number in (1, 2, 3))
FLIPPED_BEFORE = make_episode(number=2, form="S2", name="Case 2")
REQUOTED_BEFORE = make_episode(number=3, form="S3", name="Case 3", quotes=["Only that column.", "Why is it renamed?"])
LATER = "2026.12.0"
EARLIER = "2026.11.0"


def fix_check(body: str) -> str:
    """The id whose first seven characters these are."""
    return next(found for char in "0123456789bcdfghjkmnpqrstvwxz" if (found := parse_case_id(body + char)))


GONE, MOVED = fix_check("7k2d9qx"), fix_check("bbbbbbb")


def make_record(version: str, day: date, cases: list[Episode]) -> ReleaseRecord:
    numbers = ReleaseNumbers(read=3, well_formed=3, valid=3, admitted=3, published=3, suppressed=0)
    described = sorted((describe_case(case) for case in cases), key=lambda case: case.id)
    return ReleaseRecord(
        version=version, date=day, scrub_rules="s1:0123456789abcdef", numbers=numbers, cases=tuple(described)
    )


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data files of a site with two releases and two tombstones."""
    folder = tmp_path_factory.mktemp("site")
    site = Site("Misalignment Atlas", "assets/0", (), BASE, False, LATER, date(2026, 12, 18), None)
    cases = (SAME, FLIPPED, REQUOTED)
    downloads = write_downloads(cases, read_codebook(root / "data" / "codebook"))
    files = {
        item.path: item.data for item in (*downloads, *write_descriptors(Collection(site, cases, {}, ""), downloads))
    }
    files["index.html"] = b"<!doctype html>"
    files["withdrawn.json"] = write_withdrawn([
        Tombstone(id=GONE, status=CaseStatus.WITHDRAWN, reason=Reason.ERROR, date=date(2026, 12, 18), release=LATER),
        Tombstone(id=MOVED, status=CaseStatus.WITHDRAWN, release=LATER, successor=SAME.id),
    ])  # fmt: skip
    records = {
        EARLIER: make_record(EARLIER, date(2026, 11, 20), [SAME, FLIPPED_BEFORE, REQUOTED_BEFORE]),
        LATER: make_record(LATER, date(2026, 12, 18), list(cases)),
    }
    for version, record in records.items():
        files[f"releases/{version}/release.json.gz"] = gzip.compress(write_release(record), mtime=0)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture
def site(folder: Path) -> PublishedSite:
    return PublishedSite(FolderSource(folder))


def swap(case_id: str, place: int, char: str) -> str:
    return case_id[:place] + char + case_id[place + 1 :]


def mistype(case_id: str) -> str:
    """One wrong character, which the check character catches."""
    return swap(case_id, 5, "b" if case_id[5] != "b" else "c")


def found(text: str, *bases: str) -> list[tuple[int, str, str | None, int | None]]:
    return [(link.line, link.typed, link.release, link.quote) for link in find_links("paper.tex", text, bases)]


# Finding links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://atlas.example.org/c/ama-7k2d-9qxp/ there", (1, "ama-7k2d-9qxp", None, None)),
        ("https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0#q2", (1, "ama-7k2d-9qxp", "2026.11.0", 2)),
        (
            r"\href{https://w3id.example.org/ama/c/ama-7k2d-9qxp?r=2026.11.0\#q2}{x}",
            (1, "ama-7k2d-9qxp", "2026.11.0", 2),
        ),
        ("[x](https://atlas.example.org/c/ama-7k2d-9qxp/).", (1, "ama-7k2d-9qxp", None, None)),
        ("<https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0>.", (1, "ama-7k2d-9qxp", "2026.11.0", None)),
        ("as of https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0.", (1, "ama-7k2d-9qxp", "2026.11.0", None)),
        ("(case AMA-7K2D-9QXP)", (1, "AMA-7K2D-9QXP", None, None)),
        ("Ama\u20117k2d\u20119qxp", (1, "Ama\u20117k2d\u20119qxp", None, None)),
        ("AMA-7k2d--9qxp", (1, "AMA-7k2d--9qxp", None, None)),
        ("AMA-7k2d9qxp#q3", (1, "AMA-7k2d9qxp", None, 3)),
        (r"\cite{ama_7k2d_9qxp_q2}", (1, "ama_7k2d_9qxp", None, 2)),
        ("x\r\n\r\nAMA-7k2d-9qxp", (3, "AMA-7k2d-9qxp", None, None)),
        ("https://atlas.example.org/c/ama-7k2d-9qxp/?r=2026.11.0%2Bfix", (1, "ama-7k2d-9qxp", "2026.11.0+fix", None)),
    ],
)
def test_every_form_of_a_link_is_found(text: str, expected: tuple[int, str, str | None, int | None]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "AMA-style-guide",
        "the ama-test-case",
        "https://www.video.example/c/channel",
        "grama-1234-5678x",
        "amazing",
        "AMA 2026",
    ],
)
def test_what_is_no_case_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_bare_id_inside_an_address_counts_once() -> None:
    assert len(found("https://atlas.example.org/c/ama-7k2d-9qxp/ and AMA-7k2d-9qxp")) == 2


def test_below_the_sites_own_address_a_spoiled_prefix_is_found() -> None:
    assert found("https://atlas.example.org/c/amma-7k2d-9qxp/") == []
    assert found("https://atlas.example.org/c/amma-7k2d-9qxp/", BASE) == [(1, "amma-7k2d-9qxp", None, None)]


@pytest.mark.parametrize("typed", ["{0}", "{1}", "{2}", "{3}"])
def test_spellings_of_an_id_are_one(typed: str) -> None:
    spelled = (SAME.id, SAME.slug, SAME.id.replace("-", "_"), SAME.id.replace("-", "\u2013"))
    assert canonical(typed.format(*spelled)) == SAME.id


# Judging them


def verdict(site: PublishedSite, text: str) -> tuple[Status, str]:
    [link] = find_links("paper.tex", text, site.bases)
    result = judge(link, site)
    return result.status, result.remark


def test_a_good_link_is_ok(site: PublishedSite) -> None:
    assert verdict(site, f"{BASE}c/{SAME.slug}/") == (Status.OK, "")
    assert verdict(site, f"{BASE}c/{SAME.slug}/?r={EARLIER}#q2") == (Status.OK, "")
    assert verdict(site, f"{BASE}c/{FLIPPED.slug}/?r={LATER}") == (Status.OK, "")
    assert verdict(site, FLIPPED.id) == (Status.OK, "")


def test_changed_labels_are_named(site: PublishedSite) -> None:
    assert verdict(site, f"{BASE}c/{FLIPPED.slug}/?r={EARLIER}") == (Status.LABELS_CHANGED, "form S2 → S3")


def test_a_changed_quote_matters_to_a_link_to_a_quote(site: PublishedSite) -> None:
    assert verdict(site, f"{BASE}c/{REQUOTED.slug}/?r={EARLIER}#q1") == (
        Status.QUOTES_CHANGED,
        f"since release {EARLIER}",
    )
    assert verdict(site, f"{BASE}c/{REQUOTED.slug}/?r={EARLIER}") == (Status.OK, "text revised")


def test_withdrawn_and_moved_cases_are_told_apart(site: PublishedSite) -> None:
    assert verdict(site, GONE) == (Status.WITHDRAWN, f"error, 2026-12-18, {LATER}")
    assert verdict(site, MOVED) == (Status.MOVED, f"continued as {SAME.id}")


def test_a_quote_beyond_the_last_misleads(site: PublishedSite) -> None:
    assert verdict(site, f"{BASE}c/{SAME.slug}/#q3") == (Status.NO_SUCH_QUOTE, "the case has 2")
    assert verdict(site, f"{BASE}c/{SAME.slug}/#q0") == (Status.NO_SUCH_QUOTE, "the case has 2")


def test_a_release_that_never_was_misleads(site: PublishedSite) -> None:
    status, remark = verdict(site, f"{BASE}c/{SAME.slug}/?r=2025.01.0")
    assert (status, remark) == (Status.NO_SUCH_RELEASE, "the site has no release 2025.01.0")


def test_a_mistyped_id_gets_the_right_one(site: PublishedSite) -> None:
    assert verdict(site, mistype(SAME.id)) == (Status.MISTYPED, f"did you mean {SAME.id}?")
    swapped = SAME.id[:10] + SAME.id[11] + SAME.id[10] + SAME.id[12:]
    assert verdict(site, swapped) == (Status.MISTYPED, f"did you mean {SAME.id}?")
    assert verdict(site, SAME.id[:-1])[0] is Status.MISTYPED
    assert verdict(site, "AMA-o0o0-1l1l") == (Status.MISTYPED, "its check character does not fit")


def test_an_address_that_is_not_spelled_like_the_page_leads_nowhere(site: PublishedSite) -> None:
    """Static hosts tell capitals apart; the page for missing addresses would have to help."""
    told = f"in an address it is {SAME.slug}"
    assert verdict(site, f"{BASE}c/{SAME.id}/") == (Status.MISTYPED, told)
    assert verdict(site, f"{BASE}c/{SAME.slug.replace('-', '_')}/") == (Status.MISTYPED, told)
    assert verdict(site, f"see {SAME.id.upper()}") == (Status.OK, "")


def test_an_id_that_no_case_has_is_unknown(site: PublishedSite) -> None:
    assert verdict(site, fix_check("zzzzzzz")) == (Status.UNKNOWN, "no case of the site has this id")


def test_without_release_files_the_age_is_not_known(folder: Path, tmp_path: Path) -> None:
    for name in ("index.html", "withdrawn.json", "data/ids.txt", "data/datapackage.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    site = PublishedSite(FolderSource(tmp_path))
    assert verdict(site, f"{BASE}c/{FLIPPED.slug}/?r={EARLIER}") == (
        Status.OK,
        "the site has no release files, so its age is not known",
    )


# The command


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_paper_without_fault_passes(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"A case\\footnote{{{SAME.id}}}.\n\n\\url{{{BASE}c/{FLIPPED.slug}/?r={LATER}\\#q2}}\n")
    code, out, err = run(capsys, "cite", "--check", paper, "--site", folder)
    assert code == 0
    assert out.splitlines() == [f"{paper}:1: {SAME.id}: ok", f"{paper}:3: {FLIPPED.slug}: ok"]
    assert err == "2 case links: 2 ok\n"


def test_one_misleading_link_fails(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes, refs = tmp_path / "notes.md", tmp_path / "refs.bib"
    notes.write_text(f"See {mistype(SAME.id)}.\n")
    refs.write_bytes(
        f"@misc{{{SAME.slug.replace('-', '_')},\n url = {{{BASE}c/{GONE.lower()}/}}\n}} caf\xe9".encode("latin-1")
    )
    code, out, err = run(capsys, "cite", "--check", notes, refs, "--site", folder)
    assert code == 1
    assert out.splitlines() == [
        f"{notes}:1: {mistype(SAME.id)}: mistyped (did you mean {SAME.id}?)",
        f"{refs}:1: {SAME.slug.replace('-', '_')}: ok",
        f"{refs}:2: {GONE.lower()}: withdrawn (error, 2026-12-18, {LATER})",
    ]
    assert err == "3 case links: 1 ok, 1 withdrawn, 1 mistyped\n"


def test_a_file_without_links_passes(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("nothing")
    assert run(capsys, "cite", "--check", tmp_path / "a.txt", "--site", folder) == (0, "", "no case link found\n")


@pytest.mark.parametrize("form", ["text", "bibtex", "ris", "csl", "latex"])
def test_a_case_is_cited_in_every_format(folder: Path, capfdbinary: pytest.CaptureFixture[bytes], form: str) -> None:
    assert main(["cite", SAME.slug, "--site", str(folder), "--format", form]) == 0
    out = capfdbinary.readouterr().out
    assert b"Case 1" in out
    assert f"{BASE}c/{SAME.slug}/?r={LATER}".encode() in out
    assert out.endswith(b"\r\n" if form == "ris" else b"\n")
    if form == "csl":
        assert json.loads(out)[0]["issued"] == {"date-parts": [[2026, 12, 18]]}


def test_a_quote_and_the_study_can_be_cited(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["cite", f"{SAME.id}#q2", "study", "--site", str(folder)]) == 0
    first, second = capfdbinary.readouterr().out.decode().splitlines()
    assert first.endswith(f"?r={LATER}#q2")
    assert second.startswith("Tang, N., Chen, C.")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (mistype(SAME.id), f"did you mean {SAME.id}?"),
        (GONE, "it was withdrawn"),
        (MOVED, f"it was continued as {SAME.id}"),
        ("nonsense", "an id looks like"),
        (f"{SAME.id}#q9", "its quotes are #q1 to #q2"),
    ],
)
def test_what_cannot_be_cited_is_explained(
    folder: Path, capsys: pytest.CaptureFixture[str], typed: str, hint: str
) -> None:
    code, out, err = run(capsys, "cite", typed, "--site", folder)
    assert (code, out) == (2, "")
    assert hint in err


def test_a_folder_that_is_no_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        FolderSource(tmp_path)


# Sites on the web


@pytest.mark.parametrize("prefix", ["/", "/sub/"])
def test_a_site_on_the_web_gives_the_same_answers(
    folder: Path, tmp_path: Path, serve: Callable[..., str], prefix: str
) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(f"{BASE}c/{FLIPPED.slug}/?r={EARLIER} {SAME.id} {GONE}\n")
    here = check_files([paper], PublishedSite(FolderSource(folder)))
    there = check_files([paper], PublishedSite(WebSource(serve(folder, prefix=prefix))))
    assert [verdict.status for verdict in there] == [Status.LABELS_CHANGED, Status.OK, Status.WITHDRAWN]
    assert there == here


@pytest.fixture
def hostile() -> Any:
    """A server that redirects elsewhere, fails, or sends a damaged file."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/away":
                self.send_response(302)
                self.send_header("Location", "http://elsewhere.invalid/data/ids.txt")
            elif self.path == "/broken.gz":
                self.send_response(200)
            else:
                self.send_response(500)
            self.end_headers()
            if self.path == "/broken.gz":
                self.wfile.write(b"\x1f\x8b\x08 not gzip")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield WebSource(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("path", "words"), [("away", "302"), ("broken.gz", "damaged"), ("other", "500")])
def test_a_bad_server_is_an_error_and_not_followed(hostile: WebSource, path: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        hostile.read(path)


def test_nobody_there_is_an_error() -> None:
    with pytest.raises(InputError, match="cannot be fetched"):
        WebSource("http://127.0.0.1:1/").read("data/ids.txt")


@pytest.mark.parametrize("url", ["ftp://atlas.example.org/", "https://", "https://atlas.example.org/?x"])
def test_only_web_addresses_are_sites(url: str) -> None:
    with pytest.raises(UsageError):
        WebSource(url)


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas_build.site_files.LARGEST_INSIDE", 1000)
    with pytest.raises(InputError, match="unfolds to more"):
        unfold(gzip.compress(bytes(2000)), "x")


# Near ids: the same cases as tests/js/case-id.test.js


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("7k2d9qxp", "7k2d9qxp", 0), ("7k2d9qxp", "7k2d9qxb", 1), ("7k2d9qxp", "k72d9qxp", 1), ("7k2d9qxp", "7k2d9qx", 1),
     ("7k2d9qxp", "77k2d9qxp", 1), ("7k2d9qxp", "k72d9qpx", 2), ("", "ab", 2)],
)  # fmt: skip
def test_the_distance_counts_slips(start: str, end: str, expected: int) -> None:
    assert distance(start, end) == distance(end, start) == expected


def test_only_the_nearest_ids_are_named() -> None:
    ids = ["AMA-7k2d-9qxb", "AMA-7k2d-9qbb", "AMA-7k2d-9qxc", "AMA-7k2d-9qxd", "AMA-7k2d-9qxf"]
    assert nearest_ids("ama-7k2d-9qxp", ids) == ["AMA-7k2d-9qxb", "AMA-7k2d-9qxc", "AMA-7k2d-9qxd"]
    assert nearest_ids("ama-7k2d-9qbp", ids[1:2]) == ["AMA-7k2d-9qbb"]
    assert nearest_ids("ama-zzzz-zzzz", ids) == []
    assert nearest_ids("ama-7k", ids) == []
    assert body_of(" AMA\u20117K2D-9qxp ") == "7k2d9qxp"


# The documentation


def test_the_documentation_names_every_answer_and_every_format(root: Path) -> None:
    text = (root / "docs" / "citing.md").read_text(encoding="utf-8")
    assert [status.value for status in Status if f"| `{status}` |" not in text] == []
    assert [form for form in FORMATS if f"`{form}`" not in text] == []


def test_the_help_names_every_answer(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "cite", "--help")
    text = " ".join(out.split())
    answers = text.partition("What --check says: ")[2]
    harmless, _, misleading = answers.partition("; and, with exit 1, ")
    link = next(find_links("x", SAME.id))
    assert set(harmless.split(" and ")) == {status.value for status in Status if not Verdict(link, status).misleads}
    assert set(misleading.rstrip(".").split(", ")) == {
        status.value for status in Status if Verdict(link, status).misleads
    }


def test_the_documented_action_is_pinned_as_the_projects_own(root: Path) -> None:
    text = (root / "docs" / "citing.md").read_text(encoding="utf-8")
    own = (root / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    uses = re.findall(r"uses: (\S+@[0-9a-f]{40} # v\S+)", text)
    assert len(uses) == text.count("uses: ") == 3
    assert [line for line in uses if line not in own] == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ""),
        ("c/ama-7k2d-9qxp", "c/ama-7k2d-9qxp/"),
        ("c/ama-7k2d-9qxp/", "c/ama-7k2d-9qxp/"),
        ("codebook/s3", "codebook/s3/"),
        ("releases/2026.11.0", "releases/2026.11.0/"),
        ("releases/2026.11.0/notes.md", "releases/2026.11.0/notes.md"),
        ("codebook/s3/feed.xml", "codebook/s3/feed.xml"),
        ("data/episodes.jsonl.gz", "data/episodes.jsonl.gz"),
    ],
)
def test_the_documented_redirects_lead_to_what_is_there(root: Path, asked: str, found: str) -> None:
    """mod_rewrite takes the first rule that fits and ends there; what these rules use means the same in Python."""
    text = (root / "docs" / "citing.md").read_text(encoding="utf-8")
    rules = re.findall(r"RewriteRule (\S+) (\S+) \[\S*L\]", text)
    assert len(rules) == 3
    fitting = [(re.match(pattern, asked), target) for pattern, target in rules if re.match(pattern, asked)]
    match, target = fitting[0]
    assert match is not None
    assert target.replace("$1", match[1] if match.groups() else "") == f"{BASE}{found}"
