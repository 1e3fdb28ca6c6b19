"""Every word that a user reads, one module a language: names of statuses and columns, messages, reasons, help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, Union

from auditor.words import en, zh


class Lang(StrEnum):
    """Language of messages; quotes, obligations and advice stay Chinese."""

    ZH = "zh"
    EN = "en"


STATUS = {Lang.ZH: zh.STATUS, Lang.EN: en.STATUS}
FLAG = {Lang.ZH: zh.FLAG, Lang.EN: en.FLAG}
IMPORTANCE = {Lang.ZH: zh.IMPORTANCE, Lang.EN: en.IMPORTANCE}
LEVEL = {Lang.ZH: zh.LEVEL, Lang.EN: en.LEVEL}
GENRE = {Lang.ZH: zh.GENRE, Lang.EN: en.GENRE}
ROLE = {Lang.ZH: zh.ROLE, Lang.EN: en.ROLE}
REASONS = {Lang.ZH: zh.REASONS, Lang.EN: en.REASONS}
NOTICES = {Lang.ZH: zh.NOTICES, Lang.EN: en.NOTICES}
MESSAGES = {Lang.ZH: zh.MESSAGES, Lang.EN: en.MESSAGES}
DOCTOR = {Lang.ZH: zh.DOCTOR, Lang.EN: en.DOCTOR}
COMMANDS = {Lang.ZH: zh.COMMANDS, Lang.EN: en.COMMANDS}
PARAMETERS = {Lang.ZH: zh.PARAMETERS, Lang.EN: en.PARAMETERS}
CHECK = {Lang.ZH: zh.CHECK, Lang.EN: en.CHECK}
EXIT_CODES = {Lang.ZH: zh.EXIT_CODES, Lang.EN: en.EXIT_CODES}
CODES = {Lang.ZH: zh.CODES, Lang.EN: en.CODES}
REVIEW = {Lang.ZH: zh.REVIEW, Lang.EN: en.REVIEW}
READING = {Lang.ZH: zh.READING, Lang.EN: en.READING}
FIGURES = {Lang.ZH: zh.FIGURES, Lang.EN: en.FIGURES}
FORM = {Lang.ZH: zh.FORM, Lang.EN: en.FORM}
RULE_FILES = {Lang.ZH: zh.RULE_FILES, Lang.EN: en.RULE_FILES}
PAGES = {Lang.ZH: zh.PAGES, Lang.EN: en.PAGES}
SHEETS = {Lang.ZH: zh.SHEETS, Lang.EN: en.SHEETS}
TEMPLATE = {Lang.ZH: zh.TEMPLATE, Lang.EN: en.TEMPLATE}
BATCH = {Lang.ZH: zh.BATCH, Lang.EN: en.BATCH}

# The tables of messages; no key stands in two of them.
_LATE = {lang: READING[lang] | FIGURES[lang] | RULE_FILES[lang] for lang in Lang}

Value: TypeAlias = Union[str, int, float, "Message", Sequence["Value"]]


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence made where nobody knows the user's language yet: a key of READING, FIGURES or RULE_FILES, and its blanks.

    A message that fills a blank is worded with the sentence; several values are listed. ``str()`` is Chinese.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def told(self, lang: Lang) -> str:
        """The sentence in a language. Raises KeyError for a key or blank that the tables do not know."""
        values = {name: _worded(value, lang) for name, value in self.values.items()}
        return _filled(_LATE[lang][self.key], values)

    def __str__(self) -> str:
        return self.told(Lang.ZH)


def told(words: Message | str, lang: Lang) -> str:
    """A message in a language; what is worded already stays as it is."""
    return words.told(lang) if isinstance(words, Message) else words


def _worded(value: Value, lang: Lang) -> object:
    if isinstance(value, Message):
        return value.told(lang)
    if isinstance(value, (str, int, float)):
        return value
    return say(lang, "list_mark").join(str(_worded(each, lang)) for each in value)


def say(lang: Lang, key: str, **values: object) -> str:
    """The message ``key`` with its blanks filled."""
    return _filled(MESSAGES[lang][key], values)


def reason(lang: Lang, key: str, **values: object) -> str:
    """The sentence ``key`` that explains a finding, with its blanks filled."""
    return _filled(REASONS[lang][key], values)


def notice(lang: Lang, key: str, **values: object) -> str:
    """The notice ``key`` on an audit as a whole, with its blanks filled."""
    return _filled(NOTICES[lang][key], values)


def sheet_word(lang: Lang, key: str, **values: object) -> str:
    """The name or note ``key`` of the workbook, with its blanks filled."""
    return _filled(SHEETS[lang][key], values)


def letter_word(key: str, **values: object) -> str:
    """The phrase ``key`` of the letter, with its blanks filled; a letter is always Chinese."""
    return _filled(zh.LETTER[key], values)


def template_error(lang: Lang, key: str, **values: object) -> str:
    """What is wrong with a template of letters, with the blanks filled."""
    return _filled(TEMPLATE[lang][key], values)


def batch_word(lang: Lang, key: str, **values: object) -> str:
    """What a run over many reports, its cache, its store of results and its cluster say, with the blanks filled."""
    return _filled(BATCH[lang][key], values)


def form(lang: Lang, key: str, **values: object) -> str:
    """The sentence ``key`` on a report's content or form, with its blanks filled."""
    return _filled(FORM[lang][key], values)


def review_word(lang: Lang, key: str, **values: object) -> str:
    """The words ``key`` of the author's checklist, with their blanks filled."""
    return _filled(REVIEW[lang][key], values)


def tell(lang: Lang, key: str, **values: object) -> str:
    """What ``check`` says: the message ``key`` with its blanks filled."""
    return _filled(CHECK[lang][key], values)


def _filled(sentence: str, values: dict[str, object]) -> str:
    return sentence.format(**values) if values else sentence


def codes(lang: Lang, text: str) -> str:
    """Codes of the engine, joined by commas, in the user's language; what is no code stays as it is."""
    words = CODES[lang]
    return say(lang, "list_mark").join(words.get(code, code) for code in text.split(",")) if words else text
