"""One report of a batch: from its bytes to the pieces that the outputs are made of, wherever in the world that is done.

A piece that was worked out before is taken from the cache. The same file, rules, options and tool give the same pieces in
this process, in a worker of this machine and on a cluster.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from auditor.errors import AuditorError, UnreadableFile
from auditor.findings import ReportAudit, Unreadable
from auditor.fingerprint import audit_key, derived_key, reading_key
from auditor.formats import rows
from auditor.formats.offered import DOCUMENTS, STREAMED
from auditor.readers import file_bytes, read_bytes
from auditor.remote import is_url, remote_bytes
from auditor.report import Extracted, Report
from auditor.words import Lang, batch_word

if TYPE_CHECKING:
    from auditor.cache import Cache
    from auditor.options import Options

_T = TypeVar("_T")

SUMMARY = "summary"
ABOUT = "about"
STORE = "store"

# Text files are read faster than they are found in the cache.
_QUICK = frozenset({"txt", "md"})


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to audit: ``name`` as the user sees it, and its ``place`` (a path or URL) or its bytes."""

    name: str
    options: Options
    place: str | None = None
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run needs of every report: the ``pieces``, the whole ``audit``, the structured ``report`` to compare it."""

    lang: Lang
    everything: bool = False
    pieces: tuple[str, ...] = ()
    audit: bool = False
    report: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """One report that is done: its pieces by name, or why it could not be read. ``kept``: all of it was in the cache.

    The audit has no sentences; the report has them.
    """

    name: str
    pieces: dict[str, bytes] = field(default_factory=dict)
    audit: ReportAudit | None = None
    report: Report | None = None
    failed: Unreadable | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    """An entry of the cache: what one set of outputs needs of a report besides its audit."""

    pieces: dict[str, bytes]
    report: Report | None


# ---- pieces


def _summary(audited: ReportAudit, lang: Lang, everything: bool) -> str:
    return json.dumps(rows.summary_row(audited, lang), ensure_ascii=False)


def _about(audited: ReportAudit, lang: Lang, everything: bool) -> str:
    refs = [[ref.id, ref.version, ref.sha256] for ref in audited.rule_sets]
    source = audited.report.source
    known = {"unit": source.unit, "year": source.year, "level": source.level, "genre": source.genre}
    gaps = sum(finding.status.gap for finding in audited.findings)
    return json.dumps({"rule_sets": refs, **known, "score": audited.score, "gaps": gaps})


def _store(audited: ReportAudit, lang: Lang, everything: bool) -> str:
    from auditor.formats.store import columns

    return json.dumps(columns(audited), ensure_ascii=False)


_MADE: dict[str, Callable[[ReportAudit, Lang, bool], str]] = {SUMMARY: _summary, ABOUT: _about, STORE: _store}


def piece(name: str, audited: ReportAudit, lang: Lang, everything: bool) -> bytes:
    """The part of an output that a report makes, as UTF-8: a streamed format, a document, the summary, the store."""
    if name in STREAMED:
        return "".join(STREAMED[name].lines(audited, lang)).encode("utf-8")
    make = DOCUMENTS[name].piece if name in DOCUMENTS else _MADE[name]
    return make(audited, lang, everything).encode("utf-8")


def finished(result: ReportAudit | Unreadable, wanted: Wanted) -> Done:
    """What a run needs of an audit."""
    if isinstance(result, Unreadable):
        return Done(result.file, failed=result)
    return Done(
        result.report.source.file,
        {name: piece(name, result, wanted.lang, wanted.everything) for name in wanted.pieces},
        _light(result) if wanted.audit else None,
        result.report if wanted.report else None,
    )


def _light(audited: ReportAudit) -> ReportAudit:
    """The audit without its sentences, which no output shows and which are half of its size."""
    return replace(audited, report=replace(audited.report, sentences=()))


# ---- doing


def work(task: Task, wanted: Wanted, cache: Cache | None) -> Done:
    """One report, from the cache or audited now.

    Whatever a report does to the engine is an outcome of that report; raises only what is wrong with the run itself
    (AuditorError: its rules, its limits).
    """
    try:
        data = contents(task)
        if cache is None:
            from auditor import audit as engine  # not needed where everything is in the cache

            return finished(engine.audit_bytes(data, task.name, task.options), wanted)
        key = _key(task, data)
        return _held(key, task, wanted, cache) or _made(key, task, data, wanted, cache)
    except UnreadableFile as error:
        return Done(task.name, failed=Unreadable(error.file, error.code, error.said(wanted.lang)))
    except AuditorError:
        raise
    except Exception as error:
        if os.environ.get("AUDITOR_DEBUG"):
            raise
        return failed(task, wanted.lang, f"{type(error).__name__}: {error}".splitlines()[0])


def failed(task: Task, lang: Lang, why: str) -> Done:
    """A report that broke the engine or the process that it was in."""
    return Done(task.name, failed=Unreadable(task.name, "crash", batch_word(lang, "broke", why=why)))


def contents(task: Task) -> bytes:
    """The bytes of what is to be audited. Raises UnreadableFile."""
    if task.data is not None:
        return task.data
    assert task.place is not None
    if is_url(task.place):
        return remote_bytes(task.place, task.name)
    return file_bytes(Path(task.place), task.name)


def kept(task: Task, data: bytes, wanted: Wanted, cache: Cache | None) -> Done | None:
    """What the cache holds of a report, if it holds all that is wanted."""
    return None if cache is None else _held(_key(task, data), task, wanted, cache)


def _held(key: str, task: Task, wanted: Wanted, cache: Cache) -> Done | None:
    found: _Kept | None = _Kept({}, None)
    if wanted.pieces or wanted.report:
        found = _decoded(cache.get("pieces", _pieces_key(key, wanted)), _Kept)
    audited = _decoded(cache.get("audit", key), ReportAudit) if wanted.audit and found else None
    if found is None or (wanted.audit and audited is None):
        return None
    return Done(task.name, found.pieces, audited, found.report, kept=True)


def _made(key: str, task: Task, data: bytes, wanted: Wanted, cache: Cache) -> Done:
    """A report audited now, or its pieces made from the audit in the cache."""
    result: ReportAudit | Unreadable | None = None
    if not wanted.report:
        result = _decoded(cache.get("audit", key), ReportAudit)
    if result is None:
        from auditor import audit as engine  # not needed where the audit is in the cache

        result = engine.audit_bytes(data, task.name, task.options, _through(cache))
        if isinstance(result, ReportAudit):
            cache.put("audit", key, encoded(_light(result)))
    done = finished(result, wanted)
    _keep_pieces(key, done, wanted, cache)
    return done


def keep(task: Task, data: bytes, done: Done, wanted: Wanted, cache: Cache) -> None:
    """Keep what was worked out elsewhere, as if it had been done here."""
    if done.failed is not None:
        return
    key = _key(task, data)
    if done.audit is not None:
        cache.put("audit", key, encoded(done.audit))
    _keep_pieces(key, done, wanted, cache)


def _keep_pieces(key: str, done: Done, wanted: Wanted, cache: Cache) -> None:
    if not done.failed and (wanted.pieces or wanted.report):
        cache.put("pieces", _pieces_key(key, wanted), encoded(_Kept(done.pieces, done.report)))


def _through(cache: Cache) -> Callable[[bytes, str, str | None], Extracted]:
    """Reading by way of the cache; what could not be read is read again, as another day or machine may read it."""
    from auditor.readers import isolation

    def extract(data: bytes, name: str, encoding: str | None) -> Extracted:
        key = reading_key(hashlib.sha256(data).hexdigest(), name, encoding)
        stored = cache.get("text", key)
        if stored is not None:
            return isolation.from_json(json.loads(stored))
        extracted = read_bytes(data, name, encoding)
        if extracted.format not in _QUICK:
            cache.put("text", key, json.dumps(isolation.to_json(extracted)).encode())
        return extracted

    return extract


def _key(task: Task, data: bytes) -> str:
    return audit_key(hashlib.sha256(data).hexdigest(), task.name, task.options)


def _pieces_key(key: str, wanted: Wanted) -> str:
    return derived_key(key, sorted(wanted.pieces), wanted.lang, wanted.everything, wanted.report)


# ---- between processes, and in the cache


def encoded(value: Done | ReportAudit | _Kept) -> bytes:
    """A result as MessagePack: plain data, many times faster to read than JSON with its checks."""
    import msgspec

    return msgspec.msgpack.encode(value)


def _decoded(data: bytes | None, kind: type[_T]) -> _T | None:
    """What ``encoded`` wrote; None where there is nothing that can be read as such."""
    if data is None:
        return None
    import msgspec

    try:
        return msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, ValueError):
        return None


def answer(task: Task, wanted: Wanted, cache: Cache | None) -> bytes:
    """What a worker sends of a report."""
    return encoded(work(task, wanted, cache))


def done_from(data: bytes) -> Done:
    """What a worker sent."""
    done = _decoded(data, Done)
    assert done is not None, "a worker of another version"
    return done
