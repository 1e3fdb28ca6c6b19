"""Which files a check looks at: what the user named, what the list of submissions names, or what has changed of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from auditor.changes import Changes
from auditor.errors import AuditorError, NoInput, NoSuchPath
from auditor.inputs import unpacked
from auditor.manifest import Manifest, Row
from auditor.names import real
from auditor.options import Options
from auditor.paths import STDIN, Input, files_below, find_inputs, is_pattern, printable
from auditor.readers import READERS
from auditor.words import Lang, say, tell

_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Selection:
    """The inputs of a check, what the list tells of a file (by resolved path), and what was left out and why.

    ``partial``: what has not changed is left out.
    """

    inputs: tuple[Input, ...]
    rows: Mapping[Path, Row] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    partial: bool = False


def select(
    paths: Sequence[str],
    manifest: Manifest | None,
    changes: Changes | None,
    lang: Lang,
    *,
    skip: Collection[Path] = (),
    allow_empty: bool = False,
) -> Selection:
    """The reports to check. ``skip`` are files and folders of this run's own (resolved), never reports.

    Raises NoInput where nothing is there to be checked (``allow_empty``: only where a path does not exist), and
    AuditorError for a file that a repository of changes does not hold.
    """
    if paths.count(STDIN) > 1:
        raise AuditorError(say(lang, "stdin_twice"))
    for path in paths:
        if path != STDIN and not Path(path).exists() and not is_pattern(path):
            raise NoSuchPath(say(lang, "path_missing", path=printable(path)))
    rows = {real(row.file): row for row in manifest.rows if row.file and row.there} if manifest else {}
    found = [
        each
        for each in find_inputs(paths, READERS, skip=skip)
        if each.path is None or (each.path.exists() and not set(real(each.path).parents) & set(skip))
    ]
    notes = [tell(lang, "not_listed", file=each.name) for each in found if manifest and _place(each) not in rows]
    notes += _doubts(manifest, lang) if manifest else ()
    known = {_place(each) for each in found}
    found += [Input(printable(p.file.as_posix()), p.file) for at, p in rows.items() if p.file and at not in known]
    notes += _passed_over(paths, found, skip, changes, lang)
    if changes is not None:
        found, said = _changed(found, paths, changes, lang)
        notes += said
    inputs = tuple(inner for each in found for inner in unpacked(each))
    if not inputs and not allow_empty and not (manifest and manifest.missing):
        raise NoInput(_nothing(paths, changes, lang))
    return Selection(inputs, rows, tuple(notes), changes is not None)


def options_of(each: Input, selection: Selection, options: Options) -> Options:
    """The engine's options for one input: what the list of submissions tells of it."""
    row = selection.rows.get(real(each.path)) if each.path else None
    if row is None:
        return options
    return replace(
        options, told_by="manifest", unit=row.unit, level=row.level, year=row.year, submitted=row.submitted, url=row.url
    )


def _doubts(manifest: Manifest, lang: Lang) -> Iterator[str]:
    """What may be a slip in the list: a file that does not exist, a report handed in before its year was over."""
    for row in manifest.rows:
        at = f"{manifest.name}:{row.line}"
        if row.file is not None and not row.there:
            yield tell(lang, "listed_gone", at=at, unit=row.unit, file=printable(row.file.as_posix()))
        if row.submitted and row.year is not None and row.submitted <= f"{row.year}-12-31":
            yield tell(lang, "submitted_early", at=at, day=row.submitted, year=row.year)


def _nothing(paths: Sequence[str], changes: Changes | None, lang: Lang) -> str:
    if changes is not None:
        return tell(lang, "nothing_changed")
    shown = say(lang, "list_mark").join(paths)
    return say(lang, "nothing_found", paths=shown, suffixes=" ".join(sorted(READERS)))


def _place(each: Input) -> Path | None:
    return real(each.path) if each.path else None


def _passed_over(
    paths: Sequence[str], found: Sequence[Input], skip: Collection[Path], changes: Changes | None, lang: Lang
) -> Iterator[str]:
    """What lies in the folders and is no readable report: a check that did not look at it says so."""
    taken = {_place(each) for each in found} | set(skip)
    left = [
        path.as_posix()
        for argument in paths
        if argument != STDIN and Path(argument).is_dir()
        for path in files_below(Path(argument))
        if not {(place := real(path)), *place.parents} & taken
        and (changes is None or _in_tree(path) in changes.changed)
    ]
    if left:
        names = tell(lang, "mark").join(printable(name) for name in left[:_MOST_NAMED])
        more = tell(lang, "and_more") if len(left) > _MOST_NAMED else ""
        yield tell(lang, "passed_over", count=len(left), names=names + more)


def _in_tree(path: Path) -> Path:
    """The path as git names it: its folder resolved, itself not (it may be a link)."""
    return path.parent.resolve() / path.name


def _changed(
    found: Sequence[Input], paths: Sequence[str], changes: Changes, lang: Lang
) -> tuple[list[Input], list[str]]:
    """The inputs that have changed. A report that was only renamed within the selection is none of them."""
    kept: list[Input] = []
    moved: list[str] = []
    top = changes.top.resolve()
    for each in found:
        if each.path is None:
            raise AuditorError(tell(lang, "stdin_unchanged"))
        place = _in_tree(each.path)
        if not place.is_relative_to(top):
            raise AuditorError(tell(lang, "outside", file=each.name, top=top.as_posix()))
        if place not in changes.changed and each.path.exists():
            continue
        before = changes.renamed.get(place)
        if before is not None and _selected(before, each.path, paths):
            moved.append(each.name)
        else:
            kept.append(each)
    notes = [tell(lang, "moved", count=len(moved), names=tell(lang, "mark").join(moved))] if moved else []
    if changes.direct:
        notes.append(tell(lang, "no_common_base"))
    return kept, notes


def _selected(before: Path, now: Path, paths: Sequence[str]) -> bool:
    """Whether a file that is no longer there, ``now`` under another name, would have been a report of these paths.

    Of a file that was named itself, its folder stands for the path.
    """
    return before.suffix.lower() in READERS and any(_meant(before, now, path) for path in paths)


def _meant(before: Path, now: Path, argument: str) -> bool:
    path = Path(argument).resolve()
    if path.exists():
        return before.is_relative_to(path) or (path == real(now) and before.parent == path.parent)
    return any(_matches(place.parts, path.parts) for place in (before, *before.parents))


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path is one that a glob names, part by part; ``**`` stands for any number of folders."""
    if not pattern or not parts:
        return not parts and all(each == "**" for each in pattern)
    if pattern[0] == "**":
        return _matches(parts, pattern[1:]) or _matches(parts[1:], pattern)
    return fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
