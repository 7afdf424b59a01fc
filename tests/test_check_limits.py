"""data/policy/limits.toml: the bundled file is whole, and a broken one is refused with its entry named."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path

import pytest

from atlas_build.errors import PolicyError
from atlas_build.verify.files import SiteFiles
from atlas_build.verify.limits import check_explorer_size, gzip_size, read_limits

BUNDLED = Path(__file__).resolve().parents[1] / "data" / "policy" / "limits.toml"


def test_the_bundled_limits_are_those_of_the_hosts_and_budgets() -> None:
    limits = read_limits(BUNDLED)
    assert (limits.files.others, limits.files.largest, limits.files.total) == (1_000, 25 * 1024 * 1024, 1_000_000_000)
    assert (limits.explorer.shell_gzip, limits.explorer.first_data_gzip) == (60_000, 60_000)
    assert limits.page["case"].median_gzip == 12_000


def test_every_table_gives_a_reason() -> None:
    """A candidate's page is like a case's, so its table needs none of its own."""
    tables = re.split(r"^\[([\w.]+)\]\n", BUNDLED.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    reasons = {name: "# " in text for name, text in zip(tables[::2], tables[1::2], strict=True)}
    assert [name for name, has_reason in reasons.items() if not has_reason] == ["page.candidate"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("others = 1_000", "others = 0", "files.others: Input should be greater than 0"),
        ("others = 1_000", "others = '1000'", "files.others: Input should be a valid integer"),
        ("others = 1_000", "", "files.others: Field required"),
        ("others = 1_000", "others = 1_000\nother = 1", "files.other: Extra inputs are not permitted"),
        ("[page.list]", "[page.lists]", "look at list, lists"),
        ("first_data_gzip_each = 3.75", "first_data_gzip_each = nan", "explorer.first_data_gzip_each"),
        ("first_data_gzip_each = 3.75", "first_data_gzip_each = inf", "explorer.first_data_gzip_each"),
        ("[files]", "[files", "is not TOML in UTF-8"),
    ],
)
def test_a_broken_entry_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "limits.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_limits(tmp_path / "limits.toml")
    assert message in caught.value.message
    assert caught.value.hint


def test_a_missing_file_and_a_binary_one_are_policy_errors(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"limits\.toml cannot be read \(No such file or directory\)"):
        read_limits(tmp_path / "limits.toml")
    (tmp_path / "limits.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match="is not TOML in UTF-8"):
        read_limits(tmp_path / "limits.toml")


def test_the_file_is_read_as_toml_says(tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_bytes(b"\xef\xbb\xbf" + BUNDLED.read_bytes())
    read = read_limits(tmp_path / "limits.toml").model_dump(exclude_unset=True)
    assert read == tomllib.loads(BUNDLED.read_text(encoding="utf-8"))


def test_gzip_sizes_are_those_of_a_gzip_member() -> None:
    assert gzip_size(b"") == 20
    assert gzip_size(b"a" * 100_000) < 200


def test_a_first_visit_is_the_page_with_what_it_names(tmp_path: Path) -> None:
    """Scripts that are fetched on first use do not count."""
    limits = read_limits(BUNDLED)
    (tmp_path / "index.html").write_text('<link rel="stylesheet" href="assets/d1/css/main.css">', encoding="utf-8")
    styles, later = tmp_path / "assets/d1/css/main.css", tmp_path / "assets/d1/js/later.js"
    for path in (styles, later):
        path.parent.mkdir(parents=True)
        path.write_bytes(random.Random(7).randbytes(limits.explorer.shell_gzip))
    sizes = {
        path.relative_to(tmp_path).as_posix(): path.stat().st_size for path in (tmp_path / "index.html", styles, later)
    }
    files = SiteFiles(tmp_path, sizes, ())
    (problem,) = check_explorer_size(files, limits, index_file="", episodes=0)
    assert problem.rule == "explorer-size"
    styles.write_bytes(b"body{}")
    assert list(check_explorer_size(files, limits, index_file="", episodes=0)) == []
