"""The audit: read, gate, hold back and scrub as a build does, then show what was removed instead of publishing.

The page and the JSON hold personal data. The page is written for its owner alone, and never into a site.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from atlas_build.admission import admit, hold_back
from atlas_build.config import BuildConfig
from atlas_build.edition import read_past
from atlas_build.errors import PublishError
from atlas_build.licenses.gate import LicenseGate
from atlas_build.publish.staging import MARKER
from atlas_build.read.corpus import read_corpus
from atlas_build.render.pieces import Piece, cut_pieces
from atlas_build.render.templates import write_thousands
from atlas_build.report import Report
from atlas_build.scrub.audit import Audit, Confidence, Context, Group, RemovedEntry, make_audit, shorten
from atlas_build.scrub.corpus import CorpusScrubber
from atlas_build.scrub.policy import Entry

DEFAULT_OUT = Path("audit.html")
BANDS = {
    Confidence.BORDERLINE: ("Borderline", "names known from lists alone, weak cues"),
    Confidence.LIKELY: ("Likely", "a cue beside the value, or a telling form"),
    Confidence.CERTAIN: ("Certain", "a form or place that hardly anything else has"),
}
OPEN_ENTRIES = 200
"""Groups up to this size show their contexts at once, as far as they are borderline."""


def audit(config: BuildConfig, report: Report, *, contexts: int) -> Audit:
    """What a build of this input would remove.

    Raises:
        AtlasError: the input or a policy is broken, or a detector failed.
    """
    gate = LicenseGate.from_policy(config.data_dir / "policy" / "licenses.toml")
    with report.stage("read"):
        past = read_past(config)
        corpus = read_corpus(config.inputs, report)
    with report.stage("license gate"):
        admission = hold_back(admit(corpus.episodes, gate), past.suppressions, past.ledger)
    with (
        report.stage("scrub"),
        CorpusScrubber(
            admission.identified, data_dir=config.data_dir, jobs=config.jobs, report=report, cache=config.cache
        ) as scrubber,
    ):
        found = scrubber.find()
        idle = scrubber.idle_entries(found)
        return make_audit(scrubber.fields, found, idle, scrubber.policy.vocabulary, contexts=contexts)


def refuse_site(out: Path) -> None:
    """
    Raises:
        PublishError: the page would become part of a site, or stands where a folder is.
    """
    target = out.resolve()
    for folder in target.parents:
        if (folder / MARKER).exists():
            raise PublishError(
                f"{out} would be inside a site; an audit holds personal data", hint="choose another --out"
            )
    if target.is_dir():
        raise PublishError(f"{out} is a folder", hint="name a file, such as --out audit.html")


def write_audit(audit: Audit, out: Path, templates: Path) -> None:
    """Write the page for its owner alone; an old page is replaced at once.

    Raises:
        PublishError: it would stand in a site, or cannot be written.
    """
    refuse_site(out)
    target = out.resolve()
    try:
        # A temporary file is readable by its owner alone from its first byte on.
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".audit-", suffix=".html")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.writelines(render_audit(audit, templates))
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PublishError(f"cannot write {out}: {error.strerror}", hint="choose another --out") from error


def render_audit(audit: Audit, templates: Path) -> Iterator[str]:
    """The page, piece by piece."""
    style = (templates / "audit.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["thousands"] = write_thousands
    page = environment.get_template("audit.html.jinja2")
    return page.generate(audit=view_audit(audit), style=style, policy=security_policy(style))


def security_policy(style: str) -> str:
    """Nothing is loaded and nothing runs; the one style element is named by its digest."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class BandView:
    id: str
    name: str
    about: str
    values: int


@dataclass(frozen=True)
class ContextView:
    case_id: str
    field: str
    before: Sequence[Piece]
    value: Sequence[Piece]
    after: Sequence[Piece]
    placeholder: str
    how: str


@dataclass(frozen=True)
class EntryView:
    value: Sequence[Piece]
    score: str
    rules: str
    times: str
    distinctive: bool
    detected: bool
    contexts: Sequence[ContextView]
    unshown: int


@dataclass(frozen=True)
class GroupView:
    id: str
    band: str
    band_name: str
    kind: str
    values: int
    places: int
    is_open: bool
    group: Group

    @property
    def entries(self) -> Iterator[EntryView]:
        """Made while the page is written: all at once would hold every context twice."""
        return map(_view_entry, self.group.entries)


@dataclass(frozen=True)
class IdleView:
    value: Sequence[Piece]
    place: str


@dataclass(frozen=True)
class AuditView:
    episodes: int
    values: int
    places: int
    bands: Sequence[BandView]
    groups: Sequence[GroupView]
    idle: Sequence[IdleView]


def view_audit(audit: Audit) -> AuditView:
    sizes = {band: sum(len(group.entries) for group in audit.groups if group.confidence is band) for band in BANDS}
    return AuditView(
        episodes=audit.episodes,
        values=sum(sizes.values()),
        places=sum(group.count for group in audit.groups),
        bands=[BandView(band.value, *BANDS[band], sizes[band]) for band in BANDS],
        groups=[_view_group(group) for group in audit.groups],
        idle=[_view_idle(entry) for entry in audit.idle],
    )


def _view_group(group: Group) -> GroupView:
    return GroupView(
        id=f"{group.confidence}-{group.kind.value.lower().replace('_', '-')}",
        band=group.confidence.value,
        band_name=BANDS[group.confidence][0],
        kind=group.kind.value,
        values=len(group.entries),
        places=group.count,
        is_open=group.confidence is Confidence.BORDERLINE and len(group.entries) <= OPEN_ENTRIES,
        group=group,
    )


def _view_entry(entry: RemovedEntry) -> EntryView:
    cases = f"{len(entry.cases):,} cases" if len(entry.cases) > 1 else "one case"
    parts = [f"{entry.detected:,} detected"] if entry.detected else []
    parts += [f"{entry.propagated:,} propagated"] if entry.propagated else []
    return EntryView(
        value=cut_pieces(shorten(entry.spelling)),
        score=f"{entry.score:.2f}",
        rules=", ".join(f"{rule} {count:,}" for rule, count in sorted(entry.rules.items())),
        times=f"{' and '.join(parts)} in {cases}",
        distinctive=entry.distinctive,
        detected=entry.detected > 0,
        contexts=[_view_context(context) for context in entry.contexts],
        unshown=entry.unshown,
    )


def _view_context(context: Context) -> ContextView:
    return ContextView(
        case_id=context.case_id,
        field=context.field,
        before=cut_pieces(context.before),
        value=cut_pieces(shorten(context.value)),
        after=cut_pieces(context.after),
        placeholder=context.placeholder,
        how="propagated" if context.is_propagated else f"{context.rule} {context.score:.2f}",
    )


def _view_idle(entry: Entry) -> IdleView:
    return IdleView(cut_pieces(entry.value), entry.place)
