"""Related cases and contrasts: who is shown beside a case, and for what reason."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import log2

import pytest
from factories import make_episode
from search_corpus import make_corpus

from atlas_build.derive.related import MOST_CONTRASTS, MOST_RELATED, relate_cases
from atlas_build.model.codebook import Cause, Form
from atlas_build.model.episode import Episode
from atlas_build.model.relations import NO_RELATIONS, Relation
from atlas_build.model.source import CauseLabel, Labels

FILLER = [
    "walrus accordion", "saffron lighthouse", "marble tambourine", "velvet compass", "cobalt teapot", "amber kayak",
    "pewter violin", "crimson ladder", "jade umbrella", "ivory trombone", "scarlet anvil", "indigo sundial",
]  # fmt: skip


def make_case(
    number: int,
    description: str,
    form: str = "S4",
    cause: str = "C2",
    session: str | None = None,
    resolver: str | None = None,
) -> Episode:
    labels = Labels(
        forms=(Form(form),), causes=(CauseLabel(label=Cause(cause)),), severity="DS1",
        status="RS1" if resolver else "RS2", resolver=resolver,
    )  # type: ignore[arg-type]  # fmt: skip
    return make_episode(
        number=number, session_id=session or f"session_{number:03}", name=f"Case {number}", description=description,
        labels=labels,
    )  # fmt: skip


def among_others(*cases: Episode) -> list[Episode]:
    """With enough unlike cases that a word which two of them share is rare."""
    others = [text.replace(" ", f"{letter} ") + letter for letter in "abcdefgh" for text in FILLER]
    return [*cases, *(make_case(100 + number, text, "S1", "C7") for number, text in enumerate(others))]


def names(cases: Sequence[Episode], relations: Sequence[Relation]) -> list[str]:
    return [cases[relation.place].text.name for relation in relations]


def test_related_cases_share_labels_and_rare_words_and_say_which() -> None:
    cases = among_others(
        make_case(1, "A migration dropped a column of the schema."),
        make_case(2, "The schema lost its index in a migration."),
        make_case(3, "A pull request was merged at lunch."),
    )
    relations = relate_cases(cases)
    assert relations[0].related == (Relation(1, (("form", "S4"), ("cause", "C2")), ("migration", "schema")),)
    assert names(cases, relations[1].related) == ["Case 1"]
    assert relations[2] == NO_RELATIONS


def test_one_shared_word_is_chance() -> None:
    cases = among_others(make_case(1, "A migration ran."), make_case(2, "A migration waited."))
    assert relate_cases(cases)[0].related == ()


def test_shared_words_without_a_shared_form_or_cause_do_not_relate() -> None:
    cases = among_others(
        make_case(1, "A migration of the schema.", "S4", "C2"), make_case(2, "A migration of the schema.", "S5", "C6")
    )
    assert relate_cases(cases)[0].related == ()


def test_the_rarer_word_brings_the_nearer_case() -> None:
    cases = among_others(
        make_case(1, "Webpack, migration, schema, zookeeper."),
        make_case(2, "A schema and a migration."),
        make_case(3, "A schema and a zookeeper."),
        make_case(4, "A migration for webpack."),
        make_case(5, "A migration elsewhere."),
    )
    assert names(cases, relate_cases(cases)[0].related) == ["Case 3", "Case 4", "Case 2"]


def test_cases_of_the_same_session_are_left_out() -> None:
    cases = among_others(
        make_case(1, "A migration of the schema.", session="session_900"),
        make_case(2, "A migration of the schema.", session="session_900"),
    )
    assert relate_cases(cases)[0] == NO_RELATIONS


def test_a_contrast_has_the_same_form_and_another_cause_that_is_known() -> None:
    cases = among_others(
        make_case(1, "A migration of the schema.", "S4", "C2"),
        make_case(2, "A migration of the schema.", "S4", "C6"),
        make_case(3, "A migration of the schema.", "S4", "C7"),
    )
    relations = relate_cases(cases)[0]
    assert relations.contrasts == (Relation(1, (("cause", "C6"),), ("migration", "schema")),)
    assert names(cases, relations.related) == ["Case 3"]


def test_placeholders_and_empty_words_relate_nothing() -> None:
    text = "[PERSON_1] and [SECRET_2] were there after the agent had been asked."
    cases = among_others(make_case(1, text), make_case(2, text))
    assert relate_cases(cases)[0].related == ()


def test_there_are_never_more_than_five_and_two() -> None:
    same = [make_case(number, "A migration of the schema.", "S4", "C2") for number in range(1, 9)]
    other = [make_case(number, "A migration of the schema.", "S4", "C6") for number in range(11, 16)]
    filler = [
        make_case(100 + number, f"{FILLER[number % 12]}{'abcdefghij'[number % 10] * 4}", "S1", "C7")
        for number in range(150)
    ]
    relations = relate_cases([*same, *other, *filler])
    assert (len(relations[0].related), len(relations[0].contrasts)) == (MOST_RELATED, MOST_CONTRASTS)
    assert not {relation.place for relation in relations[0].related} & {r.place for r in relations[0].contrasts}


def test_the_same_cases_give_the_same_relations() -> None:
    cases = [case for case in make_corpus(200) if case.is_case]
    assert list(relate_cases(cases)) == list(relate_cases(list(cases)))
    for place, relations in enumerate(relate_cases(cases)):
        assert place not in {relation.place for relation in (*relations.related, *relations.contrasts)}


def test_relations_do_not_hang_on_where_other_cases_stand() -> None:
    cases = among_others(*(make_case(number, "A migration of the schema.") for number in range(1, 4)))
    before = {
        case.id: {cases[r.place].id for r in found.related}
        for case, found in zip(cases, relate_cases(cases), strict=True)
    }
    random.Random(3).shuffle(cases)
    after = {
        case.id: {cases[r.place].id for r in found.related}
        for case, found in zip(cases, relate_cases(cases), strict=True)
    }
    assert before == after
    assert any(before.values())


def test_no_case_and_one_case_are_related_to_nothing() -> None:
    assert list(relate_cases([])) == []
    assert list(relate_cases([make_case(1, "A migration.")])) == [NO_RELATIONS]


def counterparts(*cases: Episode) -> list[tuple[str | None, str | None]]:
    """Of each the case with the same form and another cause, and the one with the same cause, resolved otherwise."""
    corpus = among_others(*cases)
    found = relate_cases(corpus).counterparts()[: len(cases)]
    return [
        (corpus[cause.place].text.name if cause else None, corpus[end.place].text.name if end else None)
        for cause, end in found
    ]


def test_a_counterpart_differs_in_one_thing() -> None:
    assert counterparts(
        make_case(1, "A migration dropped a column.", "S4", "C2"),
        make_case(2, "A migration lost an index.", "S4", "C6"),
        make_case(3, "A migration was run twice.", "S1", "C2", resolver="RV2"),
        make_case(4, "A migration was never run.", "S1", "C7", resolver="RV3"),
    ) == [("Case 2", "Case 3"), ("Case 1", None), (None, "Case 1"), (None, None)]


def test_the_same_resolution_by_somebody_else_is_another_one() -> None:
    taken_over = make_case(2, "A migration lost an index.", "S4", "C2", resolver="RV3")
    mended = make_case(1, "A migration dropped a column.", "S4", "C2", resolver="RV2")
    assert counterparts(mended, taken_over) == [(None, "Case 2"), (None, "Case 1")]
    again = make_case(3, "A migration was run twice.", "S4", "C2", resolver="RV2")
    assert counterparts(mended, again) == [(None, None), (None, None)]


def test_the_counterpart_is_the_most_alike_case_of_another_session() -> None:
    cases = among_others(
        make_case(1, "A migration of the ledger dropped a column.", "S4", "C2"),
        make_case(2, "A migration ran.", "S4", "C6"),
        make_case(3, "A migration of the ledger ran.", "S4", "C6"),
        make_case(4, "A migration of the ledger dropped a row.", "S4", "C6", session="session_001"),
    )
    (nearest, _), *_ = relate_cases(cases).counterparts()
    assert nearest is not None
    assert cases[nearest.place].text.name == "Case 3"
    assert nearest.words == ("ledger", "migration")
    # "migration" in 4 of 100 cases, "ledger" in 3, the form in 4, at half the weight; severity and status in all.
    assert nearest.alikeness == pytest.approx(log2(100 / 4) + log2(100 / 3) + 0.5 * log2(100 / 4), abs=1e-5)


def test_one_shared_word_and_rare_labels_outweigh_two_words() -> None:
    common = [make_case(10 + number, "A pipeline of the registry ran.", "S1", "C7") for number in range(7)]
    cases = among_others(
        make_case(1, "A zeppelin left the pipeline of the registry.", "S4", "C2", resolver="RV2"),
        make_case(2, "A pipeline of the registry.", "S4", "C6"),
        make_case(3, "A zeppelin came.", "S4", "C6", resolver="RV2"),
        *common,
    )
    (nearest, _), *_ = relate_cases(cases).counterparts()
    assert nearest is not None
    assert cases[nearest.place].text.name == "Case 3"
    assert names(cases, relate_cases(cases)[0].contrasts) == ["Case 3", "Case 2"]


def test_counterparts_by_cause_are_the_first_contrasts_of_the_case_pages() -> None:
    relations = relate_cases([case for case in make_corpus() if case.is_case])
    found = [one.place if one else None for one, _ in relations.counterparts()]
    assert found == [own.contrasts[0].place if own.contrasts else None for own in relations]
    assert any(found)
