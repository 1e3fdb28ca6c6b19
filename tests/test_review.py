"""The author's checklist: what is worst, where and how to write it, the days that are left, and watching a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from audits import TEXT, evidence, finding, flagged, gap, near_miss, not_applicable, report_audit
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from auditor.audit import Options, audit_file
from auditor.cli import main
from auditor.errors import ExitCode
from auditor.findings import FigureCheck, Figures, Finding, Flag, ReportAudit, Status
from auditor.formats.checklist import WORST, changed, render
from auditor.report import Level, Role, Section
from auditor.review import Changes, Checklist, Rank, changes, checklist, sample
from auditor.rules import load_ruleset, shipped_sets
from auditor.watching import saves
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
SEED = "seeds/001_shaxian_2022.txt"
DAY = date(2023, 2, 17)
Captured = pytest.CaptureFixture[str]


def content(number: int, title: str, status: Status = Status.EVIDENCED, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "id": f"BG-{number:02}",
        "title": f"内容:{title}",
        "clause": "",
        "part": "五项必备内容",
        "status": status,
        "evidence": () if status.gap else (evidence("推进述法"),),
        "reason": "没有写" if status.gap else "写了",
        "advice": "" if status is Status.EVIDENCED else f"单列“{title}”,写明____。",
    }
    return finding(**values | changes)


def contents(**statuses: Status) -> tuple[Finding, ...]:
    titles = {5: "主要举措和成效", 6: "不足和原因", 7: "第一责任人", 8: "下一年度主要安排"}
    told = [content(n, title, statuses.get(f"bg{n}", Status.EVIDENCED)) for n, title in titles.items()]
    return (*told, content(9, "其他", Status.MISSING, importance="extended"))


def missing(id: str, title: str, importance: str = "core", **changes: Any) -> Finding:
    return gap(
        id=id,
        title=title,
        importance=importance,
        status=Status.MISSING,
        reason="全文没有写到",
        near_misses=(),
        **changes,
    )


def failed_figure() -> FigureCheck:
    start = TEXT.index("保留45件")
    return FigureCheck("保留45件", start, start + 5, "sum", "45 + 1 + 3 = 49 ≠ 50", "fails", "分项之和与总数不符", 0.9)


def made(*findings: Finding, wrong: tuple[FigureCheck, ...] = (), as_of: date = DAY, **source: Any) -> Checklist:
    return checklist(replace(report_audit(findings, **source), figures=Figures(wrong)), as_of)


def printed(made: Checklist, lang: Lang = Lang.ZH, everything: bool = False, width: int = 100) -> str:
    return render(made, lang, everything, width)


# ---- what is worst


def test_the_worst_come_first() -> None:
    everything = (
        finding(id="GY21-16-01", title="泛", status=Status.ASSERTED, score=60),
        finding(id="GY21-16-02", title="也写不足", flags=(Flag.SHORTCOMING,)),
        finding(id="GY21-16-03", title="照录", flags=(Flag.COPIED_WORDING,), status=Status.ASSERTED),
        missing("GY21-35-01", "提示", "extended"),
        content(10, "编号", Status.ASSERTED, importance="common"),
        missing("GY21-06-05", "一般缺项", "common"),
        gap(id="GY21-06-06", title="一般计划", importance="common"),
        flagged(),
        gap(title="核心计划"),
        gap(id="GY21-32-05", title="核心自认", status=Status.ACKNOWLEDGED),
        missing("GY21-09-03", "核心缺失"),
        finding(),
        not_applicable(),
    )
    done = made(*everything, wrong=(failed_figure(),))
    ids = [item.finding.id if item.finding else "figure" for item in (*done.mend, *done.gain)]
    assert ids == [
        "GY21-09-03",
        "GY21-32-04",
        "GY21-32-05",
        "GY21-34-09",
        "figure",
        "GY21-06-05",
        "GY21-06-06",
        "GY21-16-03",
        "BG-10",
        "GY21-16-01",
        "GY21-16-02",
        "GY21-35-01",
    ]
    assert [item.rank for item in done.gain] == [Rank.THIN, Rank.ADMITTED, Rank.HINT]


def test_a_sound_report_has_nothing_to_mend() -> None:
    done = made(finding(), *contents())
    assert (done.mend, done.gain, done.lacking) == ((), (), ())
    shown = printed(done)
    assert "没有必须改的" in shown
    assert "要改 0 项" in printed(done, width=200).splitlines()[-1]


def test_only_the_ten_worst_are_shown_and_the_rest_is_counted() -> None:
    gaps = [missing(f"GY21-06-{n:02}", f"义务{n}", "core" if n < 3 else "common") for n in range(1, 15)]
    done = made(*gaps, finding(id="GY21-16-01", status=Status.ASSERTED))
    short, whole = printed(done), printed(done, everything=True)
    assert short.count("缺什么") == WORST
    assert "要改的和可以写得更好的还有 5 项没有列出：一般内容有缺 4 项、写得太笼统 1 项" in short
    assert whole.count("缺什么") == 15
    assert "没有列出" not in whole
    assert "可以写得更好的 1 项" in whole


def test_the_last_line_sums_up_with_the_denominator() -> None:
    done = made(missing("GY21-09-03", "核心缺失"), *contents(bg6=Status.MISSING), wrong=(failed_figure(),))
    last = printed(done, width=200).splitlines()[-1]
    assert "要改 3 项（含五项必备内容 1 项），其中核心 2 项、数对不上 1 处" in last
    assert "权重合计" in last
    assert f"{done.audited.score:.1f}" in last


def test_failed_figures_are_told_one_by_one_and_not_once_more_as_an_obligation() -> None:
    arithmetic = content(13, "数据勾稽一致", Status.ASSERTED, part="质量")
    done = made(arithmetic, wrong=(failed_figure(),))
    assert [item.key for item in done.mend] == ["sum 45 + 1 + 3 = 49 ≠ 50"]
    shown = printed(done)
    assert "[数对不上] 45 + 1 + 3 = 49 ≠ 50" in shown
    assert "分项之和与总数不符：「保留45件」" in shown
    assert [i.key for i in made(arithmetic).mend] == ["BG-13"]


# ---- what is lacking, and how to write it


def test_an_item_tells_what_why_where_and_how() -> None:
    shown = printed(made(gap()), width=160)
    assert "[只写了打算] 落实第一责任人职责（核心，(三十二)加强党对法治政府建设的领导，GY21-32-04）" in shown
    assert "没有写这一年做了什么：「推进述法」（是下一步的计划,不是本年度已做的事）" in shown
    assert "写在哪  “党政主要负责人履行推进法治建设第一责任人职责情况”部分" in shown
    assert "怎么写  写明党政主要负责人履行第一责任人职责的具体事项____。" in shown
    assert "例句    本年度清理规范性文件____件。" in printed(
        made(missing("GY21-09-04", "清理", advice=finding().advice))
    )


def test_form_tells_what_is_wrong_in_its_own_words() -> None:
    done = made(content(1, "标题", Status.MISSING, part="形式要件", reason="未见标题"))
    shown = printed(done)
    assert "[不合要求] 内容:标题（核心，BG-01）" in shown
    assert "缺什么  未见标题" in shown
    assert "形式要件" not in shown


def test_a_figure_below_its_threshold_is_told_with_its_passage() -> None:
    shown = printed(made(flagged()), width=160)
    assert "[没达到标准]" in shown
    assert "缺什么  人均学时为40,低于60：「全面清理规范性文件" in shown
    whole = finding(flags=(Flag.BELOW_THRESHOLD,), reason="举措部分说明已做,并有具体事实;人均学时为40,低于60")
    assert "缺什么  人均学时为40,低于60：" in printed(made(whole), width=160)


def test_words_of_the_engine_are_not_shown_to_a_clerk() -> None:
    done = made(*(f for f in (gap(), flagged(), missing("GY21-09-03", "缺"), *contents(bg6=Status.MISSING))))
    shown = printed(done, everything=True)
    for jargon in ("锚词", "置信度", "把握", "证据", "missing", "planned"):
        assert jargon not in shown


@pytest.mark.parametrize(
    ("advice", "sentence"),
    [
        (
            "写明本年度清理文件____件,其中废止____件(占____%)。",
            "本年度清理文件____件\uff0c其中废止____件\uff08占____%\uff09。",
        ),
        ("写明本年度清理的情况,废止____件。", None),
        ("写明本年度清理文件,废止____件。", None),
        ("核对分项之和与总数。", None),
        ("", None),
    ],
)
def test_only_a_sentence_that_can_be_filled_in_is_offered_as_one(advice: str, sentence: str | None) -> None:
    assert sample(advice) == sentence


def test_many_of_the_rules_have_a_sentence_and_none_asks_for_an_account() -> None:
    rules = [rule for name in shipped_sets() for rule in load_ruleset(name).rules]
    sentences = [s for rule in rules if (s := sample(rule.advice))]
    assert len(sentences) > 40
    for sentence in sentences:
        assert "写明" not in sentence
        assert "情况" not in sentence
        assert not set(",;:()") & set(sentence)


# ---- where to write it

SECTIONS = (
    Section("主要举措和成效", "一、", 1, Role.WORK, None, 0, 10),
    Section("规范行政执法", "(一)", 2, Role.WORK, 0, 10, 26),
    Section("普法", "(二)", 2, Role.WORK, 0, 26, 36),
    Section("下一步打算", "二、", 1, Role.PLAN, None, 36, 60),
)


def place_of(*findings: Finding, sections: tuple[Section, ...] = SECTIONS) -> tuple[str, str]:
    """Where the first of the findings is to be written."""
    audited = report_audit(findings)
    audited = replace(audited, report=replace(audited.report, sections=sections))
    items = {i.key: i for i in (*checklist(audited, DAY).mend, *checklist(audited, DAY).gain)}
    place = items[findings[0].id].place
    return place.part, place.heading


def told_at(start: int, **values: Any) -> Finding:
    return finding(evidence=(replace(evidence("保留45件"), start=start, end=start + 5),), **values)


def test_beside_the_passage_that_the_flag_is_about() -> None:
    assert place_of(told_at(30, flags=(Flag.BELOW_THRESHOLD,))) == ("section", "(二)普法")


def test_under_the_heading_that_names_it() -> None:
    assert place_of(missing("GY21-15-01", "行政执法公示制度", clause="(九)", part="无")) == (
        "section",
        "(一)规范行政执法",
    )
    by_clause = missing("GY21-15-02", "全过程记录", clause="(十五)完善行政执法程序", part="无")
    assert place_of(by_clause) == ("section", "(一)规范行政执法")


def test_beside_what_is_told_of_the_same_clause() -> None:
    lost = missing("GY21-16-04", "以案释法", clause="(十六)创新", part="五")
    kin = told_at(28, id="GY21-16-01", clause="(十六)创新", part="五")
    assert place_of(lost, kin) == ("section", "(二)普法")


def test_never_in_the_part_where_it_was_only_planned() -> None:
    planned = missing("GY21-20-01", "调解", clause="(二十)", part="七")
    planned = replace(planned, near_misses=(replace(near_miss("推进述法", "计划"), start=40),))
    assert place_of(planned) == ("section", "一、主要举措和成效")
    near = replace(planned, near_misses=(replace(near_miss("推进述法", "提到"), start=30, role=Role.WORK),))
    assert place_of(near) == ("section", "(二)普法")


def test_in_the_part_of_the_form_where_the_report_has_no_heading_for_it() -> None:
    assert place_of(missing("GY21-20-01", "调解", clause="x", part="y"), sections=()) == ("work", "")
    assert place_of(missing("GY21-32-05", "述法")) == ("leader", "")
    own = (*SECTIONS, Section("书记履职", "三、", 1, Role.WORK, None, 50, 60, leader=True))
    assert place_of(missing("GY21-32-05", "述法"), sections=own) == ("section", "三、书记履职")
    assert place_of(missing("BG-02", "落款")) == ("ends", "")


# ---- the five contents


def test_each_of_the_five_contents_is_ticked_or_told_how_to_write() -> None:
    shown = printed(made(*contents(bg6=Status.MISSING, bg7=Status.ASSERTED)))
    assert "✓ 主要举措和成效" in shown
    assert "✗ 不足和原因（没有写）" in shown
    assert "怎么写  单列“不足和原因”,写明____。" in shown
    assert "△ 第一责任人" in shown
    assert "○ 其他：没有单列，可以不写" in shown


def test_contents_are_not_listed_again_among_the_items() -> None:
    done = made(*contents(bg6=Status.MISSING))
    assert done.mend == ()
    assert [c.finding.id for c in done.lacking] == ["BG-06"]


def test_before_2019_no_contents_and_no_deadlines_are_asked_for() -> None:
    shown = printed(made(gap(), year=2018))
    assert "2018 年度还没有" in shown
    assert "2019 年度起的要求" in shown


# ---- the days that are left


@pytest.mark.parametrize(
    ("level", "as_of", "told"),
    [
        (Level.COUNTY, date(2023, 2, 17), ["距报送期限（2023-03-01）还有 12 天", "距公开期限（2023-04-01）还有 43 天"]),
        (Level.COUNTY, date(2023, 3, 1), ["今天就是报送期限（2023-03-01）"]),
        (Level.DEPARTMENT, date(2023, 3, 4), ["报送期限（2023-03-01）已过 3 天", "（2023-04-01）还有 28 天"]),
        (Level.PROVINCE, date(2023, 3, 4), ["距报送期限（2023-04-01）还有 28 天"]),
        (None, date(2023, 3, 4), ["单位层级没有读出", "省级是 4 月 1 日"]),
    ],
)
def test_days_to_the_deadlines(level: Level | None, as_of: date, told: list[str]) -> None:
    shown = printed(made(*contents(), as_of=as_of, level=level), width=200)
    for words in told:
        assert words in shown


def test_the_deadline_is_the_next_years_leap_day_or_not() -> None:
    done = made(*contents(), year=2023, as_of=date(2024, 2, 28))
    assert [d.days for d in done.deadlines] == [2, 33]


def test_a_report_whose_year_is_unknown_has_no_deadline_and_is_told_why() -> None:
    assert "年度没有读出，算不出报送期限" in printed(made(*contents(), year=None))


def test_notices_come_first() -> None:
    shown = printed(made(gap()))
    assert shown.index("请先看：报告年度未能读出") < shown.index("缺什么")


# ---- from one version to the next


def test_what_is_still_to_be_mended_but_told_otherwise_is_named() -> None:
    before = made(missing("GY21-32-04", "落实第一责任人职责"), *contents())
    found = changes(before, made(gap(), *contents()))
    assert (found.mended, found.arisen) == ((), ())
    shown = changed(found, 60.0, 60.0, Lang.ZH)
    assert "仍要改、写法有变 1 项：GY21-32-04" in shown
    assert "没有变化" not in shown


def test_what_was_mended_and_what_arose() -> None:
    before = made(gap(), missing("GY21-09-03", "备案审查"), *contents(bg6=Status.MISSING))
    after = made(finding(id="GY21-32-04"), missing("GY21-09-03", "备案审查"), *contents(bg8=Status.MISSING))
    found = changes(before, after)
    assert found.mended == ("BG-06 内容:不足和原因", "GY21-32-04 落实第一责任人职责")
    assert found.arisen == ("BG-08 内容:下一年度主要安排",)
    assert found.shifted == ()
    shown = changed(found, 60.0, 72.5, Lang.ZH)
    assert "新补上 2 项：BG-06" in shown
    assert "新出现 1 项：BG-08" in shown
    assert "得分 60.0 → 72.5" in shown
    assert "没有变化" in changed(Changes((), ()), 60.0, 60.0, Lang.ZH)


def test_a_figure_that_was_mended_is_told() -> None:
    found = changes(made(wrong=(failed_figure(),)), made())
    assert found == Changes(("45 + 1 + 3 = 49 ≠ 50",), ())


# ---- shown safely, at any width


@given(st.text(max_size=60), st.integers(min_value=40, max_value=240), st.sampled_from(Lang))
def test_any_text_of_a_report_stays_inside_the_screen(text: str, width: int, lang: Lang) -> None:
    strange = gap(title=text, reason=text, advice=text, clause=text, near_misses=(near_miss(TEXT[:3], text),))
    done = made(strange, flagged(), *contents(bg6=Status.MISSING), title=text, unit=text, file=text)
    lines = render(done, lang, True, width).splitlines()
    assert all(0 <= wcswidth(line) <= width for line in lines)


# ---- the command


@pytest.fixture
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("in_the_repository")
def test_review_of_a_seed(capsys: Captured) -> None:
    assert main(["review", SEED, "--as-of", "2023-02-17"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "还有 12 天" in shown
    assert "\n 1. [没写到] 谁执法谁普法、以案释法" in shown
    assert "“3.创新行政执法方式”这一段" in shown
    assert "\x1b" not in shown
    assert max(map(wcswidth, shown.splitlines())) <= 80


@pytest.mark.usefixtures("in_the_repository")
def test_review_into_a_file(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["review", SEED, "--as-of", "2023-02-17", "-o", str(tmp_path / "清单.txt")]) == ExitCode.OK
    text = (tmp_path / "清单.txt").read_text(encoding="utf-8")
    assert max(map(wcswidth, text.splitlines())) == 80
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("in_the_repository")
def test_the_seeds_quotes_and_headings_are_theirs() -> None:
    audited = audit_file(Path(SEED), SEED, Options())
    assert isinstance(audited, ReportAudit)
    done = checklist(audited, DAY)
    headings = {f"{s.number}{s.heading}" for s in audited.report.sections}
    items = (*done.mend, *done.gain)
    assert {i.place.heading for i in items if i.place.part == "section"} <= headings
    assert all(i.passage.quote in audited.report.text for i in items if i.passage)


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["nowhere.txt"], ExitCode.NO_INPUT, "不存在"),
        (["empty.txt"], ExitCode.UNREADABLE, "empty.txt: "),
        (["empty.txt", "--as-of", "2月17日"], ExitCode.USAGE, "应为日期"),
        (["."], ExitCode.USAGE, "一次只看一份报告，这里有 2 份"),
        (["-", "--watch"], ExitCode.USAGE, "不能是标准输入"),
        (["empty.txt", "-o", "empty.txt"], ExitCode.USAGE, "会覆盖被审核的文件"),
        (["empty.txt", "-o", "no/where.txt"], ExitCode.USAGE, "文件夹 no 不存在"),
    ],
)
def test_what_cannot_be_reviewed_is_one_clear_line(
    arguments: list[str],
    code: ExitCode,
    expected: str,
    capsys: Captured,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("empty.txt", "other.txt"):
        Path(name).write_text("", encoding="utf-8")
    assert main(["review", *arguments]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert expected in said.err
    assert said.err.count("\n") == 1


# ---- watching a file, for real


class Watching:
    """``auditor review --watch`` in a process of its own; what it says is read from a file."""

    def __init__(self, file: Path, out: Path) -> None:
        self.out = out
        command = [sys.executable, "-m", "auditor", "review", file.name, "--watch", "--as-of", "2023-02-17"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80", "TERM": "xterm"}
        with out.open("wb") as sink:
            self.process = subprocess.Popen(
                command, cwd=file.parent, env=environment, stdout=sink, stderr=subprocess.STDOUT
            )

    def says(self, words: str, times: int = 1) -> None:
        """Wait until it has said the words so many times."""
        self._until(lambda: self.text().count(words) >= times, words)

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + 60
        while not holds():
            assert self.process.poll() is None, self.text()
            assert time.monotonic() < end, f"not said: {what}\n{self.text()}"
            time.sleep(0.05)

    def text(self) -> str:
        return self.out.read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "folder" / "报告.txt"
    file.parent.mkdir()
    file.write_bytes((ROOT / SEED).read_bytes())
    return file


@pytest.fixture
def watching(report: Path, tmp_path: Path) -> Iterator[Watching]:
    watching = Watching(report, tmp_path / "said.txt")
    try:
        yield watching
    finally:
        watching.process.kill()
        watching.process.wait()


def test_watching_tells_what_each_save_mended_and_survives_what_editors_do(report: Path, watching: Watching) -> None:
    waits = "正在等 报告.txt 保存"
    text = report.read_text(encoding="utf-8")
    better = text.replace("一、主要举措和成效", "一、主要举措和成效\n县政府领导班子举办法治专题讲座4次。\n", 1)
    assert better != text
    watching.says(waits)
    report.write_text(better, encoding="utf-8")
    watching.says("新补上 2 项：GY21-34-04")
    watching.says(waits, 2)
    draft = report.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(report)
    watching.says("新出现 2 项：GY21-34-04")
    watching.says(waits, 3)
    report.unlink()
    watching.says("报告.txt 不在了")
    report.write_text("", encoding="utf-8")
    watching.says("报告.txt 现在读不了")
    report.write_text(better, encoding="utf-8")
    watching.says("新补上 2 项：GY21-34-04", 2)
    watching.says(waits, 4)
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(30) == ExitCode.OK
    assert watching.text().rstrip().endswith("已结束")
    assert "Traceback" not in watching.text()
    assert "\x1b" not in watching.text()


def test_a_locked_file_is_looked_at_again_when_it_is_free(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, locked = Path.open, False

    def guarded(path: Path, *arguments: Any, **options: Any) -> Any:
        if locked:
            raise PermissionError
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", guarded)
    looks = saves(report)
    next(looks)
    locked = True
    next(looks)
    locked = False
    next(looks)
