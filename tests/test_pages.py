"""The HTML pages as text: complete without scripts, closed to everything from outside, small, true to the report."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from audits import audit, evidence, finding, flagged, gap, near_miss, not_applicable, report_audit
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from auditor.audit import Options, audit_file
from auditor.findings import (
    Audit,
    FigureCheck,
    Figures,
    Finding,
    Group,
    Pair,
    ReportAudit,
    RuleSetRef,
    Status,
    Unreadable,
)
from auditor.formats import heat, overview, page
from auditor.formats.pages import bar, shown
from auditor.formats.segments import Line, Segment, marked
from auditor.report import Genre, Role, Section
from auditor.words import PAGES, STATUS, Lang

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
EVIL = "甲</p><script>window.evil=1</script><img src=x onerror=evil()>\u202e=cmd|'/c'!A0\x00\x1b[31m&amp;\"'`{{7*7}}"
BIDI = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def tree(document: str) -> html.HtmlElement:
    return html.document_fromstring(document)


def texts(document: str, path: str) -> list[str]:
    return [" ".join(str(each.text_content()).split()) for each in tree(document).xpath(path)]


def rendered(audited: ReportAudit, lang: Lang = Lang.ZH, home: str | None = None) -> str:
    return page.render(audited, lang, home)


def checked(start: int = 10, end: int = 20, **changes: object) -> FigureCheck:
    values: dict[str, object] = {
        "quote": "x",
        "start": start,
        "end": end,
        "kind": "sum",
        "expression": "49 = 45+1+3",
        "verdict": "fails",
        "reason": "差 1",
        "confidence": 0.9,
    }
    return FigureCheck(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def seeds() -> list[ReportAudit]:
    found = [audit_file(path, f"seeds/{path.name}", Options()) for path in SEEDS]
    return [each for each in found if isinstance(each, ReportAudit)]


# ---- the text in segments

TEXT = "一、成效\n清理文件45件,废止3件。\n\n  \n推进述法。"


def segments(audited: ReportAudit) -> list[Segment]:
    return [segment for line in marked(audited).lines for segment in line.segments]


def spans(*found: tuple[int, int]) -> tuple[Finding, ...]:
    passages = [evidence("清理", text=TEXT) for _ in found]
    held = [replace(p, start=start, end=end) for p, (start, end) in zip(passages, found, strict=True)]
    return tuple(finding(id=f"F-{at}", evidence=(each,)) for at, each in enumerate(held))


def test_overlapping_passages_are_cut_at_every_boundary() -> None:
    held = report_audit(spans((5, 11), (9, 16)), text=TEXT)
    pieces = [(s.text, s.evidence, s.number) for s in segments(held) if s.number]
    assert pieces == [("清理文件", (0,), 1), ("45", (0, 1), 2), ("件,废止3", (1,), 3)]


def test_a_passage_over_lines_has_a_piece_in_each() -> None:
    held = marked(report_audit(spans((0, 16)), text=TEXT))
    assert held.pieces(0, 16) == (1, 2)
    assert held.pieces(4, 5) is None, "a line break alone is no text"
    assert held.pieces(7, 7) is None


def test_blank_lines_are_left_out() -> None:
    assert len(marked(report_audit((), text=TEXT)).lines) == 3


@given(
    st.text("甲乙\n 丙", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8),
)
def test_segments_hold_the_whole_text_and_exactly_what_covers_them(text: str, found: list[tuple[int, int]]) -> None:
    held = marked(report_audit(spans(*found), text=text))
    whole = [segment for line in held.lines for segment in line.segments]
    assert "".join("".join(s.text for s in whole).split()) == "".join(text.split())
    assert all(text[s.start : s.end] == s.text for s in whole)
    for segment in whole:
        covering = tuple(at for at, (a, b) in enumerate(found) if a <= segment.start and segment.end <= b)
        assert segment.evidence == covering
    assert [s.number for s in whole if s.number] == list(range(1, sum(bool(s.evidence) for s in whole) + 1))
    for start, end in found:
        between = [s.number for s in whole if s.number and start <= s.start and s.end <= end]
        assert held.pieces(start, end) == ((between[0], between[-1]) if between else None)


def headed(text: str, *sections: Section) -> tuple[Line, ...]:
    held = report_audit((), text=text)
    return marked(replace(held, report=replace(held.report, sections=sections))).lines


def test_headings_are_told_from_headings_that_run_into_a_paragraph() -> None:
    text = "一、主要 成效\n1.学法。组织学法。\n二、打算\n"
    lines = headed(
        text,
        Section("主要 成效", "一、", 1, Role.WORK, None, 0, 19),
        Section("学法", "1.", 2, Role.WORK, 0, 8, 18),
        Section("打算", "二、", 1, Role.PLAN, None, 19, 23),
        Section("", "", 1, Role.PLAN, None, 19, 23),
    )
    assert [line.level for line in lines] == [1, None, 1]
    assert [line.role for line in lines] == [Role.WORK, None, Role.PLAN]
    assert [(s.text, s.heading) for s in lines[1].segments] == [("1.学法", True), ("。组织学法。", False)]


def test_frame_text_is_marked_with_why() -> None:
    held = report_audit((), text="某县人民政府\n正文。")
    held = replace(held, report=replace(held.report, sections=(), frame=((0, 6, "title"),)))
    document = rendered(held)
    assert texts(document, "//span[@class='frame']") == ["某县人民政府"]
    assert "标题" in tree(document).xpath("//span[@class='frame']/@title")[0]


# ---- the page of one report


def test_every_obligation_is_told_in_full_without_scripts() -> None:
    document = rendered(report_audit((finding(), gap(), flagged(), not_applicable())))
    rows = tree(document).xpath("//tbody[contains(@class,'row')]")
    assert [row.get("id") for row in rows] == ["GY21-09-04", "GY21-34-09", "GY21-05-01", "GY21-32-04"], "by clause"
    assert [row.get("data-i") for row in rows] == ["0", "2", "3", "1"]
    told = " ".join(rows[3].text_content().split())
    for expected in (
        "仅计划",
        "落实第一责任人职责",
        "核心",
        "20",
        "只在安排或计划中提到",
        "推进述法",
        "二、下一步打算",
        "是下一步的计划,不是本年度已做的事",
        "写明党政主要负责人履行第一责任人职责的具体事项____。",
        "把握 0.93",
    ):
        assert expected in told, expected
    covered = rows[0].text_content()
    assert "45件" in covered
    assert "写明" not in covered, "nothing to write where nothing is missing"
    assert "低于标准" in rows[1].text_content()


def test_header_and_score_with_its_denominator() -> None:
    document = rendered(report_audit((finding(), gap(), flagged())), home="../%E6%80%BB%20览.html")
    top = " ".join(tree(document).text_content().split())
    for expected in (
        "某县人民政府2022年法治政府建设年度报告",
        "县级",
        "2023-01-17",
        "gy21 1.0.0",
        "seeds/a.txt",
        "报告年度未能读出",
        "66.7",
        "按 3 项适用义务加权，权重合计 9",
        "第一责任人与述法",
        "0/1 缺",
    ):
        assert expected in top, expected
    assert tree(document).xpath("//nav[@class='home']/a/@href") == ["../%E6%80%BB%20览.html"]
    assert not tree(rendered(report_audit())).xpath("//nav[@class='home']")


def test_a_page_without_a_score_says_so() -> None:
    document = rendered(report_audit((not_applicable(),), unit=None, year=None, level=None, title=None))
    assert texts(document, "//div[@class='score']") == ["—没有适用的计分义务"]
    assert document.count("（未读出）") == 3
    assert texts(document, "//h1") == ["seeds/a.txt"]


def test_a_report_without_findings_or_text_has_a_page() -> None:
    document = rendered(replace(report_audit((), text=""), groups=()))
    assert tree(document).xpath("//table[@id='gaps']")
    assert not tree(document).xpath("//a[@class='e']")


def linked(document: str) -> tuple[set[str], list[str]]:
    ids = tree(document).xpath("//@id")
    assert len(ids) == len(set(ids)), "ids are unique"
    return set(ids), [h[1:] for h in tree(document).xpath("//@href") if h.startswith("#") and not h.startswith("#i-")]


def test_obligations_and_sentences_are_linked_both_ways(seeds: list[ReportAudit]) -> None:
    for audited in seeds:
        document = rendered(audited)
        ids, targets = linked(document)
        assert set(targets) <= ids, audited.report.source.file
        held = tree(document)
        pieces = {p.get("id"): p for p in held.xpath("//div[@id='paper']//a[@id]")}
        for link in held.xpath("//tbody//a[@data-to]"):
            numbers = range(int(link.get("href")[2:]), int(link.get("data-to")) + 1)
            got = "".join(pieces[f"s{n}"].text_content() for n in numbers)
            assert got.split() == link.text_content().split() or len(numbers) > 1
            index = link.xpath("ancestor::tbody")[0].get("data-i")
            assert all(
                index in (pieces[f"s{n}"].get("data-f", "") + " " + pieces[f"s{n}"].get("data-n", "")).split()
                for n in numbers
            )


def test_every_passage_of_the_seeds_is_highlighted(seeds: list[ReportAudit]) -> None:
    for audited in seeds:
        held = tree(rendered(audited))
        for row, each in zip(held.xpath("//tbody[contains(@class,'row')]"), audited.findings, strict=True):
            assert len(row.xpath(".//a[@data-to]")) == len(each.evidence) + len(each.near_misses), each.id


def test_the_text_on_the_page_is_the_reports(seeds: list[ReportAudit]) -> None:
    for audited in seeds:
        paper = tree(rendered(audited)).xpath("//div[@id='paper']")[0]
        for extra in paper.xpath(".//span[@class='role']"):
            extra.drop_tree()
        assert "".join(paper.text_content().split()) == "".join(audited.report.text.split())


def test_figure_checks_are_listed_and_marked_in_the_text() -> None:
    held = report_audit()
    held = replace(held, figures=Figures((checked(30, 40, verdict="holds", reason=""), checked(10, 20))))
    document = rendered(held)
    assert tree(document).xpath("//ul[@class='checks']/li/@id") == ["check-1", "check-0"], "what fails comes first"
    assert "49 = 45+1+3" in texts(document, "//li[@id='check-1']")[0]
    assert "差 1" in texts(document, "//li[@id='check-1']")[0]
    assert texts(document, "//summary")[0] == "数据校验 成立 1、不成立 1、无法核对 0"
    marks = tree(document).xpath("//div[@id='paper']//a[contains(@class,'mark')]")
    assert [m.get("aria-label") for m in marks] == ["数据校验：不成立", "数据校验：成立"]
    wavy = tree(document).xpath("//div[@id='paper']//a[contains(concat(' ',@class,' '),' x ')]")
    assert "".join(p.text for p in wavy) == held.report.text[10:20]


def test_passages_of_gaps_do_not_look_like_evidence() -> None:
    planned = gap(evidence=(evidence("推进述法"),), near_misses=())
    assert tree(rendered(report_audit((planned,)))).xpath("//div[@id='paper']//a[@data-f]/@class") == ["p"]
    both = rendered(report_audit((planned, finding(evidence=(evidence("推进述法"),)))))
    assert tree(both).xpath("//div[@id='paper']//a[@data-f]/@class") == ["e"]


def test_english_pages_keep_chinese_quotes_and_mark_them() -> None:
    document = rendered(report_audit((finding(), gap())), Lang.EN, "index.html")
    assert 'lang="en"' in document
    for key, word in PAGES[Lang.ZH].items():
        if re.search("[一-龥]{3}", word) and "{" not in word:
            assert word not in document, key
    assert STATUS[Lang.EN][Status.PLANNED] in document
    assert tree(document).xpath("//div[@id='paper']/@lang") == ["zh-CN"]
    assert tree(document).xpath("//blockquote | //q[@lang='zh-CN']")


def test_every_word_of_the_pages_is_used_and_scripts_hold_none() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "auditor/templates").glob("*.html"))
    used = set(re.findall(r"\bw\.(\w+)", templates))
    assert used == set(PAGES[Lang.ZH])
    for script in (ROOT / "auditor/templates").glob("*.js"):
        assert not re.search("[一-龥]", script.read_text(encoding="utf-8")), script.name
    assert not re.search("[一-龥]", templates)


# ---- closed to everything from outside


def digest(block: str) -> str:
    return f"'sha256-{b64encode(sha256(block.encode()).digest()).decode()}'"


def hostile() -> ReportAudit:
    text = f"{EVIL}\n" + "长" * 10_000 + f"\n{EVIL}"
    evil = gap(
        id='X"><script>',
        title=EVIL,
        clause=EVIL,
        part=EVIL,
        reason=EVIL,
        advice=EVIL,
        importance=EVIL,
        near_misses=(near_miss(EVIL, EVIL, text=text),),
    )
    held = report_audit((evil,), text=text, title=EVIL, unit=EVIL, file=EVIL)
    checks = (checked(0, 5, quote=EVIL, expression=EVIL, reason=EVIL),)
    return replace(
        held,
        notices=(EVIL,),
        figures=Figures(checks),
        groups=(Group("g", EVIL, 1, 2), Group("h", EVIL + "乙", 0, 1)),
        rule_sets=(RuleSetRef(EVIL, EVIL, "0"),),
    )


def both_pages(audited: ReportAudit) -> list[str]:
    source = audited.report.source
    pair = Pair(source, replace(source, file=EVIL + "2"), 0.5, 10, ())
    index = Audit((audited, audited), (Unreadable(EVIL, "x", EVIL),), (pair,))
    return [rendered(audited, home="a.html"), overview.render(index, Lang.ZH, ["1.html", "2.html"])]


@pytest.mark.parametrize("document", both_pages(hostile()), ids=["page", "overview"])
def test_a_hostile_report_is_inert(document: str) -> None:
    held = tree(document)
    assert len(held.xpath("//script")) == 3
    assert not held.xpath("//img | //iframe | //object | //embed | //base | //form | //link[@rel!='icon']")
    assert not [a for each in held.iter() for a in each.attrib if a.startswith("on") or a in ("style", "srcdoc")]
    assert not BIDI.search(document)
    assert "{{7*7}}" in document, "text is no template"


@pytest.mark.parametrize("document", both_pages(report_audit()), ids=["page", "overview"])
def test_the_policy_lets_in_the_pages_own_style_and_scripts_only(document: str) -> None:
    policy = tree(document).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    scripts = re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", document, re.DOTALL)
    assert rules == {
        "default-src": "'none'",
        "style-src": digest(style),
        "script-src": " ".join(map(digest, scripts)),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not re.search(r"""(src|href)=["']?(https?:|//)|url\(|@import""", document)


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_text_comes_out_visible_and_in_utf8(text: str) -> None:
    strange = gap(title=text, reason=text, advice=text, near_misses=())
    for document in both_pages(report_audit((strange, flagged()), text=text, title=text, unit=text, file=text)):
        document.encode("utf-8")
        assert not BIDI.search(document)
    assert len(shown(text)) == len(text)


def test_the_same_audit_gives_the_same_bytes(seeds: list[ReportAudit]) -> None:
    assert rendered(seeds[0]) == rendered(seeds[0])
    links = [f"{at}.html" for at in range(len(seeds))]
    assert overview.render(Audit(tuple(seeds)), Lang.ZH, links) == overview.render(Audit(tuple(seeds)), Lang.ZH, links)


def test_pages_of_the_seeds_are_small(seeds: list[ReportAudit]) -> None:
    for audited in seeds:
        assert len(rendered(audited).encode()) < 400_000, audited.report.source.file


# ---- the overview


def test_bars_add_up() -> None:
    slices = bar({"evidenced": 1, "missing": 2})
    assert [(s.status, s.x, s.width) for s in slices] == [("evidenced", 0, 33.33), ("missing", 33.33, 66.67)]
    assert bar({}) == ()


def named(name: str, *findings: Finding, score: float | None = 50, sets: str = "gy21", **source: object) -> ReportAudit:
    held = report_audit(findings or (finding(), gap()), unit=name, file=f"{name}.txt", **source)
    return replace(held, score=score, rule_sets=(RuleSetRef(sets, "1.0.0", "ab" * 32),))


def index(*reports: ReportAudit, lang: Lang = Lang.ZH) -> str:
    return overview.render(audit(*reports), lang, [f"{at}.html" for at in range(len(reports))])


def test_columns_are_the_union_in_the_order_of_the_rules() -> None:
    a, b, c, d, z = (finding(id=letter, clause="一" if letter in "AB" else "二") for letter in "ABCDZ")
    held = heat.columns([report_audit((b, d)), report_audit((a, b, c, d)), report_audit((d, z))])
    assert [column.id for column in held] == ["A", "B", "C", "D", "Z"]
    assert [column.x for column in held] == [0, 7, 18, 25, 32]
    assert heat.width_of(held) == 39
    assert heat.letters(report_audit((b, gap(id="C"))), held) == "-ep--"
    assert [(s.short, s.x, s.width) for s in heat.clause_spans(held)] == [("一", 0, 13), ("二", 18, 20)]


def test_cells_of_a_row_are_one_path_a_status() -> None:
    row = report_audit((finding(id="A"), gap(id="B", status=Status.MISSING), finding(id="C"), finding(id="D")))
    drawn = heat.paths(row, heat.columns([row]))
    assert [path.status for path in drawn] == [Status.EVIDENCED, Status.MISSING]
    assert len({clause.clause for clause in heat.columns([row])}) == 2
    assert drawn[0].data == "M0 8h6m16 0h6m1 0h6", "from cell to cell, over the gaps between clauses"
    assert drawn[1].data == "M11 5l6 6m0-6l-6 6"


@pytest.mark.parametrize(
    ("status", "letters", "drawn"),
    [
        (Status.EVIDENCED, "ee", "M0 8h6m1 0h6"),
        (Status.ASSERTED, "aa", "M0 11h6m1 0h6"),
        (Status.ACKNOWLEDGED, "kk", "M0 13h6l-3-9zm7 0h6l-3-9z"),
        (Status.PLANNED, "pp", "M0 8l3-4 3 4-3 4zm7 0l3-4 3 4-3 4z"),
        (Status.MISSING, "mm", "M0 5l6 6m0-6l-6 6m7-6l6 6m0-6l-6 6"),
        (Status.NOT_APPLICABLE, "nn", "M2 8h2m5 0h2"),
    ],
)
def test_every_status_has_a_letter_and_a_shape(status: Status, letters: str, drawn: str) -> None:
    row = report_audit((finding(id="A", status=status), finding(id="B", status=status)))
    columns = heat.columns([row])
    assert heat.letters(row, columns) == letters
    assert heat.paths(row, columns) == (heat.Path(status, drawn),)


def test_ranks_are_shared_by_equals_and_given_within_a_rule_set() -> None:
    document = index(
        named("甲", score=40.0),
        named("乙", score=70.0),
        named("丙", score=70.0),
        named("丁", score=90.0, sets="gy15"),
        named("戊", score=99.0, genre=Genre.NEWS),
        named("己", score=None),
    )
    rows = [(row[0].text, row.xpath(".//a")[0].text) for row in tree(document).xpath("//table[@id='heat']/tbody/tr")]
    assert rows == [("1", "乙"), ("1", "丙"), ("3", "甲"), ("1", "丁"), ("—", "戊"), ("—", "己")]
    assert PAGES[Lang.ZH]["ranked_apart"] in document
    assert PAGES[Lang.ZH]["not_ranked"] in document
    assert PAGES[Lang.ZH]["ranked_apart"] not in index(named("甲"), named("乙"))


def test_rows_link_to_their_pages_and_tell_gaps() -> None:
    document = index(named("甲", finding(), gap(), gap(id="Z", importance="common")))
    (row,) = tree(document).xpath("//table[@id='heat']/tbody/tr")
    assert [cell.text_content() for cell in row[2:6]] == ["2022", "50.0", "2", "1"]
    assert row.xpath(".//a/@href") == ["0.html"]
    assert row.get("data-s") == "epp"
    assert "有据 1" in row.xpath(".//svg/@aria-label")[0]


def test_a_link_is_needed_for_every_report() -> None:
    with pytest.raises(ValueError, match="1 reports, 0 links"):
        overview.render(audit(report_audit()), Lang.ZH, [])


def test_most_common_gaps_name_the_units_and_lead_to_the_place() -> None:
    lacking = gap(id="GY21 1", title="公示")
    reports = (named("甲", lacking), named("乙", lacking), named("丙", finding(id="GY21 1")), named("丁", gap(id="B")))
    document = index(*reports)
    first = tree(document).xpath("//ol[@class='common']/li")[0]
    assert "公示" in first.text_content()
    assert "2 / 3 份" in first.text_content()
    assert first.xpath(".//p[@class='units']/a/@href") == ["0.html#GY21%201", "1.html#GY21%201"]
    assert PAGES[Lang.ZH]["no_common_gaps"] in index(named("甲", finding()))


def test_no_more_than_the_most_common_gaps_are_listed() -> None:
    many = tuple(gap(id=f"G-{at:02}") for at in range(30))
    document = index(named("甲", *many), named("乙", many[29]))
    listed = texts(document, "//ol[@class='common']/li//span[@class='what']")
    assert len(listed) == overview.MOST_COMMON
    assert "G-29" in listed[0]


def test_clauses_add_up_over_the_reports() -> None:
    document = index(
        named("甲", finding(), not_applicable()), named("乙", gap(id="GY21-09-04", clause=finding().clause))
    )
    (line,) = tree(document).xpath("//ul[@class='coverage']/li")
    assert "50% 1/2" in " ".join(line.text_content().split())
    assert line.xpath(".//svg/@aria-label") == ["有据 1、仅计划 1"]


def test_unreadable_files_and_pairs_are_told() -> None:
    one, two = named("甲"), named("乙", year=2021)
    outside = replace(one.report.source, unit="丙", file="c.txt")
    pairs = (
        Pair(one.report.source, two.report.source, 0.371, 1203, ()),
        Pair(one.report.source, outside, 0.2, 5, ()),
    )
    result = Audit((one, two), (Unreadable("坏.docx", "x", "文件加密"),), pairs)
    document = overview.render(result, Lang.ZH, ["0.html", "1.html"])
    rows = tree(document).xpath("//section[@id='pairs']//tbody/tr")
    assert [cell.text_content() for cell in rows[0]] == ["甲 2022", "乙 2021", "37%", "1203", "0"]
    assert rows[0].xpath(".//a/@href") == ["0.html", "1.html"]
    assert rows[1].xpath(".//a/@href") == ["0.html"]
    assert texts(document, "//dl[@class='unreadable']") == ["坏.docx文件加密"]
    assert not tree(index(one)).xpath("//section[@id='pairs'] | //section[@id='unreadable']")


def test_an_overview_of_nothing_says_so() -> None:
    assert PAGES[Lang.ZH]["no_reports"] in overview.render(Audit(()), Lang.ZH, [])


def test_three_hundred_reports_stay_below_five_megabytes(seeds: list[ReportAudit]) -> None:
    reports, links = many(seeds, 300)
    document = overview.render(Audit(tuple(reports)), Lang.ZH, links)
    assert len(tree(document).xpath("//table[@id='heat']/tbody/tr")) == 300
    assert len(document.encode()) < 5_000_000


def many(seeds: list[ReportAudit], count: int) -> tuple[list[ReportAudit], list[str]]:
    """As many audits as asked for: those of the seeds under other names, each with its statuses turned differently."""
    reports = []
    for at in range(count):
        held = seeds[at % len(seeds)]
        statuses = [f.status for f in held.findings]
        turned = statuses[at:] + statuses[:at] if at < len(statuses) else statuses[::-1]
        findings = tuple(replace(f, status=s) for f, s in zip(held.findings, turned, strict=True))
        source = replace(held.report.source, unit=f"第{at}乡镇人民政府", file=f"{at:03}/报告.txt", sha256=f"{at:064x}")
        score = None if held.score is None else round((held.score + at * 7.3) % 100, 1)
        reports.append(replace(held, report=replace(held.report, source=source), findings=findings, score=score))
    return reports, [f"pages/{at:03}.html" for at in range(count)]
