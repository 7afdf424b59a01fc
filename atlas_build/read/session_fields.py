"""Fields about the session, which every dialect carries in the same way."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from atlas_build.model.codebook import Workflow
from atlas_build.model.source import Session
from atlas_build.read.dialect import Fields, text_or_none

MAX_COUNT = 1_000_000_000
_TIMESTAMP = re.compile(r"(\d{4})-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_YEARS = range(1990, 2200)


def _whole(value: object) -> object:
    """A whole number that a table writer turned into 12.0, as pandas does when a column has gaps."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= MAX_COUNT else value


def _time(value: object) -> datetime | None:
    """`YYYY-MM-DD HH:MM:SS`, also with T. Upstream gives no zone; a time with one is turned into UTC."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    match = _TIMESTAMP.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if not match or int(match[1]) not in _YEARS:
            raise ValueError
        stamp = datetime.fromisoformat(match[0])
    except ValueError:
        raise PydanticCustomError(
            "bad-timestamp", "a time such as 2025-06-04 09:30:00, or null, is expected here"
        ) from None
    return (stamp.astimezone(UTC).replace(tzinfo=None) if stamp.tzinfo else stamp).replace(microsecond=0)


Count = Annotated[int, Field(strict=True, ge=0, le=MAX_COUNT), BeforeValidator(_whole)]
Time = Annotated[datetime | None, BeforeValidator(_time)]
Sha = Annotated[str, Field(strict=True, pattern=r"^\s*[A-Za-z0-9_-]{0,64}\s*$")]
"""40 hex digits, a UUID, or `ses_` with 26 letters and digits."""
ShortText = Annotated[str, Field(strict=True, max_length=200)]
VisibleText = Annotated[
    str,
    Field(
        strict=True,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f-\x9f\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{2069}\u{feff}]*$",
    ),
]
"""A name, which stands in lists, counts and addresses as it is: one line, nothing that cannot be seen."""


class SessionFields(Fields):
    session_count_id: Count | None = None
    num_commits: Count | None = None
    license_type: ShortText | None = None
    session_sha: Sha | None = None
    session_timestamp: Time = None
    session_type: Workflow | None = None
    agent: VisibleText | None = None
    user_turns: Count | None = None
    agent_turns: Count | None = None

    def session(self) -> Session:
        return Session(
            number=self.session_count_id,
            sha=text_or_none(self.session_sha),
            timestamp=self.session_timestamp,
            workflow=self.session_type,
            agent=text_or_none(self.agent),
            user_turns=self.user_turns,
            agent_turns=self.agent_turns,
            repository_commits=self.num_commits,
        )

    def license_raw(self) -> str | None:
        return text_or_none(self.license_type)
