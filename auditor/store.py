"""The results store: the tables of ``formats/store.py`` as Parquet files or in a DuckDB database, written in batches of rows."""

from __future__ import annotations

import errno
import gc
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module, resources
from pathlib import Path
from types import TracebackType
from typing import Any

from auditor.errors import AuditorError
from auditor.formats.store import ABOUT, TABLES
from auditor.formats.streaming import Gathered
from auditor.outputs import Output, unwritable
from auditor.words import Lang, batch_word
from auditor.work import STORE, Done

ROWS = 16_384  # rows of a partition that wait in memory; also the largest row group
WAITING = 40_000  # rows that wait in all partitions together, each about 1 KB
GROUPS = 32  # row groups in a file: what it tells of them waits in memory until it is closed
_DRAFT = ".draft"
_PARTITIONED = ("year", "level")
_SETTINGS = {
    "storage_compatibility_version": "v1.0.0",  # read by every DuckDB since, whichever one wrote it
    "memory_limit": "128MB",  # else it would take most of the machine's for a large database
}
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"

Columns = dict[str, list[Any]]
Partition = tuple[int | None, str | None]


class _Store:
    """Collects rows by table and partition; ``_write`` is given each batch once it is full, or at the end."""

    def __init__(self, output: Output, lang: Lang) -> None:
        assert output.path is not None
        self.path = output.path
        self.lang = lang
        self._waiting: dict[tuple[str, Partition], Columns] = {}
        self._rows: Counter[tuple[str, Partition]] = Counter()
        self._refusals: tuple[type[Exception], ...] = (OSError,)

    def add(self, done: Done) -> None:
        if done.failed is not None:
            failed = done.failed
            row: Columns = {"file": [failed.file], "code": [failed.code], "message": [failed.message]}
            self._take("unreadable", (None, None), row, 1)
            return
        from msgspec.json import decode

        tables = decode(done.pieces[STORE])
        about = tables.pop("about")
        for name, columns in tables.items():
            count = len(next(iter(columns.values())))
            if count:
                same = {column: [about[column]] * count for column in ABOUT}
                self._take(name, (about["year"], about["level"]), same | columns, count)

    def _take(self, table: str, partition: Partition, columns: Columns, count: int) -> None:
        waiting = self._waiting.setdefault((table, partition), {column: [] for column in TABLES[table]})
        for column, values in waiting.items():
            values += columns[column]
        self._rows[(table, partition)] += count
        if self._rows[(table, partition)] >= ROWS:
            self._flush(table, partition)
        elif self._rows.total() >= WAITING:
            self._flush(*max(self._rows, key=self._rows.__getitem__))

    def _flush(self, table: str, partition: Partition) -> None:
        columns = self._waiting.pop((table, partition))
        self._rows.pop((table, partition), None)
        with self._refused():
            self._write(table, partition, columns)

    def _flush_all(self) -> None:
        for table, partition in list(self._waiting):
            self._flush(table, partition)

    def _write(self, table: str, partition: Partition, columns: Columns) -> None:
        raise NotImplementedError

    @contextmanager
    def _refused(self) -> Iterator[None]:
        """Whatever the disk or the library refuses is one clear error."""
        try:
            yield
        except self._refusals as error:
            raise _refusal(self.path, error, self.lang) from error


class Parquet(_Store):
    """A folder for each table, in it one for each year and level: ``findings/year=2024/level=county/part-0.parquet`` …

    An earlier store in the same place is replaced when the new one is whole. The same results give the same bytes.
    """

    def __enter__(self) -> Parquet:
        _module("pyarrow", self.lang)
        self._writers: dict[tuple[str, Partition], Any] = {}
        self._groups: dict[tuple[str, Partition], int] = {}  # row groups in the file being written
        self._parts: dict[tuple[str, Partition], int] = {}  # files begun
        for table in TABLES:
            folder = self.path / table
            strange = [each for each in folder.rglob("*") if each.is_file() and each.suffix != ".parquet"]
            if folder.is_file() or strange:
                raise AuditorError(batch_word(self.lang, "not_a_store", path=self.path.as_posix(), folder=table))
        with self._refused():
            shutil.rmtree(self.path / _DRAFT, ignore_errors=True)
            (self.path / _DRAFT).mkdir(parents=True)
        return self

    def _write(self, table: str, partition: Partition, columns: Columns) -> None:
        from pyarrow import parquet

        own = columns if table == "unreadable" else {k: v for k, v in columns.items() if k not in _PARTITIONED}
        rows = _arrow(table, own)
        key = (table, partition)
        if key not in self._writers:
            number = self._parts.get(key, 0)
            path = self._place(table, partition) / f"part-{number}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            # Of texts, which are long, the lowest and the highest of every row group would be kept until the end.
            told = [column for column in own if not TABLES[table][column].startswith("text")]
            self._writers[key] = parquet.ParquetWriter(path, rows.schema, compression="zstd", write_statistics=told)
            self._parts[key], self._groups[key] = number + 1, 0
        self._writers[key].write_table(rows)
        self._groups[key] += 1
        if self._groups[key] == GROUPS:
            self._writers.pop(key).close()

    def _place(self, table: str, partition: Partition) -> Path:
        place = self.path / _DRAFT / table
        if table == "unreadable":
            return place
        named = zip(_PARTITIONED, partition, strict=True)
        return place.joinpath(*(f"{name}={_NO_VALUE if value is None else value}" for name, value in named))

    def finish(self, gathered: Gathered) -> None:
        """Put the new tables in the place of those of an earlier run."""
        for table in TABLES:
            if not any(name == table for name, _ in (*self._parts, *self._waiting)):
                self._waiting[(table, (None, None))] = {column: [] for column in TABLES[table]}
        self._flush_all()
        with self._refused():
            self._close()
            old = self.path / _DRAFT / "old"  # removing takes a while, in which there would be half a store
            old.mkdir()
            for table in TABLES:
                if (self.path / table).exists():
                    (self.path / table).rename(old / table)
                (self.path / _DRAFT / table).rename(self.path / table)

    def _close(self) -> None:
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._close()
        shutil.rmtree(self.path / _DRAFT, ignore_errors=True)


class Database(_Store):
    """A DuckDB file with the tables, and the views of ``templates/views.sql`` over them.

    Rows are loaded through Arrow. The content is the same for the same results; DuckDB gives no promise for the bytes.
    """

    def __enter__(self) -> Database:
        duckdb = _module("duckdb", self.lang)
        _module("pyarrow", self.lang)
        if self.path.is_file() and not _is_database(self.path):
            raise AuditorError(batch_word(self.lang, "not_a_database", path=self.path.as_posix()))
        self._draft = self.path.with_name(f".{self.path.name}.draft")
        self._refusals = (OSError, duckdb.Error)
        with self._refused():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._forget()
            self._database: Any = duckdb.connect(str(self._draft), config=_SETTINGS)
            for table, kinds in TABLES.items():
                self._database.execute(f"CREATE TABLE {table} ({_sql_columns(kinds)})")
        return self

    def _write(self, table: str, partition: Partition, columns: Columns) -> None:
        self._database.register("batch", _arrow(table, columns))
        self._database.execute(f"INSERT INTO {table} SELECT * FROM batch")
        self._database.unregister("batch")

    def finish(self, gathered: Gathered) -> None:
        """Add the views and put the new database in the place of an earlier one."""
        self._flush_all()
        with self._refused():
            self._database.execute(views())
            self._database.close()
            self._draft.replace(self.path)

    def _forget(self) -> None:
        for path in (self._draft, self._draft.with_name(f"{self._draft.name}.wal")):
            path.unlink(missing_ok=True)
        shutil.rmtree(self._draft.with_name(f"{self._draft.name}.tmp"), ignore_errors=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
        gc.unfreeze()  # at the end of the process duckdb complains of objects that no collector looks at
        with suppress(OSError):
            self._forget()


def _is_database(path: Path) -> bool:
    """Whether a file is what it may be to be replaced: a DuckDB database, or empty."""
    with path.open("rb") as file:
        return file.read(12)[8:] in (b"", b"DUCK")


STORES: dict[str, type[Parquet] | type[Database]] = {"parquet": Parquet, "duckdb": Database}


def views() -> str:
    """The SQL that makes the views over the tables."""
    return resources.files("auditor").joinpath("templates", "views.sql").read_text(encoding="utf-8")


def check_installed(name: str, lang: Lang) -> None:
    """Raise AuditorError where what writes this kind of store is not installed."""
    for library in ("pyarrow", "duckdb") if name == "duckdb" else ("pyarrow",):
        _module(library, lang)


def _module(name: str, lang: Lang) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise AuditorError(batch_word(lang, "needs_extra", library=name, extra="store")) from error


def _arrow(table: str, columns: Columns) -> Any:
    import pyarrow

    types = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "truth": pyarrow.bool_(),
        "texts": pyarrow.list_(pyarrow.string()),
    }
    kinds = TABLES[table]
    fields = pyarrow.schema([(column, types[kinds[column]]) for column in columns])
    return pyarrow.table([pyarrow.array(v, types[kinds[c]]) for c, v in columns.items()], schema=fields)


def _sql_columns(kinds: dict[str, Any]) -> str:
    types = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "truth": "BOOLEAN", "texts": "VARCHAR[]"}
    return ", ".join(f'"{column}" {types[kind]}' for column, kind in kinds.items())


def _refusal(path: Path, error: Exception, lang: Lang) -> AuditorError:
    if isinstance(error, OSError) or os.strerror(errno.ENOSPC) in str(error):
        return unwritable(path, error if isinstance(error, OSError) else OSError(errno.ENOSPC, str(error)), lang)
    return AuditorError(batch_word(lang, "database_refused", path=path.as_posix(), why=" ".join(str(error).split())))
