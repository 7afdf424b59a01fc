"""The words of a text, as far as cases are compared by them."""

from __future__ import annotations

import re

from atlas_build.model.placeholder import PLACEHOLDER

LONGEST = 30

_GRAMMAR = """
about above across actually after afterwards again agent agents already also although always among another anyone
anything around away back became because become been before behind being below beside besides better between both
cannot case cases could developer does doing down during each either else even ever every everything exactly fewer
five four from goes going gone half have having here however into itself just less like likely many might more most
much must near nearly often ones other others over part perhaps quite rather really right second seen seven several
shall should shown since some something still such than that their them then there these they thing things third this
those though three through toward turned twice under upon used user users uses using very well went were what when
where whether which while whole whom whose will with within work worked works would years your
"""
GRAMMAR = frozenset(_GRAMMAR.split())
"""English words that say nothing without their neighbours."""

_COMMON = """
added agreed asked asking began called calls came chose claimed come comes declared done early first gave give given
gives instead keep keeps kept knew know known last later least left made make makes making meant name named need
needed never next none nothing once only said same says sure take taken takes tells told unless until want wanted
wants without wrote
"""
EMPTY_WORDS = GRAMMAR | frozenset(_COMMON.split())
"""English words that say nothing about what a case is about, though some tell how it was judged."""

_VAGUE = """
able according added against appear appeared appears applied applies apply attached available based begin beginning
begins beyond bring brings came chose chosen come comes continue continued continues continuing copied document
documents end ended ends explain explained explains file files find finds first form found further gave general get
gets give given gives happen happened happens held hold holds included instead item items keep keeps kept kind known
knows last later least leave leaves leaving left line lines list listed lists local long look looked looking looks made
make makes making mention mentioned mentions moved name named names naming neither next nothing number numbers occur
occurred once only open opened opens own page pages past path paths place placed places point points produce produced
provide provided provides put raise raised reason reasons remain remained remains result results same sentence session
sessions set show showed showing shows side simple simply size stand stands start started starts state stated states
stay stays step steps stood take taken takes term terms text time times took trace turn turning turns type until value
values version way wholly without word words write written wrote
"""
VAGUE = frozenset(_VAGUE.split())
"""English words that may go with a label but do not tell a reader why."""


def find_words(text: str, shortest: int) -> list[str]:
    """Runs of letters in lower case, in order; placeholders and anything with a digit or underscore are none."""
    return re.findall(rf"[^\W\d_]{{{shortest},{LONGEST}}}", PLACEHOLDER.sub(" ", text).lower())


def singular(word: str) -> str:
    """`migrations` as `migration`; only where nothing else is likely."""
    return word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] not in "siue" else word
