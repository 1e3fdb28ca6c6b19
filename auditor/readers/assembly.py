"""Paragraphs as a reader finds them, put together into the text that every quote indexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.expressions import expression
from auditor.report import Block, Extracted
from auditor.words import Message

_INVISIBLE = (
    " \t\r\n\x0b\x0c\x1c\x1d\x1e\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u2060"
)
# No writer of results accepts these, and no reader means them.
_UNWRITABLE = expression(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 120
_BREAKS = expression(r"[\r\n\x85\u2028\u2029][\s\u200b\ufeff]*")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, heading or table row (cells set apart by tabs) before it has a place in the text."""

    text: str
    heading_level: int | None = None
    page: int | None = None
    table: bool = False
    confidence: float | None = None


def table_row(cells: Sequence[Sequence[Paragraph]]) -> Iterator[Paragraph]:
    """A table row as one paragraph with its cells set apart; a row that is only there for the layout, as its content."""
    filled = [cell for cell in cells if cell]
    if len(filled) == 1 and (len(filled[0]) > 1 or len(filled[0][0].text) > LONGEST_CELL or len(cells) == 1):
        yield from filled[0]
    elif filled:
        shown = (" ".join(" ".join(clean(each.text).split()) for each in cell) for cell in cells)
        yield Paragraph("\t".join(shown), table=True)


def assemble(
    paragraphs: Iterable[Paragraph],
    format: str,
    *,
    encoding: str | None = None,
    warnings: Iterable[Message] = (),
    declared: Mapping[str, str] | None = None,
    unread: Iterable[int] = (),
) -> Extracted:
    """One line for each paragraph that holds something; a break inside a paragraph becomes a line of the same block."""
    made = _Text()
    for paragraph in paragraphs:
        made.add(paragraph)
    return Extracted(
        "\n".join(made.lines),
        tuple(made.blocks),
        format,
        encoding,
        tuple(warnings),
        dict(declared or {}),
        tuple(unread),
    )


def page_runs(pages: Iterable[int]) -> list[str]:
    """Page numbers as a person writes them: ``1-3``, ``7``."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]


def clean(text: str) -> str:
    """The text without the characters that nobody can write, and without invisible ones at its ends."""
    return _UNWRITABLE.sub("", text.replace("\x0b", "\n").replace("\x0c", "\n")).strip(_INVISIBLE)


@dataclass(slots=True)
class _Text:
    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0

    def add(self, paragraph: Paragraph) -> None:
        text = _BREAKS.sub("\n", clean(paragraph.text))
        if not text:
            return
        end = self.length + len(text)
        self.blocks.append(
            Block(
                text,
                self.length,
                end,
                paragraph.heading_level,
                paragraph.page,
                paragraph.table,
                paragraph.confidence,
            )
        )
        self.lines.append(text)
        self.length = end + 1
