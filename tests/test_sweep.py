"""Files are read once, lines and texts that were searched are not searched again, and nothing is found less for it."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import ROOT
from mini_site import CSP, MiniSite, write_mini_site

from atlas_build.errors import CheckError
from atlas_build.model.lookup import Lookup
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.episodes import RemovedValue
from atlas_build.scrub.strong import StrongRecognizers
from atlas_build.search import reader
from atlas_build.search.terms import Tokenizer
from atlas_build.verify.decoding import visible_texts
from atlas_build.verify.final import Findings, Index, Rules, Secrets, verify_site
from atlas_build.verify.leaks import find_leaks
from atlas_build.verify.limits import read_limits
from atlas_build.verify.reading import PageReader, PageText
from atlas_build.verify.site_file import read_source
from atlas_build.workers import spread

CASE = "AMA-0001-0001"
LIMITS = read_limits(ROOT / "data" / "policy" / "limits.toml")
STRONG = StrongRecognizers(ROOT / "data")


def removed(value: str) -> RemovedValue:
    return RemovedValue(Kind.PERSON, value, CASE, "description", True)


def write(site: Path, file: str, content: str | bytes) -> None:
    path = site / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


# Lines


PARTS = (
    "Maja",
    "Orlović",
    "maja",
    "the",
    "<b>Ma</b>ja",
    "Orlovi\u0107",
    "Orlovic\u0301",
    "x",
    "%4Daja",
    "&#77;aja",
    "’s",
)
VALUES = ("Maja Orlović", "Brankoff")


@pytest.mark.parametrize("seed", range(40))
def test_reading_by_lines_finds_what_a_search_of_whole_texts_finds(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    lines = [" ".join(chance.choices(PARTS, k=3)) for _ in range(6)] + ['<p title="Maja', 'Orlović">', "brankoff?"]
    for number in range(12):
        page = "\n".join(f"<p>{line}</p>" if "<p" not in line else line for line in chance.choices(lines, k=4))
        write(tmp_path, f"{number}/index.html", page)
    lookup = Lookup(VALUES)
    expected = {
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*.html")
        if any(lookup.held_by(text) for text in visible_texts(path))
    }
    assert {leak.file for leak in find_leaks(tmp_path, [removed(value) for value in VALUES], jobs=1)} == expected


def test_a_value_is_found_across_a_line_that_was_looked_at_before(tmp_path: Path) -> None:
    write(tmp_path, "1/index.html", "<p>ask Maja</p>\n<p>or not</p>")
    write(tmp_path, "2/index.html", "<p>ask Maja</p>\nOrlović")
    assert [leak.file for leak in find_leaks(tmp_path, [removed("Maja Orlović")], jobs=1)] == ["2/index.html"]


def pages(site: MiniSite) -> Iterator[bytes]:
    for path in site.pages():
        yield (site.folder / path).read_bytes()


def test_a_page_read_by_lines_is_the_page_read_as_a_whole(tmp_path: Path) -> None:
    at_once = PageReader()
    for data in pages(write_mini_site(tmp_path)):
        whole = PageReader()._read_whole("x/index.html", data)
        by_lines = at_once.read("x/index.html", data)
        assert isinstance(whole, PageText)
        assert isinstance(by_lines, PageText)
        lines = at_once.split_lines(data)
        assert lines is not None
        at_once.remember(lines.new)
        assert (by_lines.head, by_lines.titles, by_lines.tags) == (whole.head, whole.titles, whole.tags)


@pytest.mark.parametrize(
    "text", ["<p\nid=x>", "<!-- a\nb -->", "<script>\n1</script>", '<p title="\n">', "a < b", "<p"]
)
def test_markup_that_goes_over_a_line_is_not_read_by_lines(text: str) -> None:
    assert PageReader().split_lines(text.encode()) is None


def test_strings_of_a_data_block_are_lines_of_their_own() -> None:
    source = read_source('<p>a<b>b</b></p><script type="application/ld+json">{"name":"c\\u0040d \\"e\\""}</script>')
    assert [line for line in source.blocks.split("\n") if line] == ["ab", "{", "name", ":", 'c@d "e"', "}"]


# Texts that the site is made of


def verify(site: MiniSite, texts: list[str], values: list[str], jobs: int = 1) -> Findings:
    return verify_site(
        site.folder,
        Rules(LIMITS, CSP, "/"),
        Secrets(map(removed, values), STRONG, "", texts),
        Index(reader, reader.read_texts, Tokenizer().terms),
        jobs=jobs,
    )


@pytest.fixture
def site(tmp_path: Path) -> MiniSite:
    return write_mini_site(tmp_path / "site")


def test_a_site_that_keeps_its_promises_has_no_findings(site: MiniSite) -> None:
    assert verify(site, ["First Case"], ["Brankoff"]) == Findings([], [], [])


def test_a_text_of_the_site_that_holds_a_value_is_found_wherever_it_stands(site: MiniSite) -> None:
    text = "ask Brankoff"
    record = {"id": CASE, "name": text}
    site.write("data/episodes.jsonl.gz", gzip.compress(json.dumps(record).encode(), mtime=0))
    site.write("data/cases.csv", f'id,text\n1,"{text}"\n')
    site.add(site.first, f"<p>{text}</p>")
    found = verify(site, [text, "other"], ["Brankoff"])
    assert [leak.file for leak in found.leaks] == [site.first, "data/cases.csv", "data/episodes.jsonl.gz"]


def test_a_text_of_the_site_with_a_telling_form_is_found_wherever_it_stands(site: MiniSite) -> None:
    text = "mail ida@fjordwerk.no\nnow"
    site.write("data/cases.csv", f'id,text\n1,"{text}"\n')
    site.add(site.first, f"<p>{text}</p>")
    assert [(hit.file, hit.kind) for hit in verify(site, [text], []).hits] == [
        (site.first, Kind.EMAIL),
        ("data/cases.csv", Kind.EMAIL),
    ]


def test_a_value_that_a_page_makes_of_clean_texts_is_found(site: MiniSite) -> None:
    """Each of the two was searched and holds nothing."""
    site.add(site.first, "<p>ask Maja</p>\nOrlović now")
    assert [leak.file for leak in verify(site, ["ask Maja", "Orlović now"], ["Maja Orlović"]).leaks] == [site.first]


def test_doubled_quotation_marks_do_not_hide_a_value_in_a_table(site: MiniSite) -> None:
    site.write("data/cases.csv", 'id,text\n1,"say pass""word9 now"\n')
    assert [leak.file for leak in verify(site, [], ['pass"word9']).leaks] == ["data/cases.csv"]


def test_workers_find_the_same(site: MiniSite, monkeypatch: pytest.MonkeyPatch) -> None:
    site.add(site.second, "<p>Brankoff, ida@fjordwerk.no</p><p id='main'></p>")
    alone = verify(site, ["First Case"], ["Brankoff"])
    monkeypatch.setattr("atlas_build.verify.sweep.WORTH_A_JOB", 1)
    monkeypatch.setattr("atlas_build.verify.sweep.BYTES_A_TASK", 1000)
    monkeypatch.setattr("atlas_build.verify.final.TEXTS_A_TASK", 1)
    assert [len(alone.problems), len(alone.leaks), len(alone.hits)] == [1, 1, 1]
    assert verify(site, ["First Case"], ["Brankoff"], jobs=2) == alone


def test_a_file_that_cannot_be_decoded_is_an_error(site: MiniSite) -> None:
    site.write("data/cases.jsonl.gz", b"not gzip")
    with pytest.raises(CheckError, match="cannot be decoded"):
        verify(site, [], [])


# Processes


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def test_results_come_in_the_order_of_the_tasks_from_other_processes() -> None:
    found = list(spread(square, range(20), jobs=2))
    assert [result for result, _ in found] == [number * number for number in range(20)]
    assert os.getpid() not in {process for _, process in found}


def test_one_job_is_done_here() -> None:
    assert {process for _, process in spread(square, range(3), jobs=1)} == {os.getpid()}


def fail(number: int) -> int:
    raise CheckError(f"task {number}", hint="none")


def test_an_error_of_a_worker_is_that_of_the_first_task() -> None:
    with pytest.raises(CheckError, match="task 0"):
        list(spread(fail, range(4), jobs=2))
