"""From blocks to a report: frame stripped, headings nested into sections, sentences with their roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditor import headings, metadata, places, roles
from auditor.frame import glued_head, glued_tail, strip
from auditor.headings import Open, Opening
from auditor.lines import Line, join, lines_of
from auditor.report import Extracted, Level, Report, Role, Section, Sentence, Source
from auditor.text import cut
from auditor.words import Lang

_LEAD = 30
_OPTION = "option"
_CLOSING_QUOTES = ("\u201d", "\u2019", "\u300d", "\u300f", '"', "\u300b")


def structure(
    extracted: Extracted,
    file: str,
    sha256: str,
    *,
    year: int | None = None,
    level: Level | None = None,
    unit: str | None = None,
    lang: Lang = Lang.ZH,
) -> Report:
    """The report in ``extracted``; ``year``, ``level`` and ``unit`` override what is read, ``lang`` words its warnings."""
    lines = join(lines_of(extracted))
    framed = strip(list(_unglued(lines)))
    paragraphs = framed.body
    outline = _Outline(paragraphs, headings.is_flat(lines))
    data = metadata.read(extracted.text, framed, paragraphs, outline.top_headings())
    if year is not None:
        data.put("year", year, _OPTION)
        data.warnings.clear()
    if unit is not None:
        data.put("unit", unit, _OPTION)
        named = places.level_of(unit, data.addressee)
        if named is not None:
            data.put("level", named, "unit")
    if level is not None:
        data.put("level", level, _OPTION)
    builder = _Builder(extracted.text, outline, data.year)
    builder.build()
    source = Source(
        file,
        sha256,
        data.title,
        data.unit,
        data.level,
        data.year,
        data.genre,
        data.signed,
        data.published,
        data.addressee,
        data.found,
    )
    return Report(
        source,
        extracted.text,
        tuple(builder.sections),
        tuple(builder.sentences),
        tuple((line.start, line.end, why) for line, why in framed.stripped),
        tuple(warning.told(lang) for warning in (*extracted.warnings, *data.warnings)),
    )


def _unglued(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, with what was run together set apart: the title, headings in mid-line, the sign-off."""
    flat = headings.is_flat(lines)
    for place, line in enumerate(lines):
        if place < 12 and not line.table and (cuts := glued_head(line.text)):
            for start, end in zip([0, *cuts], cuts, strict=False):
                yield line.part(start, end)
            line = line.part(cuts[-1], len(line.text))
        tail = glued_tail(line.text) if place >= len(lines) - 6 and not line.table else []
        yield from headings.unglue(line.part(0, tail[0]) if tail else line, flat)
        for start, end in zip(tail, [*tail[1:], len(line.text)], strict=False):
            yield line.part(start, end)


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph and the section that it opens, if any."""

    line: Line
    opening: Opening | None


class _Outline:
    """The paragraphs with the headings found among them."""

    def __init__(self, paragraphs: Sequence[Line], flat: bool) -> None:
        self.flat = flat
        numbered = [headings.opening(line) for line in paragraphs]
        self.numbered = any(each and each.rank <= 2 for each in numbered)
        self.parts: list[_Part] = []
        for place, (line, found) in enumerate(zip(paragraphs, numbered, strict=True)):
            after = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
            rank = headings.bare_rank(line, self.numbered)
            self.parts.append(_Part(line, found or headings.bare(line, after, rank)))
        if not self.numbered and not any(part.opening for part in self.parts):
            leads = [headings.lead(part.line.text) for part in self.parts]
            if sum(lead is not None for lead in leads) >= 2:
                self.parts = [_Part(part.line, lead) for part, lead in zip(self.parts, leads, strict=True)]
        self.headed = any(part.opening for part in self.parts)

    def top_headings(self) -> list[str]:
        """The headings of the highest level in use."""
        ranks = [part.opening.rank for part in self.parts if part.opening]
        top = min(ranks, default=1.0)
        return [
            part.line.text[part.opening.start : part.opening.end]
            for part in self.parts
            if part.opening and part.opening.rank <= max(top, 1.0)
        ]


class _Builder:
    """Sections and sentences as they are found, in reading order."""

    def __init__(self, text: str, outline: _Outline, year: int | None) -> None:
        self._text = text
        self._outline = outline
        self._year = year
        self._stack: list[Open] = []
        self._empty = False
        self._current = -1
        self._beside: int | None = None
        self._mixed: dict[int, Role] = {}
        self._awaits_leader = -1
        self.sections: list[Section] = []
        self.sentences: list[Sentence] = []
        self._before = self._role_before()

    def build(self) -> None:
        """Read every paragraph."""
        last = len(self._outline.parts) - 1
        for place, part in enumerate(self._outline.parts):
            if part.opening:
                self._open(part.line, part.opening, place == last)
                self._heading(part.line, part.opening)
                body = part.opening.body
            else:
                body = 0
            if body < len(part.line.text):
                self._empty = False
                self._paragraph(part.line, body, self._fixed_role(part, place, last), part.opening)
        self._close()

    # -- sections --

    def _open(self, line: Line, found: Opening, last: bool) -> None:
        self._beside = None
        name = line.text[found.start : found.end]
        heads = roles.of_heading(name, True, None, self._year)
        names_part = heads.role in (Role.PROBLEM, Role.PLAN) or heads.leader
        self._stack = headings.nest(self._stack, found, names_part, self._empty)
        parent = self._stack[-1].index if self._stack else None
        above = self.sections[parent].role if parent is not None else None
        told = roles.of_heading(name, parent is None, above, self._year)
        role = told.role or above or Role.WORK
        if parent in self._mixed and not told.role:
            role = roles.of_item(name)
        if not self._outline.numbered and last and roles.is_closing(line.text):
            role = Role.PREAMBLE
        index = self._add(line, found, role, parent, told.leader and role is Role.WORK)
        if told.mixed:
            self._mixed[index] = Role.PROBLEM
        self._stack = [*self._stack, Open(found.rank, found.value, index)]
        self._current = index
        self._empty = True
        self._awaits_leader = index if role is Role.WORK and len(self._stack) <= 2 else -1

    def _add(self, line: Line, found: Opening, role: Role, parent: int | None, leader: bool = False) -> int:
        start = line.offsets[0 if found.whole or found.number else found.start]
        heading = self._raw(line, found.start, found.end)
        depth = self.sections[parent].level + 1 if parent is not None else 1
        self.sections.append(Section(heading, found.number, depth, role, parent, start, line.end, leader))
        return len(self.sections) - 1

    def _raw(self, line: Line, start: int, end: int) -> str:
        """The heading as written, in one line, with the quotation mark that closes it."""
        last = line.offsets[end - 1] + 1
        if self._text[last : last + 1] in _CLOSING_QUOTES:
            last += 1
        return " ".join(self._text[line.offsets[start] : last].split()).rstrip("。：；:;,，. ")

    def _turn(self, line: Line, start: int, end: int) -> None:
        """Open a part that has no heading, where the text turns to shortcomings or to plans."""
        if self._beside is not None and self._ends_beside(line, start):
            self._beside = None
        index = self._beside if self._beside is not None else self._current
        current = self.sections[index].role if index >= 0 else self._before
        told_apart = current is Role.WORK or (current is Role.PROBLEM and self._beside is not None)
        if not told_apart or line.table or headings.is_item(line.text[start : start + 6]):
            return
        first = line.text[start:end]
        if roles.opens_plan(first, self._year):
            role = Role.PLAN
        elif current is Role.WORK and roles.opens_problem(first):
            role = Role.PROBLEM
        else:
            return
        comma = first.find(",", 6)
        name = first[: comma if 0 < comma < 40 else 40]
        self._beside = self._add(line, Opening("", 0, 1.0, start, start + len(name), start, whole=False), role, None)

    def _ends_beside(self, line: Line, start: int) -> bool:
        """Whether a part without a heading is over: shortcomings last for their paragraph and its items."""
        assert self._beside is not None
        if self.sections[self._beside].role is not Role.PROBLEM or start:
            return False
        return not headings.is_item(line.text) and not roles.shortcoming(line.text[:80])

    def _role_before(self) -> Role:
        """The role of what stands before the first heading."""
        parts = self._outline.parts
        first = next((part for part in parts if part.opening), None)
        if first is None or first.opening is None:
            return Role.WORK
        if first.opening.value > 1 and first.opening.number:
            return Role.WORK
        name = first.line.text[first.opening.start : first.opening.end]
        told = roles.of_heading(name, True, None, self._year)
        return Role.WORK if told.role in (Role.PROBLEM, Role.PLAN) else Role.PREAMBLE

    def _close(self) -> None:
        """Let every section reach to the last sentence of its parts."""
        ends = [section.end for section in self.sections]
        for sentence in self.sentences:
            if sentence.section >= 0:
                ends[sentence.section] = max(ends[sentence.section], sentence.end)
        for index in range(len(self.sections) - 1, -1, -1):
            parent = self.sections[index].parent
            if parent is not None:
                ends[parent] = max(ends[parent], ends[index])
        self.sections = [replace(section, end=end) for section, end in zip(self.sections, ends, strict=True)]

    # -- sentences --

    def _heading(self, line: Line, found: Opening) -> None:
        if found.whole and found.end > found.start:
            self._sentence(
                line, found.start, max(found.end, found.start + 1), self.sections[self._current].role, heading=True
            )

    def _fixed_role(self, part: _Part, place: int, last: int) -> Role | None:
        """The role of a paragraph that no word in it can change, or None."""
        if self._current < 0 and self._beside is None:
            if self._before is Role.PREAMBLE:
                return Role.PREAMBLE
            if place == 0 and self._outline.parts and last > 0 and roles.is_opening(part.line.text):
                return Role.PREAMBLE
        if not self._outline.numbered and place == last and last > 1 and roles.is_closing(part.line.text):
            return Role.PREAMBLE
        return None

    def _paragraph(self, line: Line, start: int, fixed: Role | None, opened: Opening | None) -> None:
        if line.table:
            self._row(line, fixed)
            return
        spans = list(cut(line.text, start))
        for place, (first, end) in enumerate(spans):
            if fixed is None and ((place == 0 and opened is None) or (place and self._outline.flat)):
                self._turn(line, first, end)
            index = self._beside if self._beside is not None else self._current
            base = self.sections[index].role if index >= 0 else self._before
            text = line.text[first:end]
            if (first == start and opened is None) or first > start:
                stripped = headings.number_length(text)
                first, text = first + stripped, text[stripped:]
            if not any(char.isalnum() for char in text):
                continue
            role = fixed or self._role(text, base, index)
            opens = (first == start and opened is None) or headings.is_item(line.text[spans[place][0] : end])
            announces = len(text) <= _LEAD and text[-1] in "。:" and place + 1 < len(spans)
            announces = announces and not any(char.isdigit() for char in text)
            glued = bool(opened and not opened.whole and place == 0)
            self._sentence(line, first, end, role, lead=bool(opens and announces) or glued)
            if self._awaits_leader == index and index >= 0:
                self._awaits_leader = -1
                if roles.leads_by_body(text):
                    self.sections[index] = replace(self.sections[index], leader=True)

    def _role(self, text: str, base: Role, index: int) -> Role:
        if index in self._mixed:
            self._mixed[index] = roles.of_mixed(text, self._mixed[index], self._year)
            return self._mixed[index]
        return roles.of_sentence(text, base, self._year)

    def _row(self, line: Line, fixed: Role | None) -> None:
        index = self._beside if self._beside is not None else self._current
        role = fixed or (self.sections[index].role if index >= 0 else self._before)
        self._sentence(line, 0, len(line.text), role)

    def _sentence(
        self, line: Line, start: int, end: int, role: Role, *, heading: bool = False, lead: bool = False
    ) -> None:
        offsets = line.offsets[start:end]
        if not offsets:
            return
        section = self._beside if self._beside is not None else self._current
        self.sentences.append(
            Sentence(
                line.text[start:end],
                offsets,
                offsets[0],
                offsets[-1] + 1,
                role,
                section,
                line.block,
                heading,
                lead,
            )
        )
