"""Outputs that are written while the batch runs: rows at once, documents part by part, framed when all is known."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import FileIO
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

from auditor.errors import AuditorError
from auditor.formats.offered import DOCUMENTS, STREAMED
from auditor.formats.streaming import Gathered
from auditor.outputs import Output, unwritable, write_blocks
from auditor.terminal import show
from auditor.words import Lang
from auditor.work import SUMMARY, Done

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
    """Lines that reach the file or the screen as soon as a report is audited: a report whole, or not at all."""

    def __init__(self, output: Output, lang: Lang) -> None:
        self._output = output
        self._lang = lang
        self._format = STREAMED[output.format]
        self._file: FileIO | None = None
        self._whole = 0  # bytes

    def __enter__(self) -> Rows:
        if self._output.path is not None:
            try:
                self._output.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._output.path.open("wb", buffering=0)
            except OSError as error:
                raise unwritable(self._output.path, error, self._lang) from error
        try:
            self._write(self._format.opening(self._lang).encode("utf-8"))
        except AuditorError:
            self.__exit__(AuditorError)
            raise
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
            left = memoryview(lines)
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            with suppress(OSError):  # a pipe has no beginning to go back to
                self._file.truncate(self._whole)
            assert self._output.path is not None
            raise unwritable(self._output.path, error, self._lang) from error
        self._whole += len(lines)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._file is None:
            return
        try:
            self._file.close()
        except OSError as error:
            if kind is None:  # a share may say only now that it is full
                assert self._output.path is not None
                raise unwritable(self._output.path, error, self._lang) from error


class Framed:
    """A document: its parts, and the list of reports before them, wait in nameless files, of which nothing stays."""

    def __init__(self, output: Output, lang: Lang) -> None:
        self._output = output
        self._lang = lang
        self._format = DOCUMENTS[output.format]
        self._parts: IO[bytes]
        self._list: IO[bytes]
        self._empty = True

    def __enter__(self) -> Framed:
        folder = self._output.path.parent if self._output.path else None
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            self._parts, self._list = _nameless(folder), _nameless(folder)
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
            if self._format.listed is not None:
                self._list.write(self._format.listed(json.loads(done.pieces[SUMMARY])).encode("utf-8"))
        except OSError as error:
            raise self._unwritable(error) from error

    def finish(self, gathered: Gathered) -> None:
        head, middle, tail = (text.encode("utf-8") for text in self._format.frame(gathered, self._lang))
        blocks = chain([head], _blocks(self._list), [middle], _blocks(self._parts), [tail])
        if self._output.path is not None:
            write_blocks(self._output.path, blocks, self._lang)
            return
        for text in _lines(blocks):
            show(text)

    def _unwritable(self, error: OSError) -> AuditorError:
        return unwritable(self._output.path or Path(tempfile.gettempdir()), error, self._lang)

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # what a full disk did not take is not wanted any more
            self._parts.close()
            self._list.close()


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block


def _nameless(folder: Path | None) -> IO[bytes]:
    """A file without a name beside the output, where there is room for it; else where temporary files are."""
    try:
        return tempfile.TemporaryFile(dir=folder)
    except OSError:
        return tempfile.TemporaryFile()


def _lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """The blocks as text in pieces that end with a line."""
    held = b""
    for block in blocks:
        whole, line, rest = (held + block).rpartition(b"\n")
        if line:
            yield (whole + line).decode("utf-8")
        held = rest
    if held:
        yield held.decode("utf-8")
