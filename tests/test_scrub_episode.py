"""What the scrubber promises for episodes and for a corpus."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import make_admitted, make_evidence
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas_build.model.episode import text_fields
from atlas_build.model.placeholder import Kind
from atlas_build.model.source import Reasonings
from atlas_build.report import Report
from atlas_build.scrub.corpus import scrub_corpus
from atlas_build.scrub.policy import ScrubPolicy
from atlas_build.scrub.scrubber import RemovedValue, Scrubber, episode_fields

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
CASE = "AMA-0001-0001"


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.from_policy(DATA)


def test_same_value_has_the_same_placeholder_in_all_fields(scrubber: Scrubber) -> None:
    admitted = make_admitted(
        description="Zlatkovic asked for one column.",
        evidence=[
            make_evidence("ls /Users/zlatkovic/app", context="The home of zlatkovic."),
            make_evidence("mail ida@fjordwerk.no and zlatkovic@fjordwerk.no"),
        ],
        reasonings=Reasonings(cause="ZLATKOVIC had said so."),
        note="See ida@fjordwerk.no.",
    )
    episode = scrubber.scrub_episode(admitted, CASE).episode
    assert episode.text.description == "[USERNAME_1] asked for one column."
    assert episode.text.evidence[0].quote == "ls /Users/[USERNAME_1]/app"
    assert episode.text.evidence[0].context == "The home of [USERNAME_1]."
    assert episode.text.evidence[1].quote == "mail [EMAIL_1] and [EMAIL_2]"
    assert episode.text.reasonings.cause == "[USERNAME_1] had said so."
    assert episode.text.note == "See [EMAIL_1]."
    assert episode.redactions == {Kind.USERNAME: 4, Kind.EMAIL: 3}


def test_first_name_and_full_name_share_a_placeholder(scrubber: Scrubber) -> None:
    text = "Author: Ottoline Farrow <ottoline@farrowlabs.dev>\nOttoline agreed. Farrow too."
    assert scrubber.scrub_text(text).text == "Author: [PERSON_1] <[EMAIL_1]>\n[PERSON_1] agreed. [PERSON_1] too."


def test_account_that_is_a_common_word_goes_from_the_path_alone(scrubber: Scrubber) -> None:
    text = "/Users/orange/app is the main folder, and the button is orange"
    assert scrubber.scrub_text(text).text == "/Users/[USERNAME_1]/app is the main folder, and the button is orange"


def test_numbering_goes_on_after_placeholders_that_are_there(scrubber: Scrubber) -> None:
    text = "[EMAIL_4] wrote to ida@fjordwerk.no"
    assert scrubber.scrub_text(text).text == "[EMAIL_4] wrote to [EMAIL_5]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[SECRET_999999] password: h4rvest!9Xq2", "[SECRET_999999] password: [SECRET_1]"),
        ("[EMAIL_999999] [EMAIL_1] ida@fjordwerk.no", "[EMAIL_999999] [EMAIL_1] [EMAIL_2]"),
    ],
)
def test_behind_the_highest_number_the_lowest_free_one_follows(scrubber: Scrubber, text: str, expected: str) -> None:
    assert scrubber.scrub_text(text).text == expected
    assert scrubber.scrub_text(expected).text == expected


def test_upstream_placeholders_become_numbers_and_their_digest_is_gone(scrubber: Scrubber) -> None:
    text = "[REDACTED:email:0f9d2c7be1a0] and [REDACTED:name:77aa2c7be1a0], again [REDACTED:email:0f9d2c7be1a0]"
    assert scrubber.scrub_text(text).text == "[REDACTED_1] and [REDACTED_2], again [REDACTED_1]"


def test_spans_are_offsets_into_the_original_text(scrubber: Scrubber) -> None:
    text = "😀 [EMAIL_1] mail ida@fjordwerk.no, thanks"
    (span,) = scrubber.scrub_text(text).spans
    assert text[span.start : span.end] == "ida@fjordwerk.no"
    assert (span.kind, span.placeholder) == (Kind.EMAIL, "[EMAIL_2]")


def test_unknown_agent_and_wordy_category_are_scrubbed(scrubber: Scrubber) -> None:
    admitted = make_admitted(
        agent="bot of ida@fjordwerk.no", validation="INVALID", invalid_category="custom: asked ida@fjordwerk.no"
    )
    facts = scrubber.scrub_episode(admitted, CASE).episode.facts
    assert facts.session.agent == "bot of [EMAIL_1]"
    assert facts.invalid_category == "custom: asked [EMAIL_1]"


@pytest.mark.parametrize("category", ["truncation", "custom:platform_error"])
def test_known_agent_and_category_are_not_looked_at(category: str) -> None:
    fields = episode_fields(make_admitted(agent="Claude Code", validation="INVALID", invalid_category=category))
    assert not {"session.agent", "invalid_category"} & fields.keys()


def test_every_free_text_field_is_scrubbed(scrubber: Scrubber) -> None:
    secret = "ida@fjordwerk.no"
    admitted = make_admitted(
        name=secret,
        description=secret,
        evidence=[make_evidence(secret, turn=f"TURN 1 | {secret}", context=secret)],
        reasonings=Reasonings(form=secret, cause=secret, cost=secret, resolution=secret),
        other_form=secret,
        note=secret,
    )
    episode = scrubber.scrub_episode(admitted, CASE).episode
    assert len(list(text_fields(episode.text))) == 11
    assert {text.removeprefix("TURN 1 | ") for _, text in text_fields(episode.text)} == {"[EMAIL_1]"}


def test_removed_values_are_listed_once_with_their_field_and_hide_themselves(scrubber: Scrubber) -> None:
    admitted = make_admitted(description="/Users/zlatkovic/a and /Users/orange/b", quotes=["zlatkovic"])
    removed = scrubber.scrub_episode(admitted, CASE).removed
    assert removed == (
        RemovedValue(Kind.USERNAME, "zlatkovic", CASE, "description", True),
        RemovedValue(Kind.USERNAME, "orange", CASE, "description", False),
    )
    assert "zlatkovic" not in repr(removed)


def test_distinctive_value_of_one_episode_is_removed_in_all() -> None:
    known = make_admitted(number=1, description="in /Users/zlatkovic/app")
    other = make_admitted(number=2, description="zlatkovic said no, and the orange one stays")
    results = scrub_corpus([("b", other), ("a", known)], data_dir=DATA, jobs=1, report=Report())
    assert [result.episode.id for result in results] == ["a", "b"]
    assert results[1].episode.text.description == "[USERNAME_1] said no, and the orange one stays"


def test_full_name_made_of_words_is_removed_in_all_episodes() -> None:
    known = make_admitted(number=1, description="My name is Will Turner.")
    other = make_admitted(number=2, description="It was will turner, and it will turn out well.")
    results = scrub_corpus([("a", known), ("b", other)], data_dir=DATA, jobs=1, report=Report())
    assert results[1].episode.text.description == "It was [PERSON_1], and it will turn out well."


def test_corpus_counts_spans_by_kind() -> None:
    report = Report()
    scrub_corpus(
        [("a", make_admitted(description="ida@fjordwerk.no at 51.15.204.9"))], data_dir=DATA, jobs=1, report=report
    )
    assert report.counts["scrubbed_spans"] == {"EMAIL": 1, "IP": 1}


def test_result_does_not_depend_on_workers_or_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas_build.scrub.corpus.WORTH_A_JOB", 1)
    episodes = [
        (
            f"case-{number}",
            make_admitted(number=number, description=f"/home/kowalik{number}/x, ask kowalik{number - 1}"),
        )
        for number in range(1, 7)
    ]
    alone = scrub_corpus(episodes, data_dir=DATA, jobs=1, report=Report())
    together = scrub_corpus(episodes[::-1], data_dir=DATA, jobs=2, report=Report())
    assert alone == together
    assert alone[1].episode.text.description == "/home/[USERNAME_1]/x, ask [USERNAME_2]"


def test_policy_fingerprint_changes_with_the_policy(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.mkdir()
    for path in (DATA / "policy").iterdir():
        (policy / path.name).write_bytes(path.read_bytes())
    before = ScrubPolicy.load(tmp_path).fingerprint
    assert before == ScrubPolicy.load(DATA).fingerprint
    (policy / "scrub.local.toml").write_text('[allow]\nvalues = ["x"]\n', "utf-8")
    assert ScrubPolicy.load(tmp_path).fingerprint != before


PIECES = st.sampled_from(
    [
        *(
            "ida@fjordwerk.no",
            "/Users/zlatkovic/app",
            "password: Zebra!2041",
            "[PERSON_1]",
            "[EMAIL_2]",
            "\ufffc",
            "zlatkovic",
        ),
        *(
            "[REDACTED:name:77aa2c7be1a0]",
            "Author: Ottoline Farrow <",
            ">",
            "Hi Farouk,",
            "ask",
            "Kazuko",
            "@mirkovasiljev",
        ),
        *(
            "我叫周明轩，",
            "51.15.204.9",
            "token=",
            "://",
            "\n",
            " ",
            "Mark",
            "sk-proj-",
            "Q7vX2mT9bLr4Zk8Wn1Yc6Hd3",
            "+44 7911 123456",
        ),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=14))
def test_scrubbing_twice_is_scrubbing_once(scrubber: Scrubber, parts: list[str]) -> None:
    once = scrubber.scrub_text("".join(parts)).text
    assert scrubber.scrub_text(once).text == once
