"""`cite`: a citation of one case, and the check of every case link in a paper.

Both read a finished site, in a folder or on the web, and of that only data files: the list of ids, the list of
withdrawn ids, the data package, the episodes and release files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from atlas_build.case_links import CaseLink, canonical, find_links, is_spelled_as_address
from atlas_build.errors import InputError, UsageError
from atlas_build.model.ledger import RELEASE_NAME, Tombstone
from atlas_build.model.release import ReleaseCase, ReleaseRecord
from atlas_build.model.source import Evidence, Labels
from atlas_build.nearest import nearest_ids
from atlas_build.publish.diff import compare_cases
from atlas_build.publish.releases import describe_record
from atlas_build.render.citations import PAPER, part_of, refer_to_case, write_latex
from atlas_build.render.page import persistent_address
from atlas_build.render.references import Reference, write_bibtex, write_csl, write_ris, write_text
from atlas_build.result_links import Outcome, ResultLink, compare_result, find_result_links
from atlas_build.site_files import SiteSource

FORMATS = ("text", "bibtex", "ris", "csl", "latex")
STUDY = "study"
"""What stands for an id to cite the study."""
EPISODES = "data/episodes.jsonl.gz"
RELEASE_FILE = "releases/{}/release.json.gz"

_TOMBSTONES = TypeAdapter(tuple[Tombstone, ...])
_IS_RELEASE = re.compile(RELEASE_NAME)
_LINE_START = re.compile(rb'\{"id":"(AMA-[0-9a-z]{4}-[0-9a-z]{4})"')
LABELS = frozenset({"form", "cause", "severity", "locus", "status", "resolver", "goal"})
"""Fields whose change makes a sentence about a case untrue."""


class Status(StrEnum):
    OK = "ok"
    LABELS_CHANGED = "labels changed"
    QUOTES_CHANGED = "quotes changed"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    UNKNOWN = "unknown"
    MISTYPED = "mistyped"
    NO_SUCH_QUOTE = "no such quote"
    NO_SUCH_RELEASE = "no such release"
    LIST_CHANGED = "list changed"
    NOT_CHECKED = "not checked"


OUTCOMES = {
    Outcome.SAME: Status.OK,
    Outcome.CHANGED: Status.LIST_CHANGED,
    Outcome.NOT_CHECKED: Status.NOT_CHECKED,
    Outcome.NO_RELEASE: Status.NO_SUCH_RELEASE,
}


@dataclass(frozen=True)
class Verdict:
    link: CaseLink | ResultLink
    status: Status
    remark: str = ""

    @property
    def misleads(self) -> bool:
        return self.status not in (Status.OK, Status.NOT_CHECKED)

    def __str__(self) -> str:
        remark = f" ({self.remark})" if self.remark else ""
        return f"{self.link.file}:{self.link.line}: {self.link.typed}: {self.status}{remark}"


def _day(created: object) -> date | None:
    """The date of a data package's `created`."""
    try:
        return date.fromisoformat(created[:10]) if isinstance(created, str) else None
    except ValueError:
        return None


class PublishedSite:
    """What a finished site says of its cases; files are read when they are first needed."""

    def __init__(self, source: SiteSource) -> None:
        self._source = source
        self._releases: dict[str, ReleaseRecord | None] = {}

    @cached_property
    def package(self) -> dict[str, object]:
        return self._object("data/datapackage.json")

    @cached_property
    def quotes(self) -> dict[str, int]:
        """Id of every published case -> number of its quotes."""
        lines = self._needed("data/ids.txt").decode("ascii", "replace").splitlines()
        pairs = (line.split(" ") for line in lines if line.count(" ") == 1)
        return {case_id: int(count) for case_id, count in pairs if count.isdecimal()}

    @cached_property
    def gone(self) -> dict[str, Tombstone]:
        try:
            return {item.id: item for item in _TOMBSTONES.validate_json(self._needed("withdrawn.json"))}
        except ValidationError:
            raise self._broken("withdrawn.json") from None

    @cached_property
    def known(self) -> list[str]:
        """Every id that has a page."""
        return sorted({*self.quotes, *self.gone})

    @property
    def bases(self) -> tuple[str, ...]:
        """Addresses at which cases of this site are found."""
        return tuple(str(self.package[name]) for name in ("homepage", "id") if name in self.package)

    def record(self, case_id: str) -> dict[str, object] | None:
        """The case as published in the download of all episodes."""
        line = self._lines.get(case_id)
        try:
            return orjson.loads(line) if line is not None else None
        except orjson.JSONDecodeError:
            raise self._broken(EPISODES) from None

    @cached_property
    def _lines(self) -> dict[str, bytes]:
        """Id -> its line of the download."""
        lines = self._needed(EPISODES).split(b"\n")
        return {match[1].decode(): line for line in lines if (match := _LINE_START.match(line))}

    def case_now(self, case_id: str) -> ReleaseCase | None:
        record = self.record(case_id)
        if record is None:
            return None
        labels = Labels.model_validate_json(orjson.dumps(record["labels"]))
        evidence = TypeAdapter(tuple[Evidence, ...]).validate_python(record["evidence"])
        return describe_record(record, labels, evidence)

    @cached_property
    def cases_now(self) -> tuple[ReleaseCase, ...]:
        """Every published case as a release file would describe it."""
        return tuple(case for case_id in self.quotes if (case := self.case_now(case_id)))

    @property
    def has_releases(self) -> bool:
        """Whether the site has a release file of the release that it shows."""
        version = self.package.get("version")
        return isinstance(version, str) and self.release(version) is not None

    def release(self, version: str) -> ReleaseRecord | None:
        if version not in self._releases:
            data = self._source.read(RELEASE_FILE.format(version)) if _IS_RELEASE.fullmatch(version) else None
            try:
                self._releases[version] = ReleaseRecord.model_validate_json(data) if data is not None else None
            except ValidationError:
                raise self._broken(f"the file of release {version}") from None
        return self._releases[version]

    def reference(self, case_id: str) -> Reference | None:
        """The case as it is cited on its own page."""
        record = self.record(case_id)
        if record is None:
            return None
        home, pid = (self.package.get(name) for name in ("homepage", "id"))
        base_url = home if isinstance(home, str) else None
        pid_base = pid if isinstance(pid, str) and pid != home else None
        version, created = self.package.get("version"), self.package.get("created")
        return refer_to_case(
            case_id,
            str(record["name"]),
            atlas=str(self.package.get("title", "Misalignment Atlas")),
            url=persistent_address(base_url, pid_base, f"c/{case_id.lower()}/"),
            release=version if isinstance(version, str) else None,
            released=_day(created),
        )

    def _object(self, path: str) -> dict[str, object]:
        try:
            value = orjson.loads(self._needed(path))
        except orjson.JSONDecodeError:
            value = None
        if not isinstance(value, dict):
            raise self._broken(path)
        return value

    def _needed(self, path: str) -> bytes:
        data = self._source.read(path)
        if data is None:
            raise InputError(
                f"{self._source.name} has no {path}", hint="name a site that `misalignment-atlas build` wrote"
            )
        return data

    def _broken(self, what: str) -> InputError:
        return InputError(f"{self._source.name}: {what} cannot be read", hint="build the site again")


def judge(link: CaseLink, site: PublishedSite) -> Verdict:
    """What a reader who follows the link finds."""
    case_id = canonical(link.typed)
    if case_id is None:
        return Verdict(link, Status.MISTYPED, _meant(link.typed, site) or "its check character does not fit")
    if link.is_address and not is_spelled_as_address(link.typed):
        return Verdict(link, Status.MISTYPED, f"in an address it is {case_id.lower()}")
    if case_id in site.gone:
        return _judge_gone(link, site.gone[case_id])
    if case_id not in site.quotes:
        return Verdict(link, Status.UNKNOWN, _meant(link.typed, site) or "no case of the site has this id")
    if link.quote is not None and not 1 <= link.quote <= site.quotes[case_id]:
        return Verdict(link, Status.NO_SUCH_QUOTE, f"the case has {site.quotes[case_id]}")
    return _judge_age(link, case_id, site) if link.release else Verdict(link, Status.OK)


def _meant(typed: str, site: PublishedSite) -> str:
    near = nearest_ids(typed, site.known)
    return f"did you mean {' or '.join(near)}?" if near else ""


def _judge_gone(link: CaseLink, tombstone: Tombstone) -> Verdict:
    if tombstone.successor:
        return Verdict(link, Status.MOVED, f"continued as {tombstone.successor}")
    facts = (tombstone.reason, tombstone.date and f"{tombstone.date}", tombstone.release)
    return Verdict(link, Status.WITHDRAWN, ", ".join(str(fact) for fact in facts if fact))


def _judge_age(link: CaseLink, case_id: str, site: PublishedSite) -> Verdict:
    """What has changed since the release that the link was copied from."""
    assert link.release is not None, "only dated links have an age"
    record = site.release(link.release)
    if record is None:
        if site.has_releases:
            return Verdict(link, Status.NO_SUCH_RELEASE, f"the site has no release {link.release[:40]}")
        return Verdict(link, Status.OK, "the site has no release files, so its age is not known")
    then, now = record.by_id.get(case_id), site.case_now(case_id)
    if then is None or now is None:
        return Verdict(link, Status.NO_SUCH_RELEASE, f"the case was not in release {link.release}")
    changes = [str(change) for change in compare_cases(then, now) if change.field.split(" ")[0] in LABELS]
    if changes:
        return Verdict(link, Status.LABELS_CHANGED, "; ".join(changes))
    if link.quote is not None and then.evidence != now.evidence:
        return Verdict(link, Status.QUOTES_CHANGED, f"since release {link.release}")
    return Verdict(link, Status.OK, "text revised" if then.text != now.text else "")


def judge_result(link: ResultLink, site: PublishedSite) -> Verdict:
    """What a reader of a cited result finds: the same list, or what has changed."""
    if link.cited.flaw:
        return Verdict(link, Status.MISTYPED, link.cited.flaw)
    outcome, remark = compare_result(link, site.release(link.cited.release), site.cases_now)
    return Verdict(link, OUTCOMES[outcome], remark)


def check_files(paths: Iterable[Path], site: PublishedSite) -> list[Verdict]:
    return [verdict for path in paths for verdict in _check_file(path, site)]


def _check_file(path: Path, site: PublishedSite) -> list[Verdict]:
    """In reading order."""
    text = _read(path)
    verdicts = [judge(link, site) for link in find_links(str(path), text, site.bases)]
    verdicts += [judge_result(link, site) for link in find_result_links(str(path), text, site.bases)]
    return sorted(verdicts, key=lambda verdict: verdict.link.line)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", hint="name text files such as paper.tex") from None


def summarize_verdicts(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return "no case link found"
    counts = Counter(verdict.status for verdict in verdicts)
    parts = [f"{counts[status]:,} {status}" for status in Status if counts[status]]
    kind = "case links" if all(isinstance(verdict.link, CaseLink) for verdict in verdicts) else "links"
    return f"{len(verdicts):,} {kind}: {', '.join(parts)}"


def cite(typed: str, site: PublishedSite, form: str) -> bytes:
    """The citation of a case, of one quote (`AMA-xxxx-xxxx#q2`), or of the study, as a file in the given format.

    Raises:
        UsageError: there is no such case or quote.
    """
    if typed == STUDY:
        return write_reference(PAPER, "text" if form == "latex" else form)
    name, _, part = typed.partition("#q")
    case_id = canonical(name)
    reference = site.reference(case_id) if case_id else None
    if case_id is None or reference is None:
        raise UsageError(f"there is no case {name[:40]}", hint=_hint(name, case_id, site))
    if not part:
        return write_reference(reference, form)
    if not part.isdecimal() or not 1 <= int(part) <= site.quotes.get(case_id, 0):
        raise UsageError(f"{case_id} has no such quote", hint=f"its quotes are #q1 to #q{site.quotes.get(case_id, 0)}")
    return write_reference(part_of(reference, int(part)), form)


def _hint(typed: str, case_id: str | None, site: PublishedSite) -> str:
    if case_id in site.gone:
        tombstone = site.gone[str(case_id)]
        return f"it was continued as {tombstone.successor}" if tombstone.successor else "it was withdrawn"
    return _meant(typed, site) or "an id looks like AMA-7k2d-9qxp; it stands at the top of the case's page"


def write_reference(reference: Reference, form: str) -> bytes:
    writers = {"text": write_text, "bibtex": write_bibtex, "ris": write_ris, "csl": write_csl, "latex": write_latex}
    text = writers[form](reference).rstrip("\n") + "\n"
    return text.replace("\n", "\r\n").encode() if form == "ris" else text.encode()
