"""Which words of an episode stand for it in a list, and how long texts are shortened.

Cards made by the build and cards made in the browser show the same excerpts, because both come from here.
"""

from __future__ import annotations

from collections.abc import Sequence

from atlas_build.model.episode import parse_turn
from atlas_build.model.placeholder import PLACEHOLDER
from atlas_build.model.source import Evidence

DEVELOPER = "USER"
CARD_DESCRIPTION = 240
"""Characters of the description on a card: a little more than two lines."""
CARD_QUOTE = 220
"""Characters of the pushback on a card."""


def pushback_turns(evidence: Sequence[Evidence]) -> frozenset[int]:
    """Positions of the quotes in which the developer pushes back.

    Upstream quotes the request, then what the agent did, then the reply to it. So a developer's quote after the first
    quote of somebody else is pushback; where no such quote is, all quotes of the developer's last quoted turn are.
    """
    roles = [parse_turn(item.turn)[1] for item in evidence]
    theirs = [place for place, role in enumerate(roles) if role == DEVELOPER]
    others = [place for place, role in enumerate(roles) if role is not None and role != DEVELOPER]
    after = [place for place in theirs if others and place > others[0]]
    last = [place for place in theirs if evidence[place].turn == evidence[theirs[-1]].turn]
    return frozenset(after or last)


def card_quote(evidence: Sequence[Evidence]) -> str:
    """The pushback for a card: the first one, shortened; "" when no developer is quoted."""
    places = sorted(pushback_turns(evidence))
    return shorten(evidence[places[0]].quote, CARD_QUOTE) if places else ""


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut between words, never inside a placeholder, with an ellipsis."""
    line = " ".join(text[: 8 * limit].split())
    if len(line) <= limit and len(text) <= 8 * limit:
        return line
    cut = limit - 1
    for match in PLACEHOLDER.finditer(line, 0, limit + 32):
        if match.start() < cut < match.end():
            cut = match.start()
    head = line[:cut]
    blank = head.rfind(" ")
    if blank > cut * 2 // 3:
        head = head[:blank]
    return head.rstrip(" ,;:.–-") + "…"
