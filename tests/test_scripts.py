"""The scripts as they are shipped pass the tests of the scripts as they are written."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from search_corpus import ROOT

from atlas_build.render.assets import read_assets


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the checkout's scripts and their tests, with the scripts as a site gets them."""
    for path, content in read_assets(ROOT / "assets").files.items():
        target = tmp_path / "assets" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    shutil.copytree(ROOT / "tests" / "js", tmp_path / "tests" / "js")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def test_shipped_scripts_pass_the_scripts_tests(shipped: Path) -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Node")
        pytest.skip("needs Node")
    tests = sorted(str(path) for path in (shipped / "tests" / "js").glob("*.test.js"))
    result = subprocess.run([node, "--test", *tests], cwd=shipped, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-3000:]


def test_pure_modules_know_no_page_and_no_network() -> None:
    pure = (
        "state",
        "query",
        "terms",
        "text",
        "rank",
        "bitset",
        "decode",
        "words",
        "pieces",
        "highlight",
        "notices",
        "cross-tab",
        "timeline",
        "compare",
        "statistics",
        "sampling",
        "table-export",
        "page-table",
        "keyboard",
        "legend-order",
        "fingerprint",
        "cited",
        "since",
        "since-words",
        "result-citation",
    )
    for name in pure:
        source = (ROOT / "assets" / "js" / f"{name}.js").read_text("utf-8")
        code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith(("*", "/**")))
        for word in ("document.", "window.", "fetch(", "location.", "history."):
            assert word not in code, f"{name}.js mentions {word}"


def test_no_script_writes_markup() -> None:
    for path in sorted((ROOT / "assets" / "js").rglob("*.js")):
        source = path.read_text("utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert word not in source, f"{path.name} mentions {word}"
