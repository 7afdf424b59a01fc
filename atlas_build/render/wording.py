"""What the site says by itself, whatever the corpus holds: words of the templates, the codebook, the citations.

A removed value that is one of these words, such as the last name of a cited author, will stand on some page without
having leaked there. The leak check is told, and looks for such a value where it would give somebody away.
"""

from __future__ import annotations

from pathlib import Path

from atlas_build.errors import PolicyError
from atlas_build.model.codebook import Codebook
from atlas_build.model.placeholder import TITLES
from atlas_build.render.assets import Assets
from atlas_build.render.citations import cite_paper
from atlas_build.render.exports import TABLES
from atlas_build.render.inclusion_view import SUPPRESSION_REASONS
from atlas_build.render.page import Site


def own_wording(site: Site, codebook: Codebook, assets: Assets, templates: Path) -> str:
    """All of it as one text, in no particular form."""
    columns = (f"{column.name} {column.about}" for table in TABLES for column in table.columns)
    paper = cite_paper()
    return "\n".join((
        site.title, site.contact or "", paper.text, paper.bibtex, codebook.model_dump_json(), *columns,
        *TITLES.values(), *SUPPRESSION_REASONS.values(), *_read_templates(templates),
        *(data.decode("utf-8") for data in assets.files.values()),
    ))  # fmt: skip


def _read_templates(folder: Path) -> list[str]:
    try:
        return [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file()]
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"cannot read the templates in {folder}", hint="reinstall, or restore the folder") from error
