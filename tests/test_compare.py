"""Reports beside each other: what a unit wrote anew, what it took from others, and what the copying left behind."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pytest
from audits import finding, report_audit

from auditor.audit import Options, audit_report, read_report
from auditor.cli import main
from auditor.comparison import Comparison, compare_reports
from auditor.errors import ExitCode
from auditor.findings import Evidence, Finding, ReportAudit, Status
from auditor.leftovers import leftovers
from auditor.report import Genre, Level, Report, Role, Section, Sentence, Source
from auditor.similarity import LEAST_SHARE, names_of, outline, places_of, same_unit, similar_pairs, stock_of
from auditor.text import cut, normalise
from auditor.yearly import follow

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
Captured = pytest.CaptureFixture[str]


def report(text: str, unit: str | None, year: int | None = 2024, **source: object) -> Report:
    """A report whose lines are paragraphs of one section."""
    sentences: list[Sentence] = []
    base = 0
    for paragraph, line in enumerate(text.split("\n")):
        plain = normalise(line, base)
        role = Role.PLAN if "计划" in line and "年" in line else Role.WORK
        for start, end in cut(plain.text):
            places = plain.offsets[start:end]
            sentences.append(Sentence(plain.text[start:end], places, places[0], places[-1] + 1, role, 0, paragraph))
        base += len(line) + 1
    facts: dict[str, object] = {"level": Level.COUNTY, "genre": Genre.ANNUAL_REPORT} | source
    about = Source(f"{unit}{year}.txt", "0" * 64, None, unit, year=year, **facts)  # type: ignore[arg-type]
    return Report(about, text, (Section("主要举措", "一、", 1, Role.WORK, None, 0, len(text)),), tuple(sentences))


@lru_cache
def seed(number: str) -> Report:
    path = next(path for path in SEEDS if path.name.startswith(number))
    return read_report(path, path.name, Options())


def audit(each: Report) -> ReportAudit:
    return audit_report(each, Options())


def no_audit(each: Report) -> ReportAudit:
    raise AssertionError(f"{each.source.file}: only a unit with several years needs an audit")


def kinds(result: Comparison) -> set[tuple[str, str]]:
    return {(left.kind, left.name) for left in result.leftovers}


# ---- across units


def test_a_copy_under_another_name_and_year_is_caught_with_both_leftovers(tmp_path: Path) -> None:
    original = seed("001")
    text = original.text.replace("沙县区", "梅列区", 3).replace("2022年", "2023年", 2)
    (tmp_path / "copy.txt").write_text(text, encoding="utf-8")
    copy = read_report(tmp_path / "copy.txt", "copy.txt", Options())
    assert (copy.source.unit, copy.source.year) == ("三明市梅列区人民政府", 2023)
    result = compare_reports([original, copy], no_audit)
    (pair,) = result.pairs
    assert pair.share > 0.8
    assert {("unit", "沙县区"), ("year", "2022")} <= kinds(result)
    assert {left.file for left in result.leftovers} == {"copy.txt"}
    for left in result.leftovers:
        assert copy.text[left.start : left.end] == left.quote
        assert left.name in left.quote
    for passage in pair.passages:
        assert original.text[passage.first_start : passage.first_end] == passage.first
        assert copy.text[passage.second_start : passage.second_end] == passage.second


def test_unrelated_seeds_are_not_flagged() -> None:
    result = compare_reports([seed(path.name[:3]) for path in SEEDS], no_audit)
    assert (result.pairs, result.leftovers, result.years) == ((), (), ())


def test_two_unrelated_seeds_are_not_flagged_without_a_batch_to_learn_from() -> None:
    for a, b in (("000", "001"), ("001", "002"), ("003", "004")):
        assert compare_reports([seed(a), seed(b)], no_audit).pairs == ()


def lines_of(number: str, first: int, last: int) -> str:
    sentences = [s for s in seed(number).sentences if s.role is Role.WORK and len(s.text) > 20]
    return "\n".join(s.text for s in sentences[first:last])


def test_one_copied_part_is_enough_and_stands_side_by_side() -> None:
    own, taken = lines_of("001", 0, 30), lines_of("000", 4, 14)
    a = report(lines_of("000", 0, 30), "绥滨县人民政府")
    b = report(own + "\n" + taken.replace("绥滨县", "青禾县"), "青禾县人民政府")
    (pair,) = similar_pairs([outline(a), outline(b)])
    assert LEAST_SHARE <= pair.share < 0.6
    assert all(p.first.replace("绥滨县", "青禾县") == p.second for p in pair.passages)


def test_words_changed_here_and_there_do_not_hide_a_copy() -> None:
    text = lines_of("001", 0, 30)
    changed = text.replace("开展", "组织").replace("进一步", "").replace("全面", "全力").replace("积极", "主动")
    assert changed != text
    (pair,) = similar_pairs([outline(report(text, "甲山县人民政府")), outline(report(changed, "乙水县人民政府"))])
    assert pair.share > 0.8
    assert min(p.likeness for p in pair.passages) < 1


def test_other_numbers_do_not_hide_a_copy() -> None:
    text = lines_of("001", 0, 30)
    changed = "".join(str((int(c) + 3) % 10) if c.isdigit() else c for c in text)
    (pair,) = similar_pairs([outline(report(text, "甲山县人民政府")), outline(report(changed, "乙水县人民政府"))])
    assert pair.share > 0.95


def batch(shared: str, number: int) -> list[Report]:
    """Reports of different units that all contain ``shared``, each beside text of its own."""
    dice = random.Random(3)
    made = []
    for at in range(number):
        own = "\n".join("".join(chr(dice.randint(0x4E00, 0x7E00)) for _ in range(40)) + "。" for _ in range(40))
        made.append(report(f"{own}\n{shared}", f"{chr(0x7530 + at)}山县人民政府"))
    return made


def test_what_many_reports_share_is_stock() -> None:
    shared = lines_of("000", 0, 12)
    few, many = batch(shared, 3), batch(shared, 12)
    assert len(similar_pairs([outline(r) for r in few])) == 3
    outlines = [outline(r) for r in many]
    assert len(stock_of(outlines)) > 300
    assert similar_pairs(outlines) == ()


def test_a_copy_in_a_batch_with_stock_is_still_found() -> None:
    reports = batch(lines_of("000", 0, 12), 40)
    copy = report(reports[7].text.replace("推进", "促进"), "乙水县人民政府")
    found = similar_pairs([outline(r) for r in (*reports, copy)])
    assert [(p.first.file, p.second.file) for p in found] == [(reports[7].source.file, copy.source.file)]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("三明市沙县区人民政府", "沙县区人民政府", True),
        ("兴和县", "兴和县人民政府", True),
        ("青禾县人民政府", "青山县人民政府", False),
        ("临川市交通运输局", "临川市司法局", False),
        (None, "兴和县", False),
    ],
)
def test_one_unit_under_several_names(first: str | None, second: str, same: bool) -> None:
    assert same_unit(Source("a", "", unit=first), Source("b", "", unit=second)) is same


def test_the_names_and_places_of_a_unit() -> None:
    assert names_of("三明市沙县区人民政府") == ("三明市沙县区人民政府", "三明市沙县区", "沙县区", "沙县")
    assert places_of("三明市沙县区人民政府") == ("三明市沙县区", "沙县区")
    assert places_of("临川市交通运输局") == ("临川市",)
    assert names_of(None) == places_of(None) == ()


# ---- leftovers

OTHER = report("一般内容。", "青禾县人民政府")


def left_in(text: str, unit: str = "白石县人民政府", year: int = 2024, others: Iterable[Report] = (OTHER,)) -> set[str]:
    own = report(text, unit, year)
    return {f"{x.kind}:{x.name}" for x in leftovers([own, *others]) if x.file == own.source.file}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青禾县坚持依法行政。", {"unit:青禾县"}),
        ("印发《青禾县行政执法监督办法》。", {"unit:青禾县"}),
        ("与青禾县签订跨区域执法协作协议。", set()),
        ("赴青禾县考察学习行政复议工作。", set()),
        ("联合青禾县开展执法检查。", set()),
        ("白石县坚持依法行政。", set()),
        ("2023年,全县共办理行政处罚案件120件。", {"year:2023"}),
        ("2023年全县开展执法检查60次。", {"year:2023"}),
        ("2024年,全县共办理行政处罚案件120件。", set()),
        ("2021年以来,全县累计办理行政处罚案件1200件。", set()),
        ("2023年制定的规范性文件全部报备。", set()),
        ("比2023年增长12%。", set()),
        ("2023年,全县办理案件100件,2024年办理120件。", set()),
        ("落实《法治政府建设实施纲要(2021-2025年)》。", set()),
        ("对2022年度案卷开展评查。", set()),
        ("2024年法治政府建设工作计划如下。", {"year:2024"}),
        ("2025年法治政府建设工作计划如下。", set()),
    ],
)
def test_leftovers(text: str, expected: set[str]) -> None:
    assert left_in(text) == expected


def test_a_unit_of_another_level_is_no_leftover() -> None:
    city = report("一般内容。", "青禾市人民政府", level=Level.CITY)
    assert left_in("按照青禾市统一部署,开展专项行动。", others=(city,)) == set()


def test_the_seeds_made_reports_hold_no_other_units_names() -> None:
    made = sorted((ROOT / "tests" / "gold" / "made").glob("*.txt"))
    reports = [read_report(p, p.name, Options()) for p in made]
    assert [x for x in leftovers([*reports, *(seed(p.name[:3]) for p in SEEDS)]) if x.kind == "unit"] == []


# ---- year on year

LAST = "组织集中学法3次。\n不断健全依法决策机制,落实重大决策风险评估。\n全年制定规范性文件2件。\n便民服务中心接待群众6052人。\n"
THIS = "组织集中学法4次。\n不断健全依法决策机制,落实重大决策风险评估。\n清理规范性文件12件,废止3件。\n便民服务中心接待群众6052人。\n"


def judged(each: Report, *findings: Finding) -> ReportAudit:
    made = report_audit(findings)
    return ReportAudit(each, made.rule_sets, made.score, made.weight, made.counts, made.groups, findings)


def evidenced(each: Report, rule: str, quote: str, **changes: object) -> Finding:
    start = each.text.index(quote)
    evidence = Evidence(quote, start, start + len(quote), (), Role.WORK)
    return finding(**{"id": rule, "evidence": (evidence,)} | changes)


def gap(rule: str, status: Status = Status.MISSING) -> Finding:
    return finding(id=rule, status=status, score=0, evidence=())


def two_years() -> tuple[ReportAudit, ReportAudit]:
    a, b = report(LAST, "白石县人民政府", 2023), report(THIS, "白石县人民政府", 2024)
    before = judged(
        a,
        evidenced(a, "A", "组织集中学法3次"),
        evidenced(a, "B", "不断健全依法决策机制", status=Status.ASSERTED),
        gap("C"),
        evidenced(a, "D", "便民服务中心接待群众6052人"),
        evidenced(a, "E", "全年制定规范性文件2件"),
        gap("F"),
        finding(id="G", status=Status.NOT_APPLICABLE, score=None, evidence=()),
    )
    after = judged(
        b,
        evidenced(b, "A", "组织集中学法4次"),
        evidenced(b, "B", "不断健全依法决策机制", status=Status.ASSERTED),
        evidenced(b, "C", "清理规范性文件12件,废止3件"),
        evidenced(b, "D", "便民服务中心接待群众6052人"),
        gap("E", Status.PLANNED),
        gap("F", Status.ACKNOWLEDGED),
        gap("G"),
    )
    return before, after


def test_each_obligation_year_on_year() -> None:
    (year,) = follow(two_years())
    assert {c.id: (c.course, c.reuse, c.gap_years) for c in year.changes} == {
        "A": ("unchanged", "none", 0),
        "B": ("unchanged", "exact", 0),
        "C": ("improved", "none", 0),
        "D": ("unchanged", "numbers_unchanged", 0),
        "E": ("worsened", "none", 1),
        "F": ("still_gap", "none", 2),
    }


def test_a_sentence_with_other_numbers_only() -> None:
    a = report("党委中心组2023年组织集中学习法律法规3次,覆盖全体干部。", "白石县人民政府", 2023)
    b = report("党委中心组2024年组织集中学习法律法规4次,覆盖全体干部。", "白石县人民政府", 2024)
    (year,) = follow([judged(a, evidenced(a, "A", "学习法律法规3次")), judged(b, evidenced(b, "A", "学习法律法规4次"))])
    (change,) = year.changes
    assert change.reuse == "numbers_changed"
    assert change.earlier.startswith("党委中心组2023年")
    assert b.text[change.start : change.end] == change.quote
    assert a.text[change.earlier_start : change.earlier_end] == change.earlier


def test_a_date_is_no_figure() -> None:
    a = report("2023年5月10日召开全面依法治县委员会会议。", "白石县人民政府", 2023)
    b = report("2024年6月11日召开全面依法治县委员会会议。", "白石县人民政府", 2024)
    (year,) = follow([judged(a), judged(b)])
    assert [r.reuse for r in year.repeated] == ["exact"]


def test_the_share_of_new_text() -> None:
    old = lines_of("000", 0, 10)
    audits = [judged(report(old, "白石县人民政府", 2022)), judged(report(old, "白石县人民政府", 2023))]
    audits.append(judged(report(lines_of("001", 0, 10), "白石县人民政府", 2024)))
    same, new = follow(audits)
    assert (same.new_share, new.new_share) == (0.0, pytest.approx(1.0, abs=0.1))


def test_how_many_reports_on_end_a_gap_has_lasted() -> None:
    audits = [judged(report(f"第{y}段。", "白石县人民政府", y), gap("A")) for y in (2021, 2022, 2023)]
    *_, last = follow(reversed(audits))  # type: ignore[arg-type]
    assert (last.before.year, last.after.year, last.changes[0].gap_years) == (2022, 2023, 3)


def test_a_comparison_changes_no_status_and_no_score() -> None:
    before, after = two_years()
    kept = (after.score, [f.status for f in after.findings])
    follow((before, after))
    assert (after.score, [f.status for f in after.findings]) == kept


# ---- the command


def test_the_command_on_a_folder(tmp_path: Path, capsys: Captured) -> None:
    first = seed("000").text
    (tmp_path / "a.txt").write_text(first, encoding="utf-8")
    later = first.replace("2024", "2025").replace("4252件", "5011件")
    (tmp_path / "b.txt").write_text(later, encoding="utf-8")
    (tmp_path / "c.txt").write_text(seed("001").text, encoding="utf-8")
    assert main(["compare", str(tmp_path), "-f", "json"]) == ExitCode.OK
    document = json.loads(capsys.readouterr().out)
    assert (document["format"], document["reports"], document["pairs"]) == (1, 3, [])
    (year,) = document["years"]
    assert year["new_share"] < 0.05
    assert {c["course"] for c in year["changes"]} <= {"still_gap", "unchanged", "improved", "worsened"}
    assert {"numbers_changed", "numbers_unchanged"} <= {r["reuse"] for r in year["repeated"]}
    for repeated in year["repeated"]:
        assert later[repeated["start"] : repeated["end"]] == repeated["quote"]
        assert first[repeated["earlier_start"] : repeated["earlier_end"]] == repeated["earlier"]
    same = [r["quote"] for r in year["repeated"] if r["reuse"] == "numbers_unchanged"]
    assert main(["compare", str(tmp_path), "--all"]) == ExitCode.OK
    listed = capsys.readouterr().out.split("数字都没有改的沿用语句")[1]
    assert listed.count("● 「") >= len(same) > 0


@pytest.mark.parametrize(("lang", "words"), [("zh", "雷同"), ("en", "Copied text")])
def test_the_table_of_a_copy(lang: str, words: str, tmp_path: Path, capsys: Captured) -> None:
    text = seed("001").text
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    copy = text.replace("沙县区", "梅列区", 3).replace("2022年", "2023年", 2)
    (tmp_path / "b.txt").write_text(copy, encoding="utf-8")
    assert main(["compare", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "--lang", lang]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert words in shown
    assert "沙县区" in shown.split("遗留\n" if lang == "zh" else "Leftovers\n")[1]
