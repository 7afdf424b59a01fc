"""Everything that can go wrong, as one tree.

    AtlasError                  exit 1  something in the input, the policy or the site is wrong
    ├── UsageError              exit 2  the command was called in a way that cannot work
    ├── InputError              exit 1  a file cannot be read as what it should be
    │   └── UnknownDialectError exit 1  the data has none of the known shapes
    ├── PolicyError             exit 1  a file under data/ is broken
    ├── StrictError             exit 1  records were set aside and --strict was given
    ├── ScrubError              exit 1  a detector failed; the build stops rather than publish
    ├── CheckError              exit 1  the finished site breaks a promise (links, leaks, sizes ...)
    └── PublishError            exit 1  the target folder is not ours, or cannot be swapped

A message says what is wrong, where (file, record, field), and the hint says what to do. It never
contains the offending text: that text may be personal.
"""

from __future__ import annotations

from collections.abc import Sequence


class AtlasError(Exception):
    """Base of every error that is meant for the person at the command line."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = tuple(details)

    def diagnostics(self) -> str:
        """The whole story for the terminal: message, one line a detail, then the hint."""
        lines = [self.message, *(f"  - {detail}" for detail in self.details)]
        if self.hint:
            lines.append(f"What to do: {self.hint}")
        return "\n".join(lines)


class UsageError(AtlasError):
    exit_code = 2


class InputError(AtlasError):
    pass


class UnknownDialectError(InputError):
    pass


class PolicyError(AtlasError):
    pass


class StrictError(AtlasError):
    pass


class ScrubError(AtlasError):
    pass


class CheckError(AtlasError):
    pass


class PublishError(AtlasError):
    pass
