"""What users read stands in ``auditor/words``: nothing is worded elsewhere, and each language speaks for itself."""

from __future__ import annotations

import ast
import copy
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_files import pdf, sheets
from test_hostile import HOSTILE
from word_files import docx, p, table, zipped

from auditor.audit import Options, audit_bytes, audit_file, figures_of, report_from_bytes
from auditor.cli import main
from auditor.errors import AuditorError, ExitCode, RuleError, UnreadableFile, problem
from auditor.evaluation import load_gold
from auditor.findings import ReportAudit, Unreadable
from auditor.readers import file_bytes, read_bytes
from auditor.words import FIGURES, FORM, READING, RULE_FILES, Lang, Message, told

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
MODULES = [path for path in sorted((ROOT / "auditor").rglob("*.py")) if path.parent.name != "words"]
TABLES = {"READING": READING, "FIGURES": FIGURES, "FORM": FORM, "RULE_FILES": RULE_FILES}
LATE = READING[Lang.ZH] | FIGURES[Lang.ZH] | RULE_FILES[Lang.ZH]
BLANK = re.compile(r"{(\w+)[^}]*}")
CHINESE = re.compile("[\u4e00-\u9fff\uff00-\uffef\u3001\u3002]")
QUOTED = re.compile("\u201c[^\u201d]*\u201d")
# What makes or shows a sentence: nothing Chinese is written between its brackets.
SPEAKERS = frozenset(
    {"Message", "UnreadableFile", "AuditorError", "RuleError", "NoRuleSet", "NoInput", "broken", "problem", "unknown"}
    | {"Verdict", "Claim", "ValueError", "BadParameter", "complain", "show", "Unreadable"}
)


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def literals(call: ast.Call) -> Iterator[str]:
    """The strings written between the brackets of a call, those of other calls within left out."""
    waiting: list[ast.AST] = [*call.args, *(keyword.value for keyword in call.keywords)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif not isinstance(node, ast.Call):
            waiting += ast.iter_child_nodes(node)


def spoken(text: str) -> str:
    """The text without what it quotes."""
    return QUOTED.sub("", text)


# ---- the tables


@pytest.mark.parametrize("table", TABLES)
def test_sentences_have_the_same_blanks_in_both_languages(table: str) -> None:
    for key, sentence in TABLES[table][Lang.ZH].items():
        assert set(BLANK.findall(sentence)) == set(BLANK.findall(TABLES[table][Lang.EN][key])), key


@pytest.mark.parametrize("table", TABLES)
def test_english_sentences_are_english(table: str) -> None:
    assert {key: words for key, words in TABLES[table][Lang.EN].items() if CHINESE.search(spoken(words))} == {}


def test_no_message_stands_in_two_tables() -> None:
    assert len(LATE) == len(READING[Lang.ZH]) + len(FIGURES[Lang.ZH]) + len(RULE_FILES[Lang.ZH])


def test_every_sentence_is_said_somewhere() -> None:
    written = {
        node.value
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {key for key in (*LATE, *FORM[Lang.ZH]) if key not in written} == set()


# ---- the modules


def test_nothing_chinese_is_said_outside_the_tables() -> None:
    said = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {text}"
        for path in MODULES
        for call in calls(path)
        if name_of(call) in SPEAKERS
        for text in literals(call)
        if CHINESE.search(text)
    ]
    assert said == []


def test_every_message_has_its_words_and_fills_its_blanks() -> None:
    known = 0
    for path in MODULES:
        for call in calls(path):
            if name_of(call) != "Message" or not call.args or not isinstance(call.args[0], ast.Constant):
                continue
            key = str(call.args[0].value)
            assert key in LATE, f"{path.name}:{call.lineno}: {key}"
            given = call.args[1] if len(call.args) > 1 else ast.Dict([], [])
            if isinstance(given, ast.Dict):
                names = {each.value for each in given.keys if isinstance(each, ast.Constant)}
                assert names == set(BLANK.findall(LATE[key])), f"{path.name}:{call.lineno}: {key}"
            known += 1
    assert known > 100


def test_every_sentence_on_form_fills_its_blanks() -> None:
    known = 0
    for call in calls(ROOT / "auditor" / "form.py"):
        if name_of(call) == "say" and len(call.args) == 1 and isinstance(call.args[0], ast.Constant):
            key = str(call.args[0].value)
            assert {each.arg for each in call.keywords} == set(BLANK.findall(FORM[Lang.ZH][key])), key
            known += 1
    assert known > 50


# ---- messages


def test_a_message_is_worded_with_what_fills_it() -> None:
    message = Message("broken", {"reason": Message("unreadable_part", {"part": "a.xml", "error": "EOFError"})})
    assert "压缩包中的“a.xml”读不出:EOFError" in str(message)
    assert "“a.xml” in the archive cannot be read: EOFError" in message.told(Lang.EN)


def test_several_values_are_listed() -> None:
    message = Message("garbled_pages", {"pages": ["1-3", "7"]})
    assert str(message) == "第1-3、7页的文字是乱码,未读取"
    assert message.told(Lang.EN) == "pages whose text is garbled and was not read: 1-3, 7"


def test_words_already_said_stay() -> None:
    assert told("甲 {a}", Lang.EN) == "甲 {a}"


@pytest.mark.parametrize(
    "error",
    [
        AuditorError("x"),
        UnreadableFile("a.pdf", "empty", Message("no_words")),
        RuleError((problem("a.yaml:1: -", Message("empty")), "b")),
    ],
)
def test_errors_can_be_copied(error: AuditorError) -> None:
    for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(other) is type(error)
        assert [other.told(lang) for lang in Lang] == [error.told(lang) for lang in Lang]


# ---- in English: readers

FONT = "\ue000" * 400
PICTURE = '<w:p><w:r><w:drawing><wp:extent cx="9000000" cy="9000000"/><a:blip/></w:drawing></w:r></w:p>'
WORKBOOK = "<workbook><sheets/></workbook>"
UNREADABLE = HOSTILE | {
    "empty.txt": b"",
    "blank.txt": "\u3000\n".encode(),
    "binary.txt": bytes(range(1, 9)) * 40,
    "pdf.txt": b"\n%PDF-1.7",
    "sound.mp3": "法治".encode(),
    "bare": "法治".encode(),
    "a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
    "a.rar": b"Rar!\x1a\x07\x00",
    "a.png": b"\x89PNG\r\n\x1a\n",
    "none.docx": docx(""),
    "picture.docx": docx(PICTURE),
    "other.docx": zipped({"word/other.xml": "<a/>", "[Content_Types].xml": "<a/>"}),
    "none.ofd": zipped({"OFD.xml": "<OFD/>"}),
    "none.odt": zipped({"content.xml": "<a/>", "mimetype": "application/vnd.oasis.opendocument.text"}),
    "none.xlsx": zipped({"[Content_Types].xml": "<a/>", "xl/workbook.xml": WORKBOOK}),
    "none.rtf": b"{\\rtf1 }",
    "none.html": b"<html><body></body></html>",
    "attached.html": '<html><body><a href="a.docx">年度报告.docx</a></body></html>'.encode(),
    "none.zip": zipped({"a.exe": b"x"}),
    "nested.zip": zipped({"a.zip": zipped({"a.txt": "法治"})}),
    "several.zip": zipped({"a.txt": "法治", "b.txt": "法治"}),
    "locked.pdf": pdf(sheets(["法治政府建设"]), password="x"),
    "garbled.docx": docx(p(FONT)),
}
WARNED = {
    "lost.txt": "法治政府建设报告".encode() * 40 + b"\xff",
    "picture.docx": docx(p("法治") + PICTURE),
    "embedded.docx": docx(p("法治") + '<w:altChunk r:id="x"/>' + table("")),
    "deep.html": ("<div>" * 600 + "法治政府建设年度报告。" * 40 + "</div>" * 600).encode(),
    "two.txt": "甲县2023年法治政府建设年度报告\n2022年,甲县开展行政执法。\n一、2022年工作情况\n已办结9件。".encode(),
    "none.txt": "关于法治的报告\n开展行政执法监督。".encode(),
    "span.txt": "甲县2021年至2022年法治政府建设报告\n开展行政执法监督9次。".encode(),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_told_in_english(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LIMITS", "memory=512,cpu=10,wall=20,office_wall=30")
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(UNREADABLE[name], name)
    assert not CHINESE.search(spoken(caught.value.told(Lang.EN).replace("年度报告.docx", "")))
    assert CHINESE.search(caught.value.told(Lang.ZH))
    assert caught.value.told(Lang.ZH) == str(caught.value)


@pytest.mark.parametrize("name", WARNED)
def test_warnings_are_told_in_english(name: str) -> None:
    chinese = report_from_bytes(WARNED[name], name, Options()).warnings
    english = report_from_bytes(WARNED[name], name, Options(lang=Lang.EN)).warnings
    assert len(english) == len(chinese) > 0
    assert not any(CHINESE.search(spoken(each)) for each in english)
    assert all(CHINESE.search(each) for each in chinese)


def test_places_without_a_file_are_told_in_english(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("法治", encoding="utf-8")
    for place in (tmp_path, tmp_path / "none.txt", tmp_path / "file.txt" / "below.txt", Path("\0")):
        with pytest.raises(UnreadableFile) as caught:
            file_bytes(place, "a.txt")
        assert not CHINESE.search(caught.value.told(Lang.EN))


def test_labels_that_are_not_there_are_told_in_english(tmp_path: Path) -> None:
    with pytest.raises(AuditorError) as caught:
        load_gold(tmp_path)
    assert "no label files" in caught.value.told(Lang.EN)


def test_a_limit_that_is_none_is_told_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_LIMITS", "pages=no")
    with pytest.raises(AuditorError) as caught:
        read_bytes(b"x", "a.txt")
    assert not CHINESE.search(caught.value.told(Lang.EN)) and "“pages=no”" in caught.value.told(Lang.EN)


@pytest.mark.parametrize(
    "command", [["audit", "--no-out"], ["read"], ["outline"], ["explain", "GY21-09-04"], ["figures"]]
)
def test_every_command_tells_it_in_the_users_language(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.docx").write_bytes(docx(""))
    assert main([*command, "a.docx", "--lang", "en"]) == ExitCode.UNREADABLE
    assert capsys.readouterr().err == "a.docx: the document holds no text; make sure it was saved completely\n"
    assert main([*command, "a.docx"]) == ExitCode.UNREADABLE
    assert capsys.readouterr().err == "a.docx: 文档里没有文字;请确认文件已保存完整\n"


@pytest.mark.parametrize("command", ["read", "outline"])
def test_commands_warn_in_the_users_language(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.docx").write_bytes(WARNED["picture.docx"])
    assert main([command, "a.docx", "--lang", "en"]) == ExitCode.OK
    printed = capsys.readouterr()
    assert "large pictures in the document: 1" in " ".join((printed.err + printed.out).split())


def test_the_result_is_in_the_users_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    for name in ("none.docx", "none.ofd"):
        Path("in", name).write_bytes(UNREADABLE[name])
    Path("in", "picture.docx").write_bytes(WARNED["picture.docx"])
    assert main(["audit", "in", "-f", "json=result.json", "--lang", "en"]) == ExitCode.UNREADABLE
    document = json.loads(Path("result.json").read_text(encoding="utf-8"))
    messages = [each["message"] for each in document["unreadable"]]
    warnings = [warning for report in document["reports"] for warning in report["warnings"]]
    assert (len(messages), len(warnings)) == (2, 2)
    assert not any(CHINESE.search(each) for each in (*messages, *warnings))


# ---- in English: figures and form

TELLING = """甲县2022年法制政府建设工作
2022年,甲县排查矛盾纠纷437起,调解成功435件,成功率98%。清理规范性文件192件,其中保留162件、修改9件、废止2件。
收到行政复议申请20件,审结20件,办结率85%。共办理案件30件,其中一审案件10件、二审案件9件。案件占比72.69%。
信访案件增长12%。全部办结,办结率95%。办结案件50件,其中维持40件,正在审理10件。收到行政复议申请9件。收到行政复议申请8件。
一、工作举措
(一)加强学习
开展法制政府培训9次。
(三)加强执法
开展检查9次。
二、存在不足
一是执法监督队伍专业能力薄弱,案卷评查覆盖面窄。二是基层法律服务供给薄弱,公证律师资源紧缺。
三、下一年度安排
一是开展执法监督队伍专业能力培训,扩大案卷评查。
"""


def reasons(audited: ReportAudit) -> list[str]:
    """What is said of the report's form, without what figures quote of the text."""
    said = [finding.reason for finding in audited.findings if finding.id.startswith("BG-")]
    for check in audited.figures.checks:
        said = [each.replace(check.expression, "") for each in said]
    return said


@pytest.mark.parametrize("name", [path.name for path in SEEDS])
def test_form_and_figures_of_a_report_are_told_in_english(name: str) -> None:
    chinese, english = (audit_file(ROOT / "seeds" / name, name, Options(lang=lang)) for lang in Lang)
    assert isinstance(chinese, ReportAudit) and isinstance(english, ReportAudit)
    assert len(reasons(english)) == len(reasons(chinese))
    assert not any(CHINESE.search(spoken(each)) for each in reasons(english))
    checks = english.figures.checks
    assert [c.verdict for c in checks] == [c.verdict for c in chinese.figures.checks]
    assert not any(CHINESE.search(spoken(check.reason)) for check in checks)
    assert [f.status for f in english.findings] == [f.status for f in chinese.findings]


def test_faults_of_form_and_figures_are_told_in_english() -> None:
    audited = audit_bytes(TELLING.encode(), "a.txt", Options(lang=Lang.EN))
    assert isinstance(audited, ReportAudit)
    said = "\n".join(reasons(audited))
    assert not CHINESE.search(spoken(said))
    assert "the numbering skips or repeats before “加强执法” (1→3)" in said
    assert "“法制政府” should be “法治政府”" in said
    assert "not met: “" in said
    checks = figures_of(
        report_from_bytes(TELLING.encode(), "a.txt", Options(lang=Lang.EN)), Options(lang=Lang.EN)
    ).checks
    assert checks == audited.figures.checks
    assert sum(bool(check.reason) for check in checks) > 5
    assert not any(CHINESE.search(spoken(check.reason)) for check in checks)
    assert any("(sum of those closed)" in check.expression for check in checks)


def test_a_year_without_rules_is_told_in_english() -> None:
    text = "甲县2012年法治政府建设年度报告\n2012年,开展行政执法监督9次。".encode()
    result = audit_bytes(text, "a.txt", Options(lang=Lang.EN))
    assert isinstance(result, Unreadable) and not CHINESE.search(result.message)
