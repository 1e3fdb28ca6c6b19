"""Limits on what is read: defaults for reports of any honest size, changed by ``AUDITOR_LIMITS=name=number,…``."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from auditor.errors import AuditorError
from auditor.words import Message

VARIABLE = "AUDITOR_LIMITS"


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit by its name in ``AUDITOR_LIMITS``; sizes in MB, times in seconds."""

    file: int = 50
    html: int = 10
    text: int = 20
    pages: int = 500
    characters: int = 2_000_000
    members: int = 4_000
    unpacked: int = 256
    part: int = 64
    ratio: int = 200
    documents: int = 200
    sheets: int = 20
    rows: int = 5_000
    columns: int = 64
    pixels: int = 40_000_000
    memory: int = 1_024
    cpu: int = 45
    wall: int = 60
    ocr_pages: int = 100
    ocr_memory: int = 3_072
    ocr_page_wall: int = 20
    office_memory: int = 2_048
    office_wall: int = 90


def limits() -> Limits:
    """The limits in force. Raises AuditorError for a variable that cannot be understood."""
    return _parsed(os.environ.get(VARIABLE, ""))


@lru_cache(maxsize=8)
def _parsed(setting: str) -> Limits:
    names = {field.name for field in fields(Limits)}
    given: dict[str, int] = {}
    for pair in filter(None, (part.strip() for part in setting.split(","))):
        name, _, number = pair.partition("=")
        if name.strip() not in names or not number.strip().isdecimal() or not int(number):
            values = {"variable": VARIABLE, "pair": pair, "names": " ".join(sorted(names))}
            raise AuditorError(Message("bad_limit", values))
        given[name.strip()] = int(number)
    return replace(Limits(), **given)
