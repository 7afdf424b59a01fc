"""Every page of the sample site is valid HTML, with the rules of .htmlvalidate.json.

Off are rules of taste, and three that judge text which a script fills in: empty headings and links inside <template>,
and a form that answers each choice at once and so has no submit button. Axe judges the finished page on these.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

MOST_LINES = 60


@pytest.fixture(scope="session")
def html_validate(root: Path) -> list[str]:
    program = root / "node_modules" / ".bin" / "html-validate"
    if not program.is_file():
        pytest.fail("html-validate is not installed: run npm ci", pytrace=False)
    return [str(program), "--config", str(root / ".htmlvalidate.json"), "--formatter", "text"]


def test_every_page_of_the_sample_is_valid(sample_site: Path, html_validate: list[str]) -> None:
    pages = [str(path.relative_to(sample_site)) for path in sorted(sample_site.rglob("*.html"))]
    assert "index.html" in pages
    run = subprocess.run([*html_validate, *pages], cwd=sample_site, capture_output=True, text=True, check=False)
    complaints = (run.stdout + run.stderr).splitlines()
    assert complaints[:MOST_LINES] == []
    assert run.returncode == 0


def test_the_rules_find_an_inline_style_and_a_double_id(tmp_path: Path, html_validate: list[str]) -> None:
    (tmp_path / "bad.html").write_text(
        '<!doctype html><html lang="en"><head><title>Bad</title></head>'
        '<body><p id="a" style="color: red">one</p><p id="a">two</p></body></html>',
        encoding="utf-8",
    )
    run = subprocess.run([*html_validate, "bad.html"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert re.findall(r"error \[([a-z-]+)\]", run.stdout) == ["no-inline-style", "no-dup-id"]
