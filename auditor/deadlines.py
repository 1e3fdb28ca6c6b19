"""The days by which an annual report is due, by its year (督察工作规定, 厅字〔2019〕28号, report years from 2019 on)."""

from __future__ import annotations

from datetime import date

from auditor.report import Level


def submission(year: int, level: Level | None) -> date:
    """The last day to report on ``year``: 1 March of the next year, for a province 1 April."""
    return date(year + 1, 4 if level is Level.PROVINCE else 3, 1)


def publication(year: int) -> date:
    """The last day to publish the report on ``year`` (第二十四条): 1 April of the next year."""
    return date(year + 1, 4, 1)
