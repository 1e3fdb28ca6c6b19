"""OFD packages of several producers come out as text in reading order."""

from __future__ import annotations

import pytest
from page_files import OFD, ofd, ofd_page, package, text_object, wrapped

from auditor.errors import UnreadableFile
from auditor.readers import ofd as reader
from auditor.readers import read_bytes
from auditor.report import Extracted

FIRST = "2023年\uff0c全县坚持以习近平法治思想为指导\uff0c健全依法决策机制\uff0c规范行政执法行为\uff0c全年审查行政规范性文件12件。"
CHAPTER = "一、工作开展情况"
SECOND = "县政府常务会议专题学法4次\uff0c行政机关负责人出庭应诉率达到100%\uff0c办理行政复议案件36件\uff0c调解结案19件。"
WHOLE = [FIRST, CHAPTER, SECOND]


def texts(extracted: Extracted) -> list[str]:
    assert all(extracted.text[block.start : block.end] == block.text for block in extracted.blocks)
    return [block.text for block in extracted.blocks]


def lines(top: float = 40.0) -> list[tuple[str, float, float]]:
    placed, y = [], top
    for paragraph in WHOLE:
        for start, line in wrapped(paragraph, 5.6):
            placed.append((line, 28 + start, y))
            y += 10
    return placed


def steps(line: str, size: float = 5.6) -> str:
    return " ".join(f"{size if ord(char) > 255 else size / 2:g}" for char in line[:-1])


def by_line(line: str, x: float, y: float) -> str:
    return text_object(line, x, y, code=f'DeltaX="{steps(line)}"')


def by_character(line: str, x: float, y: float) -> str:
    made = ""
    for char in line:
        made += text_object(char, round(x, 3), y, code="")
        x += 5.6 if ord(char) > 255 else 2.8
    return made


def by_matrix(line: str, x: float, y: float) -> str:
    size = 16.0
    place = f'Boundary="{x} {y - 5.6} 150 8" Font="3" Size="{size}" CTM="0.35 0 0 0.35 0 0"'
    return f'<ofd:TextObject ID="1" {place}><ofd:TextCode X="0" Y="{size}" DeltaX="{steps(line, size)}">{line}</ofd:TextCode></ofd:TextObject>'


def page(draw: object = by_line, head: str = "", more: str = "") -> str:
    assert callable(draw)
    return ofd_page("".join(draw(*line) for line in lines()) + more, head)


def refusal(data: bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        reader.read(data, "a.ofd")
    return caught.value


# ---- producers


@pytest.mark.parametrize("draw", [by_line, by_character, by_matrix])
def test_producers(draw: object) -> None:
    extracted = reader.read(ofd([page(draw)]), "a.ofd")
    assert texts(extracted) == WHOLE
    assert extracted.format == "ofd"


def test_the_file_says_what_the_text_says() -> None:
    assert read_bytes(ofd([page()]), "a.ofd").text == "\n".join(WHOLE)


def test_order_by_place_not_by_file() -> None:
    drawn = "".join(by_line(*line) for line in reversed(lines()))
    assert texts(reader.read(ofd([ofd_page(drawn)]), "a.ofd")) == WHOLE


def test_namespaces_folders_and_case_differ() -> None:
    files = {
        "OFD.xml": "<OFD><DocBody><DocRoot>/doc_0/document.xml</DocRoot></DocBody></OFD>",
        "Doc_0/Document.xml": '<Document><Pages><Page ID="1" BaseLoc="Doc_0\\Pages\\P1\\content.xml"/></Pages></Document>',
        "Doc_0/Pages/P1/Content.xml": page().replace(OFD, "http://www.ofdspec.org"),
    }
    assert texts(reader.read(package(files), "a.ofd")) == WHOLE


def test_steps_given_as_groups() -> None:
    code = 'DeltaX="5.6 g 3 5.6 g 999999999 5.6"'
    line = text_object("健全依法决策机制", 28, 40, code=code)
    assert texts(reader.read(ofd([ofd_page(line)]), "a.ofd")) == ["健全依法决策机制"]


def test_two_documents_in_one_package() -> None:
    first = "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
    files = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{OFD}"><ofd:DocBody>{first}</ofd:DocBody><ofd:DocBody>{first.replace("_0", "_1")}</ofd:DocBody></ofd:OFD>'
    }
    for n in (0, 1):
        files[f"Doc_{n}/Document.xml"] = (
            f'<ofd:Document xmlns:ofd="{OFD}"><ofd:Pages><ofd:Page ID="1" BaseLoc="C.xml"/></ofd:Pages></ofd:Document>'
        )
        files[f"Doc_{n}/C.xml"] = page()
    assert texts(reader.read(package(files), "a.ofd")) == WHOLE * 2


# ---- templates, notes, drawings


def test_a_template_is_read_once() -> None:
    head = '<ofd:Template TemplateID="7"/>'
    common = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/T.xml"/>'
    letterhead = ofd_page(text_object("临江县人民政府文件", 60, 25, 9))
    data = ofd([page(head=head)] * 3, common=common, Doc_0__Tpls__T_xml=letterhead)
    assert texts(reader.read(data, "a.ofd")) == ["临江县人民政府文件", *WHOLE * 3]


def test_notes_are_read_and_watermarks_not() -> None:
    def annotation(kind: str, text: str, y: float) -> str:
        inner = text_object(text, 0, 5.6)
        return f'<ofd:Annot Type="{kind}"><ofd:Appearance Boundary="28 {y} 100 8">{inner}</ofd:Appearance></ofd:Annot>'

    notes = annotation("Stamp", "此件公开发布", 200) + annotation("Watermark", "内部资料", 150)
    data = ofd(
        [page()],
        document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
        Doc_0__Annots__Annotations_xml=f'<ofd:Annotations xmlns:ofd="{OFD}"><ofd:Page PageID="10"><ofd:FileLoc>Page_0/A.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>',
        Doc_0__Annots__Page_0__A_xml=f'<ofd:PageAnnot xmlns:ofd="{OFD}">{notes}</ofd:PageAnnot>',
    )
    assert texts(reader.read(data, "a.ofd")) == [*WHOLE, "此件公开发布"]


def test_composite_drawings_are_read() -> None:
    unit = f'<ofd:Res xmlns:ofd="{OFD}"><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5" Width="100" Height="10"><ofd:Content>{text_object("特此报告。", 0, 5.6)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>'
    more = '<ofd:CompositeObject ID="9" Boundary="39.2 200 100 10" ResourceID="5"/>'
    data = ofd([page(more=more)], common="<ofd:DocumentRes>R.xml</ofd:DocumentRes>", Doc_0__R_xml=unit)
    assert texts(reader.read(data, "a.ofd")) == [*WHOLE, "特此报告。"]


def test_a_drawing_that_contains_itself_ends() -> None:
    inner = '<ofd:CompositeObject ID="9" Boundary="0 0 1 1" ResourceID="5"/>' * 2
    unit = f'<ofd:Res xmlns:ofd="{OFD}"><ofd:CompositeGraphicUnit ID="5"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit></ofd:Res>'
    data = ofd([page(more=inner)], common="<ofd:DocumentRes>R.xml</ofd:DocumentRes>", Doc_0__R_xml=unit)
    assert texts(reader.read(data, "a.ofd")) == WHOLE


def test_hidden_and_slanted_text_goes() -> None:
    hidden = text_object("全年未开展清理", 28, 200, more='Visible="false"')
    slanted = text_object("内部资料", 60, 150, 20, more='CTM="0.7 0.7 -0.7 0.7 0 0"')
    assert texts(reader.read(ofd([page(more=hidden + slanted)]), "a.ofd")) == WHOLE


def test_tables_are_rows() -> None:
    cells = [("序号", 30, 200), ("任务", 80, 200), ("1", 30, 210), ("备案审查", 80, 210)]
    lines = [(28, 193, 128, 193), (28, 203, 128, 203), (28, 213, 128, 213)]
    lines += [(28, 193, 28, 213), (78, 193, 78, 213), (128, 193, 128, 213)]
    drawn = "".join(text_object(text, x, y) for text, x, y in cells)
    for x0, y0, x1, y1 in lines:
        path = f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData>"
        drawn += f'<ofd:PathObject ID="3" Boundary="{x0} {y0} 100 20">{path}</ofd:PathObject>'
    extracted = reader.read(ofd([page(more=drawn)]), "a.ofd")
    assert texts(extracted)[3:] == ["序号\t任务", "1\t备案审查"]
    assert [block.table for block in extracted.blocks] == [False, False, False, True, True]


# ---- what cannot be read


def test_pages_of_images_are_unread() -> None:
    image = '<ofd:ImageObject ID="7" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="50"/>'
    extracted = reader.read(ofd([page(), ofd_page(image)]), "a.ofd")
    assert (texts(extracted), extracted.unread) == (WHOLE, (2,))
    scan = reader.read(ofd([ofd_page(image)]), "a.ofd")
    assert (scan.text, scan.unread) == ("", (1,))


def test_text_turned_into_outlines_is_unread() -> None:
    path = '<ofd:PathObject ID="3" Boundary="0 0 5 5"><ofd:AbbreviatedData>M 0 0 B 1 1 2 2 3 3 C</ofd:AbbreviatedData></ofd:PathObject>'
    assert reader.read(ofd([ofd_page(path * 100)]), "a.ofd").unread == (1,)


def test_a_missing_page_is_said() -> None:
    extracted = reader.read(ofd([page(), ""]), "a.ofd")
    assert (texts(extracted), extracted.unread) == (WHOLE, (2,))
    assert "第2页" in str(extracted.warnings[0])


def test_what_is_no_ofd() -> None:
    assert refusal(b"PK\x03\x04").code == "crash"
    assert refusal(package({"a.txt": "a"})).code == "crash"
    assert refusal(package({"OFD.xml": "<OFD/>"})).code == "crash"
    assert refusal(package({"OFD.xml": "<OFD/>", "Encryptions.xml": "<a/>"})).code == "encrypted"


def test_declared_entities_are_refused() -> None:
    bad = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page(more=text_object("&x;", 28, 250))
    assert refusal(ofd([bad])).code == "crash"


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LIMITS", "pages=2")
    assert refusal(ofd([page()] * 3)).code == "too_large"


def test_numbers_that_are_none_do_no_harm() -> None:
    odd = (
        text_object("依法行政", 28, 250, code='DeltaX="g x nan inf"') + '<ofd:TextObject Boundary="a b" Size="1e999"/>'
    )
    assert texts(reader.read(ofd([page(more=odd)]), "a.ofd"))[:3] == WHOLE
