"""Scripts and styles, under a folder named by the digest of their bytes, so that hosts may cache them for ever.

Scripts lose the comments that fill whole lines, which are a third of what a reader would load; everything else stays
as it was written, one module a file.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from atlas_build.errors import PolicyError

IMPORT = re.compile(r'@import "([\w./-]+)" layer\((\w+)\);\n?')
STATIC_IMPORT = re.compile(r'(?:^|[;\n}])\s*(?:import|export)\b[^;()"]*"(\.{1,2}/[\w./-]+\.js)"')
COMMENT_LINES = re.compile(r"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n|//[^\n]*\n)", re.MULTILINE)
ENTRIES = ("css/main.css", "css/explorer.css", "css/reading.css", "css/on-demand.css")


@dataclass(frozen=True)
class Assets:
    """
    Attributes:
        folder: where they are, below the site's root.
        files: path below `folder` -> bytes.
        modules: scripts that the explorer needs, for preloading.
        favicon: the site's icon, which lives at the root.
    """

    folder: str
    files: dict[str, bytes]
    modules: tuple[str, ...]
    favicon: bytes


def read_assets(folder: Path) -> Assets:
    """Scripts as they are; the style sheets that an entry imports become one file, each in its layer."""
    try:
        scripts = {
            path.relative_to(folder).as_posix(): strip_comments(path.read_text(encoding="utf-8")).encode("utf-8")
            for path in sorted((folder / "js").rglob("*.js"))
        }
        files = {**scripts, **{entry: _join_styles(folder / entry) for entry in ENTRIES}}
        favicon = (folder / "favicon.svg").read_bytes()
    except OSError as error:
        raise PolicyError(f"cannot read the assets in {folder}", hint="reinstall, or restore the folder") from error
    modules = tuple(sorted(name.removeprefix("js/") for name in _needed_by("js/explorer.js", scripts)))
    return Assets(f"assets/{_digest(files)}", files, modules, favicon)


def strip_comments(script: str) -> str:
    """The script without comments that begin a line. Our scripts keep no such lines inside template literals, and
    tests/test_scripts.py runs their tests on what this leaves."""
    return COMMENT_LINES.sub("", script)


def _needed_by(module: str, scripts: dict[str, bytes]) -> set[str]:
    """The modules that a module imports statically, and theirs; what is imported on demand is left out."""
    needed: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        for found in STATIC_IMPORT.findall(scripts[name].decode("utf-8")):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), found))
            if path in scripts and path not in needed:
                needed.add(path)
                waiting.append(path)
    return needed


def _join_styles(entry: Path) -> bytes:
    def inline(match: re.Match[str]) -> str:
        text = (entry.parent / match[1]).read_text(encoding="utf-8")
        return f"@layer {match[2]} {{\n{text}}}\n"

    return IMPORT.sub(inline, entry.read_text(encoding="utf-8")).encode("utf-8")


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\n{len(files[name])}\n".encode())
        digest.update(files[name])
    return digest.hexdigest()[:12]
