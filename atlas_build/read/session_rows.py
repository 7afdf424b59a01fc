"""Session mapping rows: every session of the study, also those without an episode."""

from __future__ import annotations

from atlas_build.model.source import Origin
from atlas_build.read.dialect import Dropped, Record, SessionRow, check_fields, read_repository_id, read_source
from atlas_build.read.problems import UnreadableError
from atlas_build.read.session_fields import SessionFields

_KNOWN = frozenset(SessionFields.model_fields) | {"source", "repository_id"}


class SessionRows:
    name = "session mapping rows"
    rank = 3

    def recognises(self, record: Record) -> bool:
        """A numbered session, and nothing that names an episode."""
        return "session_count_id" in record and not any(
            field in record for field in ("session_id", "misalignment_id", "misalignment-id", "record_key")
        )

    def read(self, record: Record, origin: Origin, dropped: Dropped) -> SessionRow:
        source, repository_id = read_source(record), read_repository_id(record)
        fields = check_fields(SessionFields, record)
        if fields.session_count_id is None:
            raise UnreadableError("field-missing", "session_count_id", "the number is missing; it is part of the key")
        dropped.note(record, _KNOWN)
        return SessionRow(
            source, repository_id, fields.session_count_id, fields.session(), fields.license_raw(), origin
        )
