"""What can go wrong, as exceptions whose ``str()`` is the whole message for the user."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The process exit codes; the only place that defines them."""

    OK = 0
    GATE = 1
    USAGE = 2
    NO_INPUT = 3
    UNREADABLE = 4
    INTERNAL = 5


class AuditorError(Exception):
    """Base of every error that is the user's to mend; ``str()`` is one clear line."""

    exit_code = ExitCode.USAGE


class UnreadableFile(AuditorError):
    """A file that cannot be read as a report.

    ``code`` is one of ``missing``, ``denied``; ``empty``, ``no_text`` (images only); ``unsupported``, ``binary``,
    ``encoding``, ``garbled`` (characters that are no text); ``encrypted``; ``too_large``, ``timeout``, ``crash``.
    """

    exit_code = ExitCode.UNREADABLE

    def __init__(self, file: str, code: str, message: str) -> None:
        super().__init__(file, code, message)
        self.file = file
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


class RuleError(AuditorError):
    """One or more problems in files of rules or settings; each line reads ``file:line: field: problem``."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class NoRuleSet(AuditorError):
    """No rule set covers the report's year."""


class NoInput(AuditorError):
    """Nothing to audit was found at the given paths."""

    exit_code = ExitCode.NO_INPUT
