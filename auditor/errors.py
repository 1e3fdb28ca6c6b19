"""What can go wrong, as exceptions that tell the user in one line what it is and what to do."""

from __future__ import annotations

from enum import IntEnum

from auditor.words import Lang, Message, told


class ExitCode(IntEnum):
    """The process exit codes; the only place that defines them."""

    OK = 0
    GATE = 1
    USAGE = 2
    NO_INPUT = 3
    UNREADABLE = 4
    INTERNAL = 5
    INTERRUPTED = 130  # what shells give a program that Ctrl-C ended


class AuditorError(Exception):
    """Base of every error that is the user's to mend; ``told`` is one clear line, ``str()`` the same in Chinese."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: Message | str) -> None:
        super().__init__(message)
        self.message = message

    def told(self, lang: Lang) -> str:
        """The whole message in a language."""
        return told(self.message, lang)

    def __str__(self) -> str:
        return self.told(Lang.ZH)


class UnreadableFile(AuditorError):
    """A file that cannot be read as a report.

    ``code`` is one of ``missing``, ``denied``; ``empty``, ``no_text`` (images only); ``unsupported``, ``binary``,
    ``encoding``, ``garbled`` (characters that are no text); ``encrypted``; ``too_large``, ``timeout``, ``crash``.
    """

    exit_code = ExitCode.UNREADABLE

    def __init__(self, file: str, code: str, message: Message | str) -> None:
        super().__init__(message)
        self.args = (file, code, message)  # what a copy is made of
        self.file = file
        self.code = code

    def told(self, lang: Lang) -> str:
        return f"{self.file}: {self.said(lang)}"

    def said(self, lang: Lang) -> str:
        """The message without the file's name."""
        return told(self.message, lang)


class RuleError(AuditorError):
    """One or more problems in files of rules or settings; each line reads ``file:line: field: problem``."""

    def __init__(self, problems: tuple[Message | str, ...]) -> None:
        super().__init__("")
        self.args = (problems,)
        self.problems = problems

    def told(self, lang: Lang) -> str:
        return "\n".join(told(each, lang) for each in self.problems)


def problem(place: str, what: Message | str) -> Message:
    """What is wrong at a place of the rules: ``file:line: field``, or the id of a rule."""
    return Message("problem", {"place": place, "problem": what})


class NoRuleSet(AuditorError):
    """No rule set covers the report's year."""


class NoInput(AuditorError):
    """Nothing to audit was found at the given paths."""

    exit_code = ExitCode.NO_INPUT


class NoSuchPath(NoInput):
    """A path that was named does not exist."""


class Interrupted(AuditorError):
    """The user stopped a run on its way; the message tells how far it came."""
