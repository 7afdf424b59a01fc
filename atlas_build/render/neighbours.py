"""A case as other pages show it: enough to know what it is and to go there."""

from __future__ import annotations

from dataclasses import dataclass

from atlas_build.model.episode import Episode
from atlas_build.model.excerpt import shorten
from atlas_build.render.codes import tone_of
from atlas_build.render.pieces import plain


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A case that one can go on to; small enough to travel to a worker process.

    Attributes:
        forms: codes, the first of which gives the tone.
    """

    id: str
    slug: str
    name: str
    tone: str
    forms: tuple[str, ...]

    @property
    def codes(self) -> str:
        return " ".join(self.forms)


def neighbour_of(episode: Episode) -> Neighbour:
    labels = episode.facts.labels
    forms = tuple(dict.fromkeys(map(str, labels.forms))) if labels else ()
    return Neighbour(episode.id, episode.slug, shorten(plain(episode.text.name), 120), tone_of(episode.facts), forms)
