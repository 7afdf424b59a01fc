"""The policy of the license gate: switches, broken files, and what people see of a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from license_gate import CONTENT, GATE, POLICY_TEXT, ROOT, STUDY, SWITCHES, admitted_ids, gate_from
from pydantic import ValidationError

from atlas_build.errors import AtlasError
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
