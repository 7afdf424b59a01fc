"""Links to cited results in papers: found in any text, and judged as the explorer judges them."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import build
from release_story import BASE_URL, Story, fourth_state, make_case

from atlas_build.cli import main
from atlas_build.model.fingerprint import fingerprint
from atlas_build.result_links import Question, find_result_links, read_question

MARK = "9f3c2ab1d04e77c5"
ADDRESS = f"https://atlas.example/?form=S4,-S7&r=2026.11.0:214:{MARK}"


def found(text: str) -> list[tuple[int, str, str, int, str]]:
    return [(link.line, link.query, link.release, link.count, link.mark) for link in find_result_links("x", text)]


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
    assert found(f"one\n{text}\n") == [(2, f"form=S4,-S7&r=2026.11.0:214:{MARK}", "2026.11.0", 214, MARK)]


@pytest.mark.parametrize("text", [
    "https://atlas.example/?form=S4&r=2026.11.0", "https://atlas.example/c/ama-7k2d-9qxp/?r=2026.11.0",
    f"r=2026.11.0:214:{MARK}", f"https://x.example/?bar=2026.11.0:214:{MARK}", f"?r=2026.11.0:214:{MARK}0",
])  # fmt: skip
def test_what_is_no_result_link_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_query_is_read_as_the_explorer_reads_it() -> None:
    question = read_question(
        "form=S4,-S7&form.match=all&cause=C6:direct&license=%6Eone,none&agent=A%2C+B&page=2&colour=red&to=2025-03&r=x"
    )
    assert question is not None
    assert {name: (c.include, c.exclude, c.all) for name, c in question.facets.items()} == {
        "form": (["=S4"], ["=S7"], True),
        "cause": (["=C6:direct"], [], False),
        "license": (["=none", "?none"], [], False),
        "agent": (["=A, B"], [], False),
    }
    assert (question.months, question.turns) == (("", "2025-03"), None)
    for query in ("q=a", "sample=3", "validation=INVALID"):
        assert read_question(f"form=S4&{query}") is None, query
    assert read_question("q=&r=x") == Question()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("5..20", (5, 20)), ("5..", (5, float("inf"))), ("..20", (0, 20)), ("7", (7, 7)), ("..", None), ("x", None)],
)
def test_ranges_of_turns(typed: str, meant: tuple[int, float] | None) -> None:
    question = read_question(f"turns={typed}")
    assert question is not None and question.turns == meant


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
    assert code == 0 and "not checked (words and samples" in told


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
