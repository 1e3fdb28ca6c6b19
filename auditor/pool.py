"""Worker processes of this machine: tasks out, answers in the order of the tasks, a bounded number on the way.

A worker that dies (out of memory, a fault in a library) costs at most its task: the pipe to it breaks, another worker takes
its place, the task is tried once more and then given up.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, Generic, TypeVar

from auditor.stopping import sheltered

_Task = TypeVar("_Task")

WINDOW = 32  # answers a worker that may wait for an earlier one
MOST = 4  # processes a core: more only take memory
TRIES = 2
DEATHS = 8  # workers lost one after another without an answer between: it is not the tasks
_PRELOAD = ["auditor.audit", "auditor.work"]
_ANSWER, _ERROR = b"\0", b"\1"


class WorkersLostError(Exception):
    """Worker processes die without answering anything."""


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Worker(Generic[_Task]):
    process: BaseProcess
    pipe: Connection
    held: tuple[int, _Task] | None = None


@dataclass(slots=True)
class _State(Generic[_Task]):
    """A run: the places of the next task to take and the next answer to give, and what is between them."""

    coming: Iterator[tuple[_Task, bytes | None]]
    taken: int = 0
    given: int = 0
    ended: bool = False
    again: deque[tuple[int, _Task]] = field(default_factory=deque)
    answers: dict[int, bytes] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    deaths: int = 0


class Pool(Generic[_Task]):
    """``jobs`` processes that answer ``function(task)`` with bytes; ``lost(task)`` is the answer to what kills them.

    A process is started when there is a task for it, and at most ``MOST`` for each core. Tasks and the function are
    pickled. An exception in a worker is raised here.
    """

    def __init__(self, function: Callable[[_Task], bytes], lost: Callable[[_Task], bytes], jobs: int) -> None:
        methods = multiprocessing.get_all_start_methods()
        # Not fork: this process may have threads, and a child would hold the pipes of the others open.
        self._context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            self._context.set_forkserver_preload(_PRELOAD)
        self._function = function
        self._lost = lost
        self._jobs = min(jobs, MOST * usable_cores())
        self._workers: list[_Worker[_Task]] = []

    def __enter__(self) -> Pool[_Task]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()

    def ordered(self, tasks: Iterable[tuple[_Task, bytes | None]]) -> Iterator[bytes]:
        """The answers in the order of the tasks; a task that comes with its answer goes to no worker."""
        state = _State(iter(tasks))
        while True:
            self._hand_out(state)
            while state.given in state.answers:
                yield state.answers.pop(state.given)
                state.given += 1
            if any(worker.held for worker in self._workers):
                self._collect(state)
            elif state.ended and state.given == state.taken:
                return

    def _start(self) -> _Worker[_Task]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(self._function, theirs), daemon=True)
        with _without_main(), sheltered():
            process.start()
        theirs.close()
        return _Worker(process, ours)

    def _hand_out(self, state: _State[_Task]) -> None:
        """Give every idle worker a task, as long as there are tasks and the window is open."""
        while (worker := next((w for w in self._workers if w.held is None), None)) or len(self._workers) < self._jobs:
            held = self._next(state)
            if held is None:
                return
            if worker is None:
                worker = self._start()
                self._workers.append(worker)
            worker.held = held
            try:
                worker.pipe.send(held[1])
            except OSError:
                self._replace(worker, state)

    def _next(self, state: _State[_Task]) -> tuple[int, _Task] | None:
        if state.again:
            return state.again.popleft()
        while not state.ended and state.taken - state.given < WINDOW * self._jobs:
            try:
                task, answer = next(state.coming)
            except StopIteration:
                state.ended = True
                return None
            at = state.taken
            state.taken += 1
            if answer is None:
                return at, task
            state.answers[at] = answer
        return None

    def _collect(self, state: _State[_Task]) -> None:
        """Wait for workers to answer, or to die."""
        busy = {worker.pipe: worker for worker in self._workers if worker.held}
        for pipe in wait(list(busy)):
            worker = busy[pipe]  # type: ignore[index]
            try:
                message = worker.pipe.recv_bytes()
            except (EOFError, OSError):
                self._replace(worker, state)
                continue
            if message[:1] == _ERROR:
                raise pickle.loads(message[1:])
            assert worker.held is not None
            state.answers[worker.held[0]] = message[1:]
            worker.held, state.deaths = None, 0

    def _replace(self, worker: _Worker[_Task], state: _State[_Task]) -> None:
        """Another process in the place of one that died; its task is tried again or given up."""
        assert worker.held is not None
        at, task = worker.held
        state.deaths += 1
        if state.deaths > DEATHS:
            raise WorkersLostError(f"{state.deaths}")
        state.tries[at] = state.tries.get(at, 0) + 1
        if state.tries[at] < TRIES:
            state.again.append((at, task))
        else:
            state.answers[at] = self._lost(task)
        worker.process.join()
        worker.pipe.close()
        fresh = self._start()
        worker.process, worker.pipe, worker.held = fresh.process, fresh.pipe, None


@contextmanager
def _without_main() -> Iterator[None]:
    """Start a process as one that needs nothing of this program: a script would be run again in every worker."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(function: Callable[[Any], bytes], pipe: Connection) -> None:
    """Answer tasks until the pipe is closed, which it is also when the process at its other end is killed."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # where it could not be sheltered; Ctrl-C is for the process that writes
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            message = _ANSWER + function(task)
        except Exception as error:
            message = _ERROR + _pickled(error)
        try:
            pipe.send_bytes(message)
        except OSError:
            return


def _pickled(error: Exception) -> bytes:
    try:
        return pickle.dumps(error)
    except Exception:
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
