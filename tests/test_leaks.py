"""The leak check finds a removed value in every kind of file the site is made of, and nothing else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from atlas_build.errors import CheckError
from atlas_build.model.placeholder import Kind
from atlas_build.scrub.scrubber import RemovedValue
from atlas_build.verify.leaks import Leak, find_leaks

CASE = "AMA-0001-0001"
PAGE = "c/ama-0001-0001/index.html"


def removed(value: str, *, kind: Kind = Kind.USERNAME, distinctive: bool = True) -> RemovedValue:
    return RemovedValue(kind, value, CASE, "description", distinctive)


def write(site: Path, file: str, content: str | bytes) -> Path:
    path = site / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return site


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("index.html", "<p>by Zlatkovic.</p>"),
        ("index.html", "<p>by <mark>zlat</mark>kovic</p>"),
        ("index.html", "<p>by zlat&#107;ovic</p>"),
        ("index.html", '<a title="zlatkovic">x</a>'),
        ("index.html", "<!-- zlatkovic -->"),
        ("index.html", '<a href="/?q=zlat%6Bovic">x</a>'),
        ("index/data.json", '{"text": "zlat\\u006bovic"}'),
        ("index/shard.json", '["and\\nzlatkovic"]'),
        ("data/cases.jsonl.gz", gzip.compress(b'{"text": "zlatkovic"}', mtime=0)),
        ("feed.xml", "<title>zlatkovic</title>"),
        ("data/cases.csv", "id,text\n1,zlatkovic_backup\n"),
        ("about.txt", "ZLATKOVIC"),
        ("c/zlatkovic/index.html", "<p></p>"),
    ],
)
def test_value_is_found_in(tmp_path: Path, file: str, content: str | bytes) -> None:
    site = write(tmp_path, file, content)
    assert find_leaks(site, [removed("zlatkovic")], jobs=1) == [Leak(CASE, "description", Kind.USERNAME, file)]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("index.html", "<p>zlatkovics and mzlatkovic</p>"),
        ("index.html", "<p>[USERNAME_1]</p>"),
        ("picture.png", b"\x89PNG zlatkovic"),
    ],
)
def test_nothing_is_found_in(tmp_path: Path, file: str, content: str | bytes) -> None:
    assert find_leaks(write(tmp_path, file, content), [removed("zlatkovic")], jobs=1) == []


def test_value_inside_chinese_text_needs_no_boundary(tmp_path: Path) -> None:
    site = write(tmp_path, "index.html", "<p>请问欧阳雨桐在吗</p>")
    assert len(find_leaks(site, [removed("欧阳雨桐", kind=Kind.PERSON)], jobs=1)) == 1


def test_decomposed_spelling_and_line_breaks_do_not_hide_a_value(tmp_path: Path) -> None:
    site = write(tmp_path, "index.html", "<p>Rene\u0301e\n Lefe\u0300vre</p>")
    assert len(find_leaks(site, [removed("Renée Lefèvre", kind=Kind.PERSON)], jobs=1)) == 1


def test_values_of_three_characters_are_not_searched(tmp_path: Path) -> None:
    assert find_leaks(write(tmp_path, "index.html", "moi"), [removed("moi", distinctive=False)], jobs=1) == []


@pytest.mark.parametrize("text", ["ls /Users/main/app", "C:\\Users\\main", "cd /home/main", "main@build-nuc"])
def test_common_word_is_found_in_the_company_that_gives_it_away(tmp_path: Path, text: str) -> None:
    site = write(tmp_path, PAGE, f"<main><p>{text}</p></main>")
    assert len(find_leaks(site, [removed("main", distinctive=False)], jobs=1)) == 1


def test_common_word_may_stand_in_ordinary_text_and_on_other_pages(tmp_path: Path) -> None:
    write(tmp_path, PAGE, "<p>skip to main content</p>")
    write(tmp_path, "c/ama-0002-0002/index.html", "<p>/Users/main/app</p>")
    assert find_leaks(tmp_path, [removed("main", distinctive=False)], jobs=1) == []


def test_name_that_the_site_itself_writes_is_no_leak(tmp_path: Path) -> None:
    site = write(tmp_path, "cite/index.html", "<p>Lindqvist et al.</p>")
    assert find_leaks(site, [removed("Lindqvist", kind=Kind.PERSON)], jobs=1, own_text="Lindqvist et al.") == []


def test_every_owner_of_a_value_is_named_and_the_value_is_not(tmp_path: Path) -> None:
    site = write(tmp_path, "index.html", "zlatkovic")
    second = RemovedValue(Kind.HANDLE, "@Zlatkovic", "AMA-0002-0002", "name", True)
    leaks = find_leaks(site, [removed("zlatkovic"), second], jobs=1)
    assert [(leak.case_id, leak.kind) for leak in leaks] == [(CASE, Kind.USERNAME), ("AMA-0002-0002", Kind.HANDLE)]
    assert "zlatkovic" not in repr(leaks)


def test_damaged_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="cannot be decoded"):
        find_leaks(write(tmp_path, "data/cases.json.gz", b"not gzip"), [removed("zlatkovic")], jobs=1)


def test_many_files_are_searched_by_worker_processes_with_the_same_result(tmp_path: Path) -> None:
    for number in range(220):
        write(tmp_path, f"c/{number}/index.html", json.dumps("zlatkovic" if number in {7, 211} else "nobody"))
    alone = find_leaks(tmp_path, [removed("zlatkovic")], jobs=1)
    assert find_leaks(tmp_path, [removed("zlatkovic")], jobs=2) == alone
    assert [leak.file for leak in alone] == ["c/211/index.html", "c/7/index.html"]
