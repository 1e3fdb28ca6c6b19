"""Plain text and Markdown: one block per line that holds something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.expressions import expression
from auditor.report import Block, Extracted
from auditor.text import decode
from auditor.words import Message

_INVISIBLE = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x85\xa0\u2028\u2029\u3000\u200b\ufeff"
_LINE = expression(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
_HEADING = expression(r"(#{1,6})[ \t\u3000]*(.*?)[ \t#]*", re.DOTALL)
_RULE = expression(r"[-=*_|:+\s]{3,}")


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """A text file as blocks, one per line that is not blank."""
    text, found = decode(data, name, encoding)
    return Extracted(text, tuple(_blocks(text)), "txt", found, _lost(text))


def read_markdown(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """A Markdown file: as text, with the level of ``#`` headings and without rules between."""
    text, found = decode(data, name, encoding)
    blocks = (_marked(block) for block in _blocks(text) if not _RULE.fullmatch(block.text))
    return Extracted(text, tuple(block for block in blocks if block), "md", found, _lost(text))


def _blocks(text: str) -> Iterator[Block]:
    for line in _LINE.finditer(text):
        kept = line[0].strip(_INVISIBLE)
        if kept:
            start = line.start() + line[0].index(kept)
            yield Block(kept, start, start + len(kept))


def _marked(block: Block) -> Block | None:
    """The block without its ``#`` signs, with the level that they give; None if nothing else is there."""
    heading = _HEADING.fullmatch(block.text) if block.text.startswith("#") else None
    if heading is None:
        return block if block.text.count("|") < 2 else Block(block.text, block.start, block.end, table=True)
    if not heading[2]:
        return None
    start = block.start + heading.start(2)
    return Block(heading[2], start, start + len(heading[2]), heading_level=len(heading[1]))


def _lost(text: str) -> tuple[Message, ...]:
    count = text.count("\ufffd")
    return (Message("lost_bytes", {"count": count}),) if count else ()
