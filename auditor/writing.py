"""Outputs that are written while the batch runs: rows at once, documents part by part, framed when all is known."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

from auditor.errors import AuditorError
from auditor.formats.offered import DOCUMENTS, STREAMED
from auditor.formats.streaming import Gathered
from auditor.outputs import Output, unwritable, write_blocks
from auditor.terminal import show
from auditor.words import Lang
from auditor.work import Done

_BLOCK = 1 << 20


class Writer(Protocol):
    """One output of a batch. ``finish`` also ends an output whose run was interrupted, with what is done."""

    def add(self, done: Done) -> None: ...

    def finish(self, gathered: Gathered) -> None: ...

    def __enter__(self) -> Writer: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Rows:
    """Lines that reach the file or the screen as soon as a report is audited."""

    def __init__(self, output: Output, lang: Lang) -> None:
        self._output = output
        self._lang = lang
        self._format = STREAMED[output.format]
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Rows:
        if self._output.path is not None:
            try:
                self._output.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._output.path.open("wb")
            except OSError as error:
                raise unwritable(self._output.path, error, self._lang) from error
        self._write(self._format.opening(self._lang).encode("utf-8"))
        return self

    def add(self, done: Done) -> None:
        if done.failed is not None:
            self._write("".join(self._format.unreadable(done.failed, self._lang)).encode("utf-8"))
        else:
            self._write(done.pieces[self._output.format])

    def finish(self, gathered: Gathered) -> None:
        """Every line is written already."""

    def _write(self, lines: bytes) -> None:
        if not lines:
            return
        if self._file is None:
            show(lines.decode("utf-8"))
            return
        try:
            self._file.write(lines)
            self._file.flush()
        except OSError as error:
            assert self._output.path is not None
            raise unwritable(self._output.path, error, self._lang) from error

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


class Framed:
    """A document: its parts wait in a nameless file, which also a killed run leaves nothing of."""

    def __init__(self, output: Output, lang: Lang) -> None:
        self._output = output
        self._lang = lang
        self._format = DOCUMENTS[output.format]
        self._parts: IO[bytes]
        self._empty = True

    def __enter__(self) -> Framed:
        folder = self._output.path.parent if self._output.path else None
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            self._parts = _nameless(folder)
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def add(self, done: Done) -> None:
        if done.failed is not None:
            return
        before = self._format.first if self._empty else self._format.between
        self._empty = False
        try:
            self._parts.write(before.encode("utf-8") + done.pieces[self._output.format])
        except OSError as error:
            raise self._unwritable(error) from error

    def finish(self, gathered: Gathered) -> None:
        before, after = self._format.frame(gathered, self._lang)
        if self._output.path is not None:
            write_blocks(self._output.path, self._blocks(before, after), self._lang)
            return
        for text in _lines(self._blocks(before, after)):
            show(text)

    def _unwritable(self, error: OSError) -> AuditorError:
        return unwritable(self._output.path or Path(tempfile.gettempdir()), error, self._lang)

    def _blocks(self, before: str, after: str) -> Iterator[bytes]:
        yield before.encode("utf-8")
        self._parts.seek(0)
        while block := self._parts.read(_BLOCK):
            yield block
        yield after.encode("utf-8")

    def __exit__(self, *_: object) -> None:
        self._parts.close()


def _nameless(folder: Path | None) -> IO[bytes]:
    """A file without a name beside the output, where there is room for it; else where temporary files are."""
    try:
        return tempfile.TemporaryFile(dir=folder)
    except OSError:
        return tempfile.TemporaryFile()


def _lines(blocks: Iterator[bytes]) -> Iterator[str]:
    """The blocks as text in pieces that end with a line."""
    held = b""
    for block in blocks:
        whole, line, rest = (held + block).rpartition(b"\n")
        if line:
            yield (whole + line).decode("utf-8")
        held = rest
    if held:
        yield held.decode("utf-8")
