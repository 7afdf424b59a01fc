"""Case pages: every word of the record is there, as text, and nothing in it can act."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from building import BuiltSite, build, case_id, case_path, words, write_corpus
from factories import make_record, make_rejected_record
from selectolax.lexbor import LexborNode

HOSTILE = (
    "<script>alert(1)</script> {{7*7}} {% raw %} ](javascript:alert(1)) &amp; &lt;b&gt; \"double\" 'single' <!-- `x`"
)
REVERSED = "safe\u202egpj.exe\u202c end"
CONTROLS = "nul\x00 esc\x1b[31m bell\x07 del\x7f next\x85"
INVISIBLE = "zero\u200bwidth bom\ufeff line\u2028sep mark\u200e"

Record = dict[str, Any]


def quoted(*quotes: str, roles: str = "USER") -> list[dict[str, str]]:
    parts = roles.split() * len(quotes) if " " not in roles else roles.split()
    return [
        {"turn": f"TURN {2 * place + 1} | {role}", "quote": quote, "context": f"Context {place}."}
        for place, (quote, role) in enumerate(zip(quotes, parts, strict=False), 1)
    ]


def long_quote() -> str:
    return "".join(f"line {number}: expected <div> & got nothing\n" for number in range(120))


RECORDS: dict[str, Record] = {
    "hostile": make_record(
        name=HOSTILE,
        description=f"{HOSTILE}\nsecond line",
        evidence=[{"turn": f"TURN 3 | USER {HOSTILE}", "quote": HOSTILE, "context": HOSTILE}],
        symptom={"labels": ["S8"], "reasoning": HOSTILE, "other_descriptor": HOSTILE},
        cause={"reasoning": HOSTILE},
        outcome={"reasoning": HOSTILE},
        resolution={"reasoning": HOSTILE},
        agent="<b>Agent</b> & {{7*7}}",
    ),
    "signs": make_record(
        misalignment_id="M002", name=REVERSED, description=CONTROLS, evidence=quoted(REVERSED, CONTROLS, INVISIBLE)
    ),
    "long": make_record(
        misalignment_id="M003", name="Long Quote", evidence=quoted(long_quote(), "x" * 1400, "y" * 1401)
    ),
    "turns": make_record(
        misalignment_id="M004",
        name="Turns",
        evidence=quoted("do it", "did it", "no!", "sorry", "still no", roles="USER AGENT USER ASSISTANT USER"),
    ),
    "plain-turns": make_record(
        misalignment_id="M005",
        name="Odd turns",
        evidence=[
            {"turn": "somewhere near the end", "quote": "one", "context": ""},
            {"turn": "", "quote": "two", "context": ""},
            {"turn": "TURN 12 | SYSTEM", "quote": "three", "context": ""},
        ],
    ),
    "bare": make_record(
        misalignment_id="M006", name="Bare", evidence=[], alignment_goal=None, confidence=None, session_type=None,
        agent=None, user_turns=None, agent_turns=None, session_timestamp=None, session_sha=None, num_commits=None,
        symptom={"reasoning": None}, cause={"reasoning": ""}, outcome={"reasoning": " "},
        resolution={"reasoning": None},
    ),
    "labels": make_record(
        misalignment_id="M007",
        name="Labels",
        symptom={"labels": ["S3", "S7"]},
        cause={"labels": [{"label": "C6", "evidence_tier": "direct"}, {"label": "C1", "evidence_tier": None}]},
        outcome={"damage_severity": "DS3", "damage_locus": "DL4"},
        resolution={"status": "RS1", "resolver": "RV2"},
        session_type="CLI",
    ),
    "breach": make_record(
        misalignment_id="M008", name="Breach", outcome={"damage_severity": "DS2", "damage_locus": None}
    ),
    "personal": make_record(
        misalignment_id="M009",
        name="Personal",
        description="First a@quackmail.net, then b@quackmail.net, then a@quackmail.net.",
        evidence=quoted("mail b@quackmail.net now", "z" * 890 + " mail a@quackmail.net now " + "z" * 600),
    ),
    "or-license": make_record(misalignment_id="M010", name="License", license_type="MIT OR GPL-3.0-only"),
    "rejected": make_rejected_record(misalignment_id="M011", name=f"Rejected {HOSTILE}", note=HOSTILE),
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    folder = tmp_path_factory.mktemp("cases")
    corpus = write_corpus(folder / "corpus", list(RECORDS.values()), settings='title = "A <Title> & more"\n')
    return build(corpus, folder / "site", "--base-url", "https://atlas.example.org/")


def path_of(name: str) -> str:
    return case_path(RECORDS[name])


def quotes_on(site: BuiltSite, path: str) -> list[str]:
    """Every quote whole: what stands open and what is folded."""
    return ["".join(part.text() for part in turn.css(".evidence")) for turn in site.page(path).css(".turns > li")]


# Text stays text


def test_hostile_text_is_shown_as_it_stands(site: BuiltSite) -> None:
    path = path_of("hostile")
    page = site.page(path)
    assert page.css_first("h1").text() == HOSTILE
    assert page.css_first(".story").text() == f"{HOSTILE}\nsecond line"
    assert quotes_on(site, path) == [HOSTILE]
    assert page.css_first(".turn-context").text() == HOSTILE
    reasonings = [node.text() for node in page.css(".reasoning")]
    assert reasonings == [f"Annotator’s reasoning: {HOSTILE}"] * 4
    assert HOSTILE in page.css_first(".label-other").text()
    assert "<b>Agent</b> & {{7*7}}" in page.css_first(".facts").text()


def test_hostile_text_is_shown_on_every_page_that_mentions_the_case(site: BuiltSite) -> None:
    squeezed = " ".join(HOSTILE.split())
    assert squeezed in site.all_words("index.html", ".card-title")
    assert any(squeezed in cell for cell in site.all_words("list/1/index.html", "table.rows th"))
    assert any(squeezed in cell for cell in site.all_words("codebook/s8/index.html", "table.rows th"))
    assert any(squeezed in item for item in site.all_words(path_of("turns"), ".session-strip li"))


def test_no_element_and_no_handler_comes_from_a_record(site: BuiltSite) -> None:
    for path in site.pages:
        page = site.page(path)
        scripts = [
            node for node in page.css("script") if node.attributes.get("type") not in ("module", "application/ld+json")
        ]
        early = [
            node
            for node in scripts
            if not re.fullmatch(r"[./]*assets/[0-9a-f]+/js/\w+\.js", node.attributes.get("src") or "")
        ]
        assert early == [], path
        assert all(not name.startswith("on") for node in page.css("*") for name in node.attributes), path
        hrefs = [href for href in site.hrefs(path) if href.lower().strip().startswith(("javascript:", "data:", "//"))]
        assert hrefs == [], path
        assert "49" not in words(page.css_first("h1")), path


def test_data_for_crawlers_can_be_read_and_cannot_end_its_element(site: BuiltSite) -> None:
    for path in site.pages:
        for node in site.page(path).css('script[type="application/ld+json"]'):
            text = node.text()
            assert "<" not in text
            json.loads(text)


def test_control_and_direction_characters_are_shown_as_signs_with_a_name(site: BuiltSite) -> None:
    path = path_of("signs")
    page = site.page(path)
    assert page.css_first("h1").text() == "safe⟨RLO⟩gpj.exe⟨PDF⟩ end"
    assert page.css_first(".story").text() == "nul␀ esc␛[31m bell␇ del␡ next⟨U+0085⟩"
    assert quotes_on(site, path)[2] == "zero⟨ZWSP⟩width bom⟨BOM⟩ line⟨LS⟩sep mark⟨LRM⟩"
    titles = {node.text(): node.attributes["title"] for node in page.css(".sign")}
    assert titles["⟨RLO⟩"] == "invisible character U+202E"
    assert titles["␀"] == "invisible character U+0000"


def test_no_page_holds_a_bare_control_or_direction_character(site: BuiltSite) -> None:
    bare = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
    found = {path for path in site.pages if bare.search(site.tree[path].decode("utf-8"))}
    assert found == set()


def test_the_title_of_the_site_is_text_too(site: BuiltSite) -> None:
    assert site.words("index.html", ".wordmark") == "A <Title> & more"


# Quotes


def test_a_long_quote_is_folded_and_whole(site: BuiltSite) -> None:
    path = path_of("long")
    assert quotes_on(site, path) == [long_quote(), "x" * 1400, "y" * 1401]
    turns = site.page(path).css(".turns > li")
    assert [len(turn.css("details.fold")) for turn in turns] == [1, 0, 1]
    open_part = turns[0].css_first(".evidence").text()
    assert open_part.endswith("\n")
    assert 450 < len(open_part) <= 900
    assert words(turns[0].css_first("summary")) == f"Show the whole quote, {len(long_quote()):,} characters"


def test_a_fold_never_cuts_a_placeholder(site: BuiltSite) -> None:
    chips = [words(node) for node in site.page(path_of("personal")).css(".turns > li:nth-child(2) .chip")]
    assert chips == ["[EMAIL_1]"]


def test_pushback_is_every_developers_turn_after_an_agents(site: BuiltSite) -> None:
    turns = site.page(path_of("turns")).css(".turns > li")
    assert [words(turn.css_first(".speaker")) for turn in turns] == [
        "Developer",
        "Agent",
        "Developer",
        "Agent",
        "Developer",
    ]
    assert [len(turn.css(".pushback-note")) for turn in turns] == [0, 0, 1, 0, 1]
    assert ["pushback" in (turn.attributes["class"] or "").split() for turn in turns] == [
        False,
        False,
        True,
        False,
        True,
    ]


def test_where_only_the_developer_is_quoted_the_last_quote_is_pushback(site: BuiltSite) -> None:
    turns = site.page(path_of("signs")).css(".turns > li")
    assert [len(turn.css(".pushback-note")) for turn in turns] == [0, 0, 1]


def test_every_quote_has_an_anchor_that_links_to_itself(site: BuiltSite) -> None:
    turns = site.page(path_of("turns")).css(".turns > li")
    assert [turn.attributes["id"] for turn in turns] == ["q1", "q2", "q3", "q4", "q5"]
    assert [turn.css_first("a.turn-number").attributes["href"] for turn in turns] == ["#q1", "#q2", "#q3", "#q4", "#q5"]
    assert [words(turn.css_first(".turn-number")) for turn in turns] == [
        "Turn 3",
        "Turn 5",
        "Turn 7",
        "Turn 9",
        "Turn 11",
    ]


def test_turns_of_another_form_are_shown_as_written(site: BuiltSite) -> None:
    heads = site.all_words(path_of("plain-turns"), ".turn-head")
    assert heads == [
        "Speaker not recorded somewhere near the end",
        "Speaker not recorded turn not recorded",
        "System Turn 12",
    ]


# Labels and reasons


def test_every_code_stands_beside_its_name_and_what_it_means(site: BuiltSite) -> None:
    rows = {
        words(row.css_first("dt")): [words(line) for line in row.css(".label-line")]
        for row in site.page(path_of("labels")).css(".coordinate")
    }
    assert list(rows) == ["Form", "Cause", "Cost", "Resolution", "Workflow"]
    anchors = [row.attributes["id"] for row in site.page(path_of("labels")).css(".coordinate")]
    assert anchors == ["form", "cause", "cost", "resolution", "workflow"]
    assert [row.attributes["href"] for row in site.page(path_of("labels")).css(".coordinate dt a")] == [
        f"#{anchor}" for anchor in anchors
    ]
    codes = {name: [line.split(" ")[0] for line in lines] for name, lines in rows.items()}
    assert codes["Form"] == ["S3", "S7"]
    assert codes["Cause"] == ["C6", "C1"]
    assert codes["Cost"] == ["DS3", "DL4"]
    assert codes["Resolution"] == ["RS1", "RV2"]
    assert all(len(line) > 20 for lines in rows.values() for line in lines)
    assert "direct evidence" in rows["Cause"][0]
    assert "evidence tier not recorded" in rows["Cause"][1]


def test_the_strip_names_every_code_and_links_its_page(site: BuiltSite) -> None:
    cells = site.page(path_of("labels")).css(".plate-head .strip .cell")
    assert [words(cell.css_first(".code")) for cell in cells] == [
        "S3", "S7", "C6", "C1", "DS3", "DL4", "RS1", "RV2", "CLI",
    ]  # fmt: skip
    for cell in cells:
        (link,) = cell.css("a")
        target = (link.attributes["href"] or "").removeprefix("../../")
        assert f"{target}index.html" in site.tree
        heading = site.words(f"{target}index.html", "h1")
        assert words(cell) == heading or heading in f"{words(cell.css_first('.code'))} {words(cell)}"


def test_reasoning_is_plain_text_and_missing_reasoning_leaves_no_gap(site: BuiltSite) -> None:
    assert site.page(path_of("bare")).css(".reasoning") == []
    assert len(site.page(path_of("labels")).css(".reasoning")) == 4


def test_a_record_that_breaks_the_codebook_says_so_and_others_do_not(site: BuiltSite) -> None:
    sentence = "These labels break a cross-rule of the codebook."
    assert sentence in site.words(path_of("breach"), ".coordinates")
    assert sentence not in site.words(path_of("turns"), ".coordinates")


def facts_on(site: BuiltSite, path: str, section: str) -> dict[str, str]:
    rows: list[LexborNode] = site.page(path).css(f'section[aria-labelledby="{section}"] dl.facts > div')
    return {words(row.css_first("dt")): words(row.css_first("dd")) for row in rows}


def test_what_is_not_recorded_is_said_and_nothing_is_guessed(site: BuiltSite) -> None:
    path = path_of("bare")
    facts = facts_on(site, path, "facts")
    assert facts["Started"] == "not recorded"
    assert facts["Agent"] == "agent not recorded"
    assert facts["Length"].endswith("not recorded")
    assert facts["Goal missed"] == "not recorded"
    assert "The record quotes no turn." in site.words(path, ".conversation")
    assert words(site.page(path).css(".coordinate")[-1]) == "Workflow not recorded"


def test_facts_of_the_session_are_shown(site: BuiltSite) -> None:
    facts = facts_on(site, path_of("turns"), "facts")
    assert facts["Started"].startswith("4 Jun 2025, 09:30")
    assert "no time zone" in facts["Started"]
    assert facts["Agent"] == "Cursor IDE"
    assert "8 + 9 turns" in facts["Length"]
    assert facts["Repository"].startswith("no. 1001 in the source")


# License, scrubbing, citation


def test_the_license_card_says_what_admitted_the_case_and_what_is_not_known(site: BuiltSite) -> None:
    license_card = facts_on(site, path_of("turns"), "license")
    assert "MIT" in license_card["Admitted by"]
    assert "repository’s name" in license_card["Not known"]
    assert "MIT, the license of the repository" in site.words(path_of("turns"), ".license")
    assert facts_on(site, path_of("or-license"), "license")["Whole expression"] == "MIT OR GPL-3.0-only"


def test_placeholders_are_chips_with_a_title_and_one_value_is_one_placeholder(site: BuiltSite) -> None:
    path = path_of("personal")
    story = site.page(path).css_first(".story")
    assert words(story) == "First [EMAIL_1], then [EMAIL_2], then [EMAIL_1]."
    chips = story.css(".chip")
    assert [chip.attributes["title"] for chip in chips] == ["an e-mail address was here"] * 3
    assert quotes_on(site, path)[0] == "mail [EMAIL_2] now"
    assert facts_on(site, path, "scrubbed") == {"e-mail address": "5 replaced"}
    assert "Nothing had to be replaced." in site.words(path_of("turns"), '[aria-labelledby="scrubbed"]')


def test_a_case_can_be_cited_in_words_and_in_bibtex(site: BuiltSite) -> None:
    path = path_of("hostile")
    cites = site.page(path).css(".cite")
    assert [words(cite.css_first("h3")) for cite in cites] == ["This case", "The study"]
    text = words(cites[0].css_first("p.copy-text"))
    assert case_id(RECORDS["hostile"]) in text
    assert f"https://atlas.example.org/{path.removesuffix('index.html')}" in text
    bibtex = next(node.text() for node in cites[0].css("pre") if node.text().startswith("@"))
    assert bibtex.replace(r"\{", "").count("{") == bibtex.replace(r"\}", "").count("}")
    assert r"\&amp;" in bibtex
    # By name: BibTeX counts braces whether or not a backslash stands before them.
    assert r"\textbraceleft{}\textbraceleft{}7*7\textbraceright{}\textbraceright{}" in bibtex
    assert "Tang" in words(cites[1])


# Rejected candidates


def test_a_rejected_candidate_says_why_in_the_annotators_words(site: BuiltSite) -> None:
    path = path_of("rejected")
    banner = site.page(path).css_first(".banner")
    assert "Truncation" in words(banner)
    assert banner.css("p")[-1].text() == HOSTILE
    assert site.words(path, ".plate-id").startswith("Candidate AMA-")
    assert site.page(path).css('meta[name="robots"]')[0].attributes["content"] == "noindex"
    assert site.page(path).css('link[rel="canonical"]') == []
    assert site.page(path).css(".turn-page") == []
