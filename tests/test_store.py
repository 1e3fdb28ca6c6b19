"""The results store: Parquet files and a DuckDB database with the same rows, and the questions of ``docs/analysis.md``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet
import pytest
from audits import gap, report_audit
from tabulate import tabulate

from auditor.cli import main
from auditor.delivery import Manner, deliver_audits
from auditor.errors import AuditorError, ExitCode
from auditor.findings import Unreadable
from auditor.formats.store import TABLES
from auditor.outputs import Output
from auditor.report import Level
from auditor.store import ROWS, views
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "analysis.md"
MANNER = Manner(Lang.ZH)


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def opened(place: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(place), read_only=True)


def make_stores(folder: Path) -> None:
    """The seeds and the made texts of the gold set as Parquet files and as a database, with a file that is no report."""
    (folder / "empty.txt").write_bytes(b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("AUDITOR_CACHE", str(folder / "cache"))
        outputs = ["-f", f"parquet={folder}/store", "-f", f"duckdb={folder}/audit.duckdb"]
        assert main(["audit", "seeds/", "tests/gold/made/", str(folder / "empty.txt"), *outputs]) == ExitCode.UNREADABLE


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stores")
    make_stores(folder)
    return folder


def test_files_and_database_hold_the_same_rows(stores: Path) -> None:
    with opened(stores / "audit.duckdb") as database:
        for table, kinds in TABLES.items():
            names = ", ".join(f'"{name}"' for name in kinds)
            files = f"read_parquet('{stores}/store/{table}/**/*.parquet', hive_partitioning = {table != 'unreadable'})"
            own = database.execute(f"SELECT {names} FROM {table} ORDER BY ALL").fetchall()
            theirs = duckdb.execute(f"SELECT {names} FROM {files} ORDER BY ALL").fetchall()
            assert own == theirs, table
            assert own, table


def test_a_row_is_a_report_and_an_obligation(stores: Path) -> None:
    with opened(stores / "audit.duckdb") as database:
        count, pairs = database.execute("SELECT count(*), count(DISTINCT (report, id)) FROM findings").fetchall()[0]
        assert count == pairs > 500
        stray = "SELECT count(*) FROM evidence e ANTI JOIN findings f USING (report, id)"
        assert database.execute(stray).fetchall() == [(0,)]
        off = """SELECT count(*) FROM reports r JOIN (SELECT report, count(*) FILTER (gap) AS n FROM findings GROUP BY report)
                 USING (report) WHERE n <> gaps"""
        assert database.execute(off).fetchall() == [(0,)]
        assert database.execute("SELECT code FROM unreadable").fetchall() == [("empty",)]


def test_partitions_are_by_year_and_level(stores: Path) -> None:
    found = sorted(
        path.relative_to(stores / "store").as_posix() for path in (stores / "store" / "findings").rglob("*.parquet")
    )
    assert "findings/year=2022/level=county/part-0.parquet" in found
    columns = pyarrow.parquet.ParquetFile(stores / "store" / found[0]).schema_arrow.names
    assert not {"year", "level"} & set(columns)


def test_the_same_results_are_the_same_files(stores: Path, tmp_path: Path) -> None:
    results = [report_audit(file=f"{at}.txt", year=2020 + at % 3) for at in range(5)]
    for name in ("a", "b"):
        deliver_audits(results, [Output("parquet", tmp_path / name)], MANNER, lambda _: ())
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


def test_a_year_or_level_that_was_not_read_is_null(tmp_path: Path) -> None:
    results = [report_audit(year=None, level=None), report_audit(level=Level.CITY)]
    outputs = [Output("parquet", tmp_path / "s"), Output("duckdb", tmp_path / "d")]
    deliver_audits(results, outputs, MANNER, lambda _: ())
    files = f"read_parquet('{tmp_path}/s/reports/**/*.parquet', hive_partitioning = true)"
    rows = duckdb.execute(f"SELECT year, level FROM {files} ORDER BY ALL").fetchall()
    assert rows == [(2022, "city"), (None, None)]
    with opened(tmp_path / "d") as database:
        assert database.execute("SELECT year, level FROM reports ORDER BY ALL").fetchall() == rows


def test_rows_are_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.store.ROWS", 10)
    results = [report_audit((gap(), gap()), file=f"{at}.txt") for at in range(23)]
    deliver_audits(results, [Output("parquet", tmp_path / "s")], MANNER, lambda _: ())
    [path] = (tmp_path / "s" / "findings").rglob("*.parquet")
    file = pyarrow.parquet.ParquetFile(path)
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [10, 10, 10, 10, 6]
    assert ROWS > 10


def test_few_rows_wait_however_many_years_and_levels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.store.WAITING", 10)
    results = [report_audit((gap(), gap()), file=f"{at}.txt", year=2016 + at % 9) for at in range(40)]
    outputs = [Output("parquet", tmp_path / "s")]
    deliver_audits(results, outputs, MANNER, lambda _: ())
    files = [pyarrow.parquet.ParquetFile(path) for path in (tmp_path / "s" / "findings").rglob("*.parquet")]
    assert sum(file.metadata.num_rows for file in files) == 80
    assert all(file.metadata.row_group(at).num_rows <= 10 for file in files for at in range(file.num_row_groups))
    assert sum(file.num_row_groups for file in files) > 9


def test_a_new_store_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    for year in (2021, 2022):
        outputs = [Output("parquet", tmp_path / "s"), Output("duckdb", tmp_path / "d")]
        deliver_audits([report_audit(year=year)], outputs, MANNER, lambda _: ())
    assert [p.parent.parent.name for p in (tmp_path / "s" / "reports").rglob("*.parquet")] == ["year=2022"]
    with opened(tmp_path / "d") as database:
        assert database.execute("SELECT year FROM reports").fetchall() == [(2022,)]


def test_a_database_can_be_read_by_every_duckdb_since_version_1(stores: Path) -> None:
    header = (stores / "audit.duckdb").read_bytes()[:20]
    assert (header[8:12], int.from_bytes(header[12:20], "little")) == (b"DUCK", 64)


def test_statistics_leave_out_what_is_no_annual_report(stores: Path) -> None:
    with opened(stores / "audit.duckdb") as database:
        assert database.execute("SELECT count(*) FROM reports WHERE genre <> 'annual_report'").fetchall() == [(1,)]
        annual = "SELECT count(*) FROM reports WHERE genre = 'annual_report'"
        for view in ("gaps_by_level", "gaps_by_year"):
            assert (
                database.execute(f"SELECT sum(reports) FROM {view}").fetchall() == database.execute(annual).fetchall()
            )
        bound = """SELECT count(*), count(*) FILTER (gap) FROM findings
                   WHERE genre = 'annual_report' AND status <> 'not_applicable'"""
        summed = "SELECT sum(reports), sum(gaps) FROM gaps_by_obligation"
        assert database.execute(summed).fetchall() == database.execute(bound).fetchall()


def test_a_failed_run_leaves_the_old_store(tmp_path: Path) -> None:
    outputs = [Output("parquet", tmp_path / "s"), Output("duckdb", tmp_path / "d")]
    deliver_audits([report_audit()], outputs, MANNER, lambda _: ())
    before = tree(tmp_path)

    def failing() -> Any:
        yield report_audit(year=2021)
        raise AuditorError("x")

    with pytest.raises(AuditorError):
        deliver_audits(failing(), outputs, MANNER, lambda _: ())
    assert tree(tmp_path) == before


def test_a_store_with_nothing_in_it_can_be_queried(tmp_path: Path) -> None:
    outputs = [Output("parquet", tmp_path / "s"), Output("duckdb", tmp_path / "d")]
    deliver_audits([Unreadable("a.txt", "empty", "空")], outputs, MANNER, lambda _: ())
    for table in TABLES:
        files = f"read_parquet('{tmp_path}/s/{table}/**/*.parquet')"
        assert duckdb.execute(f"SELECT count(*) FROM {files}").fetchall() == [(int(table == "unreadable"),)]
    with opened(tmp_path / "d") as database:
        assert database.execute("SELECT * FROM gaps_by_obligation").fetchall() == []


def test_other_files_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.docx").write_bytes(b"x")
    with pytest.raises(AuditorError, match="不是结果库的文件"):
        deliver_audits([report_audit()], [Output("parquet", tmp_path)], MANNER, lambda _: ())
    assert tree(tmp_path) == {"reports/a.docx": b"x"}
    (tmp_path / "d").mkdir()
    with pytest.raises(AuditorError, match="无法写入"):
        deliver_audits([report_audit()], [Output("duckdb", tmp_path / "d")], MANNER, lambda _: ())


def test_what_is_missing_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("一、工作\n", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert main(["audit", "a.txt", "-f", "duckdb=a.duckdb"]) == ExitCode.USAGE
    assert "pip install '.[store]'" in capsys.readouterr().err
    assert main(["audit", "a.txt", "-f", "parquet=s"]) == ExitCode.OK
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["audit", "a.txt", "-f", "parquet=s"]) == ExitCode.USAGE
    assert "pyarrow" in capsys.readouterr().err


# ---- the page


ANSWER = re.compile(r"```sql\n(.*?)```\n\n```\n(.*?)```", re.DOTALL)


def answered(page: str, database: duckdb.DuckDBPyConnection) -> str:
    """The page with the answer to each of its queries, columns apart, as on a terminal."""

    def answer(match: re.Match[str]) -> str:
        result = database.execute(match[1])
        assert result.description is not None
        heads = [column[0] for column in result.description]
        rows = [["—" if cell is None else str(cell) for cell in row] for row in result.fetchall()]
        assert rows, match[1]
        lines = tabulate(rows, heads, tablefmt="simple", disable_numparse=True).splitlines()
        return f"```sql\n{match[1]}```\n\n```\n" + "".join(f"{line.rstrip()}\n" for line in lines) + "```"

    return ANSWER.sub(answer, page)


def test_the_answers_on_the_page_are_those_of_the_queries(stores: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(ANSWER.findall(page)) == 5
    with opened(stores / "audit.duckdb") as database:
        assert page == answered(page, database), "refresh it: python tests/refresh.py"


def test_the_page_names_every_table_column_and_view() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for table, kinds in TABLES.items():
        assert f"`{table}`" in page
        for column in kinds:
            assert f"`{column}`" in page, f"{table}.{column}"
    for view in re.findall(r"CREATE VIEW (\w+)", views()):
        assert f"`{view}`" in page


def test_a_file_that_is_no_database_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("of somebody else's work", encoding="utf-8")
    with pytest.raises(AuditorError) as caught:
        deliver_audits([report_audit()], [Output("duckdb", path)], MANNER, lambda _: ())
    assert "不是 DuckDB 数据库" in caught.value.told(Lang.ZH)
    assert path.read_text(encoding="utf-8") == "of somebody else's work"
