"""`inspect`: the numbers it gives, and the texts it never repeats."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from factories import make_label_row, make_mapping_row, make_record, make_rejected_record

from atlas_build.errors import InputError
from atlas_build.inspection import Inspection, inspect
from atlas_build.read.corpus import Stdin
from atlas_build.report import Report


@pytest.fixture
def look(root: Path) -> Any:
    def look(*files: list[dict[str, Any]]) -> Inspection:
        inputs = [Stdin(io.BytesIO(json.dumps(records).encode())) for records in files]
        return inspect(inputs, root / "data", Report())

    return look


def test_counts_labels_licenses_and_gaps(look: Any) -> None:
    found = look(
        [
            make_record(),
            make_record(),
            make_record(misalignment_id="M002", symptom={"labels": ["S1", "S4", "S4"]}, agent=None),
            make_record(misalignment_id="M003", license_type="NO_LICENSE", confidence="x"),
            make_rejected_record(misalignment_id="M004", _pii=[]),
        ],
        [make_label_row(misalignment_id="M005", license_type="NO_LICENSE", C7="not_applicable")],
        [make_mapping_row()],
    )
    assert dict(found.counts) == {
        "read": 6,
        "well_formed": 5,
        "set_aside": 1,
        "duplicates_collapsed": 1,
        "episodes": 4,
        "valid": 3,
        "rejected": 1,
        "annotated": 3,
        "with_text": 3,
        "labels_only": 1,
    }
    assert found.sessions == 1
    assert found.labels["form"] == {"S1": 1, "S2": 0, "S3": 0, "S4": 3, "S5": 0, "S6": 0, "S7": 0, "S8": 0}
    assert found.labels["cause"] == {"C1": 0, "C2": 3, "C3": 0, "C4": 0, "C5": 0, "C6": 0, "C7": 1}
    assert found.labels["tier"] == {"direct": 3, "contextual": 0, "speculative": 0}
    assert found.labels["agent"] == {"Cursor IDE": 3}
    assert [(entry.name, entry.episodes, entry.is_admitted, entry.reason) for entry in found.licenses] == [
        ("MIT", 2, True, "allowed"),
        ("NO_LICENSE", 1, False, "no-license"),
    ]
    assert found.missing == {}
    assert found.unknown_fields == {"_pii": 1}
    assert found.set_aside == {"unknown-code": 1}
    assert found.breaches == {
        "form-repeated": 1,
        "license-differs-in-repository": 1,
        "session-differs": 1,
        "undetermined-cause-not-alone": 1,
    }
    assert [file.dialect for file in found.files] == [
        "nested annotation records",
        "flat annotated label rows",
        "session mapping rows",
    ]


def test_what_no_file_supplies_is_counted_as_missing(look: Any) -> None:
    found = look([make_record(agent=None, session_timestamp=None), make_record(misalignment_id="M002", agent=None)])
    assert found.missing == {"agent": 2, "timestamp": 1}


def test_the_lines_name_every_part(look: Any) -> None:
    text = "\n".join(look([make_record(), make_record(misalignment_id="M002", license_type=None)]).lines())
    assert "(standard input): nested annotation records  2 records, 0 set aside" in text
    assert "  form       S1 0  S2 0  S3 0  S4 2" in text
    assert "Labels of 2 annotated episodes" in text
    assert "Facts of 2 valid episodes" in text
    assert "        1  admitted  MIT  (allow:MIT)" in text
    assert "        1  excluded  not recorded  (The record does not say which license the repository has)" in text
    assert "  license  1" in text
    assert "Set aside, by rule: none" in text


def test_long_lists_are_cut_on_the_terminal_only(look: Any) -> None:
    found = look([make_record(misalignment_id=f"M{number:03}", cause={"labels": []}) for number in range(30)])
    assert found.lines()[-1] == "  ... and 10 more (all are in the JSON)"
    assert len(found.as_json()["findings"]) == 30


def test_the_json_is_plain_and_says_the_same(look: Any) -> None:
    found = look([make_record(cause={"labels": []})])
    data = json.loads(json.dumps(found.as_json()))
    assert data["counts"]["valid"] == 1
    assert data["licenses"][0]["spdx"] == "MIT"
    assert data["files"][0]["dialect"] == "nested annotation records"
    assert data["breaches"] == {"cause-missing": 1}
    assert data["findings"][0]["key"] == "specstory/1001/session_001/M001"


def test_no_free_text_is_repeated(look: Any) -> None:
    secret = "Ada Example 4711"
    found = look(
        [
            make_record(
                name=secret,
                description=secret,
                agent=secret,
                license_type=f"Copyright {secret}, all rights reserved, and so on and on",
                evidence=[{"turn": secret, "quote": secret, "context": secret}],
                symptom={"labels": ["S8"], "reasoning": secret, "other_descriptor": secret},
            ),
            make_record(misalignment_id="M002", license_type=f"<{secret}>", alignment_goal=secret),
            make_record(misalignment_id="M003", session_id=secret),
            {secret: secret, **make_record(misalignment_id="M004", license_type=f"{secret}\u202e\x1b[31m")},
            make_rejected_record(misalignment_id="M005", note=secret, invalid_category=f"custom:{secret}"),
        ]
    )
    printed = "\n".join(found.lines()) + json.dumps(found.as_json())
    assert "4711" not in printed
    assert found.labels["agent"] == {"(another)": 1, "Cursor IDE": 1}


def test_a_license_is_named_if_spdx_or_the_policy_knows_it(look: Any) -> None:
    texts = ["O'Saasy License", "<script>", "Nora Lindqvist"]
    found = look([make_record(repository_id=number, license_type=text) for number, text in enumerate(texts)])
    assert [entry.name for entry in found.licenses] == ["O'Saasy License", "another text", "another text"]


def test_a_broken_file_stops_the_inspection(root: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        inspect([tmp_path / "nowhere.json"], root / "data", Report())


def test_the_real_rows_can_be_inspected(root: Path, shared: Path) -> None:
    found = inspect(sorted((shared / "reference/core_sample").glob("*.json")), root / "data", Report())
    assert found.counts["valid"] == 258
    assert found.breaches == {"undetermined-cause-not-alone": 1}
