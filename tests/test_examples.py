"""Which cases stand on a label's page as typical and as borderline, and for what reason."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from factories import make_episode
from search_corpus import make_corpus

from atlas_build.derive.counts import count_facets
from atlas_build.derive.examples import MOST, MOST_READ, choose_examples
from atlas_build.model.codebook import Tier
from atlas_build.model.episode import Episode
from atlas_build.model.examples import Doubt, Example, Examples, LabelKey, WordTest
from atlas_build.model.source import Reasonings
from atlas_build.read.codebook_files import read_codebook

ROOT = Path(__file__).resolve().parents[1]
BROKEN_RULE = "A written rule was broken."
CRASH = "The code crashes on start."


def make_case(
    number: int, reason: str, *, repository: int | None = None, session: str = "s1", **given: object
) -> Episode:
    """A case of a repository of its own, with one reason for all its labels."""
    reasons = Reasonings(form=reason, cause=reason, cost=reason, resolution=reason)
    return make_episode(
        number=number, repository_id=str(repository or number), session_id=session, name=f"Case {number}",
        reasonings=reasons, **given,
    )  # fmt: skip


def choose(cases: Sequence[Episode]) -> dict[LabelKey, Examples]:
    return choose_examples(cases, count_facets(cases), read_codebook(ROOT / "data" / "codebook"))


def names(cases: Sequence[Episode], examples: Iterable[Example]) -> list[str]:
    return [cases[example.place].text.name for example in examples]


def two_kinds(form: str = "S3", other: str = "S5", count: int = 20) -> list[Episode]:
    """Cases from 101 on of one form and from 201 on of another, each kind with words of its own; not one is sure."""
    kinds = ((100, form, BROKEN_RULE), (200, other, CRASH))
    return [
        make_case(start + number, reason, form=code, cause="C7", confidence="medium")
        for start, code, reason in kinds
        for number in range(1, count + 1)
    ]


def test_a_typical_case_has_the_label_alone_is_sure_and_says_what_others_say() -> None:
    cases = [
        make_case(1, f"{BROKEN_RULE} Gently.", form="S3"),
        make_case(2, BROKEN_RULE, form=["S3", "S5"]),
        make_case(3, BROKEN_RULE, form="S3", confidence="medium"),
        make_case(4, CRASH, form="S3"),
        *two_kinds(),
    ]
    found = choose(cases)["form", "S3"]
    assert names(cases, found.typical) == ["Case 1"]
    assert found.typical[0].words == ("broken", "rule"), "written says nothing alone"
    assert found.test == WordTest(96, 24, 20, believed=True), (
        "23 of 24 stand before all 20 others, and case 4 before none"
    )


def test_confidence_that_is_not_recorded_is_no_doubt() -> None:
    cases = [make_case(1, BROKEN_RULE, form="S3", confidence=None), *two_kinds()]
    found = choose(cases)["form", "S3"]
    assert (names(cases, found.typical), found.borderline) == (["Case 1"], ())


def test_a_case_whose_reason_reads_like_another_label_is_borderline() -> None:
    cases = [make_case(1, f"{CRASH} Twice.", form=["S3", "S4"]), *two_kinds()]
    found = choose(cases)["form", "S3"]
    assert found.borderline == (
        Example(0, ("code", "crashes"), (Doubt.RATHER,), rather="S5", also=("S4",)),
    )  # fmt: skip


def test_more_doubts_go_first_and_a_second_label_counts_half() -> None:
    cases = [
        make_case(1, "Unlike anything.", form="S3", confidence="low"),
        make_case(2, "Unlike anything.", form=["S3", "S4"], confidence="low"),
        make_case(3, CRASH, form="S3", confidence="low"),
        make_case(4, CRASH, form="S3"),
        *two_kinds(),
    ]
    found = choose(cases)["form", "S3"].borderline
    assert names(cases, found) == ["Case 3", "Case 2", "Case 4"]
    assert [example.doubts for example in found] == [(Doubt.RATHER, Doubt.LOW), (Doubt.LOW,), (Doubt.RATHER,)]


def test_of_a_cause_direct_evidence_is_the_more_typical_and_speculative_evidence_a_doubt() -> None:
    cases = [
        make_case(1, f"{BROKEN_RULE} Again.", cause="C6:contextual"),
        make_case(2, "A rule.", cause="C6:direct"),
        make_case(3, BROKEN_RULE, cause="C6:speculative"),
        make_case(4, BROKEN_RULE, cause=["C1:speculative", "C6:direct"]),
        *(make_case(number, f"{BROKEN_RULE} Again.", cause="C6", confidence="medium") for number in range(101, 121)),
        *(make_case(number, CRASH, cause="C3", confidence="medium") for number in range(201, 221)),
    ]
    found = choose(cases)
    typical = found["cause", "C6"].typical
    assert names(cases, typical) == ["Case 2", "Case 1"]
    assert [example.tier for example in typical] == [Tier.DIRECT, Tier.CONTEXTUAL]
    assert names(cases, found["cause", "C6"].borderline) == ["Case 3"], "the guess of case 4 is about its other cause"
    assert found["cause", "C1"].borderline == (
        Example(3, (), (Doubt.SPECULATIVE,), also=("C6",), tier=Tier.SPECULATIVE),
    )


def test_a_list_takes_one_case_a_session_and_different_repositories_first() -> None:
    cases = [
        make_case(1, BROKEN_RULE, form="S3", repository=1, session="s1"),
        make_case(2, BROKEN_RULE, form="S3", repository=1, session="s1"),
        make_case(3, BROKEN_RULE, form="S3", repository=1, session="s2"),
        make_case(4, "A rule.", form="S3", repository=2, session="s1"),
        *two_kinds(),
    ]
    assert names(cases, choose(cases)["form", "S3"].typical) == ["Case 1", "Case 4", "Case 3"], (
        "case 2 is of the session of case 1; case 4 fits less well than case 3, but is of another repository"
    )


def test_what_only_one_repository_says_speaks_for_nothing() -> None:
    own = [
        make_case(number, "The walrus sang.", form="S3", repository=1, session=f"s{number}") for number in range(1, 5)
    ]
    cases = [*own, *two_kinds()]
    assert names(cases, choose(cases)["form", "S3"].typical) == []


def test_a_label_does_not_fit_by_its_name() -> None:
    named = "Developer constraint violation."
    cases = [
        *(make_case(number, named, form="S3") for number in range(1, 8)),
        *(make_case(number, "Faulty implementation.", form="S5") for number in range(11, 18)),
    ]
    found = choose(cases)["form", "S3"]
    assert (found.typical, found.borderline) == ((), ())


def test_with_few_cases_words_are_not_believed_and_records_of_doubt_still_tell() -> None:
    few = [make_case(number, BROKEN_RULE, form="S3") for number in range(1, 4)]
    cases = [make_case(9, BROKEN_RULE, form="S3", confidence="low"), *few, *two_kinds("S1", "S5", count=30)[30:]]
    assert choose(cases)["form", "S3"] == Examples((), (Example(0, (), (Doubt.LOW,)),), None)
    fifth = make_case(4, BROKEN_RULE, form="S3")
    assert choose([*cases[:-20], fifth])["form", "S3"].test == WordTest(100, 5, 10, believed=False), (
        "chance does so too"
    )
    assert len(choose([*cases, fifth])["form", "S3"].typical) == MOST
    assert choose([])["form", "S3"] == Examples()


def read_sample() -> list[Episode]:
    """The labels and reasons of the sample's cases."""
    records = json.loads((ROOT / "data" / "sample" / "misalignments.json").read_text("utf-8"))
    parts = {"form": "symptom", "cause": "cause", "cost": "outcome", "resolution": "resolution"}
    return [
        make_episode(
            number=number, repository_id=str(record["repository_id"]), session_id=record["session_id"],
            form=record["symptom"]["labels"], severity=record["outcome"]["damage_severity"],
            cause=[":".join(filter(None, (it["label"], it["evidence_tier"]))) for it in record["cause"]["labels"]],
            locus=record["outcome"]["damage_locus"], status=record["resolution"]["status"],
            resolver=record["resolution"]["resolver"],
            reasonings=Reasonings(**{part: record[place]["reasoning"] for part, place in parts.items()}),
        )
        for number, record in enumerate(records, 1)
        if record["label"] == "VALID"
    ]  # fmt: skip


def shuffle_reasons(cases: Sequence[Episode], source: random.Random) -> list[Episode]:
    texts = [case.text for case in cases]
    source.shuffle(texts)
    return [case.model_copy(update={"text": text}) for case, text in zip(cases, texts, strict=True)]


def find_believed(cases: Sequence[Episode]) -> list[LabelKey]:
    return [key for key, found in choose(cases).items() if found.test is not None and found.test.believed]


def test_reasons_shuffled_among_the_cases_are_hardly_ever_believed() -> None:
    cases, source = read_sample(), random.Random(11)
    believed = [label for _ in range(50) for label in find_believed(shuffle_reasons(cases, source))]
    assert len(believed) <= 6, "of 50 builds 3 labels are to be expected; at two standard errors it would be 75"
    assert len(find_believed(cases)) > 10, "the same reasons beside their own cases"


def test_a_word_that_is_rare_or_says_nothing_alone_is_not_told() -> None:
    """The label has half of the cases: five with a word could all have it by chance once in 32 times, four in 16."""
    said = {"kettle": 5, "walrus": 4, "only": 5}
    own = [
        make_case(
            number,
            " ".join([BROKEN_RULE, *(word for word, times in said.items() if number <= times + 1)]),
            form="S3",
            confidence="high" if number == 1 else "medium",
        )
        for number in range(1, 21)
    ]
    others = [make_case(number, CRASH, form="S5", confidence="medium") for number in range(101, 121)]
    (example,) = choose([*own, *others])["form", "S3"].typical
    assert example.words == ("broken", "rule", "kettle")


def test_a_case_with_a_word_to_tell_is_the_more_typical_and_one_without_may_be() -> None:
    cases = [
        make_case(1, "Only written.", form="S3"),
        make_case(2, "A rule.", form="S3"),
        *two_kinds(),
    ]
    found = choose(cases)["form", "S3"]
    assert names(cases, found.typical) == ["Case 2", "Case 1"]
    assert [example.words for example in found.typical] == [("rule",), ()]


def test_what_gathers_the_rest_has_no_type() -> None:
    cases = [make_case(1, BROKEN_RULE, form="S8"), *two_kinds("S8")]
    found = choose(cases)["form", "S8"]
    assert found.test is not None and found.test.believed
    assert found.typical == ()


def test_axes_without_reasons_have_no_examples_and_a_missing_reason_says_nothing() -> None:
    silent = make_episode(number=1, repository_id="9", form="S3", confidence="low", reasonings=Reasonings())
    found = choose([silent, *two_kinds()])
    assert {axis for axis, _ in found} == {"form", "cause", "severity", "locus", "status", "resolver"}
    assert found["form", "S3"].borderline == (Example(0, (), (Doubt.LOW,)),)


def test_no_case_is_in_both_lists_and_no_list_is_too_long() -> None:
    cases = [case for case in make_corpus(300) if case.is_case]
    for (axis, code), found in choose(cases).items():
        both = [example.place for example in (*found.typical, *found.borderline)]
        assert len(both) == len(set(both))
        assert max(len(found.typical), len(found.borderline)) <= MOST
        assert all(code in count_facets([cases[place]]).places[axis] for place in both)


def test_the_choice_does_not_hang_on_where_cases_stand() -> None:
    cases = [
        *(make_case(number, f"{BROKEN_RULE} Again.", form="S3") for number in range(1, 9)),
        *(make_case(number, CRASH, form="S3") for number in range(11, 16)),
        *two_kinds(),
    ]
    before = choose(cases)["form", "S3"]
    order = list(cases)
    random.Random(5).shuffle(order)
    after = choose(order)["form", "S3"]
    assert names(cases, before.typical) == names(order, after.typical)
    assert names(cases, before.borderline) == names(order, after.borderline)
    assert (len(before.typical), len(before.borderline)) == (MOST, MOST)


def test_of_a_frequent_label_the_cases_with_the_smallest_ids_are_read() -> None:
    sure = [make_episode(id=f"AMA-{number:04}", number=number, session_id=f"s{number}") for number in range(MOST_READ)]
    last = make_episode(id="AMA-zzzz", number=9999, session_id="last", confidence="low")
    first = make_episode(id="AMA-...!", number=9999, session_id="last", confidence="low")
    assert choose([*sure, last])["form", "S4"].borderline == ()
    assert choose([*sure, first])["form", "S4"].borderline == (Example(MOST_READ, (), (Doubt.LOW,)),)
