"""From the pages of a document without structure to its text: what pdf and ofd have in common."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.errors import UnreadableFile
from auditor.readers.assembly import assemble
from auditor.readers.geometry import Sheet, upright, without_struck
from auditor.readers.grids import lines_and_rows
from auditor.readers.joining import join
from auditor.readers.limits import limits
from auditor.readers.margins import without_contents, without_furniture, without_watermarks
from auditor.readers.quality import garbled
from auditor.readers.webprint import article
from auditor.report import Extracted

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
    warnings: Sequence[str] = (),
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
        said.append(
            f"第{_listed([s.number for s, wrong in zip(sheets, bad, strict=True) if wrong])}页的文字是乱码,未读取"
        )
    found, declared = article(join(without_contents(pages)), printed)
    return assemble([each.paragraph for each in found], format, warnings=said, declared=declared, unread=sorted(unread))


def too_many_pages(name: str, pages: int) -> UnreadableFile:
    """A document beyond the limit on pages."""
    return UnreadableFile(name, "too_large", f"有{pages}页,超过{limits().pages}页的上限;请拆分或删去无关页再审")


def too_many_characters(name: str) -> UnreadableFile:
    """A document beyond the limit on characters."""
    return UnreadableFile(name, "too_large", f"文字超过{limits().characters}字的上限;请拆分或删去无关内容再审")


def _bare(sheet: Sheet, text: str) -> bool:
    """Whether the page shows something that its characters do not say."""
    length = len("".join(text.split()))
    if sheet.pictured >= _WHOLE and length < _SOME:
        return True
    return length < _FEW and (sheet.pictured >= _PICTURED or (sheet.drawn >= _DRAWN and not length))


def _listed(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
