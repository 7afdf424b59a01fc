"""What is installed, shipped and run by robots is what the project says, and nothing names where packages come from."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import atlas_build

LOCKS = ("requirements.lock", "requirements-test.lock")
WORKFLOWS = ("ci.yml", "pages.yml")
# Put together here, so that this file does not name them either.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
    )
)
SHIPPED = ("templates", "assets", "data/policy", "data/codebook")


def read_pins(lock: Path) -> dict[str, str]:
    """Name -> version of a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))


def list_files(root: Path) -> list[Path]:
    """What is in the repository or would be added to it."""
    run = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        pytest.skip("needs a git checkout")
    return [root / name for name in run.stdout.split("\0") if name and (root / name).is_file()]


def read_project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def read_workflow(root: Path, name: str) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load((root / ".github" / "workflows" / name).read_text(encoding="utf-8"))
    return workflow


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_names_versions_and_digests_only(name: str, root: Path) -> None:
    lines = (root / name).read_text(encoding="utf-8").splitlines()
    requirement = re.compile(r"[a-z0-9-]+==\S+( ; [\w .'<>=!-]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    odd = [
        line
        for line in lines
        if not (requirement.fullmatch(line) or digest.fullmatch(line) or line.lstrip().startswith("#"))
    ]
    assert odd == []
    assert not any("://" in line for line in lines)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_every_declared_dependency(name: str, root: Path) -> None:
    project, pins = read_project(root), read_pins(root / name)
    groups = ["build", "test"] if "test" in name else ["build"]
    declared = [
        *project["project"]["dependencies"],
        *(text for group in groups for text in project["dependency-groups"][group]),
    ]
    for text in declared:
        requirement = Requirement(text)
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement.name} is not in {name}: run make lock"
        assert Version(pin) in requirement.specifier, (
            f"{requirement.name} {pin} is not {requirement.specifier}: run make lock"
        )


def test_tests_run_with_the_versions_that_users_get(root: Path) -> None:
    small, large = (read_pins(root / name) for name in LOCKS)
    assert len(small) > 30
    assert small.items() <= large.items()


def test_npm_lock_holds_digests_and_no_addresses(root: Path) -> None:
    packages = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((root / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert packages.pop("")["devDependencies"] == wanted
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def test_no_file_names_a_package_registry(root: Path) -> None:
    naming = [
        str(path.relative_to(root))
        for path in list_files(root)
        if any(host.encode() in path.read_bytes() for host in REGISTRY_HOSTS)
    ]
    assert naming == []


def test_wheel_carries_templates_assets_policy_and_codebook(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="needs hatchling: make .venv/installed-test")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in SHIPPED:
        files = [path for path in (root / folder).rglob("*") if path.is_file()]
        assert files, f"{folder} is empty"
        missing = [path for path in files if f"atlas_build/_share/{path.relative_to(root).as_posix()}" not in held]
        assert missing == []
    tops = {name.split("/")[0] for name in held}
    assert tops == {"atlas_build", f"misalignment_atlas-{atlas_build.__version__}.dist-info"}
    assert f"misalignment_atlas-{atlas_build.__version__}.dist-info/licenses/LICENSE" in held
    assert not any("data/sample" in name or name.endswith(".pyc") for name in held)


def list_targets(root: Path) -> set[str]:
    return set(re.findall(r"^([a-z-]+):(?!=)", (root / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def list_make_commands(document: Path) -> set[str]:
    return set(re.findall(r"\bmake ([a-z-]+)\b", " ".join(find_code(document.read_text(encoding="utf-8")))))


def find_code(markdown: str) -> list[str]:
    """Code of a Markdown text: fenced or indented blocks, and spans."""
    return re.findall(r"^```.*?^```|^ {4}.*?$|`[^`\n]+`", markdown, flags=re.MULTILINE | re.DOTALL)


def test_readme_names_make_targets_that_exist(root: Path) -> None:
    named = list_make_commands(root / "README.md")
    assert {"site", "test"} <= named
    assert named <= list_targets(root)


def test_contributing_names_make_targets_that_exist(root: Path) -> None:
    named = list_make_commands(root / ".github" / "CONTRIBUTING.md")
    assert {"site", "serve", "test", "lint", "types", "lock"} <= named
    assert named <= list_targets(root)


def test_make_says_when_no_python_is_new_enough(root: Path, tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(root / name, tmp_path)
    run = subprocess.run(
        ["make", "site", "PYTHON=/nowhere/python3"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "No Python 3.11 or newer found (tried: /nowhere/python3)." in run.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_commit_and_say_which_version_that_is(name: str, root: Path) -> None:
    text = (root / ".github" / "workflows" / name).read_text(encoding="utf-8")
    used = [line.strip().removeprefix("- ") for line in text.splitlines() if "uses:" in line]
    assert used
    pinned = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in used if not pinned.fullmatch(line)] == []


def test_one_action_has_one_pin(root: Path) -> None:
    texts = ((root / ".github" / "workflows" / name).read_text(encoding="utf-8") for name in WORKFLOWS)
    pins = {pin for text in texts for pin in re.findall(r"uses: (.*)", text)}
    assert len({pin.split("@")[0] for pin in pins}) == len(pins)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_read_only_keep_no_credentials_and_end(name: str, root: Path) -> None:
    workflow = read_workflow(root, name)
    assert workflow["permissions"] == {"contents": "read"}
    assert "concurrency" in workflow
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 30
        checkouts = [step for step in job["steps"] if "checkout" in step.get("uses", "")]
        assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_only_publishing_may_write(root: Path) -> None:
    writers = {
        f"{name}/{job_id}": job["permissions"]
        for name in WORKFLOWS
        for job_id, job in read_workflow(root, name)["jobs"].items()
        if "write" in job.get("permissions", {}).values()
    }
    assert writers == {"pages.yml/deploy": {"pages": "write", "id-token": "write"}}


def test_ci_tries_every_python_that_the_project_declares(root: Path) -> None:
    matrix = read_workflow(root, "ci.yml")["jobs"]["test"]["strategy"]["matrix"]["include"]
    prefix = "Programming Language :: Python :: 3."
    classifiers = read_project(root)["project"]["classifiers"]
    declared = [f"3.{text.removeprefix(prefix)}" for text in classifiers if text.startswith(prefix)]
    assert [row["python"] for row in matrix] == declared == ["3.11", "3.12", "3.13", "3.14"]


def test_citation_names_this_version_and_the_study(root: Path) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == atlas_build.__version__
    (study,) = citation["references"]
    assert study["doi"] == "10.48550/arXiv.2605.29442"
    assert [author["family-names"] for author in study["authors"]] == [
        "Tang",
        "Chen",
        "Xu",
        "Shi",
        "Huang",
        "McMillan",
        "Dong",
        "Li",
    ]


def test_takedown_form_asks_for_the_case_and_not_for_the_text(root: Path) -> None:
    form = yaml.safe_load((root / ".github" / "ISSUE_TEMPLATE" / "takedown.yml").read_text(encoding="utf-8"))
    fields = {field["id"]: field for field in form["body"] if "id" in field}
    assert list(fields) == ["case", "kind", "where", "care"]
    assert "textarea" not in {field["type"] for field in form["body"]}
    assert fields["case"]["validations"] == {"required": True}
