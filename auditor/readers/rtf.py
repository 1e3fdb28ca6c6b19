"""Rich Text Format: paragraphs, table rows and footnotes; labels of lists are in the file as text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from auditor.errors import UnreadableFile
from auditor.expressions import expression
from auditor.readers.assembly import Paragraph, assemble, clean
from auditor.report import Extracted
from auditor.words import Message

_TOKEN = expression(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|(.)", re.DOTALL
)
_DEEPEST = 500
_LONGEST_STOPPED = 30
_LONGEST_CELL = 120
_BODY_LEVEL = 9

# Groups whose content is not text of the body. ``\*`` before any other word that is not known skips its group too.
# fmt: off
_SKIPPED = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "fldinst", "listtable", "listoverridetable", "revtbl", "rsidtbl", "objdata",
    "shprslt", "annotation", "atnid", "atnauthor", "atntime", "atnicn", "atnref", "atnparent", "atrfstart", "atrfend",
    "xe", "tc", "tcn", "rxe", "bkmkstart", "bkmkend", "nonesttables", "pgptbl", "themedata", "datastore",
    "colorschememapping", "latentstyles", "generator", "xmlnstbl", "filetbl", "ftnsep", "ftnsepc", "ftncn", "aftnsep",
    "aftnsepc", "aftncn", "pnseclvl", "sp", "background", "template", "passwordhash", "wgrffmtfilter", "mmathPr",
    "panose", "falt", "fname", "docvar", "userprops", "blipuid", "picprop", "oldpprops", "oldcprops",
    "pntxta", "pntxtb", "pn", "nextfile", "themelang", "objclass", "objname", "ffdeftext", "ffname", "ffl",
})
_OPENED = frozenset({"shppict", "shpinst", "shptxt", "nesttableprops", "shp", "do", "dptxbxtext", "fldrslt", "footnote", "txfielddef"})
_LABELS = frozenset({"listtext", "pntext"})
_BOXES = frozenset({"shptxt", "dptxbxtext"})
_SIGNS = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "", "emspace": " ", "enspace": " ", "qmspace": " ", "lbr": "\n",
}
_SYMBOLS = {"~": "\u00a0", "_": "-", "\n": "\n", "\r": "\n", "\t": "\t", "\\": "\\", "{": "{", "}": "}"}
_CHARSETS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254", 204: "cp1251",
    238: "cp1250",
}
# fmt: on


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The body of an RTF file; footnotes at the end, headers and footers left out. Raises ``UnreadableFile``."""
    document = _Document(encoding or "cp1252", encoding)
    document.parse(data.decode("latin-1"))
    paragraphs = [*document.flow.made, *document.notes.made]
    if not any(clean(paragraph.text) for paragraph in paragraphs):
        if document.pictures:
            raise UnreadableFile(name, "no_text", Message("only_pictures"))
        raise UnreadableFile(name, "empty", Message("no_words"))
    return assemble(paragraphs, "rtf", encoding=document.codec)


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits. ``skip`` counts the fallback characters after a Unicode character."""

    codec: str | None = None
    fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    skipped: bool = False
    table: str = ""


@dataclass(slots=True)
class _Flow:
    """One stream of paragraphs: the body, a text box or the notes."""

    made: list[Paragraph] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    cells: list[list[Paragraph]] = field(default_factory=list)
    cell: list[Paragraph] = field(default_factory=list)
    nested: list[Paragraph] = field(default_factory=list)
    level: int | None = None
    in_table: bool = False

    def end_paragraph(self) -> None:
        text = _joined("".join(self.text))
        self.text.clear()
        if not clean(text):
            return
        shown = clean(text)
        stopped = shown.endswith(("。", "\uff1b")) and len(shown) > _LONGEST_STOPPED
        paragraph = Paragraph(text, None if stopped else self.level)
        (self.cell if self.in_table else self.made).append(paragraph)

    def end_cell(self) -> None:
        self.in_table = True
        self.end_paragraph()
        self.cells.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        """A row as one paragraph; a row that is only there for the layout, as its content."""
        filled = [cell for cell in self.cells if cell]
        if len(filled) == 1 and (len(filled[0]) > 1 or len(filled[0][0].text) > _LONGEST_CELL or len(self.cells) == 1):
            self.made += filled[0]
        elif filled:
            self.made.append(Paragraph("\t".join(map(_cell_text, self.cells)), table=True))
        self.made += self.nested
        self.cells, self.nested, self.in_table = [], [], False

    def finish(self) -> None:
        if self.cell or self.cells:
            self.end_cell()
            self.end_row()
        self.in_table = False
        self.end_paragraph()


@dataclass(slots=True)
class _Document:
    """The walk through the tokens. ``codec`` is the one of the whole file, ``forced`` what the caller says it is."""

    codec: str
    forced: str | None
    fonts: dict[int, str | None] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)
    flow: _Flow = field(default_factory=_Flow)
    notes: _Flow = field(default_factory=_Flow)
    pictures: int = 0
    state: _State = _State()
    stack: list[tuple[_State, _Flow | None, str]] = field(default_factory=list)
    bytes_: bytearray = field(default_factory=bytearray)
    to_skip: int = 0
    starred: bool = False
    opening: bool = False
    group: str = ""
    font: int = -1
    style: int = 0
    result: tuple[int, int] = (0, 0)

    def parse(self, text: str) -> None:
        place = 0
        # One token at a time: the length of a picture in binary is only known when it is met.
        while found := _TOKEN.match(text, place):
            place = found.end()
            word, argument, code, symbol, brace, plain, _ = found.groups()
            if code is not None:
                self._byte(int(code, 16))
            elif plain is not None:
                self._plain(plain)
            elif brace is not None:
                self._flush()
                if brace == "{":
                    self._open()
                elif self.stack:
                    self._close()
            elif word == "bin":
                place += max(0, int(argument or 0))
            elif word is not None:
                self._flush()
                self._word(word, None if argument is None else int(argument))
            elif symbol is not None:
                self._symbol(symbol)
        self._flush()
        while self.stack:
            self._close()
        self.flow.finish()
        self.notes.finish()

    # -- characters

    def _byte(self, code: int) -> None:
        self.opening = False
        if self.to_skip:
            self.to_skip -= 1
        else:
            self.bytes_.append(code)

    def _plain(self, text: str) -> None:
        self.opening = False
        if self.to_skip:
            skipped = min(self.to_skip, len(text))
            self.to_skip -= skipped
            text = text[skipped:]
        self.bytes_ += text.encode("latin-1")

    def _flush(self) -> None:
        """Characters are decoded by runs: a character's bytes may be written as codes or plainly."""
        if self.bytes_:
            run = bytes(self.bytes_)
            self.bytes_.clear()
            if self.group in ("fonttbl", "stylesheet"):
                return
            self._add(run.decode(self.forced or self.state.codec or self.codec, "replace"))

    def _add(self, text: str) -> None:
        state = self.state
        if not (state.skipped or state.hidden or state.deleted):
            self.flow.text.append(text)

    def _unicode(self, code: int) -> None:
        code &= 0xFFFF
        self._add(chr(code))
        self.to_skip = self.state.fallback

    def _symbol(self, symbol: str) -> None:
        self._flush()
        if symbol == "*":
            self.starred = True
        elif symbol in "\r\n":
            self._word("par", None)
        elif self.to_skip:
            self.to_skip -= 1
        elif symbol in _SYMBOLS:
            self._add(_SYMBOLS[symbol])

    # -- groups

    def _open(self) -> None:
        self.stack.append((self.state, None, self.group))
        self.opening, self.starred, self.to_skip = True, False, 0
        if len(self.stack) > _DEEPEST:
            raise ValueError("groups too deep")

    def _close(self) -> None:
        self.to_skip = 0
        group = self.group
        self.state, outer, self.group = self.stack.pop()
        if group == "fldrslt" and self.group != group:
            self._drop_repeated()
        if outer is None:
            return
        if group == "label":
            outer.text.append(_label("".join(self.flow.text)))
        else:
            self.flow.finish()
            if self.flow is not self.notes:
                (outer.nested if outer.in_table else outer.made).extend(self.flow.made)
        self.flow = outer

    def _drop_repeated(self) -> None:
        """LibreOffice writes a content control as form fields too, each with all its text and a paragraph's end."""
        at, made = self.result
        if len(self.flow.made) == made and any("\r" in each for each in self.flow.text[at:]):
            del self.flow.text[at:]

    def _enter(self, word: str) -> None:
        """The first word of a group: what kind of content it holds."""
        self.opening = False
        state, _, group = self.stack[-1]
        if word in ("fonttbl", "stylesheet"):
            self.group = word
        if word == "pict" and not self.state.skipped:
            self.pictures += 1
        unknown = self.starred and word not in _OPENED
        self.starred = False
        if word in _SKIPPED or unknown:
            self.state = replace(self.state, skipped=True)
        elif word == "footnote" and not self.state.skipped:
            self.stack[-1] = (state, self.flow, group)
            self.flow = self.notes
        elif word == "fldrslt":
            self.group = word
            self.result = (len(self.flow.text), len(self.flow.made))
        elif word in _LABELS and not self.state.skipped:
            self.group = "label"
            self.stack[-1] = (state, self.flow, group)
            self.flow = _Flow()
        elif word in _BOXES and not self.state.skipped:
            self.stack[-1] = (state, self.flow, group)
            self.flow = _Flow()

    # -- control words

    def _word(self, word: str, argument: int | None) -> None:
        if self.opening and self.stack:
            self._enter(word)
        if self.group in ("fonttbl", "stylesheet"):
            self._define(word, argument)
            return
        if word == "u" and argument is not None:
            self._unicode(argument)
        elif word in _SIGNS:
            self._add(_SIGNS[word])
        elif word in _ACTIONS:
            _ACTIONS[word](self, 1 if argument is None else argument)

    def _define(self, word: str, argument: int | None) -> None:
        """A word in the table of fonts or of styles."""
        if argument is None:
            return
        if self.group == "fonttbl":
            if word == "f":
                self.font = argument
            elif word == "fcharset":
                self.fonts[self.font] = _CHARSETS.get(argument)
            elif word == "cpg":
                self.fonts.setdefault(self.font, _known(f"cp{argument}"))
        elif word in ("s", "cs", "ds"):
            self.style = argument if word == "s" else -1
        elif word == "outlinelevel":
            self.levels[self.style] = argument

    def code_page(self, page: int) -> None:
        self.codec = _known("gb18030" if page == 936 else "utf-8" if page == 65001 else f"cp{page}") or self.codec

    def paragraph_style(self, style: int) -> None:
        if not self.state.skipped:
            self.outline_level(self.levels.get(style, _BODY_LEVEL))

    def outline_level(self, level: int) -> None:
        if not self.state.skipped:
            self.flow.level = level + 1 if 0 <= level < _BODY_LEVEL else None

    def reset_paragraph(self, _: int) -> None:
        if not self.state.skipped:
            self.flow.level = None
            if not (self.flow.cells or self.flow.cell):
                self.flow.in_table = False

    def end_paragraph(self, _: int) -> None:
        if not self.state.skipped and not self.state.deleted:
            self.flow.end_paragraph()

    def in_table(self, _: int) -> None:
        if not self.state.skipped:
            self.flow.in_table = True

    def end_cell(self, _: int) -> None:
        if not self.state.skipped:
            self.flow.end_cell()

    def end_row(self, _: int) -> None:
        if not self.state.skipped:
            self.flow.end_row()

    def nested_cell(self, _: int) -> None:
        """The end of a cell of a table inside a cell: its row is read like a paragraph of the outer cell."""
        if not self.state.skipped:
            self.flow.text.append("\t")

    def nested_row(self, _: int) -> None:
        text = clean("".join(self.flow.text))
        self.flow.text.clear()
        if text:
            self.flow.nested.append(Paragraph(text, table=True))

    def change(self, **changed: object) -> None:
        self.state = replace(self.state, **changed)  # type: ignore[arg-type]

    def select_font(self, font: int) -> None:
        self.change(codec=self.fonts.get(font))


def _label(text: str) -> str:
    """The label of a list as a person sees it: no bullets, no tab, a space only where label and text would run together."""
    label = clean(text)
    if not any(each.isalnum() for each in label):
        return ""
    return label + (" " if label[-1] == "." or label[-1].isalnum() else "")


def _cell_text(cell: list[Paragraph]) -> str:
    return " ".join(" ".join(clean(each.text).split()) for each in cell)


def _joined(text: str) -> str:
    """Characters beyond the first plane come in halves."""
    if not any("\ud800" <= each <= "\udfff" for each in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _known(codec: str) -> str | None:
    try:
        return codecs.lookup(codec).name
    except LookupError:
        return None


_ACTIONS: dict[str, Callable[[_Document, int], None]] = {
    "ansicpg": _Document.code_page,
    "f": _Document.select_font,
    "uc": lambda document, count: document.change(fallback=min(max(count, 0), 8)),
    "v": lambda document, on: document.change(hidden=on != 0),
    "deleted": lambda document, on: document.change(deleted=on != 0),
    "plain": lambda document, _: document.change(hidden=False, deleted=False),
    "par": _Document.end_paragraph,
    "sect": _Document.end_paragraph,
    "page": _Document.end_paragraph,
    "column": _Document.end_paragraph,
    "pard": _Document.reset_paragraph,
    "s": _Document.paragraph_style,
    "outlinelevel": _Document.outline_level,
    "intbl": _Document.in_table,
    "cell": _Document.end_cell,
    "row": _Document.end_row,
    "nestcell": _Document.nested_cell,
    "nestrow": _Document.nested_row,
}
