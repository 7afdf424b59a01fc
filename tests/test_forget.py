"""`forget` proves that nothing of a removed case is left, and finds what is, wherever it stands."""

from __future__ import annotations

import gzip
import importlib
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from release_story import MAIL, Story

from atlas_build.cli import main
from atlas_build.render.parquet import can_write_parquet


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three releases; the third takes one case down."""
    told = Story(tmp_path_factory.mktemp("forget"))
    for number in range(3):
        told.release(number)
    return told


@pytest.fixture
def clean(story: Story, tmp_path: Path) -> Path:
    """The site after the takedown, to plant something in."""
    shutil.copytree(story.sites[2].folder, tmp_path / "site")
    return tmp_path / "site"


def forget(story: Story, *sites: Path) -> int:
    return main(["forget", story.ids()[6], "--site", *map(str, sites), "--corpus", str(story.corpus)])


SECRETS = (MAIL, "nora", "flange", "harborlight", "sent the")


def test_after_a_takedown_nothing_is_found(story: Story, clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert forget(story, clean) == 0
    out = capsys.readouterr().out
    assert "nothing of it was found" in out
    assert all(word in out for word in ("earlier deployments", "caches", "deposits", "history"))
    assert not any(secret in out.lower() for secret in SECRETS)


def test_a_site_from_before_is_full_of_it_and_the_words_are_never_printed(
    story: Story, clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = story.sites[1].folder
    assert forget(story, clean, old) == 1
    out = capsys.readouterr().out
    page = f"c/{story.ids()[6].lower()}/index.html"
    for place in (
        f"{page}: is still the page of the case", "data/episodes.jsonl.gz: ", "data/evidence.csv.gz: ", "feed.xml: ",
        "list/1/index.html: ", "sitemap.xml: names its id", "releases/2026.10.0/release.json.gz: holds its labels",
    ):  # fmt: skip
        assert f"{old}/{place}" in out
    assert f"{old}/index/" in out and "words that only this case had" in out
    assert f"{clean}/" not in out
    assert not any(secret in out.lower() for secret in SECRETS)


PLANTED = "Only TOUCH the  flange number 6 &amp; please why"


def plant_page(site: Path) -> str:
    path = site / "about" / "index.html"
    path.write_text(path.read_text(encoding="utf-8").replace("</main>", f"<p>{PLANTED}</p></main>"), encoding="utf-8")
    return "about/index.html"


def plant_escaped_json(site: Path) -> str:
    words = "only touch the flange number 6 please"
    (site / "data" / "x.json").write_text(json.dumps([words]).replace("flange", "\\u0066lange"), encoding="utf-8")
    return "data/x.json"


def plant_gzip(site: Path) -> str:
    (site / "data" / "x.csv.gz").write_bytes(gzip.compress(b"a,the agent sent the flange log to somebody,b"))
    return "data/x.csv.gz"


def plant_database(site: Path) -> str:
    connection = sqlite3.connect(site / "data" / "x.sqlite")
    connection.execute("CREATE TABLE t (words)")
    connection.execute("INSERT INTO t VALUES ('why is the flange gone again')")
    connection.commit()
    connection.close()
    return "data/x.sqlite"


def plant_value(site: Path) -> str:
    (site / "data" / "x.txt").write_text(f"write to {MAIL} soon", encoding="utf-8")
    return "data/x.txt"


def plant_title(site: Path) -> str:
    (site / "data" / "x.md").write_text("# Changed the flange\nwithout being asked", encoding="utf-8")
    return "data/x.md"


def plant_feed(site: Path) -> str:
    words = "<summary>the agent sent the flange log to somebody</summary>"
    path = site / "codebook" / "s3" / "feed.xml"
    path.write_text(path.read_text(encoding="utf-8").replace("</feed>", f"{words}</feed>"), encoding="utf-8")
    return "codebook/s3/feed.xml"


def plant_shard(site: Path) -> str:
    """Of an index that nothing names any more. Terms are front-coded and stemmed: `flange` stands nowhere."""
    place = "index/0123456789abcdef/terms/4.json"
    (site / place).parent.mkdir(parents=True)
    (site / place).write_text(json.dumps({"terms": "AflagDng"}), encoding="utf-8")
    return place


def plant_percent(site: Path) -> str:
    (site / "data" / "y.txt").write_text("?q=only%20touch%20the%20fl%61nge%20number%206", encoding="utf-8")
    return "data/y.txt"


def plant_parquet(site: Path) -> str:
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    table = arrow.Table.from_arrays([arrow.array(["why is the flange gone again"])], names=["quote"])
    parquet.write_table(table, site / "data" / "x.parquet", compression="zstd")
    return "data/x.parquet"


def plant_unreadable(site: Path) -> str:
    (site / "data" / "x.zip").write_bytes(b"PK\x03\x04\xff\xff")
    return "data/x.zip"


def keep_labels_on_its_page(story: Story, site: Path) -> str:
    """As the page was between withdrawal and takedown."""
    page = f"c/{story.ids()[6].lower()}/index.html"
    withdrawn = story.sites[1].tree[f"c/{story.ids()[4].lower()}/index.html"].decode()
    (site / page).write_text(withdrawn, encoding="utf-8")
    return f"{page}: keeps its labels or its history"


def keep_labels_among_the_withdrawn(story: Story, site: Path) -> str:
    rows = json.loads((site / "withdrawn.json").read_bytes())
    row = next(row for row in rows if row["id"] == story.ids()[6])
    row["status"] = "withdrawn"
    (site / "withdrawn.json").write_text(json.dumps(rows), encoding="utf-8")
    return "withdrawn.json: calls it withdrawn, or keeps its labels"


def keep_changes_in_the_notes(story: Story, site: Path) -> str:
    with (site / "releases" / "2026.10.0" / "notes.md").open("a", encoding="utf-8") as notes:
        notes.write(f"- {story.ids()[6]}: form S2 → S3\n")
    return "releases/2026.10.0/notes.md: tells which of its labels changed"


def keep_an_older_release_file(story: Story, site: Path) -> str:
    (site / "releases" / "old.json").write_bytes(story.books[0]["releases/2026.09.0.json"])
    return "releases/old.json: holds its labels and digests"


def break_a_release_file(story: Story, site: Path) -> str:
    (site / "releases" / "cut.json").write_bytes(story.books[0]["releases/2026.09.0.json"][:-9])
    return "releases/cut.json: cannot be read here"


def name_it_elsewhere(story: Story, site: Path) -> str:
    (site / "data" / "z.txt").write_text(f"see /c/{story.ids()[6].lower()}/", encoding="utf-8")
    return "data/z.txt: names its id"


PLANTS = (
    plant_page, plant_escaped_json, plant_gzip, plant_database, plant_value, plant_title, plant_feed, plant_shard,
    plant_percent, plant_unreadable, *((plant_parquet,) if can_write_parquet() else ()),
)  # fmt: skip
LEFTOVERS = (
    keep_labels_on_its_page, keep_labels_among_the_withdrawn, keep_changes_in_the_notes, keep_an_older_release_file,
    break_a_release_file, name_it_elsewhere,
)  # fmt: skip


def test_whatever_was_left_somewhere_is_found(story: Story, clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All at once, because a search takes seconds; every finding belongs to one plant, and none to anything else."""
    places = [f"{plant(clean)}: " for plant in PLANTS] + [leave(story, clean) for leave in LEFTOVERS]
    assert forget(story, clean) == 1
    out = capsys.readouterr().out
    findings = [line.strip().removeprefix(f"{clean}/") for line in out.splitlines() if line.startswith(f"  {clean}/")]
    assert [place for place in places if not any(line.startswith(place) for line in findings)] == []
    assert [line for line in findings if not any(line.startswith(place) for place in places)] == []
    assert not any(secret in out.lower() for secret in SECRETS)


def test_a_release_that_was_killed_is_cleaned_up_before_the_search(
    story: Story, clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(story.corpus, corpus)
    (corpus / ".release-pending").mkdir()
    assert main(["forget", story.ids()[6], "--site", str(clean), "--corpus", str(corpus)]) == 0
    assert not (corpus / ".release-pending").exists()


def test_a_damaged_file_is_a_finding_and_the_search_goes_on(
    story: Story, clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clean / "data" / "a.csv.gz").write_bytes(gzip.compress(b"a,b")[:-9])
    name_it_elsewhere(story, clean)
    assert forget(story, clean) == 1
    out = capsys.readouterr().out
    assert f"{clean}/data/a.csv.gz: cannot be read here" in out
    assert f"{clean}: was not searched for removed values" in out
    assert f"{clean}/data/z.txt: names its id" in out


def test_labels_left_in_an_older_release_file_are_found(story: Story, clean: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(story.corpus, corpus)
    (corpus / "releases" / "2026.09.0.json").write_bytes(story.books[0]["releases/2026.09.0.json"])
    command = ["forget", story.ids()[6], "--site", str(clean), "--corpus", str(corpus)]
    assert main(command) == 1


def test_without_the_record_nothing_can_be_proven(
    story: Story, clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Story(tmp_path)
    other.write([])
    for name, data in story.books[-1].items():
        (other.corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (other.corpus / name).write_bytes(data)
    command = ["forget", story.ids()[6], "--site", str(clean), "--corpus", str(other.corpus)]
    assert main(command) == 1
    assert "has no record of" in capsys.readouterr().err


def test_a_folder_that_is_no_site_is_refused(story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert forget(story, tmp_path) == 1
    assert "is not a site of ours" in capsys.readouterr().err
