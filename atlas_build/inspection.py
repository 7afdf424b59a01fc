"""What `misalignment-atlas inspect` finds out about record files before anybody builds a site from them.

Counts and codes only. Free text, also an agent or a license that is longer than a name, never gets in here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas_build.licenses.gate import REASONS, LicenseGate, Verdict, shown_license
from atlas_build.model.codebook import KNOWN_AGENTS, VOCABULARIES
from atlas_build.model.source import Labels, SourceEpisode
from atlas_build.read.corpus import Corpus, FileSummary, Input, read_corpus
from atlas_build.report import Finding, Report

LONGEST_LIST = 20
"""Lines of one kind of finding, or licenses, that are printed; the JSON has all."""


@dataclass(frozen=True)
class LicenseCount:
    """One license text and how many valid episodes have it."""

    name: str
    """As recorded, if it looks like a name."""
    episodes: int
    is_admitted: bool
    reason: str
    rule: str | None
    spdx: str | None


@dataclass(frozen=True)
class Inspection:
    """
    Attributes:
        files: one summary a file.
        counts: read, well_formed, set_aside, duplicates_collapsed, episodes, valid, rejected, annotated, with_text,
            labels_only.
        sessions: sessions of the session mapping, or None.
        labels: axis -> code -> valid episodes; an axis with several labels adds up to more than all episodes.
        licenses: most frequent first.
        missing: field -> episodes that do not have it.
        unknown_fields: field name -> records that had it; these are read past.
        breaches: rule id -> warnings.
        set_aside: rule id -> records that were set aside.
        findings: every record set aside, then every warning.
    """

    files: tuple[FileSummary, ...]
    counts: Mapping[str, int]
    sessions: int | None
    labels: Mapping[str, Mapping[str, int]]
    licenses: tuple[LicenseCount, ...]
    missing: Mapping[str, int]
    unknown_fields: Mapping[str, int]
    breaches: Mapping[str, int]
    set_aside: Mapping[str, int]
    findings: tuple[Finding, ...]

    def lines(self) -> list[str]:
        """For the terminal."""
        return [line for section in self._sections() for line in section]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values with sorted keys; nothing is cut off."""
        return {
            "files": [vars(file) for file in self.files],
            "counts": dict(self.counts),
            "sessions": self.sessions,
            "labels": {axis: dict(codes) for axis, codes in self.labels.items()},
            "licenses": [vars(entry) for entry in self.licenses],
            "missing": dict(self.missing),
            "unknown_fields": dict(self.unknown_fields),
            "breaches": dict(self.breaches),
            "set_aside": dict(self.set_aside),
            "findings": [vars(finding) for finding in self.findings],
        }

    def _sections(self) -> Iterator[list[str]]:
        yield ["Files", *_columns((f"{file.name}: {file.dialect}", _file_words(file)) for file in self.files)]
        yield ["", "Records", *_columns((name.replace("_", " "), f"{n:,}") for name, n in self.counts.items())]
        if self.sessions is not None:
            yield [f"  sessions in the mapping: {self.sessions:,}"]
        yield from self._label_sections()
        yield ["", "Licenses of valid episodes", *_cut([_license_line(entry) for entry in self.licenses])]
        yield _section("Missing fields (episodes)", self.missing)
        yield _section("Unknown fields (read past)", self.unknown_fields)
        yield _section("Set aside, by rule", self.set_aside)
        yield _section("Warnings, by rule", self.breaches)
        if self.findings:
            yield ["", "Findings", *_cut([f"  {finding}" for finding in self.findings])]

    def _label_sections(self) -> Iterator[list[str]]:
        yield ["", f"Labels of {self.counts['annotated']:,} annotated episodes"]
        yield [_axis_line(axis, self.labels[axis]) for axis in _LABELS]
        yield ["", f"Facts of {self.counts['valid']:,} valid episodes"]
        yield [_axis_line(axis, self.labels[axis]) for axis in _FACTS]


def inspect(inputs: Sequence[Input], data_dir: Path, report: Report) -> Inspection:
    """Read the inputs and count; nothing is written.

    Args:
        inputs: record files, or standard input.
        data_dir: the folder with `policy/licenses.toml`.
        report: gets progress and findings.

    Raises:
        AtlasError: a file or the license policy is broken.
    """
    gate = LicenseGate.from_policy(data_dir / "policy" / "licenses.toml")
    corpus = read_corpus(inputs, report)
    valid = [episode for episode in corpus.episodes if _is_valid(episode)]
    return Inspection(
        files=corpus.files,
        counts=_counts(corpus, valid, report),
        sessions=corpus.sessions,
        labels=_count_labels(valid),
        licenses=_count_licenses(valid, gate),
        missing=_count_missing(corpus.episodes),
        unknown_fields=dict(sorted(report.counts["unknown_fields"].items())),
        breaches=_count_rules(report.warnings),
        set_aside=_count_rules(report.set_aside),
        findings=(*report.set_aside, *report.warnings),
    )


def _is_valid(episode: SourceEpisode) -> bool:
    return episode.facts.validation == "VALID"


def _counts(corpus: Corpus, valid: Sequence[SourceEpisode], report: Report) -> dict[str, int]:
    names = ("read", "well_formed", "set_aside", "duplicates_collapsed")
    return {
        **{name: int(report.counts[name]) for name in names},
        "episodes": len(corpus.episodes),
        "valid": len(valid),
        "rejected": len(corpus.episodes) - len(valid),
        "annotated": sum(episode.facts.labels is not None for episode in valid),
        "with_text": sum(episode.text is not None for episode in corpus.episodes),
        "labels_only": int(report.counts["labels_only"]),
    }


_LABELS: dict[str, Callable[[Labels], Iterable[str | None]]] = {
    "form": lambda labels: labels.forms,
    "cause": lambda labels: (cause.label for cause in labels.causes),
    "tier": lambda labels: (cause.tier for cause in labels.causes),
    "severity": lambda labels: (labels.severity,),
    "locus": lambda labels: (labels.locus,),
    "status": lambda labels: (labels.status,),
    "resolver": lambda labels: (labels.resolver,),
}
_FACTS: dict[str, Callable[[SourceEpisode], str | None]] = {
    "goal": lambda episode: episode.facts.goal,
    "confidence": lambda episode: episode.facts.confidence,
    "source": lambda episode: episode.facts.source,
    "workflow": lambda episode: episode.facts.session.workflow,
    "agent": lambda episode: _agent(episode.facts.session.agent),
}


def _agent(name: str | None) -> str | None:
    return name if name is None or name in KNOWN_AGENTS else "(another)"


def _count_labels(valid: Sequence[SourceEpisode]) -> dict[str, dict[str, int]]:
    """Every code of every axis, also those that do not occur; an episode counts once a code."""
    labelled = [episode.facts.labels for episode in valid if episode.facts.labels]
    found = {axis: Counter(code for labels in labelled for code in set(pick(labels))) for axis, pick in _LABELS.items()}
    found |= {axis: Counter(map(fact, valid)) for axis, fact in _FACTS.items()}
    return {axis: _in_order(axis, codes) for axis, codes in found.items()}


def _in_order(axis: str, codes: Counter[str | None]) -> dict[str, int]:
    order = VOCABULARIES.get(axis) or sorted(code for code in codes if code is not None)
    return {str(code): codes[code] for code in order}


def _count_licenses(valid: Sequence[SourceEpisode], gate: LicenseGate) -> tuple[LicenseCount, ...]:
    found = Counter(episode.license_raw for episode in valid)
    entries = [_license_count(gate.judge(raw), number) for raw, number in found.items()]
    return tuple(sorted(entries, key=lambda entry: (-entry.episodes, entry.name, entry.reason)))


def _license_count(verdict: Verdict, episodes: int) -> LicenseCount:
    return LicenseCount(
        name=shown_license(verdict),
        episodes=episodes,
        is_admitted=verdict.admitted,
        reason=verdict.reason.value,
        rule=verdict.rule,
        spdx=verdict.branch or verdict.expression,
    )


def _count_missing(episodes: Iterable[SourceEpisode]) -> dict[str, int]:
    """Fields that an episode may lack, and how many do."""
    missing: Counter[str] = Counter()
    for episode in episodes:
        facts = {**vars(episode.facts.session), "license": episode.license_raw}
        facts |= {"goal": episode.facts.goal, "confidence": episode.facts.confidence}
        missing.update(name for name, value in facts.items() if value is None)
    return dict(sorted(missing.items()))


def _count_rules(findings: Iterable[Finding]) -> dict[str, int]:
    return dict(sorted(Counter(finding.rule for finding in findings).items()))


def _section(title: str, numbers: Mapping[str, int]) -> list[str]:
    if not numbers:
        return ["", f"{title}: none"]
    return ["", title, *_cut(_columns((name, f"{number:,}") for name, number in numbers.items()))]


def _columns(pairs: Iterable[tuple[str, str]]) -> list[str]:
    rows = list(pairs)
    width = max((len(name) for name, _ in rows), default=0)
    return [f"  {name:<{width}}  {words}" for name, words in rows]


def _cut(lines: list[str]) -> list[str]:
    more = len(lines) - LONGEST_LIST
    return [*lines[:LONGEST_LIST], f"  ... and {more:,} more (all are in the JSON)"] if more > 0 else lines


def _axis_line(axis: str, codes: Mapping[str, int]) -> str:
    return f"  {axis:<11}" + "  ".join(f"{code} {number:,}" for code, number in codes.items())


def _file_words(file: FileSummary) -> str:
    return f"{file.records:,} records, {file.set_aside:,} set aside"


def _license_line(entry: LicenseCount) -> str:
    verdict = "admitted" if entry.is_admitted else "excluded"
    why = entry.rule or REASONS_IN_SHORT[entry.reason]
    return f"  {entry.episodes:>7,}  {verdict}  {entry.name}  ({why})"


REASONS_IN_SHORT = {reason.value: sentence.rstrip(".") for reason, sentence in REASONS.items()}
