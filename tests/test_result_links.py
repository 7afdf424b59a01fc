"""Links to cited results in papers: found in any text, and judged as the explorer judges them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from building import build
from release_story import BASE_URL, Story, fourth_state, make_case

from atlas_build.cli import main
from atlas_build.model.fingerprint import fingerprint
from atlas_build.result_links import KEYS, Beyond, Cited, Question, find_result_links, read_question

MARK = "9f3c2ab1d04e77c5"
ADDRESS = f"https://atlas.example/?form=S4,-S7&r=2026.11.0:214:{MARK}"


SHORT = Cited("2026.11.0")
COUNTED = Cited("2026.11.0", 214)
WHOLE = Cited("2026.11.0", 214, MARK)
LENGTH = "its fingerprint has {} digits, a fingerprint has 16"


def found(text: str, *bases: str) -> list[tuple[int, str, Cited]]:
    return [(link.line, link.query, link.cited) for link in find_result_links("x", text, bases)]


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        f"see <{ADDRESS}>.",
        f"[213 cases]({ADDRESS})",
        f"\\url{{{ADDRESS}}}",
        f"\\href{{{ADDRESS.replace('&', chr(92) + '&')}}}{{213 of 9,481 cases}}",
        f'"URL": "{ADDRESS}"',
        ADDRESS.replace("&", "&amp;"),
        f"?form=S4,-S7&r=2026.11.0:214:{MARK}",
    ],
)  # fmt: skip
def test_a_result_link_is_found_in_any_format(text: str) -> None:
    assert found(f"one\n{text}\n") == [(2, f"form=S4,-S7&r=2026.11.0:214:{MARK}", WHOLE)]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("?form=S4&r=2026.11.0", SHORT),
        ("see https://other.example/a/?form=S4&r=2026.11.0.", SHORT),
        (r"\url{https://atlas.example/?r=2026.11.0}", SHORT),
        ("https://atlas.example/index.html?r=next", Cited("next")),
        ("?form=S4&r=2026.11.0:214.", COUNTED),
        ("?r=2026.11.0%3A214", COUNTED),
        ("?r=2026.11.0:214&form=S4&turns=5..", COUNTED),
        (r"\href{https://atlas.example/?form=S4\&r=2026.11.0:214}{x}", COUNTED),
        (f"?form=S4&r=2026.11.0:214:{MARK.upper()}", WHOLE),
        (f"?form=S4&r=2026.11.0:214:{MARK[:4]}&r=2026.11.0:214:{MARK}&r=2026.10.0", WHOLE),
        (f"?r=2026.11.0:214:{MARK[:-1]}", Cited("2026.11.0", flaw=LENGTH.format(15))),
        (f"?r=2026.11.0:214:{MARK}0", Cited("2026.11.0", flaw=LENGTH.format(17))),
        (f"?r=2026.11.0:214:{MARK[:-1]}g", Cited("2026.11.0", flaw="a fingerprint has the digits 0 to 9 and a to f")),
        ("?r=2026.11.0:many", Cited("2026.11.0", flaw="a count is a number of at most seven digits")),
        ("?form=S4&r=unreleased:3", Cited("unreleased", 3)),
    ],
)
def test_short_and_spoiled_links_are_found_too(text: str, cited: Cited) -> None:
    assert [link[2] for link in found(text, "https://atlas.example/")] == [cited]


@pytest.mark.parametrize("text", [
    "https://atlas.example/c/ama-7k2d-9qxp/?r=2026.11.0", "atlas.example/c/ama-7k2d-9qxp/?r=2026.11.0:214",
    f"r=2026.11.0:214:{MARK}", f"https://x.example/?bar=2026.11.0:214:{MARK}", "append ?r=2026.11.0 to it",
    "https://shop.example/?source=news&r=12", "https://x.example/?id=7&r=2026.11.0", "https://x.example/?r=2026.11.0",
    "why?", "https://atlas.example/?form=S4", "https://atlas.example/?form=S4&r=",
])  # fmt: skip
def test_what_is_no_result_link_is_left_alone(text: str) -> None:
    assert found(text, "https://atlas.example/") == []


def test_a_query_is_kept_whatever_its_order() -> None:
    assert found(f"?r=2026.11.0:214:{MARK}&form=S4,-S7.") == [(1, f"r=2026.11.0:214:{MARK}&form=S4,-S7", WHOLE)]


def test_a_long_text_takes_time_in_proportion_to_its_length() -> None:
    start = time.process_time()
    for text in ("?" * 500_000, "http://" * 70_000, "?r=2026.11.0:" * 40_000, "https://x.example/?q=" + "a&" * 250_000):
        assert found(text) == []
    assert time.process_time() - start < 10


def test_the_keys_are_those_of_the_explorer(root: Path) -> None:
    """What docs/explorer.md lists, and `.match` for every facet."""
    text = (root / "docs" / "explorer.md").read_text(encoding="utf-8")
    table = text.partition("| key | values |")[2].partition("\n\n")[0]
    named = set(
        re.findall(r"`([a-z]+)`", "".join(row.split("|")[1] for row in table.splitlines() if row.count("|") > 2))
    )
    assert {key for key in KEYS if "." not in key} == named


def test_a_query_is_read_as_the_explorer_reads_it() -> None:
    question = read_question(
        "form=S4,-S7&form.match=all&cause=C6:direct&license=%6Eone,none&agent=A%2C+B&page=2&colour=red&to=2025-03&r=x"
    )
    assert isinstance(question, Question)
    assert {name: (c.include, c.exclude, c.all) for name, c in question.facets.items()} == {
        "form": (["=S4"], ["=S7"], True),
        "cause": (["=C6:direct"], [], False),
        "license": (["=none", "?none"], [], False),
        "agent": (["=A, B"], [], False),
    }
    assert (question.months, question.turns) == (("", "2025-03"), None)
    assert read_question("q=&r=x&sample=0&stratify=form&validation=&form=") == Question()


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("q=a", Beyond.WORDS),
        ("sample=3&q=a", Beyond.SAMPLE),
        ("validation=INVALID&sample=3", Beyond.REJECTED),
        ("validation=-VALID", Beyond.REJECTED),
        ("validation=VALID,INVALID", Beyond.REJECTED),
        ("invalid=duplicate", Beyond.REJECTED),
    ],
)
def test_what_release_files_do_not_hold_is_told_apart(query: str, why: Beyond) -> None:
    assert read_question(f"form=S4&{query}") is why


@pytest.mark.parametrize(
    "query",
    [
        "validation=VALID",
        "validation=-INVALID",
        "q=+",
        "q=&q=word",
        "sample=9&view=timeline",
        "sample=9&compare=all",
        "sample=0",
    ],
)
def test_what_chooses_among_all_cases_is_answered(query: str) -> None:
    assert isinstance(read_question(query), Question)


def test_of_two_values_the_first_sound_one_counts() -> None:
    question = read_question("from=x&from=2025-03&from=2025-05&to=2025-07&to=2025-06&turns=..&turns=3&turns=9")
    assert question == Question(months=("2025-03", "2025-07"), turns=(3, 3))
    doubled = read_question("form=S4&form.match=all&form.match=any")
    assert isinstance(doubled, Question) and doubled.facets["form"].all


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("5..20", (5, 20)), ("5..", (5, float("inf"))), ("..20", (0, 20)), ("7", (7, 7)), ("..", None), ("x", None)],
)
def test_ranges_of_turns(typed: str, meant: tuple[int, float] | None) -> None:
    question = read_question(f"turns={typed}")
    assert isinstance(question, Question) and question.turns == meant


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    told = Story(tmp_path_factory.mktemp("links"))
    for number in range(4):
        told.release(number)
    return told


def check(text: str, site: Path, capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, str]:
    paper = folder / "paper.tex"
    paper.write_text(text, encoding="utf-8")
    capsys.readouterr()
    code = main(["cite", "--check", str(paper), "--site", str(site)])
    return code, capsys.readouterr().out.replace(f"{paper}:1: ", "").strip()


def link(query: str, release: str, ids: list[str]) -> str:
    return f"{BASE_URL}?{query}&r={release}:{len(ids)}:{fingerprint(ids)}"


def test_results_are_judged_release_by_release(
    story: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ids = story.ids()
    overreach = [case_id for number, case_id in enumerate(ids) if number != 12]
    cited = link("form=S4", "2026.09.0", overreach)
    typed = cited.removeprefix(BASE_URL)
    assert check(cited, story.sites[0].folder, capsys, tmp_path) == (0, f"{typed}: ok")
    counts = "list changed (12 then, 13 now: 1 added, 1 {}, 1 relabelled into it)"
    assert check(cited, story.sites[1].folder, capsys, tmp_path) == (1, f"{typed}: {counts.format('withdrawn')}")
    assert check(cited, story.sites[3].folder, capsys, tmp_path) == (1, f"{typed}: {counts.format('taken down')}")
    misread = link("form=S2", "2026.09.0", [ids[12]])
    assert check(misread, story.sites[1].folder, capsys, tmp_path)[1].endswith(
        "(1 then, 0 now: 1 relabelled out of it)"
    )
    unknown = link("form=S4", "2031.01.0", overreach)
    assert check(unknown, story.sites[1].folder, capsys, tmp_path) == (
        1,
        f"{unknown.removeprefix(BASE_URL)}: no such release "
        "(the site has no file of release 2031.01.0; 12 then, 13 now)",
    )
    false = link("form=S4", "2026.09.0", overreach[1:])
    assert check(false, story.sites[1].folder, capsys, tmp_path)[1].endswith("the list of then cannot be restored)")


def test_facts_of_sessions_are_compared_too(story: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    query = "agent=Cursor+IDE,-Other&from=2025-06&to=2025-06&turns=10..20"
    cited = link(query, "2026.09.0", story.ids())
    told = check(cited, story.sites[1].folder, capsys, tmp_path)[1]
    assert told.endswith("list changed (13 then, 13 now: 1 added, 1 withdrawn)")
    assert check(cited, story.sites[0].folder, capsys, tmp_path)[0] == 0
    for nothing in ("agent=none", "from=2025-07", "to=2025-05", "turns=18..", "turns=..16"):
        assert check(link(nothing, "2026.09.0", []), story.sites[1].folder, capsys, tmp_path)[0] == 0, nothing


def test_words_are_left_to_the_page_unless_nothing_has_changed(
    story: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cited = link("q=parser", "2026.09.0", story.ids()[2:3])
    assert check(cited, story.sites[0].folder, capsys, tmp_path)[1].endswith(": ok")
    code, told = check(cited, story.sites[1].folder, capsys, tmp_path)
    assert code == 0 and told.endswith("not checked (words are compared on the page)")


def test_rejected_candidates_are_never_taken_for_the_same(
    story: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Release files do not know them: that no case has changed says nothing of them."""
    code, told = check(link("validation=INVALID", "2026.09.0", []), story.sites[0].folder, capsys, tmp_path)
    assert code == 0
    assert told.endswith(
        "not checked (rejected candidates have no lasting ids; the page says no more than whether the list is the same)"
    )


def test_a_result_of_sessions_is_revised_as_on_the_page(
    story: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ids = story.ids()
    cited = link("form=S4&turns=0..99", "2026.09.0", [case_id for n, case_id in enumerate(ids) if n != 12])
    assert check(cited, story.sites[1].folder, capsys, tmp_path)[1].endswith("1 withdrawn, 1 revised into it)")


@pytest.mark.parametrize(
    ("query", "site", "code", "verdict"),
    [
        ("form=S4&r=2026.09.0", 0, 0, "ok"),
        ("form=S4&r=2026.09.0:12", 0, 0, "ok"),
        ("form=S4&r=2026.09.0:13", 0, 1, "list changed (13 then, 12 now; release 2026.09.0 lists 12)"),
        ("form=S4&r=2026.09.0", 1, 1, "list changed (12 then, 13 now: 1 added, 1 withdrawn, 1 relabelled into it)"),
        ("form=S4&r=2026.09.0:12", 1, 1, "list changed (12 then, 13 now: 1 added, 1 withdrawn, 1 relabelled into it)"),
        ("form=S4&r=2026.09.0:12", 3, 1, "list changed (12 then, 13 now: 1 added, 1 taken down, 1 relabelled into it)"),
        ("form=S4&r=2026.09.0", 3, 1, "list changed (11 to 12 then, 13 now: 1 added, 1 relabelled into it)"),
        ("r=2026.09.0:13", 3, 1, "list changed (13 then, 13 now: 1 added, 1 taken down)"),
        ("form=S5&r=2026.09.0:0", 3, 0, "ok"),
        ("form=S5&r=2026.09.0", 3, 0, "not checked (without count and fingerprint nothing tells whether it had cases "
         "taken down since)"),
        ("form=S4&r=2031.01.0:12", 1, 1,
         "no such release (the site has no file of release 2031.01.0; 12 then, 13 now)"),
        ("q=parser&r=2031.01.0", 1, 1, "no such release (the site has no file of release 2031.01.0)"),
        ("q=parser&r=2026.09.0", 1, 0, "not checked (words are compared on the page)"),
        ("form=S4&r=unreleased:9", 1, 1, "list changed (9 then, 13 now; cited between two releases)"),
        ("form=S4&r=unreleased", 1, 0, "not checked (cited between two releases, without a fingerprint)"),
        ("form=S4&r=2026.09.0:12:929a060a1f9", 0, 1, f"mistyped ({LENGTH.format(11)})"),
    ],
)  # fmt: skip
def test_links_without_fingerprint_are_judged_as_far_as_they_go(
    story: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path, query: str, site: int, code: int, verdict: str
) -> None:
    assert check(f"{BASE_URL}?{query}", story.sites[site].folder, capsys, tmp_path) == (code, f"?{query}: {verdict}")


def test_capitals_in_a_fingerprint_do_not_matter(
    story: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ids = story.ids()
    mark = fingerprint(ids).upper()
    assert mark != mark.lower()
    typed = f"?r=2026.09.0:{len(ids)}:{mark}"
    assert check(typed, story.sites[0].folder, capsys, tmp_path) == (0, f"{typed}: ok")


def test_a_result_cited_between_releases_is_compared_as_a_whole(
    story: Story, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    other = Story(tmp_path)
    other.write([*fourth_state(), make_case(1, "0", "session_009", "M001", name="Took the button away")])
    for path, data in story.books[3].items():
        (other.corpus / path).parent.mkdir(parents=True, exist_ok=True)
        (other.corpus / path).write_bytes(data)
    site = build(other.corpus, tmp_path / "site", "--base-url", BASE_URL)
    cited = link("form=S4", "unreleased", sorted(site.case_ids()))
    assert check(cited, site.folder, capsys, tmp_path)[1].endswith(": ok")
    assert check(cited, story.sites[3].folder, capsys, tmp_path)[1].endswith("cited between two releases)")
