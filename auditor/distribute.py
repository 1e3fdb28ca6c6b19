"""The audit on a Dask cluster that is there already: the same work, the same order, the same bytes.

A report is audited wherever the scheduler says and as often as it says: auditing has no effect but its answer, and this
process alone writes. What a lost scheduler has taken with it is sent again.
"""

from __future__ import annotations

import logging
import os
import time
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from auditor.cache import default_cache
from auditor.errors import AuditorError, UnreadableFile
from auditor.findings import Unreadable
from auditor.fingerprint import engine_version
from auditor.remote import is_url
from auditor.words import Lang, batch_word, say
from auditor.work import Done, Task, Wanted, answer, contents, done_from, failed, keep, kept

if TYPE_CHECKING:
    from auditor.cache import Cache

WINDOW = 16  # reports a thread of the cluster that may be on the way or wait for an earlier one
CONNECTING = 15.0  # seconds to wait for the scheduler and its first worker at the beginning
PATIENCE = 60.0  # seconds to wait for a scheduler that is gone
_PAUSE = 0.5  # seconds between two attempts

# The engine is Python: threads of one worker process would only take turns, and not all of it is made for them.
_ONE_AT_A_TIME = Lock()


def audited_on(
    scheduler: str, tasks: Iterable[Task | Done], wanted: Wanted, cache: Cache | None, rules_dir: Path | None = None
) -> Iterator[Done]:
    """What is done of each task, in order, by the workers of a cluster; the connection is made at once.

    Files of this machine are sent with their tasks, and what is answered is kept in the ``cache`` of this machine; URLs
    are read by the workers, which have caches of their own where there is one here. A report on which several workers
    die is given up as unreadable. Raises AuditorError where the scheduler cannot be reached, stays away, has no workers
    or workers with another version or other rules, and for what is wrong with the run itself.
    """
    return _answers(_Cluster(scheduler, wanted, cache, rules_dir), iter(tasks))


def _answers(cluster: _Cluster, coming: Iterator[Task | Done]) -> Iterator[Done]:
    ahead: deque[Task | Done] = deque()
    more = True
    try:
        while more or ahead:
            while more and len(ahead) < cluster.window:
                task = next(coming, None)
                if task is None:
                    more = False
                    break
                ahead.append(cluster.shipped(task))
                cluster.send(ahead[-1])
            if ahead:
                yield cluster.answer(ahead)
                ahead.popleft()
    finally:
        cluster.close()


class _Cluster:
    """The connection to a scheduler and the futures of what was sent and not yet answered, oldest first."""

    def __init__(self, scheduler: str, wanted: Wanted, cache: Cache | None, rules_dir: Path | None) -> None:
        self._scheduler = scheduler
        self._wanted = wanted
        self._cache = cache
        self._rules_dir = rules_dir.absolute() if rules_dir else None  # a worker stands in another folder
        self._version = engine_version(rules_dir)
        self._futures: deque[Any] = deque()
        if not os.environ.get("AUDITOR_DEBUG"):
            _quieten()
        try:
            self._client = self._connected(CONNECTING)
        except _NoWorkersError as error:
            raise AuditorError(batch_word(wanted.lang, "no_workers", address=scheduler)) from error
        except _connection_errors() as error:
            why = " ".join(str(error).split()) or type(error).__name__
            raise AuditorError(batch_word(wanted.lang, "no_cluster", address=scheduler, why=why)) from error
        try:
            self._check_version()
        except BaseException:
            self.close()
            raise
        self.window = WINDOW * max(1, sum(self._client.nthreads().values()))

    def shipped(self, task: Task | Done) -> Task | Done:
        """The task with the bytes of a file that only this machine has; what is kept of it here is done."""
        if isinstance(task, Done):
            return task
        task = replace(task, options=replace(task.options, rules_dir=self._rules_dir))
        if task.data is None and task.place is not None and is_url(task.place):
            return task
        try:
            task = replace(task, data=contents(task))
        except UnreadableFile as error:
            return Done(task.name, failed=Unreadable(error.file, error.code, error.said(self._wanted.lang)))
        return kept(task, task.data or b"", self._wanted, self._cache) or task

    def send(self, task: Task | Done) -> None:
        """Have a report audited; what is done already needs no worker."""
        if isinstance(task, Done):
            self._futures.append(None)
            return
        key = f"auditor-{uuid4().hex}"
        values = (task, self._wanted, self._cache is not None, self._version)
        self._futures.append(self._client.submit(_answer, *values, key=key, pure=False))

    def answer(self, ahead: deque[Task | Done]) -> Done:
        """The answer to the oldest of the tasks ``ahead``, which are all sent again if the connection is lost."""
        from distributed import KilledWorker

        task = ahead[0]
        if isinstance(task, Done):
            self._futures.popleft()
            return task
        while True:
            try:
                done = done_from(self._futures[0].result())
            except KilledWorker:
                done = failed(task, self._wanted.lang, batch_word(self._wanted.lang, "cluster_workers_died"))
            except AuditorError:
                raise
            except _connection_errors():
                self._send_again(ahead)
                continue
            except Exception as error:  # a worker that cannot even begin
                raise self._refused(error) from error
            self._futures.popleft()
            if self._cache is not None and task.data is not None:
                keep(task, task.data, done, self._wanted, self._cache)
            return done

    def close(self) -> None:
        """Forget what is on the way."""
        self._futures.clear()
        self._client.close(timeout=2)

    def _send_again(self, ahead: deque[Task | Done]) -> None:
        """Connect anew, to the scheduler or to the one that was started in its place, and send what has no answer."""
        self.close()
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self._client = self._connected(max(1.0, until - time.monotonic()))
                break
            except _connection_errors() as error:
                if time.monotonic() >= until:
                    raise self._lost() from error
                time.sleep(_PAUSE)
        for task in ahead:
            self.send(task)

    def _lost(self) -> AuditorError:
        lang = self._wanted.lang
        told = [batch_word(lang, "cluster_lost", address=self._scheduler, seconds=round(PATIENCE))]
        if self._cache is not None:
            told.append(batch_word(lang, "go_on"))
        return AuditorError(say(lang, "clause_mark").join(told))

    def _connected(self, timeout: float) -> Any:
        from distributed import Client

        client: Any = Client(  # type: ignore[no-untyped-call]
            self._scheduler, timeout=timeout, set_as_default=False
        )
        try:
            client.wait_for_workers(1, timeout=timeout)
        except TimeoutError as error:
            client.close(timeout=2)
            raise _NoWorkersError from error
        except BaseException:
            client.close(timeout=2)
            raise
        return client

    def _check_version(self) -> None:
        try:
            found = self._client.run(_versions, self._rules_dir).values()
        except Exception as error:
            raise self._refused(error) from error
        for there in found:
            _alike(self._version, there, self._rules_dir, self._wanted.lang)

    def _refused(self, error: Exception) -> AuditorError:
        if os.environ.get("AUDITOR_DEBUG"):
            raise error
        why = " ".join(str(error).split()) or type(error).__name__
        return AuditorError(batch_word(self._wanted.lang, "cluster_refused", why=why))


def _quieten() -> None:
    """What a cluster's ups and downs are worth saying is said here, in a line."""
    import distributed  # noqa: F401  (it sets the levels of its loggers when it is loaded)

    for name in ("distributed", "tornado", "asyncio", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", "Sending large graph")  # a scan may have tens of megabytes


class _NoWorkersError(TimeoutError):
    """The scheduler is there, and nobody works for it."""


def _answer(task: Task, wanted: Wanted, cached: bool, version: str) -> bytes:
    """What a worker of the cluster does. Raises AuditorError in one that joined with another version or other rules."""
    rules_dir = task.options.rules_dir
    with _ONE_AT_A_TIME:
        _alike(version, _versions(rules_dir), rules_dir, wanted.lang)
        return answer(task, wanted, default_cache() if cached else None)


def _versions(rules_dir: Path | None) -> tuple[str, str]:
    """What a worker says of itself: its version with the rules shipped with it, and with those that are to be used."""
    from auditor import fingerprint

    return fingerprint.engine_version(), fingerprint.engine_version(rules_dir)


def _alike(version: str, there: tuple[str, str], rules_dir: Path | None, lang: Lang) -> None:
    if there[1] == version:
        return
    if rules_dir is not None and there[0] == engine_version():
        raise AuditorError(batch_word(lang, "rules_differ", folder=rules_dir.as_posix()))
    raise AuditorError(batch_word(lang, "other_version", here=version, there=there[1]))


def _connection_errors() -> tuple[type[BaseException], ...]:
    from asyncio import CancelledError
    from concurrent.futures import CancelledError as Cancelled

    from distributed.comm.core import CommClosedError

    return (CancelledError, Cancelled, CommClosedError, TimeoutError, OSError)


def check_installed(lang: Lang) -> None:
    """Raise AuditorError where the libraries of the cluster are not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise AuditorError(batch_word(lang, "needs_extra", library="distributed", extra="dask")) from error
