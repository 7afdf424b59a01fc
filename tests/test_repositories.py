"""The strip of a repository: sessions in the order of time, a window of them, and which forms occur again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

import pytest
from building import ROOT, BuiltSite, build, case_id, case_path, words, write_corpus
from factories import make_episode, make_record, make_rejected_record
from playwright.sync_api import Page

from atlas_build.derive.repositories import group_repositories
from atlas_build.derive.sessions import group_sessions
from atlas_build.model.codebook import Codebook
from atlas_build.model.episode import Episode
from atlas_build.model.repositories import Repository
from atlas_build.read.codebook_files import read_codebook
from atlas_build.render.codes import Cells
from atlas_build.render.neighbours import neighbour_of
from atlas_build.render.repository_view import (
    RepositoryStrips,
    RepositoryView,
    choose_sessions,
    choose_tiles,
    summarize,
)


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return read_codebook(ROOT / "data" / "codebook")


def make_case(session: int, number: int = 1, *, day: str | None, form: str | Iterable[str] = "S4") -> Episode:
    """A case of repository 1001, named `3.2` if it is the second of the third session."""
    return make_episode(
        number=number, session_id=f"session_{session:03}", name=f"{session}.{number}", form=form,
        timestamp=f"{day} 09:30:00" if day and len(day) == 10 else day, quotes=["Why?"] * number,
    )  # fmt: skip


def make_session(session: int, cases: int = 1, *, day: str | None) -> list[Episode]:
    return [make_case(session, number, day=day) for number in range(1, cases + 1)]


def group(cases: Iterable[Episode]) -> Repository:
    (repository,) = group_repositories(group_sessions(list(cases))).values()
    return repository


def names(repository: Repository) -> list[list[str]]:
    return [[case.text.name for case in session.cases] for session in repository.sessions]


def strip_of(cases: Sequence[Episode], name: str, codebook: Codebook) -> RepositoryView:
    (case,) = (case for case in cases if case.text.name == name)
    return RepositoryStrips(neighbour_of, Cells(codebook)).view(group(cases), case)


def rows_of(strip: RepositoryView) -> list[tuple[str, list[str]]]:
    return [(row.when, [case.name for case in row.cases]) for row in strip.rows]


def told(strip: RepositoryView) -> list[tuple[list[str], str]]:
    return [([cell.code for cell in sentence.cells], sentence.words) for sentence in strip.recurrences]


# Order


def test_sessions_follow_each_other_in_time_and_undated_ones_stand_at_the_end_by_number() -> None:
    repository = group([
        make_case(10, day=None),
        make_case(9, day=None),
        make_case(1, day="2025-11-02"),
        make_case(2, day="2025-03-07"),
        make_case(3, day="2025-03-06"),
    ])  # fmt: skip
    assert names(repository) == [["3.1"], ["2.1"], ["1.1"], ["9.1"], ["10.1"]]
    assert (repository.dated, repository.totals) == (3, (0, 1, 2, 3, 4, 5))


def test_sessions_of_the_same_minute_follow_by_number() -> None:
    cases = [make_case(session, day="2025-03-07") for session in (12, 2, 100)]
    assert names(group(cases)) == [["2.1"], ["12.1"], ["100.1"]]


def test_a_session_starts_when_the_first_of_its_cases_says() -> None:
    cases = [make_case(1, number, day=day) for number, day in enumerate((None, "2025-05-05", "2025-05-03"), 1)]
    assert names(group([*cases, make_case(2, day="2025-05-04")])) == [["1.1", "1.2", "1.3"], ["2.1"]]
    assert names(group([*cases, make_case(2, day="2025-05-02")])) == [["2.1"], ["1.1", "1.2", "1.3"]]


def test_a_repository_is_one_of_its_source_and_has_several_sessions() -> None:
    same = [make_episode(session_id=f"session_{number}", repository_id="7") for number in (1, 2)]
    other = make_episode(session_id="session_3", repository_id="7", source="swe")
    alone = [make_episode(number=number, repository_id="8") for number in (1, 2)]
    repositories = group_repositories(group_sessions([*same, other, *alone]))
    assert list(repositories) == [("specstory", "7")]
    assert [len(session.cases) for session in repositories["specstory", "7"].sessions] == [1, 1]


# Window


def shown(sizes: Sequence[int], here: int) -> list[int]:
    return list(choose_sessions(tuple(accumulate(sizes, initial=0)), here))


@pytest.mark.parametrize(
    ("here", "expected"), [(0, [0, 6]), (1, [0, 6]), (3, [0, 6]), (4, [1, 7]), (10, [7, 13]), (19, [13, 19])]
)
def test_seven_sessions_are_shown_with_three_on_both_sides_away_from_the_ends(here: int, expected: list[int]) -> None:
    found = shown([1] * 20, here)
    assert [found[0], found[-1]] == expected
    assert len(found) == 7


def test_a_small_repository_is_shown_whole_from_each_of_its_cases() -> None:
    assert [shown([2, 1, 4, 1, 1, 3, 2], here) for here in range(7)] == [[0, 1, 2, 3, 4, 5, 6]] * 7


def test_thirty_tiles_are_the_most_and_the_nearest_sessions_come_first() -> None:
    assert shown([6] * 9, 4) == [2, 3, 4, 5, 6]  # five times six
    assert shown([50] * 9, 4) == [3, 4, 5, 6]  # twelve and three times six
    assert shown([1, 50, 50, 12, 50, 50, 1], 3) == [2, 3, 4, 5]


def test_a_side_without_room_does_not_jump_to_a_smaller_session_behind() -> None:
    assert shown([1, 6, 6, 12, 6, 2, 2], 3) == [2, 3, 4, 5, 6]


def test_a_long_session_is_shown_around_the_present_case_and_others_from_the_beginning() -> None:
    assert choose_tiles(40, 0) == range(12)
    assert choose_tiles(40, 20) == range(14, 26)
    assert choose_tiles(40, 39) == range(28, 40)
    assert choose_tiles(12, 11) == range(12)
    assert choose_tiles(6) == range(6)
    assert choose_tiles(7) == range(6)


def test_what_is_left_out_is_counted_and_leads_to_its_nearest_case(codebook: Codebook) -> None:
    cases = [
        case
        for session in range(1, 13)
        for case in make_session(session, 3 if session < 3 else 1, day=f"2025-03-{session:02}")
    ]
    strip = strip_of(cases, "6.1", codebook)
    assert [when for when, _ in rows_of(strip)] == [f"{day} Mar 2025" for day in range(3, 10)]
    assert strip.before is not None
    assert (strip.before.words, strip.before.case.name) == ("2 earlier sessions with 6 cases", "2.3")
    assert strip.after is not None
    assert (strip.after.words, strip.after.case.name) == ("3 later sessions with 3 cases", "10.1")
    nearly_all = strip_of(cases[:12], "6.1", codebook)  # eight sessions
    assert nearly_all.before is not None
    assert nearly_all.before.words == "1 earlier session with 3 cases"
    assert nearly_all.after is None


def test_a_strip_that_is_cut_leads_to_all_cases_in_the_explorer(codebook: Codebook) -> None:
    repository = make_case(1, day=None).key.repository_id
    wanted = f"?q=id:%22{repository}%22&source=specstory"
    many = [*make_session(1, 1, day="2025-03-01"), *make_session(2, 7, day="2025-03-02")]
    assert strip_of(many, "1.1", codebook).query == wanted
    assert strip_of(many, "2.1", codebook).query == "", "the present session shows up to twelve"
    assert strip_of(make_session(1, 1, day=None) + make_session(2, 6, day=None), "1.1", codebook).query == ""


def test_a_long_session_says_how_many_of_its_cases_are_left_out(codebook: Codebook) -> None:
    cases = [*make_session(1, 20, day="2025-03-01"), *make_session(2, 9, day="2025-03-02")]
    here, other = strip_of(cases, "1.10", codebook).rows
    assert [case.name for case in here.cases] == [f"1.{number}" for number in range(4, 16)]
    assert here.before is not None
    assert (here.before.words, here.before.case.name) == ("3 earlier", "1.3")
    assert here.after is not None
    assert (here.after.words, here.after.case.name) == ("5 more", "1.16")
    assert [case.name for case in other.cases] == [f"2.{number}" for number in range(1, 7)]
    assert other.before is None
    assert other.after is not None
    assert (other.after.words, other.after.case.name) == ("3 more", "2.7")


def test_an_undated_session_never_calls_another_earlier_or_later(codebook: Codebook) -> None:
    cases = [make_case(session, day=None if session > 5 else f"2025-03-{session:02}") for session in range(1, 17)]

    def left_out(name: str) -> tuple[str | None, str | None]:
        strip = strip_of(cases, name, codebook)
        return strip.before and strip.before.words, strip.after and strip.after.words

    assert left_out("1.1") == (None, "9 undated sessions with 9 cases")
    assert left_out("16.1") == ("9 more sessions with 9 cases", None)
    dated = [make_case(session, day=None if session > 9 else f"2025-03-{session:02}") for session in range(1, 12)]
    after = strip_of(dated, "1.1", codebook).after
    assert after is not None
    assert after.words == "4 more sessions with 4 cases, 2 of them undated"


def test_sessions_of_one_day_are_told_apart_by_their_time(codebook: Codebook) -> None:
    cases = [
        make_case(1, day="2025-03-01"),
        make_case(2, day="2025-03-02 08:05:00"),
        make_case(3, day="2025-03-02 21:40:59"),
        make_case(4, day=None),
    ]
    strip = strip_of(cases, "2.1", codebook)
    assert [row.when for row in strip.rows] == ["1 Mar 2025", "2 Mar 2025, 08:05", "2 Mar 2025, 21:40", "undated"]
    assert [row.is_here for row in strip.rows] == [False, True, False, False]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2025-04-01", "2025-04-30"], "2 published cases in 2 sessions, Apr 2025"),
        (["2025-06-01", "2025-04-30"], "2 published cases in 2 sessions, Apr to Jun 2025"),
        (["2025-12-01", "2026-04-30"], "2 published cases in 2 sessions, Dec 2025 to Apr 2026"),
        (["2025-12-01", None, None], "3 published cases in 3 sessions, Dec 2025; 2 undated, at the end"),
        ([None, None], "2 published cases in 2 sessions, all undated"),
    ],
)
def test_the_summary_says_how_many_and_when(days: list[str | None], expected: str) -> None:
    assert summarize(group(make_case(place, day=day) for place, day in enumerate(days, 1))) == expected


# Again


def tell(before: str | None, own: str, after: str | None, codebook: Codebook) -> list[tuple[list[str], str]]:
    """What is said of a case with these forms; of a neighbour the forms, each in a case of its own, or None."""
    cases = [make_case(2, day="2025-03-02", form=own.split())]
    for session, forms in ((1, before), (3, after)):
        for number, form in enumerate((forms or "").split(), 1):
            cases.append(make_case(session, number, day=f"2025-03-{session:02}", form=form))
    return told(strip_of(cases, "2.1", codebook))


def test_a_form_that_occurs_in_a_neighbouring_session_is_said_to(codebook: Codebook) -> None:
    assert tell("S1 S3", "S3", "S3", codebook) == [(["S3"], "occurs in the session before and in the next one, too")]
    assert tell("S3", "S3", "S2", codebook) == [(["S3"], "occurs in the session before, too, but not in the next one")]
    assert tell("S2", "S3", "S3", codebook) == [(["S3"], "occurs again in the next session, but not in the one before")]
    assert tell("S2", "S3", "S4", codebook) == [(["S3"], "occurs neither in the session before nor in the next one")]


def test_at_an_end_of_the_repository_nothing_is_said_of_what_is_not_there(codebook: Codebook) -> None:
    assert tell(None, "S3", "S3", codebook) == [(["S3"], "occurs again in the next session")]
    assert tell(None, "S3", "S2", codebook) == [(["S3"], "does not occur in the next session")]
    assert tell("S3", "S3", None, codebook) == [(["S3"], "occurs in the session before, too")]
    assert tell("S2", "S3", None, codebook) == [(["S3"], "does not occur in the session before")]


def test_several_forms_share_a_sentence_where_the_same_holds_for_them(codebook: Codebook) -> None:
    assert tell(None, "S3 S7", "S7 S3", codebook) == [(["S3", "S7"], "occur again in the next session")]
    assert tell(None, "S3 S7", "S1", codebook) == [(["S3", "S7"], "do not occur in the next session")]
    assert tell("S7", "S3 S7", "S3 S7", codebook) == [
        (["S3"], "occurs again in the next session, but not in the one before"),
        (["S7"], "occurs in the session before and in the next one, too"),
    ]


def test_other_cases_of_the_same_session_are_no_recurrence(codebook: Codebook) -> None:
    cases = [make_case(1, day="2025-03-01", form="S3"), make_case(1, 2, day="2025-03-01", form="S3")]
    cases.append(make_case(2, day="2025-03-02", form="S2"))
    assert told(strip_of(cases, "1.1", codebook)) == [(["S3"], "does not occur in the next session")]


def test_undated_sessions_are_nobodys_neighbour(codebook: Codebook) -> None:
    cases = [make_case(1, day="2025-03-01"), make_case(2, day=None), make_case(3, day=None)]
    assert [told(strip_of(cases, name, codebook)) for name in ("1.1", "2.1", "3.1")] == [[], [], []]


# Pages

FIRST = make_record(
    session_id="session_001", session_timestamp="2025-03-01 10:00:00", name="First <b>", symptom={"labels": ["S3"]}
)
HERE = make_record(
    session_id="session_002", session_timestamp="2025-03-02 10:00:00", name="Here", symptom={"labels": ["S3", "S7"]}
)
BESIDE = make_record(
    session_id="session_002", session_timestamp="2025-03-02 10:00:00", misalignment_id="M002", name="Beside"
)
LAST = make_record(
    session_id="session_003", session_timestamp="2025-03-03 10:00:00", name="Last", symptom={"labels": ["S7"]}
)
GONE = make_record(session_id="session_004", session_timestamp="2025-03-04 10:00:00", name="Gone")
EXCLUDED = make_record(session_id="session_005", license_type="GPL-3.0-only", name="Excluded")
REJECTED = make_rejected_record(session_id="session_006", name="Rejected")
ELSEWHERE = make_record(repository_id=2, name="Elsewhere")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("repositories")
    records = [FIRST, HERE, BESIDE, LAST, GONE, EXCLUDED, REJECTED, ELSEWHERE]
    suppressions = [{"id": case_id(GONE), "date": "2026-02-01", "reason": "privacy"}]
    return build(write_corpus(folder / "corpus", records, suppressions=suppressions), folder / "site")


def test_a_case_page_shows_the_published_sessions_of_its_repository(site: BuiltSite) -> None:
    page = site.page(case_path(HERE))
    assert words(page.css_first('[aria-labelledby="repository"] h2')) == "Same repository"
    assert site.all_words(case_path(HERE), ".repository-strip > li") == [
        "1 Mar 2025 S3",
        "2 Mar 2025 S3 S7 Here S4",
        "3 Mar 2025 S7",
    ]
    assert page.css_first(".repository-strip").attributes["data-forms"] == "s3 s7"
    links = page.css(".repository-strip a")
    assert [link.attributes["title"] for link in links] == ["First <b>", "Beside", "Last"]
    assert [link.attributes["aria-label"] for link in links] == ["S3 First <b>", "S4 Beside", "S7 Last"]
    targets = [
        f"{href.removeprefix('../../')}index.html" for href in site.hrefs(case_path(HERE), ".repository-strip a")
    ]
    assert targets == [case_path(FIRST), case_path(BESIDE), case_path(LAST)]


def test_the_present_session_and_case_are_marked(site: BuiltSite) -> None:
    for record, place, text in ((HERE, 1, "S3 S7 Here"), (LAST, 2, "S7 Last")):
        page = site.page(case_path(record))
        current = [row.attributes.get("aria-current") for row in page.css(".repository-strip > li")]
        assert current == ["true" if number == place else None for number in range(3)]
        (tile,) = page.css('.repository-strip [aria-current="page"]')
        assert (tile.tag, words(tile)) == ("span", text)


def test_what_occurs_again_is_said_with_its_name(site: BuiltSite) -> None:
    text = site.words(case_path(HERE), '[aria-labelledby="repository"]')
    assert "4 published cases in 3 sessions, Mar 2025." in text
    assert "S3 Developer Constraint Violation occurs in the session before, too, but not in the next one." in text
    assert "S7 Inaccurate Self-Reporting occurs again in the next session, but not in the one before." in text
    assert text.endswith("Sessions without a published case are not known here.")


def test_a_repository_of_one_session_and_a_rejected_candidate_have_no_strip(site: BuiltSite) -> None:
    for record in (ELSEWHERE, REJECTED):
        assert site.page(case_path(record)).css(".repository-strip") == []


def test_tiles_are_large_enough_to_hit_and_only_the_forms_of_the_case_are_filled(
    site: BuiltSite, serve: Callable[..., str], new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport=(320, 800))
    page.goto(f"{serve(site.folder)}{case_path(HERE)}")
    sizes = page.locator(".repository-strip a").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
    )
    assert len(sizes) == 3
    assert min(sizes) >= 24
    filled = page.locator(".repository-strip .tile > [data-tone]").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).color === getComputedStyle(document.documentElement)"
        ".backgroundColor).map(one => one.textContent)"
    )
    assert filled == ["S3", "S3", "S7", "S7"]
