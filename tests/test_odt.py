"""OpenDocument texts come out as a person sees them."""

from __future__ import annotations

import pytest
from word_files import zipped

from auditor.errors import UnreadableFile
from auditor.readers import odt, read_bytes
from auditor.report import Extracted

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "draw")
)
CHINESE = "一, 二, 三, ..."
LEVELS = (
    f'<text:list-level-style-number text:level="1" style:num-format="{CHINESE}" style:num-suffix="、"/>'
    f'<text:list-level-style-number text:level="2" style:num-format="{CHINESE}" style:num-prefix="(" style:num-suffix=")"/>'
)
LISTS = f'<text:list-style style:name="L">{LEVELS}</text:list-style>'
OUTLINE = f'<text:outline-style style:name="Outline">{LEVELS.replace("list-level-style-number", "outline-level-style")}</text:outline-style>'


def package(body: str, styles: str = "", shared: str = "") -> bytes:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "content.xml": content,
        "styles.xml": f"<office:document-styles {SPACES}><office:styles>{shared}</office:styles></office:document-styles>",
    }
    return zipped(parts)


def read(body: str, styles: str = "", shared: str = "") -> Extracted:
    extracted = odt.read(package(body, styles, shared), "a.odt")
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    return extracted


def lines(body: str, styles: str = "", shared: str = "") -> list[str]:
    return [block.text for block in read(body, styles, shared).blocks]


def item(*content: str) -> str:
    return f"<text:list-item>{''.join(content)}</text:list-item>"


def test_paragraphs_with_spaces_tabs_and_breaks() -> None:
    body = (
        '<text:p> A<text:s text:c="2"/>B<text:tab/>C<text:line-break/>D\n  E<text:span> F</text:span></text:p><text:p/>'
    )
    assert lines(body) == ["A  B\tC\nD E F"]


def test_labels_of_lists_are_rendered_and_go_on_where_the_list_does() -> None:
    inner = f"<text:list>{item('<text:p>a</text:p><text:p>more</text:p>')}{item('<text:p>b</text:p>')}</text:list>"
    first = f'<text:list text:style-name="L">{item("<text:p>A</text:p>", inner)}</text:list>'
    on = f'<text:list text:style-name="L" text:continue-numbering="true">{item("<text:p>B</text:p>")}</text:list>'
    again = f'<text:list text:style-name="L">{item("<text:p>C</text:p>")}</text:list>'
    expected = ["一、A", "(一)a", "more", "(二)b", "x", "二、B", "一、C"]
    assert lines(f"{first}<text:p>x</text:p>{on}{again}", LISTS) == expected


def test_headings_are_numbered_by_the_outline() -> None:
    def heading(level: int, text: str, more: str = "") -> str:
        return f'<text:h text:outline-level="{level}" {more}>{text}</text:h>'

    body = (
        heading(1, "A")
        + heading(2, "a")
        + heading(2, "b")
        + heading(1, "B")
        + heading(2, "c", 'text:is-list-header="true"')
    )
    found = read(body, shared=OUTLINE).blocks
    assert [block.text for block in found] == ["一、A", "(一)a", "(二)b", "二、B", "c"]
    assert [block.heading_level for block in found] == [1, 2, 2, 1, 2]


def test_deleted_and_hidden_text_and_comments_are_not_there() -> None:
    hidden = (
        '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    gone = "<text:tracked-changes><text:changed-region><text:deletion><text:p>99</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    body = f'{gone}<text:p>A<text:span text:style-name="H">x</text:span><office:annotation><text:p>c</text:p></office:annotation>B</text:p>'
    assert lines(body, hidden) == ["AB"]


def test_tables_boxes_and_notes() -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = f"<table:table-row>{cell.format('1')}{cell.format('2')}</table:table-row>"
    merged = f"<table:table-row>{cell.format('3')}<table:covered-table-cell/>{cell.format('4')}</table:table-row>"
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body></text:note>"
    box = "<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"
    body = f"<text:p>A{note}{box}B</text:p><table:table><table:table-header-rows>{rows}</table:table-header-rows>{merged}</table:table>"
    found = read(body).blocks
    assert [block.text for block in found] == ["AB", "box", "1\t2", "3\t\t4", "note"]
    assert [block.table for block in found] == [False, False, True, True, False]


def test_pictures_are_said() -> None:
    picture = "<draw:frame><draw:image/></draw:frame>"
    assert read(f"<text:p>A{picture}</text:p>").warnings
    with pytest.raises(UnreadableFile) as caught:
        read(f"<text:p>{picture}</text:p>")
    assert caught.value.code == "no_text"


def test_empty_encrypted_and_incomplete_files_are_typed() -> None:
    codes = []
    locked = zipped({"content.xml": "x", "META-INF/manifest.xml": "<manifest:encryption-data/>"})
    for data in (package(""), locked, zipped({"mimetype": "x"})):
        with pytest.raises(UnreadableFile) as caught:
            odt.read(data, "a.odt")
        codes.append(caught.value.code)
    assert codes == ["empty", "encrypted", "crash"]


def test_the_content_decides() -> None:
    found = read_bytes(package("<text:p>2024年法治政府建设年度报告</text:p>"), "report.doc")
    assert (found.format, found.text) == ("odt", "2024年法治政府建设年度报告")
