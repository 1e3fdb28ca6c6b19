"""The list of submissions (``units.csv``): which units owe a report, which file it is, and when it was handed in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from auditor.errors import AuditorError, RuleError
from auditor.names import real
from auditor.places import level_named
from auditor.problems import Missing
from auditor.report import Level
from auditor.words import LEVEL, Lang, tell

COLUMNS = ("单位", "层级", "类型", "年度", "文件", "提交日期", "公布网址")
REQUIRED = ("单位", "文件")
_IGNORED = ("序号", "备注", "")
_DEPARTMENT = ("部门", "工作部门")
_KINDS = (*_DEPARTMENT, "政府", "人民政府", "乡镇", "街道", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One unit: ``file`` is None where nothing was submitted, ``submitted`` an ISO date, ``url`` where it is published.

    ``there``: the file exists.
    """

    line: int
    unit: str
    level: Level | None
    year: int | None
    file: Path | None
    submitted: str | None
    url: str | None
    there: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list: its name as the user will see it, and its rows."""

    name: str
    rows: tuple[Row, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The units without a file, or with one that does not exist."""
        return tuple(Missing(r.unit, r.level, r.year, self.name, r.line) for r in self.rows if not r.there)


def load_manifest(path: Path, name: str, lang: Lang) -> Manifest:
    """Read the list: CSV in UTF-8 or GB18030, files relative to its folder. Raises RuleError with one line a problem."""
    table = _table(_text(path, name, lang), name, lang)
    headings = _headings(table[0] if table else (1, []), name, lang)
    problems: list[str] = []
    rows: list[Row] = []
    for line, cells in table[1:]:
        if len(cells) > len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
            problems.append(f"{name}:{line}: -: {tell(lang, 'too_many_cells', count=len(headings))}")
            continue
        values = dict(zip(headings, (cell.strip() for cell in cells), strict=False))
        faults = list(_faults(values, lang))
        problems += [f"{name}:{line}: {column}: {text}" for column, text in faults]
        if not faults:
            rows.append(_row(line, values, path.parent))
    problems += _doubles(rows, name, lang)
    if not table[1:]:
        problems.append(f"{name}:1: -: {tell(lang, 'no_rows')}")
    if problems:
        raise RuleError(tuple(problems))
    return Manifest(name, tuple(rows))


def _text(path: Path, name: str, lang: Lang) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AuditorError(tell(lang, "unreadable_file", file=name, why=error.strerror or str(error))) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleError((f"{name}:1: -: {tell(lang, 'bad_encoding')}",))


def _table(text: str, name: str, lang: Lang) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise RuleError((f"{name}:{begins}: -: {tell(lang, 'bad_csv', why=error)}",)) from error
    return found


def _headings(first: tuple[int, list[str]], name: str, lang: Lang) -> list[str]:
    line, cells = first
    headings = [cell.strip() for cell in cells]
    problems = [tell(lang, "no_column", column=column) for column in REQUIRED if column not in headings]
    for heading in dict.fromkeys(headings):
        if heading not in (*COLUMNS, *_IGNORED):
            near = get_close_matches(heading, COLUMNS, n=1)
            key = "unknown_column_near" if near else "unknown_column"
            problems.append(
                tell(lang, key, column=heading, near="".join(near), columns=tell(lang, "mark").join(COLUMNS))
            )
        elif headings.count(heading) > 1 and heading:
            problems.append(tell(lang, "column_twice", column=heading))
    if problems:
        raise RuleError(tuple(f"{name}:{line}: -: {problem}" for problem in problems))
    return headings


def _faults(values: dict[str, str], lang: Lang) -> Iterator[tuple[str, str]]:
    if not values.get("单位"):
        yield "单位", tell(lang, "no_unit")
    if (level := values.get("层级")) and level_named(level) is None:
        names = tell(lang, "mark").join(LEVEL[Lang.ZH].values())
        yield "层级", tell(lang, "bad_value", value=level, known=names)
    if values.get("类型", "") not in _KINDS:
        yield "类型", tell(lang, "bad_value", value=values["类型"], known=tell(lang, "mark").join(filter(None, _KINDS)))
    if (year := values.get("年度")) and _year(year) is None:
        yield "年度", tell(lang, "bad_listed_year", value=year)
    if (day := values.get("提交日期")) and _day(day) is None:
        yield "提交日期", tell(lang, "bad_date", value=day)
    if day and not values.get("文件"):
        yield "文件", tell(lang, "date_without_file")
    if (url := values.get("公布网址")) and not url.startswith(("http://", "https://")):
        yield "公布网址", tell(lang, "bad_url", value=url)


def _row(line: int, values: dict[str, str], folder: Path) -> Row:
    level = level_named(values["层级"]) if values.get("层级") else None
    name = values.get("文件", "").replace("\\", "/")
    file = folder / name if name else None
    return Row(
        line=line,
        unit=values["单位"],
        level=Level.DEPARTMENT if values.get("类型") in _DEPARTMENT else level,
        year=_year(values.get("年度", "")),
        file=file,
        submitted=_day(values.get("提交日期", "")),
        url=values.get("公布网址") or None,
        there=file is not None and file.exists(),
    )


def _doubles(rows: list[Row], name: str, lang: Lang) -> Iterator[str]:
    units: dict[tuple[str, int | None], int] = {}
    files: dict[Path, int] = {}
    for row in rows:
        if (row.unit, row.year) in units:
            line = units[(row.unit, row.year)]
            yield f"{name}:{row.line}: 单位: {tell(lang, 'unit_twice', unit=row.unit, line=line)}"
        units.setdefault((row.unit, row.year), row.line)
        if row.file is not None and real(row.file) in files:
            line = files[real(row.file)]
            yield f"{name}:{row.line}: 文件: {tell(lang, 'file_twice', line=line)}"
        if row.file is not None:
            files.setdefault(real(row.file), row.line)


def _year(text: str) -> int | None:
    digits = text.removesuffix("度").removesuffix("年")
    return int(digits) if len(digits) == 4 and digits.isascii() and digits.isdigit() else None


def _day(text: str) -> str | None:
    """A date written 2025-03-01, 2025/3/1, 2025.3.1 or 2025年3月1日 as YYYY-MM-DD; None if it is no day."""
    for mark in ("/", ".", "年", "月"):
        text = text.replace(mark, "-")
    parts = text.removesuffix("日").split("-")
    if len(parts) != 3 or len(parts[0]) != 4 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return date(*map(int, parts)).isoformat()
    except ValueError:
        return None
