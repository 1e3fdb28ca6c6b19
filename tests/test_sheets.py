"""Workbooks come out row by row as Excel shows them."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from word_files import zipped

from auditor.errors import UnreadableFile
from auditor.readers import read_bytes, sheets
from auditor.report import Extracted

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="4"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)


def text(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(words)}</t></is></c>'


def amount(place: str, value: str, style: int = 0) -> str:
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    return f'<row r="{number}" {more}>{"".join(cells)}</row>'


def book(*data: str, states: tuple[str, ...] = (), columns: str = "", shared: str = "") -> bytes:
    listed = "".join(
        f'<sheet name="S{at}" sheetId="{at}" r:id="rId{at}" {state}/>'
        for at, state in enumerate(states or ("",) * len(data), 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(data) + 1)
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
    }
    for at, rows in enumerate(data, 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{MAIN}">{columns}<sheetData>{rows}</sheetData></worksheet>'
        )
    return zipped(parts)


def read(data: bytes) -> Extracted:
    extracted = sheets.read(data, "a.xlsx")
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    return extracted


def test_a_column_of_roles_becomes_headings() -> None:
    data = row(1, text("A1", "标题"), text("B1", "2024年报告")) + row(2, text("B2", "导语。"))
    data += row(3, text("A3", "一级"), text("B3", "一、工作")) + row(4, text("B4", "第一段。\n第二段。"))
    found = read(book(data)).blocks
    assert [block.text for block in found] == ["2024年报告", "导语。", "一、工作", "第一段。", "第二段。"]
    assert [block.heading_level for block in found] == [None, None, 1, None, None]
    assert not any(block.table for block in found)


def test_rows_of_several_cells_are_table_rows() -> None:
    found = read(
        book(row(1, text("A1", "序号"), text("C1", "数值")) + row(2, amount("A2", "1"), amount("C2", "27")))
    ).blocks
    assert [(block.text, block.table) for block in found] == [("序号\t\t数值", True), ("1\t\t27", True)]


def test_numbers_are_shown_by_their_formats() -> None:
    cells = [amount("A1", "0.9867", 1), amount("B1", "45412", 2), amount("C1", "1234.5", 3), amount("D1", "45412", 4)]
    cells += [amount("E1", "0.30000000000000004"), '<c r="F1" t="b"><v>1</v></c>']
    assert read(book(row(1, *cells))).text == "98.67%\t2024年4月30日\t1,234.50\t2024-04-30\t0.3\tTRUE"


def test_shared_strings_without_their_pronunciation() -> None:
    shared = "<si><r><t>法治</t></r><r><t>政府</t></r><rPh><t>fa</t></rPh></si>"
    assert read(book(row(1, '<c r="A1" t="s"><v>0</v></c>'), shared=shared)).text == "法治政府"


def test_what_is_hidden_or_not_computed_is_said_and_not_read() -> None:
    first = row(1, text("A1", "A"), text("B1", "no")) + row(2, text("A2", "no"), more='hidden="1"')
    first += row(3, '<c r="A3"><f>1/1</f></c>')
    data = book(
        first,
        row(1, text("A1", "no")),
        states=("", 'state="hidden"'),
        columns='<cols><col min="2" max="2" hidden="1"/></cols>',
    )
    found = read(data)
    assert found.text == "A"
    assert len(found.warnings) == 3


def test_far_cells_are_cut_off_with_a_warning() -> None:
    found = read(book(row(1, text("A1", "A"), text("XFD1", "x")) + row(1_048_576, text("A1048576", "y"))))
    assert found.text == "A"
    assert "S1" in str(found.warnings[0])


def test_sheets_in_order_with_their_number() -> None:
    found = read(book(row(1, text("A1", "A")), row(1, text("A1", "B"))))
    assert [(block.text, block.page) for block in found.blocks] == [("A", 1), ("B", 2)]


def test_an_empty_workbook_is_typed_and_content_decides() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(book(""))
    assert caught.value.code == "empty"
    assert read_bytes(book(row(1, text("A1", "2024年法治政府建设年度报告"))), "a.docx").format == "xlsx"
