"""Many inputs: an ordered stream of what is done, from the cache, in this process or from workers beside it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from auditor.errors import AuditorError, UnreadableFile
from auditor.findings import Unreadable
from auditor.words import Lang, batch_word
from auditor.work import Done, Task, Wanted, answer, contents, done_from, encoded, failed, kept, work

if TYPE_CHECKING:
    from auditor.cache import Cache
    from auditor.options import Options
    from auditor.paths import Input

# Starting workers costs about as much as auditing this many reports: so many are always audited in this process.
FEW = 4


def tasks_of(inputs: Iterable[tuple[Input, Options]]) -> Iterator[Task | Done]:
    """The inputs as tasks, or as done where the document in an archive cannot be unpacked."""
    for each, options in inputs:
        if each.url is not None:
            yield Task(each.name, options, each.url)
        elif each.path is not None and each.load is None:
            yield Task(each.name, options, str(each.path))
        else:
            try:
                data = each.load() if each.load else sys.stdin.buffer.read()
            except UnreadableFile as error:
                yield Done(each.name, failed=Unreadable(error.file, error.code, error.said(options.lang)))
            else:
                yield Task(each.name, options, data=data)


def audited(tasks: Iterable[Task | Done], wanted: Wanted, cache: Cache | None, jobs: int | None) -> Iterator[Done]:
    """What is done of each task, in order. Raises AuditorError for what is wrong with the run itself.

    Reports in the cache and the first few others are done in this process; from then on ``jobs`` workers audit (None: one
    a core), if that is more than one, and at most ``pool.WINDOW`` results a worker are held.
    """
    coming = iter(tasks)
    here = 0
    for task in coming:
        done = task if isinstance(task, Done) else work(task, wanted, cache)
        yield done
        here += not done.kept
        if here >= FEW and (workers := jobs or _cores()) > 1:
            yield from _pooled(coming, wanted, cache, workers)


def _cores() -> int:
    from auditor.pool import usable_cores  # few runs need workers

    return usable_cores()


def _pooled(tasks: Iterable[Task | Done], wanted: Wanted, cache: Cache | None, jobs: int) -> Iterator[Done]:
    """The tasks done by workers, started when the first is not in the cache."""
    from auditor.pool import Pool, WorkersLostError

    known = ((task, _known(task, wanted, cache)) for task in tasks)
    for task, found in known:
        if found is not None:
            yield found
            continue
        assert isinstance(task, Task)
        function = partial(answer, wanted=wanted, cache=cache)
        try:
            with Pool(function, partial(_lost, lang=wanted.lang), jobs) as pool:
                rest = ((t, None if f is None else encoded(f)) for t, f in known)
                for message in pool.ordered(_with_first((task, None), rest)):
                    yield done_from(message)
        except WorkersLostError:
            raise AuditorError(batch_word(wanted.lang, "workers_lost")) from None


def _with_first(
    first: tuple[Task, bytes | None], rest: Iterable[tuple[Task | Done, bytes | None]]
) -> Iterator[tuple[Task | Done, bytes | None]]:
    yield first
    yield from rest


def _known(task: Task | Done, wanted: Wanted, cache: Cache | None) -> Done | None:
    """What needs no worker: a report in the cache, or a failure before it."""
    if isinstance(task, Done):
        return task
    if cache is None:
        return None
    try:
        return kept(task, contents(task), wanted, cache)
    except UnreadableFile:
        return None


def _lost(task: Task | Done, lang: Lang) -> bytes:
    assert isinstance(task, Task)
    return encoded(failed(task, lang, batch_word(lang, "worker_died")))
