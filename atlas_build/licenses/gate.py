"""The license gate: a license text in, a verdict out. Fail closed.

A text is read in this order: a refused name, an alias, a full SPDX name, an SPDX expression. Of the expression every
license is looked up in the policy; AND needs all parts, OR one, WITH the license and the reviewed pair. What remains
is excluded. `judge` answers for every string, never raises, and takes time linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from atlas_build.licenses import spdx
from atlas_build.licenses.expressions import (
    LONGEST,
    AllOf,
    AnyOf,
    Expression,
    ExpressionError,
    Term,
    parse,
    terms,
    write,
)
from atlas_build.licenses.policy import Policy, PolicyError, read_policy
from atlas_build.licenses.verdict import REASONS, Reason, Verdict

__all__ = [
    "REASONS",
    "LicenseGate",
    "PolicyError",
    "Reason",
    "Verdict",
    "shown_license",
    "verdict_json",
    "verdict_line",
]

_OPERATOR = re.compile(r"\b(?:and|or|with)\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9._+-]+(?: [A-Za-z0-9._+-]+)*")

_REASON_BY_CATEGORY = {
    "Copyleft": Reason.NOT_PERMISSIVE,
    "Copyleft Limited": Reason.NOT_PERMISSIVE,
    "Commercial": Reason.NOT_PERMISSIVE,
    "Free Restricted": Reason.NOT_PERMISSIVE,
    "Proprietary Free": Reason.NOT_PERMISSIVE,
    "Source-available": Reason.SOURCE_AVAILABLE,
}


@dataclass(frozen=True, slots=True)
class _Finding:
    """What the policy says of a part of an expression."""

    reason: Reason
    rules: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    """When allowed: the licenses that are relied on, one for each part that applies."""

    @property
    def is_allowed(self) -> bool:
        return self.reason is Reason.ALLOWED


class LicenseGate:
    """Judges license texts by one policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._verdicts: dict[str, Verdict] = {}

    @classmethod
    def from_policy(cls, path: Path) -> LicenseGate:
        """The gate for data/policy/licenses.toml; raises PolicyError when that file is broken."""
        return cls(read_policy(path))

    def judge(self, raw: str | None) -> Verdict:
        """The verdict on a license text as read. Never raises; each text is judged once."""
        if raw is None:
            return _exclude(raw, Reason.MISSING)
        if len(raw) > LONGEST:
            return _exclude(raw, Reason.UNPARSABLE)
        if raw not in self._verdicts:
            self._verdicts[raw] = self._judge(raw)
        return self._verdicts[raw]

    def _judge(self, raw: str) -> Verdict:
        text = " ".join(raw.split())
        if not text:
            return _exclude(raw, Reason.MISSING)
        if refused := self._policy.refuse_name(text):
            return _exclude(raw, refused.reason, refused.rule, shown=text)
        if alias := self._policy.find_alias(text):
            return self._judge_expression(raw, parse(alias.meaning), alias.rule, is_named=True)
        named = spdx.find_id_by_name(text)
        try:
            expression = parse(named or text)
        except ExpressionError:
            return _exclude(raw, Reason.UNKNOWN_LICENSE if _is_name(text) else Reason.UNPARSABLE)
        return self._judge_expression(raw, expression, is_named=named is not None)

    def _judge_expression(self, raw: str, expression: Expression, *read_by: str, is_named: bool = False) -> Verdict:
        """`is_named`: the whole text is a name that SPDX or the policy lists."""
        finding = self._weigh(expression)
        unlisted = {term.id for term in terms(expression) if not (term.is_known or self._policy.lists_refused(term.id))}
        names_a_license = _names_a_license(expression)
        return Verdict(
            raw=raw,
            admitted=finding.is_allowed,
            reason=finding.reason,
            rule=", ".join((*read_by, *finding.rules)) or None,
            expression=write(expression) if names_a_license else None,
            shown=" ".join(raw.split()) if is_named or not unlisted else None,
            masked=write(expression, masked=unlisted) if names_a_license else None,
            branch=" AND ".join(finding.chosen) or None,
        )

    def _weigh(self, expression: Expression) -> _Finding:
        match expression:
            case Term():
                return self._weigh_term(expression)
            case AnyOf():
                return _first_allowed([self._weigh(part) for part in expression.parts])
            case AllOf():
                return _all_allowed([self._weigh(part) for part in expression.parts])

    def _weigh_term(self, term: Term) -> _Finding:
        finding = self._weigh_id(term)
        if not finding.is_allowed or term.exception is None:
            return finding
        pair = f"{term.id} WITH {term.exception}"
        if pair not in self._policy.exceptions:
            return _Finding(Reason.EXCEPTION_NOT_REVIEWED)
        return _Finding(Reason.ALLOWED, (*finding.rules, f"exception:{term.exception}"), (pair,))

    def _weigh_id(self, term: Term) -> _Finding:
        """A plus needs no care: who offers later versions too offers this one."""
        if term.id in self._policy.allow:
            return _Finding(Reason.ALLOWED, (f"allow:{term.id}",), (term.id,))
        if found := self._policy.find_switch(term.id):
            name, switch = found
            if switch.on:
                return _Finding(Reason.ALLOWED, (f"switch:{name}",), (term.id,))
            return _Finding(Reason.POLICY_SWITCH_OFF, (f"switch:{name}",))
        if refused := self._policy.refuse_id(term.id):
            return _Finding(refused.reason, (refused.rule,))
        return _Finding(_reason_without_entry(term))


def shown_license(verdict: Verdict) -> str:
    """What may be printed of the license of an excluded episode; a repository's own words may name people."""
    if verdict.reason is Reason.MISSING:
        return "not recorded"
    return verdict.shown or verdict.masked or "another text"


def verdict_line(verdict: Verdict) -> str:
    """The verdict in one line for a person at a terminal."""
    shown = "no license text" if verdict.raw is None else f'"{_printable(verdict.raw, 80)}"'
    if verdict.admitted:
        return f"admitted: {shown} as {verdict.branch} (rule {verdict.rule})"
    by_rule = f" (rule {verdict.rule})" if verdict.rule else ""
    return f"excluded: {shown}, {verdict.reason}: {REASONS[verdict.reason]}{by_rule}"


def verdict_json(verdict: Verdict) -> dict[str, str | None]:
    """The verdict for a program. An over-long text is cut, and what cannot be UTF-8 is escaped."""
    return {
        "raw": None if verdict.raw is None else _writable(_cut(verdict.raw, LONGEST)),
        "verdict": "admitted" if verdict.admitted else "excluded",
        "reason": str(verdict.reason),
        "rule": verdict.rule,
        "expression": verdict.expression,
    }


def _exclude(raw: str | None, reason: Reason, rule: str | None = None, *, shown: str | None = None) -> Verdict:
    return Verdict(raw=raw, admitted=False, reason=reason, rule=rule, expression=None, shown=shown, branch=None)


def _first_allowed(findings: list[_Finding]) -> _Finding:
    """OR: the first allowed branch; if there is none, the first branch says why."""
    return next((finding for finding in findings if finding.is_allowed), findings[0])


def _all_allowed(findings: list[_Finding]) -> _Finding:
    """AND: all parts together; if one is not allowed, the first such part says why."""
    for finding in findings:
        if not finding.is_allowed:
            return finding
    rules = dict.fromkeys(rule for finding in findings for rule in finding.rules)
    chosen = dict.fromkeys(license_id for finding in findings for license_id in finding.chosen)
    return _Finding(Reason.ALLOWED, tuple(rules), tuple(chosen))


def _reason_without_entry(term: Term) -> Reason:
    if term.is_custom:
        return Reason.CUSTOM_LICENSE
    if not term.is_known:
        return Reason.UNKNOWN_LICENSE
    return _REASON_BY_CATEGORY.get(spdx.category(term.id) or "", Reason.NOT_LISTED)


def _names_a_license(expression: Expression) -> bool:
    return any(term.is_known or term.is_custom for term in terms(expression))


def _is_name(text: str) -> bool:
    """True for plain words such as `GPL v3`: somebody's name for a license, not a broken expression."""
    return _NAME.fullmatch(text) is not None and not _OPERATOR.search(text)


def _printable(text: str, length: int) -> str:
    cut = _cut(text, length)
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
