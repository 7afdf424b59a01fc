"""A finished site replaces the old one in one step, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from building import ROOT, build, many_records, process_environment, read_tree, run_atlas, write_corpus
from factories import make_record

from atlas_build.cli import main
from atlas_build.errors import PublishError
from atlas_build.publish import exchange as exchange_module
from atlas_build.publish.staging import MARKER, Staging


def publish(target: Path, files: dict[str, str]) -> Staging:
    with Staging(target) as staging:
        for path, text in files.items():
            staging.write(path, text.encode())
        staging.publish()
    return staging


def texts(folder: Path) -> dict[str, str]:
    """Everything but the marker."""
    return {path: data.decode() for path, data in read_tree(folder).items() if path != MARKER}


def siblings(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


# What is written and what is linked


def test_an_unchanged_file_is_a_link_to_the_old_sites_file(tmp_path: Path) -> None:
    target = tmp_path / "site"
    publish(target, {"same.html": "same", "deep/changed.html": "old", "gone.html": "gone"})
    inode = (target / "same.html").stat().st_ino
    staging = publish(target, {"same.html": "same", "deep/changed.html": "new", "added.html": "added"})
    assert texts(target) == {"same.html": "same", "deep/changed.html": "new", "added.html": "added"}
    assert (target / "same.html").stat().st_ino == inode
    assert (staging.written, staging.linked) == (2, 2)  # the marker is linked, too


def test_a_file_of_the_same_length_with_other_content_is_written(tmp_path: Path) -> None:
    publish(tmp_path / "site", {"a.html": "left"})
    publish(tmp_path / "site", {"a.html": "rest"})
    assert texts(tmp_path / "site") == {"a.html": "rest"}


def test_writing_a_changed_file_leaves_the_old_sites_bytes_alone(tmp_path: Path) -> None:
    target = tmp_path / "site"
    publish(target, {"a.html": "old"})
    with Staging(target) as staging:
        staging.write("a.html", b"new")
        assert texts(target) == {"a.html": "old"}
    assert texts(target) == {"a.html": "old"}


def test_without_hard_links_files_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path / "site", {"a.html": "same"})

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    staging = publish(tmp_path / "site", {"a.html": "same"})
    assert texts(tmp_path / "site") == {"a.html": "same"}
    assert staging.linked == 0


def test_leaving_without_publishing_removes_what_was_written(tmp_path: Path) -> None:
    with Staging(tmp_path / "site") as staging:
        staging.write("a.html", b"text")
        assert staging.path.is_dir()
    assert siblings(tmp_path / "site") == []


# What may be replaced


def test_a_foreign_folder_is_refused_and_untouched(tmp_path: Path) -> None:
    target = tmp_path / "site"
    (target / "sub").mkdir(parents=True)
    (target / "sub" / "thesis.txt").write_text("years of work")
    with pytest.raises(PublishError, match="holds files that this program did not write"), Staging(target):
        pass
    assert texts(target) == {"sub/thesis.txt": "years of work"}
    assert siblings(target) == ["site"]


def test_a_file_or_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("file", "link"):
        with pytest.raises(PublishError, match="is not a folder"), Staging(tmp_path / name):
            pass
    assert siblings(tmp_path / "file") == ["file", "link", "real"]


@pytest.mark.parametrize("name", ["/", "//", "/tmp/.."])
def test_the_root_of_the_disk_is_refused(name: str) -> None:
    with pytest.raises(PublishError), Staging(Path(name)):
        pass


def test_a_way_up_names_the_folder_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    publish(tmp_path / "inside" / ".." / "site", {"a.html": "text"})
    assert siblings(tmp_path / "site") == ["inside", "site"]


def test_an_empty_folder_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    publish(tmp_path / "site", {"a.html": "text"})
    assert texts(tmp_path / "site") == {"a.html": "text"}


def test_a_folder_with_only_a_gitignore_may_be_replaced_and_keeps_it_for_ever(tmp_path: Path) -> None:
    target = tmp_path / "site"
    target.mkdir()
    (target / ".gitignore").write_text("*\n!.gitignore\n")
    publish(target, {"a.html": "one"})
    publish(target, {"a.html": "two"})
    assert texts(target) == {".gitignore": "*\n!.gitignore\n", "a.html": "two"}


def test_a_command_told_to_replace_a_foreign_folder_fails_and_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    assert main(["build", str(corpus), "--out", str(corpus), "--quiet", "--jobs", "1"]) == 1
    assert "give --out an empty or new folder" in capsys.readouterr().err
    assert sorted(path.name for path in corpus.iterdir()) == ["atlas.toml", "misalignments.json"]


def test_missing_parent_folders_are_made(tmp_path: Path) -> None:
    publish(tmp_path / "a" / "b" / "site", {"a.html": "text"})
    assert texts(tmp_path / "a" / "b" / "site") == {"a.html": "text"}


def test_parent_folders_that_were_made_go_with_a_build_that_fails(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with Staging(tmp_path / "a" / "b" / "c" / "site") as staging:
        staging.write("a.html", b"text")
    assert list(tmp_path.rglob("*")) == [tmp_path / "a"]


def test_a_parent_that_is_a_file_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    with pytest.raises(PublishError, match="cannot create a folder beside"), Staging(tmp_path / "file" / "site"):
        pass


# Exchanging the names


@pytest.fixture
def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_module, "_exchange_in_one_step", lambda *_: False)


def test_names_are_exchanged_by_renames_where_the_kernel_cannot(tmp_path: Path, without_exchange: None) -> None:
    publish(tmp_path / "site", {"a.html": "old"})
    publish(tmp_path / "site", {"a.html": "new"})
    assert texts(tmp_path / "site") == {"a.html": "new"}
    assert siblings(tmp_path / "site") == ["site"]


def test_a_rename_that_fails_half_way_puts_the_old_site_back(
    tmp_path: Path, without_exchange: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "site", {"a.html": "old"})
    rename = Path.rename

    def fail_for_the_new_one(path: Path, target: Path) -> Path:
        if ".atlas-" in path.name:
            raise OSError(5, "disk on fire")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_new_one)
    with pytest.raises(PublishError, match="cannot put the new site in place"):
        publish(tmp_path / "site", {"a.html": "new"})
    assert texts(tmp_path / "site") == {"a.html": "old"}
    assert siblings(tmp_path / "site") == ["site"]


def test_a_build_killed_between_two_renames_is_undone_by_the_next(tmp_path: Path) -> None:
    target = tmp_path / "site"
    publish(target, {"a.html": "old"})
    target.rename(tmp_path / "site.aside")
    with Staging(target):
        assert texts(target) == {"a.html": "old"}
    assert siblings(target) == ["site"]


def test_a_folder_of_that_name_that_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "site.aside").mkdir()
    (tmp_path / "site.aside" / "thesis.txt").write_text("years of work")
    publish(tmp_path / "site", {"a.html": "text"})
    assert siblings(tmp_path / "site") == ["site", "site.aside"]


# What a killed build leaves


@pytest.fixture
def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize("name", ["site", "s[i]te", "s*"])
def test_what_a_killed_build_left_is_removed_and_what_others_do_stays(
    name: str, tmp_path: Path, ended_process: int
) -> None:
    target = tmp_path / name
    for stray in (f".{name}.atlas-{ended_process}", f".{name}.atlas-{os.getppid()}", f".other.atlas-{ended_process}"):
        (tmp_path / stray).mkdir()
    publish(target, {"a.html": "text"})
    expected = {name, f".{name}.atlas-{os.getppid()}", f".other.atlas-{ended_process}"}
    assert set(siblings(target)) == expected


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only where the system tells when a process started")
def test_what_is_left_is_removed_when_another_process_has_the_number_by_now(tmp_path: Path) -> None:
    stray = tmp_path / f".site.atlas-{os.getppid()}"
    stray.mkdir()
    os.utime(stray, (0, 0))
    publish(tmp_path / "site", {"a.html": "text"})
    assert siblings(tmp_path / "site") == ["site"]


# Whole builds that are stopped


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Large enough that a build can be stopped while it renders, in workers if there are several."""
    return write_corpus(tmp_path_factory.mktemp("many") / "corpus", many_records(150))


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Path]:
    """A small site; after the test it must be what it was."""
    target = tmp_path / "out" / "site"
    build(write_corpus(tmp_path / "small", [make_record()]), target)
    before = read_tree(target)
    yield target
    assert read_tree(target) == before


@contextmanager
def building(corpus: Path, out: Path, *options: str) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """A build in a process of its own; until("render") waits for the line that tells of a stage."""
    with subprocess.Popen(
        [sys.executable, "-m", "atlas_build", "build", str(corpus), "--out", str(out), *options],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=process_environment(),
    ) as process:  # fmt: skip

        def until(stage: str) -> subprocess.Popen[str]:
            assert process.stderr is not None
            assert any(line.startswith(f"{stage} ...") for line in process.stderr), f"the build never came to {stage}"
            return process

        yield until


@pytest.mark.parametrize(
    ("sign", "stage", "jobs"),
    [(signal.SIGINT, "read", "1"), (signal.SIGINT, "render", "1"), (signal.SIGTERM, "render", "2")],
)
def test_an_interrupted_build_leaves_the_old_site_and_nothing_else(
    sign: signal.Signals, stage: str, jobs: str, corpus: Path, old: Path
) -> None:
    with building(corpus, old, "--jobs", jobs) as until:
        process = until(stage)
        process.send_signal(sign)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert output == ""
    assert "interrupted; nothing was published" in errors
    assert siblings(old) == ["site"]


def test_a_killed_build_leaves_the_old_site_and_the_next_build_cleans_up(
    corpus: Path, old: Path, tmp_path: Path
) -> None:
    with building(corpus, old, "--jobs", "1") as until:
        process = until("check")
        process.kill()
        process.communicate(timeout=30)
    assert siblings(old) == [f".site.atlas-{process.pid}", "site"]
    build(tmp_path / "small", old)
    assert siblings(old) == ["site"]


# Building again


def test_building_the_same_again_changes_no_file(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", many_records(12))
    build(corpus, tmp_path / "site")
    before = {path: inode_and_time(path) for path in (tmp_path / "site").rglob("*") if path.is_file()}
    build(corpus, tmp_path / "site")
    after = {path: inode_and_time(path) for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert len(before) > 60
    assert after == before


def test_only_pages_that_say_something_else_are_written_anew(tmp_path: Path) -> None:
    records = many_records(12)
    build(write_corpus(tmp_path / "corpus", records), tmp_path / "site")
    cases = sorted((tmp_path / "site" / "c").rglob("*.html"))
    before = {path: inode_and_time(path) for path in cases}
    records[0]["description"] = "Another description."
    build(write_corpus(tmp_path / "corpus", records), tmp_path / "site")
    assert sum(inode_and_time(path) != before[path] for path in cases) == 1


def inode_and_time(path: Path) -> tuple[int, int]:
    return path.stat().st_ino, path.stat().st_mtime_ns


def test_a_relative_target_is_taken_from_the_working_folder(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", [make_record()])
    result = run_atlas("build", corpus, "--out", "here/site", "--quiet", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "here" / "site" / "index.html").is_file()
