"""The shape of the program, read from its source: one direction, two promises as types, and no way for text to become
markup."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import ROOT

PACKAGE = ROOT / "atlas_build"
STAGES = ("read", "licenses", "scrub", "derive", "search", "render", "verify", "publish")
GROUND = ("model", "collection", "errors", "report", "workers")
COMPOSERS = {
    "pipeline.py", "admission.py", "config.py", "edition.py", "releasing.py", "citing.py", "inspection.py", "cli.py",
    "release_commands.py", "forgetting.py", "auditing.py", "result_links.py",
}  # fmt: skip


def sources() -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    assert len(found) > 60
    return found


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def own_imports(path: Path) -> Iterator[str]:
    """The parts of the package that a file imports: `model`, `render`, `errors` ..."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place(path)}: relative import"
            if node.module == "atlas_build":
                yield from (alias.name for alias in node.names)
            elif node.module and node.module.startswith("atlas_build."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (name.name.split(".")[1] for name in node.names if name.name.startswith("atlas_build."))


def calls(path: Path, name: str) -> list[int]:
    """Lines on which something called `name` is called."""
    return [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == name)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == name)
        )
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_knows_the_ground_floor_and_itself(stage: str) -> None:
    files = sorted((PACKAGE / stage).rglob("*.py"))
    assert files
    allowed = {stage, *GROUND, "__version__"}
    found = {(place(path), name) for path in files for name in own_imports(path) if name not in allowed}
    assert found == set()


def test_the_ground_floor_knows_no_stage() -> None:
    files = [*sorted((PACKAGE / "model").rglob("*.py")), *(PACKAGE / f"{name}.py" for name in GROUND[1:])]
    assert [(place(path), name) for path in files for name in own_imports(path) if name not in GROUND] == []


def test_only_the_composing_modules_know_several_stages() -> None:
    knowing = {
        place(path) for path in sources() if path.parent == PACKAGE and len(set(own_imports(path)) & set(STAGES)) > 1
    }
    assert knowing <= COMPOSERS
    assert "pipeline.py" in knowing


def test_only_the_scrubber_makes_an_episode() -> None:
    assert {place(path).split("/")[0] for path in sources() if calls(path, "Episode")} == {"scrub"}


def test_only_admission_makes_an_admitted_episode() -> None:
    assert [place(path) for path in sources() if calls(path, "AdmittedEpisode")] == ["admission.py"]


def test_only_admission_makes_a_prompt_that_may_be_shown() -> None:
    assert [place(path) for path in sources() if calls(path, "Prompt")] == ["admission.py"]


@pytest.mark.parametrize("method", ["model_construct", "__class__"])
def test_nothing_goes_round_the_constructors(method: str) -> None:
    assert [(place(path), line) for path in sources() for line in calls(path, method)] == []


def test_no_copy_of_an_episode_with_other_words_is_made_behind_the_scrubber() -> None:
    """`model_copy(update=...)` could put unscrubbed text into an `Episode`."""
    behind = [path for stage in ("derive", "search", "render", "verify") for path in (PACKAGE / stage).rglob("*.py")]
    files = [*sorted(behind), PACKAGE / "pipeline.py", PACKAGE / "admission.py"]
    assert [(place(path), line) for path in files for line in calls(path, "model_copy")] == []


def test_index_pages_and_downloads_never_see_an_episode_before_it_is_scrubbed() -> None:
    for stage in ("derive", "search", "render", "verify", "publish"):
        for path in sorted((PACKAGE / stage).rglob("*.py")):
            froms = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ImportFrom)]
            names = {alias.name for node in froms for alias in node.names}
            assert names.isdisjoint({"SourceEpisode", "AdmittedEpisode"}), place(path)


def test_markup_is_made_in_three_places() -> None:
    """Of our own prose, of a prompt's Markdown with raw HTML off, and of JSON whose every angle bracket is written as
    an escape (`write_json_ld`)."""
    made = {place(path): len(calls(path, "Markup")) for path in sources() if calls(path, "Markup")}
    assert made == {"render/documents.py": 1, "render/markdown.py": 2, "render/metadata.py": 1}


def test_no_stage_opens_a_connection() -> None:
    modules = ("socket", "http", "urllib.request", "requests", "httpx", "aiohttp", "ftplib", "smtplib")
    files = [path for stage in (*STAGES, "model") for path in sorted((PACKAGE / stage).rglob("*.py"))]
    found = [
        (place(path), name)
        for path in files
        for node in ast.walk(tree_of(path))
        for name in imported(node)
        if any(name == module or name.startswith(f"{module}.") for module in modules)
    ]
    assert found == []


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


@pytest.mark.parametrize("name", ["eval", "exec", "pickle", "system", "popen"])
def test_nothing_is_executed_or_unpickled(name: str) -> None:
    found = [place(path) for path in sources() if calls(path, name)]
    found += [place(path) for path in sources() for node in ast.walk(tree_of(path)) if name in imported(node)]
    assert found == []


def test_no_stage_looks_at_the_clock() -> None:
    """The same input gives the same bytes on any day; the date of a release is given."""
    files = [path for stage in STAGES for path in sorted((PACKAGE / stage).rglob("*.py"))]
    for path in [*files, PACKAGE / "pipeline.py", PACKAGE / "edition.py", PACKAGE / "admission.py"]:
        found = [name for name in ("now", "today", "utcnow", "time", "perf_counter", "monotonic") if calls(path, name)]
        assert found == [], place(path)


def test_templates_mark_nothing_as_safe() -> None:
    files = sorted((ROOT / "templates").rglob("*.jinja2"))
    assert len(files) > 15
    unsafe = re.compile(r"\|\s*safe\b|autoescape|Markup")
    assert [path.name for path in files if unsafe.search(path.read_text(encoding="utf-8"))] == []


def test_scripts_never_build_markup_from_text() -> None:
    files = sorted((ROOT / "assets" / "js").rglob("*.js"))
    assert len(files) > 10
    unsafe = re.compile(
        r"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|srcdoc)\b"
        r"|document\.write|\beval\s*\(|new\s+Function\b|set(?:Timeout|Interval)\s*\(\s*[\"'`]|javascript:"
    )
    found = [(path.name, match[0]) for path in files for match in unsafe.finditer(path.read_text(encoding="utf-8"))]
    assert found == []


def test_no_module_has_grown_past_500_lines() -> None:
    long = [(place(path), count) for path in sources() if (count := len(path.read_text("utf-8").splitlines())) > 500]
    assert long == []
