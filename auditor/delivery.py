"""From audits to the screen and to files: rows and documents while the batch runs, all else at its end."""

from __future__ import annotations

import errno
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from auditor.errors import AuditorError, Interrupted
from auditor.findings import Audit, Pair, ReportAudit, RuleSetRef, Unreadable
from auditor.formats import table
from auditor.formats.cells import visible
from auditor.formats.offered import DOCUMENTS, EACH, FORMATS, STORED, STREAMED
from auditor.formats.streaming import Gathered
from auditor.names import safe_name, unique
from auditor.outputs import Output, is_file, page_places, tell, unwritable, write_file
from auditor.report import Report
from auditor.stopping import Stopping
from auditor.terminal import complain, show
from auditor.words import Lang, batch_word, say
from auditor.work import ABOUT, STORE, SUMMARY, Done, Wanted, finished
from auditor.writing import Framed, Rows, Writer

# A screen shows the tables of so many reports; of more, the summary.
SCREENFUL = 20
# Of so many a screen shows one line each in that summary; of more, counts and the lowest scores.
LISTED = 300
# Reports are compared with each other up to this number: all of them must be in memory at once.
COMPARED = 500
_SHOW_PAIRS = {"json", "xlsx", "html"}
_STREAMING = {*STREAMED, *DOCUMENTS, *STORED}


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


def wanted_for(outputs: Sequence[Output], manner: Manner, reports: int) -> Wanted:
    """What the outputs need of each of so many reports."""
    formats = {output.format for output in outputs}
    pieces = formats & (STREAMED.keys() | DOCUMENTS.keys()) | {ABOUT}
    if formats & set(STORED):
        pieces |= {STORE}
    if "md" in formats or any(_summary_only(output, reports) for output in outputs):
        pieces |= {SUMMARY}
    whole = any(output.format not in _STREAMING and not _summary_only(output, reports) for output in outputs)
    compared = compares(outputs) and 1 < reports <= COMPARED
    return Wanted(manner.lang, manner.everything, tuple(sorted(pieces)), whole, compared)


def _writable(place: Path, lang: Lang) -> None:
    """Raise AuditorError where the nearest folder above a place is none, or is not ours to write into."""
    above = next(each for each in place.absolute().parents if each.exists())
    if not above.is_dir():
        raise unwritable(place, NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)), lang)
    if not os.access(above, os.W_OK):
        raise unwritable(place, PermissionError(errno.EACCES, os.strerror(errno.EACCES)), lang)


def deliver_audits(
    results: Iterable[Done | ReportAudit | Unreadable],
    outputs: Sequence[Output],
    manner: Manner,
    pairs_of: Callable[[Sequence[Report]], tuple[Pair, ...]],
    reports: int = 1,
) -> tuple[Unreadable, ...]:
    """Write the results of a batch of so many ``reports`` to every output; the files that could not be read.

    Audits are kept only where an output needs all of them at once. ``pairs_of`` is asked for the similar reports where
    an output shows them, of none where the batch is too large to compare. A run that is interrupted, or told to end,
    ends its rows, documents and stores with what is done, then raises Interrupted.
    """
    told = Gathered()
    held: list[ReportAudit] = []
    try:
        with ExitStack() as stack:
            stopping = stack.enter_context(Stopping())
            writers = [stack.enter_context(w) for o in outputs if (w := _writer(o, manner.lang)) is not None]
            try:
                compared: list[Report] = []
                for done in _written_at_once(results, wanted_for(outputs, manner, reports), writers, told, stopping):
                    held += [done.audit] if done.audit is not None else []
                    compared += [done.report] if done.report is not None else []
                told.pairs = pairs_of(compared) if compares(outputs) else ()
            except KeyboardInterrupt:
                with stopping.deaf():
                    _finish(writers, told)
                raise
            with stopping.held():
                _finish(writers, told)
        return _written_at_last(outputs, Audit(tuple(held), tuple(told.unreadable), told.pairs), told, manner, reports)
    except KeyboardInterrupt:
        done_so_far = told.reports + len(told.unreadable)
        raise Interrupted(batch_word(manner.lang, "stopped", done=done_so_far, count=reports)) from None


def _written_at_once(
    results: Iterable[Done | ReportAudit | Unreadable],
    wanted: Wanted,
    writers: Sequence[Writer],
    told: Gathered,
    stopping: Stopping,
) -> Iterator[Done]:
    """The results, each written to all that is written while the batch runs or, where the user stops it, to none."""
    for result in results:
        done = result if isinstance(result, Done) else finished(result, wanted)
        with stopping.held():
            for writer in writers:
                writer.add(done)
            _gather(done, told)
        yield done


def _finish(writers: Sequence[Writer], told: Gathered) -> None:
    for writer in writers:
        writer.finish(told)


def _written_at_last(
    outputs: Sequence[Output], audit: Audit, told: Gathered, manner: Manner, reports: int
) -> tuple[Unreadable, ...]:
    """What needs all audits at once, and what there is to say in the end; the files that could not be read."""
    written: list[str] = []
    for output in outputs:
        if _summary_only(output, reports):
            most = SCREENFUL if reports <= LISTED else LISTED
            show((table.summary if reports <= LISTED else table.digest)(told, manner.lang))
            complain(batch_word(manner.lang, "summary_only" if reports <= LISTED else "digest_only", most=most))
        elif output.format in _STREAMING:
            written += [output.path.as_posix()] if output.path and not output.url else []
        else:
            places = _deliver(output, audit, manner)
            written += [] if output.url else places
    tell(written, manner.lang)
    twice = [(unit, year, count) for (unit, year), count in told.submitted.items() if count > 1]
    for unit, year, count in twice[:SCREENFUL]:
        complain(say(manner.lang, "submitted_twice", unit=visible(unit), year=year, count=count))
    if len(twice) > SCREENFUL:
        complain(batch_word(manner.lang, "more_twice", count=len(twice) - SCREENFUL))
    return audit.unreadable


def compares(outputs: Sequence[Output]) -> bool:
    """Whether an output shows which reports are alike."""
    return any(output.format in _SHOW_PAIRS for output in outputs)


def _summary_only(output: Output, reports: int) -> bool:
    """Whether so many reports are told of in a summary alone: tables of hundreds are nothing for a screen."""
    return output.format == "table" and output.path is None and reports > SCREENFUL


def _writer(output: Output, lang: Lang) -> Writer | None:
    """What writes an output while the batch runs; None for one that is written at its end."""
    if output.format in STREAMED:
        return Rows(output, lang)
    if output.format in DOCUMENTS:
        return Framed(output, lang)
    if output.format not in STORED:
        return None
    from auditor.store import STORES

    return STORES[output.format](output, lang)


def _gather(done: Done, told: Gathered) -> None:
    if done.failed is not None:
        told.unreadable.append(done.failed)
        return
    told.reports += 1
    about = json.loads(done.pieces[ABOUT])
    told.rule_sets |= {RuleSetRef(*ref) for ref in about["rule_sets"]}
    if about["unit"] and about["year"]:
        told.submitted[about["unit"], about["year"]] += 1
    if SUMMARY in done.pieces:
        row = json.loads(done.pieces[SUMMARY])
        told.tally(about, row)
        if len(told.summary) < LISTED:
            told.summary.append(row)


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
