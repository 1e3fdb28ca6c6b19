"""The document model: what a report is once it has been read and structured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from auditor.words import Message


class Role(StrEnum):
    """What a sentence can prove, by where it stands and by its own words (judgement guide)."""

    WORK = "work"
    PROBLEM = "problem"
    PLAN = "plan"
    PREAMBLE = "preamble"
    FRAME = "frame"


class Level(StrEnum):
    """Level of the unit that reports."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    DEPARTMENT = "department"


class Genre(StrEnum):
    """Kind of text; all but ``annual_report`` are audited with a notice."""

    ANNUAL_REPORT = "annual_report"
    NEWS = "news"
    GOVERNMENT_WORK_REPORT = "government_work_report"
    DISCLOSURE_REPORT = "disclosure_report"
    NOTICE = "notice"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading line or table row, as a reader yields it.

    ``start`` and ``end`` index the extracted text; ``text`` is exactly that slice.
    ``heading_level`` (1 highest) and ``page`` (from 1) are given where the format knows them. ``confidence`` (0-1)
    is given where the text was recognised from an image; None means that the file itself holds the characters.
    """

    text: str
    start: int
    end: int
    heading_level: int | None = None
    page: int | None = None
    table: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a reader yields: the text that every quote indexes, and its blocks in reading order.

    ``declared`` is what the file says of itself outside its text (``title``, ``published``, ``source``); ``unread``
    are the pages that show something but gave no text. ``warnings`` tell what may have been lost.
    """

    text: str
    blocks: tuple[Block, ...]
    format: str
    encoding: str | None = None
    warnings: tuple[Message, ...] = ()
    declared: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under one heading; ``parent`` is an index into ``Report.sections`` or None."""

    heading: str
    number: str
    level: int
    role: Role
    parent: int | None
    start: int
    end: int
    leader: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in normalised characters; ``offsets[i]`` is the place of ``text[i]`` in the extracted text.

    ``start`` and ``end`` are the sentence's bounds in the extracted text; ``section`` indexes ``Report.sections``
    (-1: before any heading); ``paragraph`` counts blocks. ``heading`` is true for a heading line, which can
    carry a claim but never a fact; ``lead`` for a sentence that opens a paragraph and announces it.
    """

    text: str
    offsets: tuple[int, ...]
    start: int
    end: int
    role: Role
    section: int
    paragraph: int
    heading: bool = False
    lead: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The bounds in the extracted text of ``text[start:end]`` (not empty)."""
        return self.offsets[start], self.offsets[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Source:
    """What the report says of itself; a field that could not be read is None.

    ``found`` maps a field's name to where it was read (``title``, ``signature``, ``body``, ``option`` …).
    ``signed``, ``published`` and ``submitted`` are ISO dates (YYYY-MM-DD); the last one, and the
    ``url`` at which the report is published, are told by who received it, never by the report itself.
    """

    file: str
    sha256: str
    title: str | None = None
    unit: str | None = None
    level: Level | None = None
    year: int | None = None
    genre: Genre = Genre.OTHER
    signed: str | None = None
    published: str | None = None
    addressee: str | None = None
    found: dict[str, str] = field(default_factory=dict)
    submitted: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A structured report. ``frame`` holds the stripped pieces as (start, end, why)."""

    source: Source
    text: str
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    frame: tuple[tuple[int, int, str], ...] = ()
    warnings: tuple[str, ...] = ()

    def section_path(self, index: int) -> tuple[str, ...]:
        """The headings from the top down to section ``index``; empty for -1."""
        path: list[str] = []
        at: int | None = index if index >= 0 else None
        while at is not None:
            path.append(self.sections[at].heading)
            at = self.sections[at].parent
        return tuple(reversed(path))
