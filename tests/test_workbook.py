"""The workbook, opened again: what each sheet says, that ranks are fair, and that nothing in it runs."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from audits import audit, evidence, finding, flagged, gap, near_miss, not_applicable, report_audit
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from auditor.audit import Options, audit_file
from auditor.findings import Aligned, Audit, FigureCheck, Figures, Pair, ReportAudit, Status, Unreadable
from auditor.formats import workbook
from auditor.formats.ranking import ranked
from auditor.formats.workbook_lists import COLOURS
from auditor.report import Genre
from auditor.words import STATUS, Lang

ROOT = Path(__file__).parent.parent
SHEETS = ["总表", "缺项清单", "证据", "数据校验", "雷同", "说明"]
SUM = FigureCheck("保留45件,修改1件", 20, 30, "sum", "45+1 = 46 ≠ 47", "fails", "分项之和为46", 0.85)
RATE = FigureCheck("废止3件", 31, 35, "rate", "? = 100%", "not_checkable", "没有给出基数", 0.6)


def opened(result: Audit, lang: Lang = Lang.ZH, everything: bool = False) -> Any:
    return load_workbook(io.BytesIO(workbook.render(result, lang, everything)))


def rows(sheet: Worksheet, heads: int = 1) -> list[dict[str, Any]]:
    """The rows under the heads, by heading."""
    lines = list(sheet.iter_rows(min_row=heads, values_only=True))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def overview(result: Audit, everything: bool = False) -> list[dict[str, Any]]:
    return rows(opened(result, everything=everything)["总表"], heads=3)


def scored(score: float | None, **source: Any) -> ReportAudit:
    return replace(report_audit(**source), score=score)


def test_the_sheets_are_frozen_filtered_and_printed_across() -> None:
    book = opened(audit(report_audit((finding(), gap()))))
    assert book.sheetnames == SHEETS
    assert book["总表"].freeze_panes == "G4"
    assert book["总表"].auto_filter.ref == "A3:R4"
    assert book["总表"].print_title_rows == "$1:$3"
    for name in SHEETS[1:3]:
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_sheets_and_words_in_english() -> None:
    book = opened(audit(), Lang.EN)
    assert book.sheetnames == ["Overview", "Gaps", "Evidence", "Figures", "Copied text", "Notes"]
    assert rows(book["Gaps"])[0]["status"] == "planned"


# ---- the overview


def test_the_overview_tells_unit_score_gaps_counts_and_each_status() -> None:
    (row, _) = overview(audit(report_audit((finding(), gap(), flagged(), not_applicable()))))
    told = {key: row[key] for key in ("名次", "单位", "年度", "缺项", "核心缺项", "有据", "仅计划", "不适用", "标记")}
    assert told == {
        "名次": 1,
        "单位": "某县人民政府",
        "年度": 2022,
        "缺项": 1,
        "核心缺项": 1,
        "有据": 2,
        "仅计划": 1,
        "不适用": 1,
        "标记": 1,
    }
    by_id = {key.split("\n")[0]: value for key, value in row.items() if "\n" in key}
    assert by_id == {"GY21-09-04": "有据", "GY21-32-04": "仅计划", "GY21-34-09": "有据▲"}


def test_colours_say_what_the_words_say() -> None:
    sheet = opened(audit())["总表"]
    seen = {}
    for cell in sheet[4]:
        if cell.value in STATUS[Lang.ZH].values():
            seen[cell.value] = "#" + cell.fill.fgColor.rgb[2:]
    assert seen == {STATUS[Lang.ZH][s]: COLOURS[s]["bg_color"] for s in (Status.EVIDENCED, Status.PLANNED)}
    assert len({colour["bg_color"] for key, colour in COLOURS.items() if key in set(Status)}) == len(Status)


def test_obligations_stand_under_their_clauses() -> None:
    sheet = opened(audit(report_audit((finding(), finding(id="GY21-09-05", title="指导监督"), gap()))))["总表"]
    first = next(cell for cell in sheet[3] if str(cell.value).startswith("GY21-09-04"))
    assert sheet.cell(2, first.column).value == "(九)加强行政规范性文件制定监督管理"
    assert f"{first.column_letter}2:{sheet.cell(2, first.column + 1).coordinate}" in map(str, sheet.merged_cells.ranges)
    assert sheet.cell(2, first.column + 2).value == "(三十二)加强党对法治政府建设的领导"


def test_obligations_that_bind_nobody_have_a_column_only_when_everything_is_asked_for() -> None:
    def ids(everything: bool) -> list[str]:
        return [key.split("\n")[0] for key in overview(audit(), everything)[0] if "\n" in key]

    assert ids(False) == ["GY21-09-04", "GY21-32-04"]
    assert ids(True) == ["GY21-09-04", "GY21-05-01", "GY21-32-04"]


def test_an_obligation_of_another_rule_set_is_no_gap_of_a_report() -> None:
    other = report_audit((finding(id="GY15-01-01", title="老的义务"),), file="b.txt")
    own = next(row for row in overview(audit(report_audit((gap(),)), other)) if row["文件"] == "seeds/a.txt")
    assert next(value for key, value in own.items() if key.startswith("GY15-01-01")) == "—"
    assert own["缺项"] == 1


def test_equal_scores_share_a_rank_and_only_annual_reports_of_one_year_are_ranked() -> None:
    result = audit(
        scored(50.0, unit="甲"),
        scored(70.0, unit="乙"),
        scored(70.0, unit="丙"),
        scored(99.0, unit="丁", genre=Genre.NEWS),
        scored(None, unit="戊"),
        scored(10.0, unit="己", year=2023),
    )
    ranks = [(each.audited.report.source.unit, each.rank) for each in ranked(result.reports)]
    assert ranks == [("己", 1), ("乙", 1), ("丙", 1), ("甲", 3), ("丁", None), ("戊", None)]
    shown = overview(result)
    assert [row["名次"] for row in shown[:6]] == [1, 1, 1, 3, "—", "—"]
    assert shown[4]["提示"] == "非年度报告"


def test_the_overview_counts_the_reports_with_each_gap() -> None:
    result = audit(
        report_audit((gap(),)), report_audit((gap(),), file="b.txt"), report_audit((finding(),), file="c.txt")
    )
    last = overview(result)[3]
    assert last["名次"] == "缺项单位数"
    assert [value for key, value in last.items() if key.startswith("GY21")] == [2, 0]


def test_a_file_that_could_not_be_read_stands_at_the_end_with_its_reason() -> None:
    broken = (Unreadable("坏.pdf", "encrypted", "文件有密码"),)
    lines = list(opened(audit(unreadable=broken))["总表"].iter_rows(values_only=True))
    assert lines[-1][:3] == ("—", "文件 坏.pdf", "无法读取：文件有密码")
    alone = opened(Audit((), broken))
    assert list(alone["总表"].iter_rows(values_only=True))[-1][1] == "文件 坏.pdf"
    assert [alone["缺项清单"]["A2"].value, alone["证据"]["A2"].value] == ["没有缺项。", "没有证据。"]


# ---- the lists


def test_every_gap_has_a_row_with_the_nearest_passage_and_why_it_does_not_count() -> None:
    missing = gap(id="GY21-34-04", title="讲座", status=Status.MISSING, near_misses=(), reason="全文没有写到")
    book = opened(audit(report_audit((finding(), gap(), missing))))
    first, second = rows(book["缺项清单"])
    assert (first["编号"], first["状态"], first["重要性"]) == ("GY21-32-04", "仅计划", "核心")
    assert first["依据"] == "(三十二)加强党对法治政府建设的领导"
    assert (first["最接近的表述"], first["所在部分"]) == ("推进述法", "二、下一步打算")
    assert first["为何不计"] == "是下一步的计划,不是本年度已做的事"
    assert "____" in first["建议"]
    assert (second["最接近的表述"], second["为何不计"]) == (None, "全文没有写到")


def test_every_passage_of_evidence_has_a_row_with_its_place_and_facts() -> None:
    audited = report_audit((finding(), flagged()))
    found = rows(opened(audit(audited))["证据"])
    assert len(found) == 2
    row = found[0]
    assert audited.report.text[row["起"] : row["止"]] == row["原文"]
    assert (row["事实"], row["所在部分"], row["角色"]) == ("45件、1件、3件", "一、主要举措和成效", "举措和成效")
    assert found[1]["标记"] == "低于标准"


def test_figure_checks_and_shared_passages_have_their_sheets() -> None:
    audited = replace(report_audit(), figures=Figures((SUM, RATE)))
    other = report_audit(unit="另一县", file="b.txt")
    shared = Aligned("推进述法", 46, 50, "推进述法", 46, 50, 0.98, 0.75)
    pair = Pair(audited.report.source, other.report.source, 0.416, 812, (shared,))
    book = opened(replace(audit(audited, other), pairs=(pair,)))
    failed, unclear = rows(book["数据校验"])
    assert (failed["结论"], failed["类别"], failed["算式"]) == ("不成立", "合计", "45+1 = 46 ≠ 47")
    assert failed["所在部分"] == "主要举措和成效"
    assert unclear["结论"] == "无法核对"
    (row,) = rows(book["雷同"])
    assert (row["报告甲"], row["报告乙"], row["相同内容占较短一份"]) == ("某县人民政府", "另一县", "42%")
    assert (row["相同字数"], row["甲的原文"], row["相似度"]) == (812, "推进述法", 0.98)


def test_the_notes_explain_the_words_and_tell_rules_denominators_notices_and_limits() -> None:
    sheet = opened(audit(unreadable=(Unreadable("坏.pdf", "encrypted", "文件有密码"),)))["说明"]
    text = "\n".join(str(cell) for line in sheet.iter_rows(values_only=True) for cell in line if cell)
    for expected in (*STATUS[Lang.ZH].values(), "照录", "ab" * 32, "版本 1.0.0", "权重合计 6", "坏.pdf", "文件有密码"):
        assert expected in text, expected
    assert "提示：报告年度未能读出" in text
    assert "不等于没有做" in text


# ---- what reports may hold

EVIL = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@x",
    "\t=1+1",
    "\u202e=1",
    "\uff1d1+1",
    "http://a.b",
    "_x0041_",
    "\ufffe\uffff\x00\x1b\ud800",
]


@pytest.mark.parametrize("text", EVIL)
def test_text_of_a_report_never_becomes_a_formula_or_a_link(text: str) -> None:
    hostile = gap(title=text, clause=text, reason=text, advice=text, near_misses=(near_miss(text, text, text=text),))
    plain = finding(evidence=(evidence(text, (text,), text=text),))
    figures = Figures((replace(SUM, quote=text, expression=text, reason=text),))
    audited = replace(report_audit((hostile, plain), text=text, unit=text, file=text), figures=figures, notices=(text,))
    result = audit(audited, unreadable=(Unreadable(text, "empty", text),))
    cells = [cell for sheet in opened(result) for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    opens = [c for c in cells if isinstance(c.value, str) and c.value.startswith(("=", "+", "-", "@", "\uff1d"))]
    assert all(cell.quotePrefix for cell in opens)
    assert bool(opens) == text.strip().startswith(("=", "+", "-", "@", "\uff1d"))


def test_long_texts_are_cut_to_what_a_cell_holds() -> None:
    long, wide = "甲" * 40_000, "\U0001f600" * 20_000
    book = opened(
        audit(report_audit((gap(advice=long, reason="乙" * 10_000, near_misses=()), gap(id="X", advice=wide))))
    )
    first, second = rows(book["缺项清单"])
    assert first["建议"] == "甲" * 32_000 + "…"
    assert first["为何不计"] == "乙" * 10_000
    assert len(second["建议"].encode("utf-16-le")) // 2 <= 32_767
    assert max(d.height for d in book["缺项清单"].row_dimensions.values()) <= 409


def test_the_same_audit_gives_the_same_bytes_without_a_date() -> None:
    data = workbook.render(audit(), Lang.ZH)
    assert data == workbook.render(audit(), Lang.ZH)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        core = package.read("docProps/core.xml").decode()
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2000-01-01T00:00:00Z"}


# ---- real reports, real programs


@pytest.fixture(scope="module")
def seeds() -> Audit:
    files = ["seeds/000_suibin_2024.txt", "seeds/004_qiqihar_2018.txt"]
    found = [audit_file(ROOT / file, file, Options()) for file in files]
    return Audit(tuple(each for each in found if isinstance(each, ReportAudit)))


def test_the_workbook_of_the_seeds_has_every_gap_and_every_quote(seeds: Audit) -> None:
    book = opened(seeds)
    expected = [(f.id, f.advice) for r in seeds.reports for f in r.findings if f.status.gap]
    assert sorted((row["编号"], row["建议"]) for row in rows(book["缺项清单"])) == sorted(expected)
    assert len(rows(book["证据"])) == sum(len(f.evidence) for r in seeds.reports for f in r.findings)
    assert len(rows(book["数据校验"])) == sum(len(r.figures.checks) for r in seeds.reports)


def test_libreoffice_opens_the_workbook(seeds: Audit, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("soffice is not installed")
    (tmp_path / "plain.csv").write_text("1\n", encoding="utf-8")
    (tmp_path / "audit.xlsx").write_bytes(workbook.render(seeds, Lang.ZH))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    for name in ("plain.csv", "audit.xlsx"):
        command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / name)]
        subprocess.run(command, capture_output=True, timeout=120, check=False)
    if not (tmp_path / "plain.pdf").exists():
        pytest.skip("this LibreOffice has no spreadsheets")
    assert (tmp_path / "audit.pdf").read_bytes().startswith(b"%PDF")
