"""The scrubbing cache changes nothing but the time: same result, no value inside, no error whatever the file is."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from factories import make_admitted

from atlas_build.model.episode import AdmittedEpisode
from atlas_build.model.placeholder import Kind
from atlas_build.report import Report
from atlas_build.scrub import cache as module
from atlas_build.scrub.cache import SpanCache
from atlas_build.scrub.corpus import scrub_corpus
from atlas_build.scrub.episodes import Found, ScrubbedEpisode, Span
from atlas_build.scrub.spreading import Known

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
FIELDS = {"name": "zlatkovic asked", "note": "ok"}
FOUND = Found({"name": (Span(0, 9, Kind.USERNAME, "[USERNAME_1]", 0.92, "home-path"),)}, frozenset({2}))
RULES = b"rules of today"


def episodes() -> list[tuple[str, AdmittedEpisode]]:
    return [
        ("AMA-0001-0001", make_admitted(description="ls /Users/zlatkovic/app, mail ida@fjordwerk.no")),
        ("AMA-0002-0002", make_admitted(number=2, description="zlatkovic said so")),
        ("AMA-0003-0003", make_admitted(number=3, description="nothing here")),
    ]


def scrub(cache: Path | None, *, data: Path = DATA) -> tuple[list[ScrubbedEpisode], Report]:
    report = Report()
    return scrub_corpus(episodes(), data_dir=data, jobs=1, report=report, cache=cache), report


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "scrub.sqlite"


@pytest.fixture(scope="module")
def plain() -> list[ScrubbedEpisode]:
    return scrub(None)[0]


def open_cache(path: Path, rules: bytes = RULES) -> tuple[SpanCache, list[str]]:
    notes: list[str] = []
    return SpanCache.open(path, rules, notes.append), notes


def remember(path: Path, rules: bytes = RULES) -> bytes:
    cache, _ = open_cache(path, rules)
    key = cache.key(FIELDS, Known())
    cache.write(key, FIELDS, FOUND)
    cache.close()
    return key


def recall(path: Path, rules: bytes = RULES) -> tuple[dict[bytes, Found], list[str]]:
    cache, notes = open_cache(path, rules)
    found = cache.read({cache.key(FIELDS, Known()): FIELDS})
    cache.close()
    return found, notes


def test_result_is_the_same_without_with_an_empty_and_with_a_full_cache(
    file: Path, plain: list[ScrubbedEpisode]
) -> None:
    cold, first = scrub(file)
    warm, second = scrub(file)
    assert plain == cold == warm
    # The second episode is looked at twice: once by itself, once with the account that the first one gave away.
    assert first.counts["scrub_cache"] == {"hits": 0, "misses": 4}
    assert second.counts["scrub_cache"] == {"hits": 3, "misses": 0}
    assert first.notes == second.notes


def test_changed_episode_is_looked_at_and_the_others_are_not(file: Path) -> None:
    scrub(file)
    report = Report()
    changed = [*episodes()[:2], ("AMA-0003-0003", make_admitted(number=3, description="nothing here but zlatkovic"))]
    results = scrub_corpus(changed, data_dir=DATA, jobs=1, report=report, cache=file)
    assert results == scrub_corpus(changed, data_dir=DATA, jobs=1, report=Report())
    # The third episode by itself and with the account of the first one; the second one twice, both from the cache.
    assert report.counts["scrub_cache"] == {"hits": 3, "misses": 2}


def test_same_texts_under_other_case_ids_are_another_corpus(file: Path) -> None:
    scrub(file)
    others = [(f"AMB-{case_id[4:]}", episode) for case_id, episode in reversed(episodes())]
    report = Report()
    results = scrub_corpus(others, data_dir=DATA, jobs=1, report=report, cache=file)
    assert results == scrub_corpus(others, data_dir=DATA, jobs=1, report=Report())
    assert report.counts["scrub_cache"] == {"hits": 4, "misses": 0}


def test_what_is_remembered_of_a_corpus_is_not_trusted_without_its_checksum(
    file: Path, plain: list[ScrubbedEpisode]
) -> None:
    scrub(file)
    connection = sqlite3.connect(file)
    (value,) = connection.execute("SELECT value FROM corpora").fetchone()
    # The plain key of the second episode in place of the one with the account of the first: its name would come back.
    connection.execute("UPDATE corpora SET value = ?", (value[:8] + value[24:40] * 3,))
    connection.commit()
    connection.close()
    results, report = scrub(file)
    assert results == plain
    assert report.counts["scrub_cache"] == {"hits": 4, "misses": 0}


def test_only_the_newest_corpora_are_remembered(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CORPORA", 2)
    for number in range(4):
        scrub_corpus(episodes()[: number % 3 + 1], data_dir=DATA, jobs=1, report=Report(), cache=file)
    assert sqlite3.connect(file).execute("SELECT count(*) FROM corpora").fetchone() == (2,)


def test_without_a_cache_nothing_is_counted() -> None:
    assert "scrub_cache" not in scrub(None)[1].counts


def test_file_holds_neither_text_nor_values(file: Path) -> None:
    scrub(file)
    content = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"home-path" in content
    for word in (b"zlatkovic", b"fjordwerk", b"ida@", b"nothing here", b"said so"):
        assert word not in content.lower()


def test_everything_cached_is_scrubbed_without_loading_presidio(file: Path) -> None:
    scrub(file)
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_scrub_cache as test; from pathlib import Path;"
        "report = test.scrub(Path(sys.argv[2]))[1]; assert report.counts['scrub_cache']['misses'] == 0;"
        "assert 'presidio_analyzer' not in sys.modules"
    )
    command = [sys.executable, "-c", program, str(ROOT / "tests"), str(file)]
    result = subprocess.run(command, check=False, capture_output=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr.decode()


def test_other_policy_finds_nothing_of_the_old_one_and_forgets_it(file: Path, tmp_path: Path) -> None:
    scrub(file)
    data = tmp_path / "data"
    shutil.copytree(DATA / "policy", data / "policy")
    (data / "policy" / "scrub.local.toml").write_text('[allow]\nvalues = ["zlatkovic"]\n', encoding="utf-8")
    results, report = scrub(file, data=data)
    assert results[1].episode.text.description == "zlatkovic said so"
    assert report.counts["scrub_cache"]["hits"] == 0
    rows = sqlite3.connect(file).execute("SELECT count(DISTINCT rules) FROM spans").fetchone()
    assert rows == (1,)


def test_spans_come_back_as_they_went_in(file: Path) -> None:
    key = remember(file)
    assert recall(file) == ({key: FOUND}, [])


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"name": "zlatkovic asked", "note": "OK"}, Known()),
        ({"name": "zlatkovic aske", "note": "dok"}, Known()),
        ({"note": "zlatkovic asked", "name": "ok"}, Known()),
        (FIELDS, Known({"ok": Kind.PERSON})),
    ],
)
def test_key_depends_on_every_field_its_name_and_what_is_known(
    file: Path, fields: dict[str, str], known: Known
) -> None:
    cache, _ = open_cache(file)
    assert cache.key(fields, known) != cache.key(FIELDS, Known())
    assert cache.key(dict(FIELDS), Known({})) == cache.key(FIELDS, Known())


def test_rules_of_another_day_are_not_used(file: Path) -> None:
    remember(file)
    assert recall(file, b"rules of tomorrow")[0] == {}


def test_damaged_row_counts_as_missing(file: Path) -> None:
    remember(file)
    connection = sqlite3.connect(file)
    (value,) = connection.execute("SELECT value FROM spans").fetchone()
    connection.execute("UPDATE spans SET value = ?", (value.replace(b"[0,0,9", b"[0,0,3"),))
    connection.commit()
    connection.close()
    assert recall(file)[0] == {}


@pytest.mark.parametrize(
    "content", [b"no database at all, but a long enough text " * 40, b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_file_that_is_no_database_is_put_aside_and_begun_anew(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    found, notes = recall(file)
    assert found == {}
    assert len(notes) == 1
    assert "a new one was begun" in notes[0]
    assert file.with_name("scrub.sqlite.aside-1").read_bytes() == content
    key = remember(file)
    assert recall(file) == ({key: FOUND}, [])


def test_database_of_somebody_else_keeps_its_content(file: Path) -> None:
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE harvest (apples)")
    connection.execute("INSERT INTO harvest VALUES (7)")
    connection.commit()
    connection.close()
    assert len(recall(file)[1]) == 1
    aside = sqlite3.connect(file.with_name("scrub.sqlite.aside-1"))
    assert aside.execute("SELECT apples FROM harvest").fetchall() == [(7,)]


def test_file_damaged_in_its_middle_costs_only_time(file: Path, plain: list[ScrubbedEpisode]) -> None:
    scrub(file)
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    file.write_bytes(content)
    results, report = scrub(file)
    assert results == plain
    assert any("cache" in note for note in report.notes)


@pytest.mark.parametrize("place", ["folder", "below-a-file"])
def test_path_that_cannot_be_a_file_is_noted_and_nothing_is_cached(
    tmp_path: Path, place: str, plain: list[ScrubbedEpisode]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "taken").write_text("x")
    results, report = scrub(tmp_path / "folder" if place == "folder" else tmp_path / "taken" / "scrub.sqlite")
    assert results == plain
    assert any("is not used" in note for note in report.notes)
    assert report.counts["scrub_cache"] == {"hits": 0, "misses": 4}


def test_two_builds_may_share_the_file(file: Path) -> None:
    one, first_notes = open_cache(file)
    two, second_notes = open_cache(file)
    keys = []
    for number, cache in enumerate((one, two, one, two)):
        fields = {"name": f"text {number}"}
        keys.append(cache.key(fields, Known()))
        cache.write(keys[-1], fields, Found({}, frozenset()))
    one.close()
    two.close()
    three, _ = open_cache(file)
    assert set(three.read({key: {"name": ""} for key in keys})) == set(keys)
    assert first_notes == second_notes == []


def test_oldest_rows_go_when_there_are_too_many(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    cache, _ = open_cache(file)
    keys = [cache.key({"name": str(number)}, Known()) for number in range(5)]
    for key in keys:
        cache.write(key, {"name": ""}, Found({}, frozenset()))
    cache.close()
    cache, _ = open_cache(file)
    assert set(cache.read({key: {"name": ""} for key in keys})) == set(keys[2:])


def test_build_counts_hits_and_misses_and_can_go_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    from building import write_corpus
    from factories import make_record

    from atlas_build.cli import main

    monkeypatch.chdir(tmp_path)
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    report = tmp_path / "report.json"

    def build(*options: str) -> dict[str, int] | None:
        assert main(["build", str(corpus), "--jobs", "1", "--report", str(report), *options]) == 0
        counts: dict[str, int] | None = json.loads(report.read_text())["counts"].get("scrub_cache")
        return counts

    assert build("--no-cache") is None
    assert not (tmp_path / ".atlas-cache").exists()
    assert build() == {"hits": 0, "misses": 1}
    assert build() == {"hits": 1, "misses": 0}
    summary = capsys.readouterr().out.splitlines()
    assert f"{'scrubbed before (cache)':<30}{1:>14}" in summary
    assert (tmp_path / ".atlas-cache" / "scrub.sqlite").is_file()
    assert build("--cache", "elsewhere.sqlite") == {"hits": 0, "misses": 1}
