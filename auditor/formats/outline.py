"""What was read of a report, for a terminal: metadata, sections and sentences with their roles, frame text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from auditor.formats.cells import clip, hanging, screen_width, visible
from auditor.report import Block, Extracted, Report, Section, Sentence
from auditor.words import GENRE, LEVEL, ROLE, Lang, codes, say

LONGEST_FRAME = 60


def render(report: Report, lang: Lang, extracted: Extracted | None = None) -> str:
    """The whole outline, every sentence on a line of its own under its section.

    ``extracted`` is what the report was structured from: it adds the format, and the pages where there are any.
    """
    lines = [say(lang, "metadata"), *_metadata(report, lang), *_origin(extracted, lang), "", say(lang, "sections")]
    lines += [*_tree(report, lang)] or [f"  {say(lang, 'no_sections')}"]
    lines += ["", say(lang, "sentences")]
    pages = _Pages(extracted.blocks if extracted else (), lang)
    for index, group in groupby(report.sentences, key=lambda s: s.section):
        lines.append("  " + (visible(" › ".join(report.section_path(index))) or say(lang, "no_sections")))
        for sentence in group:
            lines += pages.turned(sentence.start)
            lines.append(_sentence(sentence, report, lang))
    if report.frame:
        lines += ["", say(lang, "frame")]
        lines += [
            f"  {start}–{end} {codes(lang, why)}: {clip(visible(report.text[start:end]), LONGEST_FRAME)}"
            for start, end, why in report.frame
        ]
    width = screen_width()
    fitted = [[clip(line, width)] if line.startswith("    ") else hanging(line, width, 4) for line in lines]
    return "\n".join(line for each in fitted for line in each) + "\n"


def _metadata(report: Report, lang: Lang) -> Iterator[str]:
    source = report.source
    values = {
        "file": source.file,
        "title": source.title,
        "unit": source.unit,
        "level": source.level and LEVEL[lang][source.level],
        "year": source.year and str(source.year),
        "genre": GENRE[lang][source.genre],
        "addressee": source.addressee,
        "signed": source.signed,
        "published": source.published,
    }
    for key, value in values.items():
        where = say(lang, "found", where=codes(lang, source.found[key])) if key in source.found else ""
        yield f"  {say(lang, key)}  {visible(value) if value else say(lang, 'unknown')}{where}"
    counts = {"characters": len(report.text), "sections": len(report.sections), "sentences": len(report.sentences)}
    yield f"  {say(lang, 'read')}  {say(lang, 'read_counts', **counts)}"
    for warning in report.warnings:
        yield f"  {say(lang, 'notice')}  {visible(warning)}"


def _origin(extracted: Extracted | None, lang: Lang) -> Iterator[str]:
    if extracted is None:
        return
    encoding = f" ({extracted.encoding})" if extracted.encoding else ""
    yield f"  {say(lang, 'format')}  {extracted.format}{encoding}"
    for key, text in extracted.declared.items():
        yield f"  {say(lang, 'declared')}  {key}: {visible(text)}"


class _Pages:
    """The pages as the sentences go by: a line wherever another page begins."""

    def __init__(self, blocks: Sequence[Block], lang: Lang) -> None:
        self._blocks = [block for block in blocks if block.page is not None]
        self._starts = [block.start for block in self._blocks]
        self._lang = lang
        self._shown: int | None = None

    def turned(self, start: int) -> Iterator[str]:
        at = bisect_right(self._starts, start) - 1
        if at < 0 or self._blocks[at].page == self._shown:
            return
        block = self._blocks[at]
        self._shown = block.page
        note = ""
        if block.confidence is not None:
            note = f" ({say(self._lang, 'recognised', confidence=block.confidence)})"
        yield f"  ── {say(self._lang, 'page', page=block.page)}{note}"


def _tree(report: Report, lang: Lang) -> Iterator[str]:
    for section in report.sections:
        indent = "  " * section.level
        yield f"{indent}{visible(f'{section.number} {section.heading}')} [{_section_role(section, lang)}]"


def _section_role(section: Section, lang: Lang) -> str:
    role = ROLE[lang][section.role]
    return f"{role}{say(lang, 'list_mark')}{say(lang, 'leader')}" if section.leader else role


def _sentence(sentence: Sentence, report: Report, lang: Lang) -> str:
    return f"    [{ROLE[lang][sentence.role]}] {visible(report.text[sentence.start : sentence.end])}"
