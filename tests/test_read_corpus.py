"""A whole corpus: dialects, records set aside, duplicates, conflicts, the session mapping, the study's own rows."""

from __future__ import annotations

import gc
import gzip
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from factories import (
    make_candidate_row,
    make_label_row,
    make_mapping_row,
    make_record,
    make_rejected_record,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas_build.errors import InputError, UnknownDialectError
from atlas_build.model.source import CauseLabel, Labels, SourceEpisode
from atlas_build.read.breaches import BREACHES
from atlas_build.read.corpus import Corpus, FileSummary, Stdin, read_corpus
from atlas_build.report import Finding, Report


def stdin(records: object) -> Stdin:
    text = records if isinstance(records, str) else json.dumps(records)
    return Stdin(io.BytesIO(text.encode()))


def write(path: Path, records: object) -> Path:
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def read(*inputs: Path | Stdin) -> tuple[Corpus, Report]:
    report = Report()
    return read_corpus(inputs, report), report


def read_records(records: object) -> tuple[Corpus, Report]:
    return read(stdin(records))


def keys(corpus: Corpus) -> list[str]:
    return [str(episode.facts.key) for episode in corpus.episodes]


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def content(episode: SourceEpisode) -> SourceEpisode:
    """Without the place where it stood."""
    return episode.model_copy(update={"origin": None})


def test_episodes_come_sorted_by_key_with_numbers_by_value() -> None:
    corpus, _ = read_records(
        [
            make_record(source="swe", repository_id=2),
            make_record(repository_id=10),
            make_record(repository_id=9, session_id="session_1000"),
            make_record(repository_id=9, session_id="session_999", misalignment_id="M002"),
            make_record(repository_id=9, session_id="session_999", misalignment_id="M001"),
        ]
    )
    assert keys(corpus) == [
        "specstory/9/session_999/M001",
        "specstory/9/session_999/M002",
        "specstory/9/session_1000/M001",
        "specstory/10/session_001/M001",
        "swe/2/session_001/M001",
    ]


def test_an_empty_list_is_a_corpus_without_episodes() -> None:
    corpus, report = read_records([])
    assert corpus == Corpus((), (FileSummary("(standard input)", "no records", 0, 0, 0),), None)
    assert report.counts["read"] == 0


def test_counts_add_up() -> None:
    record = make_record()
    corpus, report = read_records([record, record, make_record(misalignment_id="M002", confidence="x"), 7])
    assert {name: report.counts[name] for name in ("read", "well_formed", "set_aside", "duplicates_collapsed")} == {
        "read": 4,
        "well_formed": 2,
        "set_aside": 2,
        "duplicates_collapsed": 1,
    }
    assert corpus.files == (FileSummary("(standard input)", "nested annotation records", 4, 2, 2),)
    assert len(corpus.episodes) == 1


def test_a_record_set_aside_is_told_with_place_key_field_and_rule() -> None:
    _, report = read_records([make_record(), make_record(session_id="session_002", symptom={"labels": ["S9"]})])
    (finding,) = report.set_aside
    assert finding == Finding(
        rule="unknown-code",
        where="(standard input), record 2",
        message="the value is not one of 'S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7' or 'S8'; correct it",
        key="specstory/1001/session_002/M001",
        field="symptom.labels[1]",
    )


def test_flawed_records_are_set_aside_and_the_others_stay() -> None:
    twice = json.dumps(make_record(misalignment_id="M002"))[:-1] + ', "license_type": "MIT"}'
    nan = json.dumps(make_record(misalignment_id="M003", user_turns=float("nan")))
    long = json.dumps(make_record(misalignment_id="M004"))[:-1] + f', "x": {"7" * 5000}}}'
    deep = json.dumps(make_record(misalignment_id="M005"))[:-1] + f', "x": {"[" * 90_000}{"]" * 90_000}}}'
    corpus, report = read_records(f"[{twice}, {nan}, {long}, {deep}, null, [], {json.dumps(make_record())}]")
    assert keys(corpus) == ["specstory/1001/session_001/M001"]
    assert rules(report.set_aside) == [
        "duplicate-key",
        "not-a-number",
        "not-a-number",
        "too-deep",
        "not-an-object",
        "not-an-object",
    ]
    assert report.set_aside[0].key == "specstory/1001/session_001/M002"


def test_a_broken_line_is_set_aside() -> None:
    lines = [json.dumps(make_record(misalignment_id=f"M00{number}")) for number in range(1, 4)]
    corpus, report = read_records("\n".join([lines[0], lines[1][:-40], lines[2]]))
    assert keys(corpus) == ["specstory/1001/session_001/M001", "specstory/1001/session_001/M003"]
    assert [(finding.rule, finding.where) for finding in report.set_aside] == [
        ("not-json", "(standard input), record 2")
    ]


def test_identical_records_collapse_whatever_their_position_number() -> None:
    corpus, report = read_records([make_record(count_id=1), make_record(count_id=7, repository_id="1001")])
    assert len(corpus.episodes) == 1
    assert (report.counts["duplicates_collapsed"], report.set_aside) == (1, [])


def test_different_records_of_one_key_are_all_set_aside(tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", [make_record(), make_record(session_id="session_002")])
    two = write(tmp_path / "two.json", [make_record(), make_record(name="Another Name")])
    corpus, report = read(one, two)
    assert keys(corpus) == ["specstory/1001/session_002/M001"]
    assert [(finding.rule, finding.where) for finding in report.set_aside] == [
        ("key-conflict", "one.json, record 1"),
        ("key-conflict", "two.json, record 1"),
        ("key-conflict", "two.json, record 2"),
    ]
    assert "one.json, record 1; two.json, record 1" in report.set_aside[2].message
    assert [(file.well_formed, file.set_aside) for file in corpus.files] == [(1, 1), (0, 2)]
    assert (report.counts["well_formed"], report.counts["set_aside"]) == (1, 3)


def test_a_nested_record_stands_for_its_flat_twins(tmp_path: Path) -> None:
    nested = write(tmp_path / "n.json", [make_record()])
    flat = write(tmp_path / "f.json", [make_label_row(), make_label_row(misalignment_id="M002")])
    checked = write(
        tmp_path / "v.json",
        [make_candidate_row(misalignment_id=f"M00{number}", label="VALID", invalid_category=None) for number in (1, 2)]
        + [make_candidate_row(misalignment_id="M003")],
    )
    corpus, report = read(checked, flat, nested)
    first, second, third = corpus.episodes
    assert first.text is not None
    assert (second.text, second.facts.labels is not None) == (None, True)
    assert (third.text, third.facts.labels, third.facts.validation) == (None, None, "INVALID")
    assert report.counts["duplicates_collapsed"] == 3
    assert report.counts["labels_only"] == 2
    assert report.warnings == []


def test_a_twin_that_says_something_else_is_a_warning(tmp_path: Path) -> None:
    nested = write(tmp_path / "n.json", [make_record(symptom={"labels": ["S4", "S2"]})])
    same = write(tmp_path / "f.json", [make_label_row(S2=True)])
    other = write(tmp_path / "v.json", [make_candidate_row(license_type="GPL-3.0", confidence=None)])
    _, report = read(nested, same, other)
    differing = [finding for finding in report.warnings if finding.rule == "twin-differs"]
    assert [(finding.where, finding.field) for finding in differing] == [("v.json, record 1", "validation, license")]


def test_breaches_are_warnings_and_the_record_stays() -> None:
    causes = [{"label": "C1", "evidence_tier": "direct"}, {"label": "C7", "evidence_tier": None}]
    corpus, report = read_records(
        [
            make_record(cause={"labels": causes}),
            make_record(misalignment_id="M002", symptom={"labels": ["S8"]}),
            make_record(misalignment_id="M003", symptom={"other_descriptor": "invented words"}),
            make_rejected_record(misalignment_id="M004", invalid_category=None),
            make_record(misalignment_id="M005", symptom={"labels": ["S8"], "other_descriptor": "invented words"}),
        ]
    )
    assert len(corpus.episodes) == 5
    assert [(finding.rule, finding.key[-4:]) for finding in report.warnings] == [
        ("undetermined-cause-not-alone", "M001"),
        ("other-form-undescribed", "M002"),
        ("other-form-described-without-s8", "M003"),
        ("rejection-without-category", "M004"),
    ]


def test_several_licenses_in_one_repository_are_a_warning() -> None:
    _, report = read_records(
        [
            make_record(),
            make_record(misalignment_id="M002", license_type="ISC"),
            make_record(misalignment_id="M003", license_type=None),
            make_record(source="swe", license_type="GPL-3.0"),
        ]
    )
    assert [(finding.rule, finding.key) for finding in report.warnings] == [
        ("license-differs-in-repository", "specstory/1001")
    ]


def test_unknown_fields_are_counted_once_a_record() -> None:
    _, report = read_records([make_record(_pii=[]), make_record(misalignment_id="M002", _pii=[], zone="x")])
    assert report.counts["unknown_fields"] == {"_pii": 2, "zone": 1}


def test_the_session_mapping_fills_what_is_missing(tmp_path: Path) -> None:
    records = write(
        tmp_path / "n.json",
        [
            make_record(drop=["session_sha", "license_type", "session_count_id"]),
            make_record(session_id="session_002", session_count_id=2, agent=None),
            make_record(session_id="odd", drop=["session_count_id", "agent"]),
        ],
    )
    mapping = write(tmp_path / "m.json", [make_mapping_row(), make_mapping_row(), make_mapping_row(session_count_id=9)])
    corpus, report = read(records, mapping)
    odd, first, second = corpus.episodes
    assert first.facts.session.sha == "0123456789abcdef0123456789abcdef01234567"
    assert (first.license_raw, first.facts.session.number) == ("MIT", 1)
    assert second.facts.session.agent is None
    assert (odd.facts.session.agent, odd.facts.session.number) == (None, None)
    assert report.counts["filled_from_mapping"] == {"license": 1, "number": 1, "sha": 1}
    assert corpus.sessions == 2
    assert (report.counts["read"], corpus.files[1].records, corpus.files[1].dialect) == (3, 3, "session mapping rows")


def test_the_session_mapping_never_overrules_a_record(tmp_path: Path) -> None:
    records = write(tmp_path / "n.json", [make_record()])
    mapping = write(tmp_path / "m.json", [make_mapping_row(license_type="NO_LICENSE", user_turns=3)])
    corpus, report = read(records, mapping)
    assert (corpus.episodes[0].license_raw, corpus.episodes[0].facts.session.user_turns) == ("MIT", 8)
    assert [(finding.rule, finding.field) for finding in report.warnings] == [
        ("session-differs", "user_turns, license")
    ]


def test_contradicting_rows_of_one_session_are_set_aside_and_fill_nothing(tmp_path: Path) -> None:
    records = write(tmp_path / "n.json", [make_record(license_type=None)])
    mapping = write(tmp_path / "m.json", [make_mapping_row(), make_mapping_row(license_type="NO_LICENSE")])
    corpus, report = read(records, mapping)
    assert corpus.episodes[0].license_raw is None
    assert corpus.sessions == 0
    assert rules(report.set_aside) == ["session-conflict", "session-conflict"]
    assert (corpus.files[1].well_formed, corpus.files[1].set_aside) == (0, 2)
    assert (report.counts["set_aside"], report.counts["well_formed"]) == (0, 1)


def test_the_first_known_shape_is_the_files_dialect() -> None:
    corpus, report = read_records([{"name": 3}, make_record(), make_label_row(misalignment_id="M002"), {"x": 1}])
    assert [(finding.rule, finding.where[-1]) for finding in report.set_aside] == [
        ("unknown-shape", "1"),
        ("other-shape", "3"),
        ("field-missing", "4"),
    ]
    assert corpus.files[0].dialect == "nested annotation records"


@pytest.mark.parametrize("records", [[{"a": 1}], [7, None], [{"a": 1}] * 150, '{"a": 1}\n{"b": 2}'])
def test_an_unknown_shape_is_an_error_that_lists_the_known_ones(records: object) -> None:
    with pytest.raises(UnknownDialectError, match="none of its first") as error:
        read_records(records)
    assert error.value.details[:4] == (
        "nested annotation records",
        "flat annotated label rows",
        "flat validated candidate rows",
        "session mapping rows",
    )


EXTRACTED = {name: make_record()[name] for name in ("name", "description", "evidence", "confidence", "session_id")}


@pytest.mark.parametrize(
    "records, shape",
    [
        ({"meta": {}, "records": [{"record_key": "specstory:1:2", "id": "M001", "label": "x"}]}, "study's viewer"),
        ([{"custom_id": "1:session_001", "response": {}}], "annotation pipeline"),
        ({"misalignments": [EXTRACTED]}, "output of the extraction stage"),
        ([EXTRACTED | {"label": "VALID", "note": ""}] * 120, "output of the validation stage"),
    ],
)
def test_a_shape_that_is_known_and_incomplete_is_an_error_that_says_what_is_missing(
    records: object, shape: str
) -> None:
    with pytest.raises(InputError, match=shape) as error:
        read_records(records)
    assert not isinstance(error.value, UnknownDialectError)
    assert "which cannot be built from:" in error.value.message


def test_one_incomplete_record_does_not_decide_for_the_file() -> None:
    corpus, report = read_records([EXTRACTED, make_record()])
    assert len(corpus.episodes) == 1
    assert rules(report.set_aside) == ["unknown-shape"]


def test_all_file_forms_give_the_same_corpus(tmp_path: Path) -> None:
    records = [make_record(misalignment_id=f"M{number:03}") for number in range(1, 6)]
    array = json.dumps(records).encode()
    lines = "\n".join(json.dumps(record) for record in records).encode()
    forms = {
        "a.json": array,
        "b.json": b"\xef\xbb\xbf" + array,
        "c.json": json.dumps({"misalignments": records, "version": 1}, indent=1).encode(),
        "d.jsonl": lines,
        "e.json.gz": gzip.compress(array),
        "f.jsonl.gz": gzip.compress(lines),
    }
    expected = None
    for name, data in forms.items():
        (tmp_path / name).write_bytes(data)
        corpus, report = read(tmp_path / name)
        episodes = [content(episode) for episode in corpus.episodes]
        expected = expected or episodes
        assert (episodes, report.counts["read"]) == (expected, 5)


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [make_record()])
    corpus, report = read(path, path)
    assert (len(corpus.files), report.counts["read"]) == (1, 1)


def test_progress_is_told() -> None:
    class Telling(Report):
        def advance(self, done: int, _: int | None = None) -> None:
            told.append(done)

    told: list[int] = []
    records = [make_record(misalignment_id=f"M{number:04}") for number in range(1030)]
    read_corpus([stdin(records)], Telling())
    assert told == [512, 1024, 1030]


def test_the_collector_is_left_as_it_was() -> None:
    assert gc.isenabled()
    read_records([make_record()])
    assert gc.isenabled()
    with pytest.raises(InputError):
        read_records("")
    assert gc.isenabled()


POOL: list[dict[str, Any]] = [
    make_record(),
    make_record(count_id=9),
    make_record(misalignment_id="M002", name="One"),
    make_record(misalignment_id="M002", name="Two"),
    make_record(session_id="session_002", drop=["session_sha"], session_count_id=2),
    make_rejected_record(misalignment_id="M003"),
]
FLAT: list[dict[str, Any]] = [
    make_label_row(),
    make_label_row(misalignment_id="M002"),
    make_label_row(misalignment_id="M004", C7="not_applicable"),
    make_label_row(misalignment_id="M005", damage_severity="DS9"),
]
CHECKED: list[dict[str, Any]] = [
    make_candidate_row(misalignment_id=name, source=source)
    for name in ("M001", "M006")
    for source in ("specstory", "swe")
]
MAPPING: list[dict[str, Any]] = [make_mapping_row(session_count_id=number) for number in (1, 2, 3)]


def account(inputs: list[list[dict[str, Any]]]) -> object:
    corpus, report = read(*[stdin(records) for records in inputs])
    findings = sorted((finding.rule, finding.key, finding.field) for finding in report.set_aside)
    return [content(episode) for episode in corpus.episodes], report.counts, findings, corpus.sessions


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_the_order_of_records_and_files_does_not_matter(chance: random.Random, parts: int) -> None:
    expected = account([POOL, FLAT, CHECKED, MAPPING])
    nested = chance.sample(POOL, len(POOL))
    files = [nested[start::parts] for start in range(parts)]
    files += [chance.sample(rows, len(rows)) for rows in (FLAT, CHECKED, MAPPING)]
    chance.shuffle(files)
    assert account(files) == expected


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["S1", "C1"])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["labels", "label", "quote", "status"]) | st.text(max_size=3), inner, max_size=3
        )
    ),
    max_leaves=6,
)
MAKERS = {"nested": make_record, "labels": make_label_row, "checked": make_candidate_row, "mapping": make_mapping_row}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(MAKERS)), st.data())
def test_whatever_a_field_holds_the_record_is_read_or_set_aside(kind: str, data: st.DataObject) -> None:
    good = MAKERS[kind](repository_id=77)
    field = data.draw(st.sampled_from(sorted(good)))
    corpus, report = read_records([good, good | {field: data.draw(ANYTHING)}])
    (file,) = corpus.files
    assert file.records == 2
    assert file.well_formed + len(report.set_aside) == 2
    assert all(finding.message and finding.rule for finding in report.set_aside)


# The study's own rows and the test corpus, where they are at hand.


def test_every_real_label_row_is_read_and_its_breach_told(shared: Path) -> None:
    corpus, report = read(shared / "reference/core_sample/annotated_misalignments.json")
    assert corpus.files == (FileSummary("annotated_misalignments.json", "flat annotated label rows", 215, 215, 0),)
    assert len(corpus.episodes) == 215
    assert report.counts["unknown_fields"] == {}
    assert [(finding.rule, finding.key) for finding in report.warnings] == [
        ("undetermined-cause-not-alone", "specstory/1043820341/session_004/M002")
    ]
    (odd,) = [e for e in corpus.episodes if str(e.facts.key) == "specstory/1000556517/session_011/M002"]
    assert odd.facts.labels is not None
    assert len(odd.facts.labels.forms) == 3


def test_every_real_candidate_and_session_is_read(shared: Path) -> None:
    folder = shared / "reference/core_sample"
    corpus, report = read(*sorted(folder.glob("*.json")))
    assert [file.well_formed for file in corpus.files] == [215, 138, 87]
    assert (report.set_aside, corpus.sessions, report.counts["read"]) == ([], 138, 302)
    assert len(corpus.episodes) + report.counts["duplicates_collapsed"] == 302
    assert rules(report.warnings) == ["undetermined-cause-not-alone"]


def test_every_real_episode_is_read_whole(shared: Path) -> None:
    path = shared / "corpus/real_episodes.json"
    given = {
        (r["source"], str(r["repository_id"]), r["session_id"], r["misalignment_id"]): r
        for r in json.loads(path.read_text(encoding="utf-8"))
    }
    corpus, report = read(path)
    assert report.set_aside == []
    assert [episode.facts.validation for episode in corpus.episodes].count("VALID") == 150
    assert {tuple(episode.facts.key) for episode in corpus.episodes} == set(given)
    for episode in corpus.episodes:
        record = given[episode.facts.key]
        assert episode.text is not None
        assert [vars(item) for item in episode.text.evidence] == record["evidence"]
        assert (episode.text.name, episode.text.description) == (record["name"], record["description"])
        assert episode.text.note == record.get("validation_note")
        assert episode.license_raw == record["license_type"]
        stamp = episode.facts.session.timestamp
        assert (stamp and f"{stamp:%Y-%m-%d %H:%M:%S}") == record["session_timestamp"]
        if episode.facts.labels:
            assert list(episode.facts.labels.forms) == record["symptom"]["labels"]
            assert [{"label": c.label, "evidence_tier": c.tier} for c in episode.facts.labels.causes] == record[
                "cause"
            ]["labels"]


def test_every_breach_has_a_sentence() -> None:
    found: set[str] = set()
    for forms in ([], ["S8", "S1"], ["S1", "S1"]):
        for causes in ([], ["C1", "C7"], ["C1", "C1"], ["C1", "C2", "C3"]):
            for severity, locus in (("DS1", "DL1"), ("DS2", None)):
                for status, resolver in (("RS1", None), ("RS2", "RV1")):
                    for tier in (None, "direct"):
                        labels = Labels(
                            forms=forms,
                            causes=[CauseLabel(label=code, tier=tier) for code in causes],
                            severity=severity,
                            locus=locus,
                            status=status,
                            resolver=resolver,
                        )
                        found |= set(labels.breaches())
    assert len(found) == 13
    assert found == set(list(BREACHES)[:13])
