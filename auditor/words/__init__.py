"""Every word that a user reads, one module a language: names of statuses and columns, messages, reasons, help."""

from __future__ import annotations

from enum import StrEnum

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


def say(lang: Lang, key: str, **values: object) -> str:
    """The message ``key`` with its blanks filled."""
    return _filled(MESSAGES[lang][key], values)


def reason(lang: Lang, key: str, **values: object) -> str:
    """The sentence ``key`` that explains a finding, with its blanks filled."""
    return _filled(REASONS[lang][key], values)


def notice(lang: Lang, key: str, **values: object) -> str:
    """The notice ``key`` on an audit as a whole, with its blanks filled."""
    return _filled(NOTICES[lang][key], values)


def tell(lang: Lang, key: str, **values: object) -> str:
    """What ``check`` says: the message ``key`` with its blanks filled."""
    return _filled(CHECK[lang][key], values)


def _filled(sentence: str, values: dict[str, object]) -> str:
    return sentence.format(**values) if values else sentence


def codes(lang: Lang, text: str) -> str:
    """Codes of the engine, joined by commas, in the user's language; what is no code stays as it is."""
    words = CODES[lang]
    return say(lang, "list_mark").join(words.get(code, code) for code in text.split(",")) if words else text
