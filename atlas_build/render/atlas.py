"""What the pages of one site are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.ledger import Tombstone
from atlas_build.model.numbers import Numbers, RepositoryKey, SessionKey
from atlas_build.model.placeholder import Kind
from atlas_build.model.prompt import Prompt
from atlas_build.model.relations import Relations
from atlas_build.model.release import Chronicle
from atlas_build.model.repositories import Repository
from atlas_build.render.inclusion_view import Funnel
from atlas_build.render.page import Site


@dataclass(frozen=True)
class Atlas:
    """Everything that pages are made from.

    Attributes:
        cases: published episodes in reading order.
        candidates: rejected candidates, kept apart.
        repositories: those with published cases in several sessions.
        redactions: kind -> replaced values in the published cases.
        index: folder of the search index below the root.
        chronicle: all releases and the life of each case.
        release_sizes: bytes of each release's file.
        relations: of each case in the order of `cases`, or none.
        prompts: in the order of the pipeline's steps.
    """

    site: Site
    codebook: Codebook
    cases: Sequence[Episode]
    candidates: Sequence[Episode]
    tombstones: Sequence[Tombstone]
    numbers: Numbers
    sessions: dict[SessionKey, tuple[Episode, ...]]
    repositories: Mapping[RepositoryKey, Repository]
    funnel: Funnel
    reasons: dict[str, str]
    redactions: dict[Kind, int]
    index: str
    chronicle: Chronicle = field(default_factory=Chronicle)
    release_sizes: Mapping[str, int] = field(default_factory=dict)
    relations: Sequence[Relations] = ()
    prompts: Sequence[Prompt] = ()
