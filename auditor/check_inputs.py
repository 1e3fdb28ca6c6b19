"""From the options of a check to what it works with; an option that cannot take effect is an error, never ignored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from auditor.baseline import Baseline
from auditor.changes import changes_since
from auditor.checking import Checked, Found, Settings, check, find, own_lines
from auditor.compiled import obligation_ids
from auditor.errors import AuditorError
from auditor.findings import Audit, ReportAudit, Unreadable
from auditor.formats.checks import WITH_ALL
from auditor.formats.problem import path_of
from auditor.formats.verdict import is_concluded
from auditor.gate import NEW, Gate, terms_of
from auditor.manifest import Manifest, load_manifest
from auditor.names import real
from auditor.options import Options
from auditor.outputs import write_file
from auditor.paths import STDIN, Input, find_inputs, printable
from auditor.readers import READERS
from auditor.selection import Selection, options_of, select
from auditor.waivers import Listed, day_of
from auditor.words import Lang, tell

# The files of settings are checked with pydantic, which is slow to load: that waits for a file to be there.

WAIVERS = Path("waivers.yaml")

AuditOne = Callable[[Input, Options], ReportAudit | Unreadable]


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of a check as they were given; ``told`` names those that tell a report's year, level or unit."""

    paths: tuple[str, ...] = ()
    fail_on: tuple[str, ...] = ()
    gate: Path | None = None
    changed_since: str | None = None
    manifest: Path | None = None
    baseline: Path | None = None
    waivers: Path | None = None
    no_waivers: bool = False
    as_of: str | None = None
    texts: Path | None = None
    everything: bool = False
    allow_empty: bool = False
    allow_unreadable: bool = False
    told: tuple[str, ...] = ()

    @property
    def waiver_file(self) -> Path | None:
        """The file of waivers: the one named, else ``waivers.yaml`` in the current folder."""
        if self.no_waivers:
            return None
        return self.waivers or (WAIVERS if WAIVERS.is_file() else None)


def checked(
    asked: Asked,
    formats: Sequence[str],
    written: Sequence[Path],
    texts: Path | None,
    options: Options,
    audit_one: AuditOne,
) -> Checked:
    """The check that was asked for; everything that can be wrong with the options is found before a report is read.

    ``written`` are the files and ``texts`` is the folder that this run, like the one before, writes: no reports.
    Raises AuditorError, RuleError (a bad file of settings) or NoInput.
    """
    lang = options.lang
    fit(asked, formats, lang)
    gate = gate_of(asked, options)
    _gate_fits(asked, gate, lang)
    listed = waivers_of(asked.waiver_file, options)
    baseline = baseline_in(asked.baseline, lang, obligations(options)) if asked.baseline else None
    manifest = manifest_of(asked.manifest, lang)
    changes = changes_since(asked.changed_since, Path(), lang) if asked.changed_since is not None else None
    own = [path for path in (asked.gate, asked.waiver_file, asked.baseline, asked.manifest) if path]
    spare(asked.paths, manifest, written, own, texts, lang)
    skip = [path.resolve() for path in (*own, *written, *([texts] if texts else []))]
    selection = select(asked.paths, manifest, changes, lang, skip=skip, allow_empty=asked.allow_empty)
    settings = Settings(gate, listed, day(asked.as_of, lang), baseline, asked.allow_empty, asked.allow_unreadable)
    return check(found_in(selection, manifest, options, audit_one, settings), options, settings, selection.notes)


def found_in(
    selection: Selection, manifest: Manifest | None, options: Options, audit_one: AuditOne, settings: Settings
) -> Found:
    """Audit a selection and list what is wrong."""
    results = [audit_one(each, options_of(each, selection, options)) for each in selection.inputs]
    reports = tuple(r for r in results if isinstance(r, ReportAudit))
    audit = Audit(reports, tuple(r for r in results if isinstance(r, Unreadable)))
    return find(audit, manifest.missing if manifest else (), options, settings, selection.partial)


def fit(asked: Asked, formats: Sequence[str], lang: Lang) -> None:
    """Raises AuditorError for the first option that cannot take effect beside the others."""
    faults = {
        "no_paths": not asked.paths and asked.manifest is None,
        "gate_twice": bool(asked.fail_on) and asked.gate is not None,
        "waivers_both": asked.no_waivers and asked.waivers is not None,
        "no_waivers_to_leave": asked.no_waivers and not WAIVERS.is_file(),
        "as_of_without": asked.as_of is not None and asked.waiver_file is None,
        "texts_without": asked.texts is not None and "sarif" not in formats,
        "all_without": asked.everything and not WITH_ALL.intersection(formats),
        "stdin_unchanged": asked.changed_since is not None and STDIN in asked.paths,
    }
    for key, wrong in faults.items():
        if wrong:
            raise AuditorError(tell(lang, key))
    if asked.manifest is not None and asked.told:
        raise AuditorError(tell(lang, "told_twice", options=tell(lang, "mark").join(asked.told)))


def _gate_fits(asked: Asked, gate: Gate, lang: Lang) -> None:
    faults = {
        "new_without": asked.baseline is None and any(term.startswith(NEW) for term in gate.terms),
        "baseline_without": asked.baseline is not None and not gate.judges_known,
        "manifest_without": asked.manifest is None and gate.judges_missing,
        "unreadable_judged": asked.allow_unreadable and gate.judges_unreadable,
    }
    for key, wrong in faults.items():
        if wrong:
            raise AuditorError(tell(lang, key))


def gate_of(asked: Asked, options: Options) -> Gate:
    """The gate: of ``--gate``, of ``--fail-on``, or the default."""
    if asked.gate is not None:
        from auditor.gate_file import load_gate

        return load_gate(asked.gate, printable(asked.gate.as_posix()), obligations(options), options.lang)
    return Gate(terms_of(asked.fail_on, options.lang)) if asked.fail_on else Gate()


def waivers_of(path: Path | None, options: Options) -> tuple[Listed, ...]:
    """The waivers of a file, none where there is no file."""
    if path is None:
        return ()
    from auditor.waiver_file import load_waivers

    return load_waivers(path, printable(path.as_posix()), obligations(options), options.lang)


def baseline_in(path: Path, lang: Lang, known: Collection[str] | None = None) -> Baseline:
    """The baseline in a file, of the obligations ``known``; one that is not there says how to make it."""
    from auditor.baseline_file import load_baseline

    name = printable(path.as_posix())
    if not path.exists():
        raise AuditorError(tell(lang, "no_baseline", file=name))
    return load_baseline(path, name, lang, known)


def manifest_of(path: Path | None, lang: Lang) -> Manifest | None:
    """The list of submissions, if one is named."""
    return load_manifest(path, printable(path.as_posix()), lang) if path else None


def day(text: str | None, lang: Lang) -> date | None:
    """The day of ``--as-of``; raises AuditorError for what is no day."""
    if text is None:
        return None
    found = day_of(text)
    if found is None:
        raise AuditorError(tell(lang, "bad_as_of", value=text))
    return found


def obligations(options: Options) -> frozenset[str]:
    """The ids of every obligation of every rule set, whichever a report will be audited against."""
    return obligation_ids(options.rules_dir)


def spare(
    paths: Sequence[str],
    manifest: Manifest | None,
    written: Sequence[Path],
    own: Sequence[Path],
    texts: Path | None,
    lang: Lang,
) -> None:
    """Raises AuditorError where the run would write over a report, over its settings ``own``, or to a folder.

    A report is what the paths or the list name, changed or not. An earlier result of the same output is none.
    """
    places = {path.resolve(): path for path in written if path.exists()}
    for path in places.values():
        if path.is_dir():
            raise AuditorError(tell(lang, "output_is_folder", file=printable(path.as_posix())))
    for path in own:
        if path.resolve() in places:
            raise AuditorError(tell(lang, "overwrites_settings", file=printable(path.as_posix())))
    listed = [row.file for row in manifest.rows if row.file] if manifest else []
    named = {real(Path(path)) for path in paths if path != STDIN} | {real(path) for path in listed}
    if places:
        found = [each.path for each in find_inputs(paths, READERS) if each.path]
        for path in (*found, *listed):
            place = real(path)
            if place in places and (place in named or not _earlier(place)):
                raise AuditorError(tell(lang, "overwrites", file=printable(path.as_posix())))
    if texts and (inside := [path for path in sorted(named) if path.exists() and path.is_relative_to(texts.resolve())]):
        file = path_of(inside[0].as_posix())
        raise AuditorError(tell(lang, "texts_over_input", folder=printable(texts.as_posix()), file=printable(file)))


def _earlier(path: Path) -> bool:
    """Whether a file is what an earlier check wrote for people to read; in doubt it is not."""
    try:
        return is_concluded(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return False


# ---- the texts that lines refer to


def with_lines(result: Checked, folder: Path | None, options: Options) -> Checked:
    """The check with the files whose lines are those of its reports' texts.

    A plain text is its own. The others' texts are written below ``folder``, if there is one.
    """
    lines: dict[str, str] = {}
    for audited in result.audit.reports:
        file, text = audited.report.source.file, audited.report.text
        if own_lines(Path(file), text, options.encoding):
            lines[file] = file
        elif folder is not None:
            place = folder.joinpath(*_parts(file))
            write_file(place, text, options.lang)
            lines[file] = place.as_posix()
    return replace(result, lines=lines)


def _parts(file: str) -> Iterator[str]:
    """The parts of a path that stays below any folder, ``.txt`` at its end."""
    parts = [part.replace(":", "_") for part in path_of(file).split("/") if part not in ("", ".", "..")]
    yield from parts[:-1]
    yield f"{parts[-1]}.txt"
