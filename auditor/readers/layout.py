"""From the pages of a document without structure to its text: what pdf and ofd have in common."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import UnreadableFile
from auditor.readers.assembly import assemble, page_runs
from auditor.readers.geometry import Sheet, upright, without_struck
from auditor.readers.grids import lines_and_rows
from auditor.readers.joining import join
from auditor.readers.limits import limits
from auditor.readers.margins import without_contents, without_furniture, without_watermarks
from auditor.readers.quality import garbled
from auditor.readers.webprint import article
from auditor.report import Extracted
from auditor.words import Message

_FEW = 12  # characters up to which a page that shows an image has no text of its own
_SOME = 60  # the same for a page that is one image
_PICTURED = 0.15
_WHOLE = 0.6
_DRAWN = 80  # shapes from which a page without characters may be text turned into outlines


def lay_out(
    sheets: Sequence[Sheet],
    format: str,
    *,
    printed: bool = False,
    warnings: Sequence[Message] = (),
    broken: Sequence[int] = (),
) -> Extracted:
    """The document's paragraphs from its pages.

    ``printed`` says that a browser made the pages, ``broken`` which of them could not be opened. Pages that show
    something and give no good text are ``unread``; when that is so of every page because its characters are garbled,
    the text stays, so that nobody takes the file for a scan.
    """
    turned = without_watermarks([without_struck(upright(sheet)) for sheet in sheets])
    pages = [lines_and_rows(sheet) for sheet in turned]
    pages = without_furniture(pages, [sheet.height for sheet in turned])
    texts = ["\n".join(line.text for line in lines) for lines in pages]
    bad = [bool(text) and garbled(text) for text in texts]
    bare = [_bare(sheet, text) for sheet, text in zip(sheets, texts, strict=True)]
    unread = {sheet.number for sheet, *why in zip(sheets, bad, bare, strict=True) if any(why)} | set(broken)
    readable = any(text and not wrong and not empty for text, wrong, empty in zip(texts, bad, bare, strict=True))
    if readable or not any(bad):
        pages = [[] if wrong or empty else lines for lines, wrong, empty in zip(pages, bad, bare, strict=True)]
    said = list(warnings)
    if readable and any(bad):
        wrongly = [sheet.number for sheet, wrong in zip(sheets, bad, strict=True) if wrong]
        said.append(Message("garbled_pages", {"pages": page_runs(wrongly)}))
    found, declared = article(join(without_contents(pages)), printed)
    return assemble([each.paragraph for each in found], format, warnings=said, declared=declared, unread=sorted(unread))


def too_many_pages(name: str, pages: int) -> UnreadableFile:
    """A document beyond the limit on pages."""
    return UnreadableFile(name, "too_large", Message("many_pages", {"pages": pages, "most": limits().pages}))


def too_many_characters(name: str) -> UnreadableFile:
    """A document beyond the limit on characters."""
    return UnreadableFile(name, "too_large", Message("endless_text", {"most": limits().characters}))


def _bare(sheet: Sheet, text: str) -> bool:
    """Whether the page shows something that its characters do not say."""
    length = len("".join(text.split()))
    if sheet.pictured >= _WHOLE and length < _SOME:
        return True
    return length < _FEW and (sheet.pictured >= _PICTURED or (sheet.drawn >= _DRAWN and not length))
