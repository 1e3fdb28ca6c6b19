"""From audits to the screen and to files: rows while the batch runs, all else at its end."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from auditor.errors import AuditorError
from auditor.findings import Audit, Pair, ReportAudit, Unreadable
from auditor.formats import EACH, FORMATS, STREAMED
from auditor.formats.cells import visible
from auditor.names import safe_name, unique
from auditor.outputs import Output, is_file, page_places, tell, unwritable, write_file
from auditor.terminal import complain, show
from auditor.words import Lang, say

_SHOW_PAIRS = {"json", "xlsx", "html"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How results are worded: the language, every row or only what needs attention, the office's letter template."""

    lang: Lang
    everything: bool = False
    template: bytes | None = None
    template_name: str = ""


def check_places(outputs: Sequence[Output], reports: int, lang: Lang) -> None:
    """Raise AuditorError, before any work is done, where several letters would go into one file, or could not be written."""
    for output in outputs:
        if output.path:
            _writable(output.path, lang)
        if output.format == "docx" and lang is not Lang.ZH:
            raise AuditorError(say(lang, "letters_are_chinese"))
        if output.format == "docx" and output.path and is_file(output.path, ".docx") and reports > 1:
            raise AuditorError(say(lang, "letters_need_folder", path=output.path, count=reports))


def _writable(place: Path, lang: Lang) -> None:
    """Raise AuditorError where the nearest folder above a place is none, or is not ours to write into."""
    above = next(each for each in place.absolute().parents if each.exists())
    if not above.is_dir():
        raise unwritable(place, NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)), lang)
    if not os.access(above, os.W_OK):
        raise unwritable(place, PermissionError(errno.EACCES, os.strerror(errno.EACCES)), lang)


def deliver_audits(
    results: Iterable[ReportAudit | Unreadable],
    outputs: Sequence[Output],
    manner: Manner,
    pairs_of: Callable[[Sequence[ReportAudit]], tuple[Pair, ...]],
) -> tuple[Unreadable, ...]:
    """Write the results of a batch to every output, and say what was written; the files that could not be read.

    Audits are kept only where an output needs all of them at once; rows are written as the audits come.
    ``pairs_of`` is asked for the similar reports where an output shows them.
    """
    streamed = [output for output in outputs if output.format in STREAMED]
    others = [output for output in outputs if output.format not in STREAMED]
    reports: list[ReportAudit] = []
    unreadable: list[Unreadable] = []
    submitted: Counter[tuple[str, int]] = Counter()
    with ExitStack() as stack:
        streams = [stack.enter_context(_Rows(output, manner.lang)) for output in streamed]
        for result in results:
            for stream in streams:
                stream.add(result)
            if isinstance(result, Unreadable):
                unreadable.append(result)
                continue
            source = result.report.source
            if source.unit and source.year:
                submitted[source.unit, source.year] += 1
            if others:
                reports.append(result)
    paired = any(output.format in _SHOW_PAIRS for output in others)
    audit = Audit(tuple(reports), tuple(unreadable), pairs_of(reports) if paired and len(reports) > 1 else ())
    written = [output.path.as_posix() for output in streamed if output.path]
    for output in others:
        written += _deliver(output, audit, manner)
    tell(written, manner.lang)
    for (unit, year), count in submitted.items():
        if count > 1:
            complain(say(manner.lang, "submitted_twice", unit=visible(unit), year=year, count=count))
    return audit.unreadable


class _Rows:
    """A streamed output: its lines reach the file or the screen as soon as a report is audited."""

    def __init__(self, output: Output, lang: Lang) -> None:
        self._output = output
        self._lang = lang
        self._format = STREAMED[output.format]
        self._file: TextIO | None = None

    def __enter__(self) -> _Rows:
        if self._output.path is not None:
            try:
                self._output.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._output.path.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise unwritable(self._output.path, error, self._lang) from error
        self._write(self._format.opening(self._lang))
        return self

    def add(self, result: ReportAudit | Unreadable) -> None:
        if isinstance(result, Unreadable):
            self._write("".join(self._format.unreadable(result, self._lang)))
        else:
            self._write("".join(self._format.lines(result, self._lang)))

    def _write(self, text: str) -> None:
        if not text:
            return
        if self._file is None:
            show(text)
            return
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            assert self._output.path is not None
            raise unwritable(self._output.path, error, self._lang) from error

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def _deliver(output: Output, audit: Audit, manner: Manner) -> list[str]:
    """Write one output; the places to name to the user."""
    if output.format in EACH:
        assert output.path is not None
        files = _pages(output.path, audit, manner) if output.format == "html" else _letters(output.path, audit, manner)
        return _written(files, manner.lang)
    result = FORMATS[output.format](audit, manner.lang, manner.everything)
    if output.path is None:
        show(result if isinstance(result, str) else result.decode("utf-8"))
        return []
    write_file(output.path, result, manner.lang)
    return [output.path.as_posix()]


def _written(files: Iterator[tuple[Path, str | bytes]], lang: Lang) -> list[str]:
    """Write the files as they are made; their places, those of a folder as its name and their number.

    Files of the same kind that stand beside them from an earlier run are told: they are not of this one.
    """
    made: dict[Path, list[Path]] = {}
    for path, content in files:
        write_file(path, content, lang)
        made.setdefault(path.parent, []).append(path)
    told = []
    for folder, paths in made.items():
        if len(paths) == 1:
            told.append(paths[0].as_posix())
            continue
        told.append(say(lang, "more_files", folder=f"{folder.as_posix()}/", count=len(paths)))
        left = {each for each in folder.glob(f"*{paths[0].suffix}") if not each.name.startswith((".", "~$"))}
        if others := left.difference(paths):
            complain(say(lang, "left_over", folder=f"{folder.as_posix()}/", count=len(others)))
    return told


def _pages(place: Path, audit: Audit, manner: Manner) -> Iterator[tuple[Path, str]]:
    """The page of the only report; else an index, and a page a report in a folder beside it."""
    from auditor.formats import overview, page

    first, folder = page_places(place)
    if len(audit.reports) == 1 and not audit.unreadable:
        yield first, page.render(audit.reports[0], manner.lang)
        return
    stems = unique(safe_name(Path(audited.report.source.file).stem) for audited in audit.reports)
    links = [quote(f"{folder.name}/{stem}.html") for stem in stems]
    yield first, overview.render(audit, manner.lang, links)
    for audited, stem in zip(audit.reports, stems, strict=True):
        yield folder / f"{stem}.html", page.render(audited, manner.lang, quote(f"../{first.name}"))


def _letters(place: Path, audit: Audit, manner: Manner) -> Iterator[tuple[Path, bytes]]:
    """A letter a report."""
    from auditor.formats import letter

    names = [Path(letter.name(audited)).stem for audited in audit.reports]
    alike = Counter(names)
    files = [safe_name(Path(audited.report.source.file).stem) for audited in audit.reports]
    stems = unique(n if alike[n] == 1 else f"{n}_{file}" for n, file in zip(names, files, strict=True))
    for audited, stem in zip(audit.reports, stems, strict=True):
        path = place if is_file(place, ".docx") else place / f"{stem}.docx"
        yield path, letter.render(audited, manner.template, manner.lang, manner.template_name)
