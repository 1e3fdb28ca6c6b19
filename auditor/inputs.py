"""From what the user named to what is worked on: the options of the engine, the files, one audit, one report."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import rule_commands
from auditor.errors import AuditorError, NoInput, UnreadableFile
from auditor.names import real
from auditor.report import Level
from auditor.terminal import complain
from auditor.words import Lang, say

if TYPE_CHECKING:
    from auditor.findings import ReportAudit, Unreadable
    from auditor.options import Options
    from auditor.outputs import Output
    from auditor.paths import Input
    from auditor.report import Report

# What is heavy (the engine, pydantic) is imported inside the functions: help must not wait for it.


# How the outputs are named that could be taken for reports.
_SUFFIX = {"table": ".txt", "md": ".md", "html": ".html", "xlsx": ".xlsx", "docx": ".docx"}


def options_for(
    lang: Lang,
    year: int | None = None,
    level: Level | None = None,
    unit: str | None = None,
    rule_sets: list[str] | None = None,
    rules_dir: Path | None = None,
    encoding: str | None = None,
) -> Options:
    """The engine's options; an unusable value is an error now, not at the first report."""
    from auditor.options import Options

    if year is not None and not 1000 <= year <= 9999:
        raise AuditorError(say(lang, "bad_year"))
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise AuditorError(say(lang, "bad_encoding", name=encoding)) from None
    rule_commands.set_ids(rules_dir, lang)
    return Options(
        year=year,
        level=level,
        unit=unit,
        rule_sets=tuple(rule_sets) if rule_sets else None,
        rules_dir=rules_dir,
        encoding=encoding,
        lang=lang,
    )


def inputs_for(
    paths: Sequence[str], outputs: Sequence[Output], lang: Lang, made: str | None = None
) -> tuple[Input, ...]:
    """The files meant by ``paths``, without what this run writes. Raises NoInput.

    A folder to write into must be there already, or be ``made``, the folder of results, which writing creates.
    """
    from auditor.outputs import written_by
    from auditor.paths import STDIN, find_inputs
    from auditor.readers import READERS

    folders_exist(outputs, lang, made)
    reports_stay(outputs, paths, lang)
    written = {place.resolve() for output in outputs for place in written_by(output)}
    for argument in paths:
        if Path(argument).is_dir() and any(place in written for place in _and_above(argument)):
            raise AuditorError(say(lang, "results_among_inputs", path=argument))
    found = _without_results(find_inputs(paths, READERS, skip=written), paths, lang)
    present = [each for each in found if each.path is None or each.path.exists()]
    if not present:
        missing = [say(lang, "path_missing", path=each.name) for each in found]
        shown = say(lang, "list_mark").join(missing or paths)
        raise NoInput(say(lang, "nothing_found", paths=shown, suffixes=" ".join(sorted(READERS))))
    names = {place.name for place in written}
    for each in present:
        if each.path is None or not (each.path.name in names or each.path.is_symlink()):
            continue  # to resolve every path of a large batch takes a while
        if real(each.path) in written:
            raise AuditorError(say(lang, "overwrites_input", path=each.name))
    if paths.count(STDIN) > 1:
        raise AuditorError(say(lang, "stdin_twice"))
    return tuple(inner for each in found for inner in unpacked(each))


def _without_results(found: Sequence[Input], paths: Sequence[str], lang: Lang) -> tuple[Input, ...]:
    """What was found without the pages and letters of earlier audits, which are told; one named itself stays."""
    from auditor.paths import made_by_auditor

    own = [each for each in found if each.path and each.name not in paths and made_by_auditor(each.path)]
    if own:
        names = say(lang, "list_mark").join(each.name for each in own[:3]) + ("…" if len(own) > 3 else "")
        complain(say(lang, "own_results", count=len(own), names=names))
    return tuple(each for each in found if each not in own)


def _and_above(folder: str) -> tuple[Path, ...]:
    place = Path(folder).resolve()
    return (place, *place.parents)


def folders_exist(outputs: Sequence[Output], lang: Lang, made: str | None = None) -> None:
    """Raise AuditorError where an output is to stand in a folder that is neither there nor ``made``."""
    for output in outputs:
        if output.path and not output.path.parent.exists() and output.path.parent != Path(made or ""):
            folder = output.path.parent.as_posix()
            raise AuditorError(say(lang, "no_folder", path=output.path.as_posix(), folder=folder))


def reports_stay(outputs: Sequence[Output], paths: Sequence[str], lang: Lang) -> None:
    """Raise AuditorError where an output would replace a file that looks like a report and not like an earlier output."""
    from auditor.readers import READERS

    folders = [Path(path).resolve() for path in paths if Path(path).is_dir()]
    for output in outputs:
        path = output.path
        if path is None or path.suffix.lower() not in READERS or not path.is_file():
            continue
        among = any(folder in path.resolve().parents for folder in folders)
        if _SUFFIX.get(output.format) != path.suffix.lower() or (output.format == "table" and among):
            raise AuditorError(say(lang, "overwrites_input", path=path.as_posix()))


def unpacked(each: Input) -> Iterator[Input]:
    """The documents of an archive; an archive that cannot be opened stays, and reading it says why."""
    if each.path is None or each.path.suffix.lower() != ".zip":
        yield each
        return
    from auditor.paths import Input, printable
    from auditor.readers import archive, file_bytes

    if not archive.is_archive(each.path):
        yield each
        return
    try:
        members = archive.members(file_bytes(each.path, each.name), each.name)
    except UnreadableFile:
        yield each
        return
    for member in members:
        yield Input(printable(member.name), each.path, member.content)


def audit_input(each: Input, options: Options) -> ReportAudit | Unreadable:
    """Audit one input, its figures beside the findings."""
    from auditor.audit import audit_bytes, audit_file
    from auditor.findings import Unreadable

    if each.load is not None:
        try:
            return audit_bytes(each.load(), each.name, options)
        except UnreadableFile as error:
            return Unreadable(error.file, error.code, error.said(options.lang))
    if each.path is None:
        return audit_bytes(sys.stdin.buffer.read(), each.name, options)
    return audit_file(each.path, each.name, options)


def read_input(each: Input, options: Options) -> Report | Unreadable:
    """Read one input without auditing it; what cannot be read comes back as a value."""
    from auditor.audit import read_report, report_from_bytes
    from auditor.findings import Unreadable

    try:
        if each.load is not None:
            return report_from_bytes(each.load(), each.name, options)
        if each.path is None:
            return report_from_bytes(sys.stdin.buffer.read(), each.name, options)
        return read_report(each.path, each.name, options)
    except UnreadableFile as error:
        return Unreadable(error.file, error.code, error.said(options.lang))
