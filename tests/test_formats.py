"""The output formats on audits built by hand: aligned, escaped, bounded, and true to the contract of the JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from audits import audit, evidence, finding, flagged, gap, near_miss, not_applicable, report_audit
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from auditor.findings import Audit, Flag, Group, Status, Unreadable
from auditor.formats.cells import clip, clip_path, columns, fold, visible, width_of
from auditor.formats.offered import FORMATS
from auditor.formats.rows import group_state
from auditor.report import Genre, Level, Role
from auditor.words import (
    DOCTOR,
    EXIT_CODES,
    FIGURES,
    FLAG,
    FORM,
    GENRE,
    IMPORTANCE,
    LEVEL,
    MESSAGES,
    NOTICES,
    PAGES,
    READING,
    REASONS,
    REVIEW,
    ROLE,
    RULE_FILES,
    SHEETS,
    STATUS,
    TEMPLATE,
    Lang,
)

DOCS = Path(__file__).parent.parent / "docs"
EVIL = "a|b\n<script>\x1b[31m\u202e\u2028`x` [l](u) **b**"


def table(result: Audit, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    return FORMATS["table"](result, lang, everything)


def markdown(result: Audit, everything: bool = False) -> str:
    return FORMATS["md"](result, Lang.ZH, everything)


def as_json(result: Audit) -> str:
    return FORMATS["json"](result, Lang.ZH, False)


@pytest.fixture(autouse=True)
def _fixed_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


# ---- words


@pytest.mark.parametrize(
    "names",
    [
        STATUS,
        FLAG,
        IMPORTANCE,
        LEVEL,
        GENRE,
        ROLE,
        EXIT_CODES,
        MESSAGES,
        REASONS,
        NOTICES,
        DOCTOR,
        READING,
        FIGURES,
        FORM,
        RULE_FILES,
        PAGES,
        REVIEW,
        SHEETS,
        TEMPLATE,
    ],
)
def test_both_languages_have_the_same_words(names: dict[Lang, dict[str, str]]) -> None:
    assert names[Lang.ZH].keys() == names[Lang.EN].keys()
    assert all(words.strip() or words == ", " for lang in Lang for words in names[lang].values())


def test_every_value_has_a_word() -> None:
    assert STATUS[Lang.ZH].keys() == set(Status)
    assert FLAG[Lang.ZH].keys() == set(Flag)
    assert LEVEL[Lang.ZH].keys() == set(Level)
    assert GENRE[Lang.ZH].keys() == set(Genre)
    assert ROLE[Lang.ZH].keys() == set(Role)


def test_messages_have_the_same_blanks_in_both_languages() -> None:
    blanks = re.compile(r"{(\w+)}")
    for key, message in MESSAGES[Lang.ZH].items():
        assert set(blanks.findall(message)) == set(blanks.findall(MESSAGES[Lang.EN][key])), key


@pytest.mark.parametrize(
    ("covered", "applicable", "word"), [(3, 3, "齐全"), (1, 3, "部分"), (0, 3, "缺"), (0, 0, "不适用")]
)
def test_state_of_a_group(covered: int, applicable: int, word: str) -> None:
    assert group_state(Lang.ZH, Group("g", "组", covered, applicable)) == word


# ---- cells


def test_visible_leaves_nothing_unseen() -> None:
    assert visible("甲\r\n 乙\x1b[31m\u202e丙\u200b\x9b\udc80") == "甲 乙\ufffd[31m\ufffd丙\ufffd\ufffd\ufffd"


def test_fold_counts_columns_and_keeps_punctuation_off_the_line_start() -> None:
    assert fold("甲乙丙丁\u3002戊", 8) == ["甲乙丙", "丁\u3002戊"]
    assert fold("保留1234件", 8) == ["保留1234", "件"]
    assert fold("甲乙丙1234件", 8) == ["甲乙丙", "1234件"]
    assert fold("甲乙丙《丁》", 8) == ["甲乙丙", "《丁》"]
    assert fold("", 8) == [""]


@given(st.text(max_size=80), st.integers(min_value=2, max_value=30))
def test_fold_loses_nothing_and_stays_within_the_width(text: str, width: int) -> None:
    shown = visible(text)
    lines = fold(shown, width)
    assert "".join(lines).replace(" ", "") == shown.replace(" ", "")
    assert all(width_of(line) <= width for line in lines)


def test_clip_counts_columns() -> None:
    assert clip("甲乙丙", 6) == "甲乙丙"
    assert clip("甲乙丙丁", 6) == "甲乙…"


def test_a_path_is_cut_in_front() -> None:
    assert clip_path("a/b/c.txt", 9) == "a/b/c.txt"
    assert clip_path("aaaaaaaa/b/c.txt", 9) == "…/b/c.txt"
    assert clip_path("a/bbbbbbbbbb/c.txt", 9) == "…/c.txt"
    assert clip_path("a/甲乙丙丁戊.txt", 9) == "…丁戊.txt"


def test_the_summary_keeps_the_name_of_a_file_and_marks_what_is_no_report() -> None:
    long = "folder/" * 20 + "name.txt"
    summary = table(audit(report_audit(file=long, genre=Genre.NEWS))).split("汇总")[1]
    assert "folder/name.txt" in summary
    assert "非年度报告" in summary


def test_columns_align_chinese_and_a_row_of_one_cell_spans_them() -> None:
    lines = columns(["编号", "b"], [["▌一个标题"], ["甲", "1.10"], ["abcdef", "2"]], 20)
    assert lines == ["编号    b", "─" * 20, "▌一个标题", "甲      1.10", "abcdef  2"]


# ---- table


def test_table_shows_gaps_and_flagged_rows_only() -> None:
    text = table(audit(report_audit((finding(), gap(), flagged(), not_applicable()))))
    assert "GY21-32-04" in text
    assert "GY21-34-09" in text
    assert "GY21-09-04" not in text
    assert "另有 2 项" in text
    assert "▌(三十二)加强党对法治政府建设的领导" in text


def test_all_shows_every_row() -> None:
    text = table(audit(), everything=True)
    for each in report_audit().findings:
        assert each.id in text
    assert "--all" not in text


def test_table_header_groups_score_flags_and_summary() -> None:
    text = table(audit(report_audit((finding(), gap(), flagged()))))
    for expected in (
        "seeds/a.txt",
        "某县人民政府",
        "县级",
        "2022",
        "gy21 1.0.0",
        "51 字",
        "报告年度未能读出",
        "第一责任人与述法 0/1 缺",
        "(九)加强行政规范性文件制定监督管理 1/1 齐全",
        "66.7",
        "权重合计 9",
        "[低于标准]",
        "低于标准 1: GY21-34-09 领导干部学法学时",
        "汇总",
        "仅计划 1",
    ):
        assert expected in text, expected


def test_a_gap_shows_the_nearest_passage_its_section_and_why_it_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    text = table(audit())
    assert "最接近：「推进述法」〔二、下一步打算〕 不计：是下一步的计划,不是本年度已做的事" in text


def test_a_gap_that_rests_on_a_passage_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    planned = gap(evidence=(evidence("推进述法"),))
    assert "「推进述法」〔一、主要举措和成效〕" in table(audit(report_audit((planned,))))


def test_what_could_not_be_read_is_said() -> None:
    text = table(audit(report_audit(title=None, unit=None, level=None, year=None)))
    assert text.count("（未读出）") == 4


def test_a_report_without_gaps_says_so() -> None:
    assert "没有缺项" in table(audit(report_audit((finding(),))))


def test_a_report_without_scored_obligations_has_no_score() -> None:
    text = table(audit(report_audit((not_applicable(),))))
    assert "没有适用的计分义务" in text


def test_unreadable_files_are_counted_and_listed() -> None:
    result = audit(unreadable=(Unreadable("坏.txt", "empty", "文件是空的"),))
    assert "共 1 份报告，1 份无法读取" in table(result)
    assert "| 坏.txt | 文件是空的 |" in markdown(result)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("width", [40, 80, 99, 100, 120, 200])
def test_no_line_is_wider_than_the_screen(monkeypatch: pytest.MonkeyPatch, lang: Lang, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    long = "加强".join(str(n) for n in range(60))
    result = audit(
        report_audit((finding(), gap(title=long, clause=long, reason=long, advice=long), flagged()), title=long)
    )
    lines = table(result, lang, True).splitlines()
    assert max(map(wcswidth, lines)) <= width


def test_english_words_of_the_table() -> None:
    text = table(audit(), Lang.EN)
    assert "planned" in text
    assert "nearest" in text
    assert "县级" not in text


# ---- Markdown


def test_markdown_escapes_the_reports_text() -> None:
    evil = gap(near_misses=(near_miss(EVIL, EVIL, text=EVIL),), title=EVIL, advice=EVIL)
    text = markdown(audit(report_audit((evil,), title=EVIL, file="a|b.txt")))
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[l](u)" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    bars = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert bars == {8, 14}


def test_blanks_in_advice_are_not_emphasis_in_markdown() -> None:
    assert r"具体事项\_\_\_\_" in markdown(audit())


def test_markdown_has_the_content_of_the_table() -> None:
    text = markdown(audit(report_audit((finding(), gap(), flagged()))))
    for expected in ("GY21-32-04", "「推进述法」", "〔二、下一步打算〕", "第一责任人与述法 0/1 缺", "66.7", "## 汇总"):
        assert expected in text, expected
    assert "GY21-09-04" not in text
    assert "GY21-09-04" in markdown(audit(), everything=True)


# ---- JSON


def test_json_fulfils_the_committed_schema() -> None:
    schema = json.loads((DOCS / "json.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    broken = (Unreadable("b.txt", "empty", "文件是空的"),)
    for result in (audit(unreadable=broken), audit(report_audit((), title=None, level=None, year=None)), Audit(())):
        jsonschema.validate(json.loads(as_json(result)), schema)


def test_the_schema_refuses_unknown_and_missing_keys() -> None:
    schema = json.loads((DOCS / "json.schema.json").read_text(encoding="utf-8"))
    document = json.loads(as_json(audit()))
    document["reports"][0]["findings"][0]["extra"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)
    document = json.loads(as_json(audit()))
    del document["reports"][0]["findings"][0]["reason"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_every_field_of_the_json_is_documented() -> None:
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    schema = json.loads((DOCS / "json.schema.json").read_text(encoding="utf-8"))
    keys = set(schema["properties"])
    for part in schema["$defs"].values():
        keys |= set(part["properties"])
    assert [key for key in sorted(keys) if key not in page] == []


def test_json_of_the_hand_built_audit() -> None:
    document = json.loads(as_json(audit()))
    report = document["reports"][0]
    assert document["rule_sets"] == [{"id": "gy21", "version": "1.0.0", "sha256": "ab" * 32}]
    assert report["counts"] == {
        "evidenced": 1,
        "asserted": 0,
        "acknowledged": 0,
        "planned": 1,
        "missing": 0,
        "not_applicable": 1,
    }
    assert report["findings"][0]["evidence"][0]["facts"] == ["45件", "1件", "3件"]
    assert report["findings"][1]["near_misses"][0]["why"]
    assert [f["id"] for f in report["findings"]] == ["GY21-09-04", "GY21-32-04", "GY21-05-01"]


def test_json_keeps_quotes_exact_and_hides_nothing() -> None:
    result = audit(report_audit((finding(evidence=(evidence(EVIL, text=EVIL),)),), text=EVIL))
    text = as_json(result)
    assert json.loads(text)["reports"][0]["findings"][0]["evidence"][0]["quote"] == EVIL
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e]", text)


def test_json_is_the_same_in_every_language_and_whatever_is_shown() -> None:
    assert FORMATS["json"](audit(), Lang.ZH, False) == FORMATS["json"](audit(), Lang.EN, True)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_in_a_report_comes_out_of_every_format(text: str) -> None:
    strange = gap(title=text, reason=text, advice=text, near_misses=())
    result = audit(report_audit((strange, flagged()), title=text, unit=text, file=text))
    for name, render in FORMATS.items():
        shown = render(result, Lang.ZH, True)
        if isinstance(shown, str):
            shown.encode("utf-8")
        if name == "json":
            document = json.loads(shown)
            assert document["reports"][0]["source"]["title"] == text
