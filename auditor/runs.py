"""``auditor audit`` as a run: what is audited, where, with which cache, to which outputs; ended, interrupted, resumed."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.batch import audited, tasks_of
from auditor.cache import Cache, default_cache, size_limit
from auditor.delivery import COMPARED, Manner, check_places, compares, deliver_audits, wanted_for
from auditor.errors import AuditorError, Interrupted, NoInput
from auditor.findings import Pair, Unreadable
from auditor.formats.offered import STORED
from auditor.inputs import inputs_for
from auditor.journal import Journal, journal_of
from auditor.locks import claimed
from auditor.names import real
from auditor.options import Options
from auditor.outputs import Output, plan, tell
from auditor.paths import DEFAULT_FOLDER, STDIN, Input, printable
from auditor.progress import progress
from auditor.remote import check, found_at, is_url, remove, send
from auditor.remote import check_installed as urls_installed
from auditor.report import Report
from auditor.terminal import complain
from auditor.words import Lang, batch_word, say
from auditor.work import Done

if TYPE_CHECKING:
    from auditor.selection import Selection

ENGINES = ("local", "dask")
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command, as the user gave them; ``told`` names those that a list of submissions tells too."""

    paths: tuple[str, ...]
    formats: tuple[str, ...] = ()
    out: str | None = None
    no_out: bool = False
    manifest: Path | None = None
    told: tuple[str, ...] = ()
    jobs: int | None = None
    resume: bool = False
    no_cache: bool = False
    engine: str = "local"
    scheduler: str | None = None


def run(asked: Asked, options: Options, manner_of: Callable[[Sequence[Output]], Manner]) -> tuple[Unreadable, ...]:
    """Audit and write; the files that could not be read.

    Everything that can be wrong with the options is found before a report is read. Raises AuditorError or NoInput, and
    Interrupted once the outputs are ended with what is done.
    """
    lang = options.lang
    _fit(asked, lang)
    with tempfile.TemporaryDirectory(prefix="auditor-") as staging:
        outputs = _outputs(asked, Path(staging), lang)
        manner = manner_of(outputs)
        inputs = _inputs(asked, outputs, options)
        check_places(outputs, len(inputs), lang)
        cache = None if asked.no_cache else default_cache()
        limit = size_limit(lang)
        journal = _journal(asked, options, manner, cache)
        meter = _Meter()
        wanted = wanted_for(outputs, manner, len(inputs))
        tasks = tasks_of(inputs)
        if asked.engine == "dask":
            from auditor.distribute import audited_on

            results = audited_on(asked.scheduler or "", tasks, wanted, cache, options.rules_dir)
        else:
            results = audited(tasks, wanted, cache, asked.jobs)
        counted = progress(meter.count(results), len(inputs), lang)
        with claimed([output.path for output in outputs if output.path and not output.url], lang):
            marked = journal is not None and journal.begin()
            try:
                unreadable = deliver_audits(counted, outputs, manner, _pairs, len(inputs))
            except Interrupted as stopped:
                _send(outputs, lang)
                if not marked:
                    raise
                told = [stopped.told(lang), batch_word(lang, "go_on")]
                raise Interrupted(say(lang, "clause_mark").join(told)) from None
        _send(outputs, lang)
        if journal is not None:
            journal.end()
        if cache is not None and meter.made:
            cache.trim(limit)
    if asked.resume:
        complain(batch_word(lang, "resumed", kept=meter.kept, made=meter.made))
    if compares(outputs) and len(inputs) > COMPARED:
        complain(batch_word(lang, "not_compared", count=len(inputs), most=COMPARED))
    return unreadable


class _Meter:
    """How many reports came from the cache, and how many were audited."""

    def __init__(self) -> None:
        self.kept = self.made = 0

    def count(self, results: Iterator[Done]) -> Iterator[Done]:
        for done in results:
            if done.kept:
                self.kept += 1
            else:
                self.made += 1
            yield done


def _fit(asked: Asked, lang: Lang) -> None:
    """Raise AuditorError for the first option that cannot take effect beside the others."""
    faults = {
        "bad_jobs": asked.jobs is not None and asked.jobs < 1,
        "no_inputs_named": not asked.paths and asked.manifest is None,
        "url_manifest": asked.manifest is not None and any(map(is_url, asked.paths)),
        "resume_without_cache": asked.resume and asked.no_cache,
        "url_out": asked.out is not None and is_url(asked.out),
        "no_scheduler": asked.engine == "dask" and not asked.scheduler,
        "bad_scheduler": asked.engine == "dask" and (asked.scheduler or "").startswith(("http:", "https:", "file:")),
        "unused_scheduler": asked.engine == "local" and asked.scheduler is not None,
        "unused_jobs": asked.engine == "dask" and asked.jobs is not None,
    }
    if asked.engine not in ENGINES:
        raise AuditorError(batch_word(lang, "bad_engine", name=asked.engine))
    for key, wrong in faults.items():
        if wrong:
            raise AuditorError(batch_word(lang, key))
    if any(map(is_url, (*asked.paths, *(value.partition("=")[2] for value in asked.formats)))):
        urls_installed(lang)
    if asked.manifest is not None and asked.told:
        options = say(lang, "list_mark").join(asked.told)
        raise AuditorError(batch_word(lang, "told_twice", options=options))
    if asked.engine == "dask":
        from auditor.distribute import check_installed

        check_installed(lang)


# ---- inputs


def _inputs(asked: Asked, outputs: Sequence[Output], options: Options) -> list[tuple[Input, Options]]:
    """What to audit, each with what the list of submissions tells of it."""
    lang = options.lang
    made = asked.out or DEFAULT_FOLDER
    if asked.manifest is not None:
        return _listed(asked, outputs, options)
    from auditor.readers import READERS

    below = {path: found_at(path, READERS, lang) for path in asked.paths if is_url(path)}
    local = [path for path in asked.paths if not is_url(path)]
    if not local and not any(below.values()):
        paths = say(lang, "list_mark").join(below)
        raise NoInput(say(lang, "nothing_found", paths=paths, suffixes=" ".join(sorted(READERS))))
    found = list(inputs_for(local, outputs, lang, made)) if local else []
    urls = dict.fromkeys(url for path, files in below.items() for url in files or [path])
    found += [Input(printable(url), None, None, url) for url in urls]
    return [(each, options) for each in found]


def _listed(asked: Asked, outputs: Sequence[Output], options: Options) -> list[tuple[Input, Options]]:
    """The files of the list of submissions and of the paths; says which units have none."""
    from auditor.inputs import folders_exist, reports_stay
    from auditor.manifest import load_manifest
    from auditor.outputs import written_by
    from auditor.selection import options_of, select

    assert asked.manifest is not None
    lang = options.lang
    folders_exist(outputs, lang, asked.out or DEFAULT_FOLDER)
    reports_stay(outputs, asked.paths, lang)
    manifest = load_manifest(asked.manifest, printable(asked.manifest.as_posix()), lang)
    written = [place.resolve() for output in outputs for place in written_by(output)]
    selection = select(asked.paths, manifest, None, lang, skip=[*written, asked.manifest.resolve()], allow_empty=False)
    _no_overwriting(selection, written, lang)
    for note in selection.notes:
        complain(note)
    if manifest.missing:
        units = say(lang, "list_mark").join(each.unit for each in manifest.missing[:_MOST_NAMED])
        if len(manifest.missing) > _MOST_NAMED:
            units = batch_word(lang, "and_others", units=units)
        complain(batch_word(lang, "not_submitted", count=len(manifest.missing), units=units))
    return [(each, options_of(each, selection, options)) for each in selection.inputs]


def _no_overwriting(selection: Selection, written: Sequence[Path], lang: Lang) -> None:
    for each in selection.inputs:
        if each.path is not None and real(each.path) in written:
            raise AuditorError(say(lang, "overwrites_input", path=each.name))


# ---- outputs


def _outputs(asked: Asked, staging: Path, lang: Lang) -> tuple[Output, ...]:
    """What to write; what is to stand at a URL is written to a folder of its own below ``staging`` first."""
    formats: list[str] = []
    urls: dict[Path, str] = {}
    for at, value in enumerate(asked.formats):
        name, _, place = value.partition("=")
        if is_url(place):
            check(place, lang)
            own = staging / str(at) / place.rstrip("/").rpartition("/")[2]
            own.parent.mkdir()
            urls[own] = place.rstrip("/")
            value = f"{name}={own}"
        formats.append(value)
    outputs = plan(formats, asked.out, asked.no_out, lang)
    for output in outputs:
        if output.format in STORED:
            from auditor.store import check_installed

            check_installed(output.format, lang)
    return tuple(replace(o, url=urls.get(o.path)) if o.path else o for o in outputs)


def _send(outputs: Sequence[Output], lang: Lang) -> None:
    """Copy what was written for URLs to where it belongs, and say so."""
    for output in outputs:
        if output.url is not None and output.path is not None:
            if output.format == "parquet":
                for table in sorted(output.path.iterdir()):
                    remove(f"{output.url}/{table.name}", ".parquet", lang)
            send(output.path.parent, output.url, lang)
    tell([o.url for o in outputs if o.url and o.path and o.path.exists()], lang)


def _pairs(reports: Sequence[Report]) -> tuple[Pair, ...]:
    if len(reports) < 2:
        return ()
    from auditor.similarity import outline, similar_pairs

    return similar_pairs([outline(report) for report in reports])


# ---- going on


def _journal(asked: Asked, options: Options, manner: Manner, cache: Cache | None) -> Journal | None:
    """The journal of this command. Raises AuditorError where it is to be resumed and was not interrupted.

    Standard input is gone once it was read, so a run that reads it has none.
    """
    if cache is None or STDIN in asked.paths:
        if asked.resume:
            raise AuditorError(batch_word(options.lang, "nothing_to_resume"))
        return None
    template = hashlib.sha256(manner.template or b"").hexdigest()
    command = (
        asked.paths,
        asked.formats,
        asked.out,
        asked.no_out,
        asked.manifest,
        options,
        manner.everything,
        template,
    )
    journal = journal_of(cache, command)
    if asked.resume and not journal.begun():
        raise AuditorError(batch_word(options.lang, "nothing_to_resume"))
    return journal
