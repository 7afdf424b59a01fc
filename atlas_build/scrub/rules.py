"""Digests of the rules: of the program, and of the reviewed policy, by what they mean and not by how they are written.

Comments, docstrings, layout, and the order of a word list leave a digest as it is; so does the version of Python. Any
other edit changes it, also one that happens to find the same: nobody can tell that in general.
"""

from __future__ import annotations

import ast
import hashlib
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import orjson

from atlas_build.errors import PolicyError
from atlas_build.scrub.policy import POLICY_FILE, read_list

PACKAGE = Path(__file__).parent.parent
_NO_MEANING = frozenset({"ctx", "type_comment", "kind"})
"""Fields of a syntax tree that follow from others."""


def digest_rules(data_dir: Path) -> str:
    """The reviewed rules below `data_dir/policy` and the program that applies them, as 64 hex digits.

    Personal entries (`scrub.local.toml`) are no part of it.

    Raises:
        PolicyError: a file cannot be read.
    """
    folder = data_dir / "policy"
    digest = hashlib.sha256()
    try:
        policy = tomllib.loads((folder / POLICY_FILE).read_text(encoding="utf-8"))
        digest.update(orjson.dumps(policy, option=orjson.OPT_SORT_KEYS) + digest_program())
    except (OSError, ValueError) as error:
        raise PolicyError(
            f"the scrubbing rules cannot be read ({type(error).__name__})", hint="reinstall, or check --data"
        ) from None
    for name in sorted(policy.get("files", {}).values()):
        words = "\n".join(sorted(read_list(folder / name)))
        digest.update(f"{name}\n{words}\0".encode())
    return digest.hexdigest()


@cache
def digest_program() -> bytes:
    """The modules that decide what is found and how it is replaced."""
    digest = hashlib.sha256()
    for path in sorted([*PACKAGE.glob("scrub/**/*.py"), *PACKAGE.glob("model/*.py")]):
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\n".encode())
        digest.update(digest_source(path.read_text(encoding="utf-8")))
    return digest.digest()


def digest_source(source: str) -> bytes:
    """One module, without its comments, docstrings and layout."""
    return hashlib.sha256("\n".join(_spell(ast.parse(source))).encode("ascii")).digest()


def _spell(node: object) -> Iterator[str]:
    """A syntax tree as lines of ASCII, without absent and empty fields, in which versions of Python differ."""
    if isinstance(node, ast.AST):
        yield f"{type(node).__name__}("
        for name, value in ast.iter_fields(node):
            if name not in _NO_MEANING and value not in (None, []):
                yield f"{name}="
                yield from _spell(value)
        yield ")"
    elif isinstance(node, list):
        for item in node:
            if not _is_documentation(item):
                yield from _spell(item)
    else:
        yield f"{type(node).__name__} {node!a}"


def _is_documentation(node: object) -> bool:
    """A string that stands alone: a docstring, or what explains an attribute."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
