"""The indicators: sentences in, values out. A wrong number in a researcher's table is worse than an empty cell."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import jsonschema
import pytest
from test_figures import measure, report

from auditor.cli import main
from auditor.errors import ExitCode, RuleError
from auditor.formats.grids import Grid, as_csv, as_xlsx
from auditor.indicators import load_indicators, read_indicators
from auditor.report import Level, Report, Role, Source
from auditor.rules import load_ruleset
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
Captured = pytest.CaptureFixture[str]


def of(text: str, unit: str | None = "青禾县人民政府", level: Level | None = Level.COUNTY, year: int = 2024) -> Report:
    made = report(text)
    return Report(Source("x.txt", "0", None, unit, level, year), made.text, made.sections, made.sentences)


def values(text: str, **source: object) -> dict[str, float]:
    read = of(text, **source)  # type: ignore[arg-type]
    found = read_indicators(read)
    for value in found:
        assert read.text[value.start : value.end] == value.quote
    return {value.id: value.value for value in found}


# ---- the file


def test_the_file_names_obligations_that_exist_and_no_indicator_twice() -> None:
    file = load_indicators()
    known = {rule.id for rule in load_ruleset("gy21").rules}
    assert len(file.indicators) >= 40
    assert {i.obligation for i in file.indicators} <= known
    assert len({i.title for i in file.indicators}) == len(file.indicators)
    assert len({g.id for g in file.groups}) == len(file.groups)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (("words: [收到", "wrods: [收到"), "unknown key"),
        (("{id: fy_received", "{id: fy_handled"), "stands twice"),
        (("units: [件], words: [受理]", "units: [], words: [受理]"), "at least 1 item(s)"),
        (("version: 1.0.0", "version: no"), "ambiguous value"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, changed: tuple[str, str], problem: str) -> None:
    text = (ROOT / "rules" / "indicators.yaml").read_text(encoding="utf-8")
    assert changed[0] in text
    (tmp_path / "indicators.yaml").write_text(text.replace(*changed, 1), encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load_indicators(tmp_path)
    assert str(error.value).startswith("indicators.yaml:")
    assert problem in error.value.told(Lang.EN)


# ---- reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "共收到行政复议申请40件,受理36件,不予受理4件,审结31件,其中维持20件,撤销5件,调解和解6件。",
            {
                "fy_received": 40,
                "fy_accepted": 36,
                "fy_refused": 4,
                "fy_closed": 31,
                "fy_upheld": 20,
                "fy_revoked": 5,
                "fy_mediated": 6,
            },
        ),
        ("办理行政复议案件24件,较去年增长了243%,已审结21件。", {"fy_handled": 24, "fy_closed": 21}),
        ("收到行政复议申请7件,其中3件决定维持、1件决定撤销。", {"fy_received": 7, "fy_upheld": 3, "fy_revoked": 1}),
        (
            "发生行政诉讼案件21件,审结17件,败诉3件,败诉率17.6%,负责人应出庭12件,实际出庭12件,出庭应诉率100%。",
            {
                "ys_cases": 21,
                "ys_closed": 17,
                "ys_lost": 3,
                "ys_lost_rate": 17.6,
                "ys_due": 12,
                "ys_appeared": 12,
                "ys_appearance_rate": 100,
            },
        ),
        (
            "清理行政规范性文件96件,其中继续有效40件,修改17件,废止30件,宣布失效9件。",
            {"gf_cleaned": 96, "gf_kept": 40, "gf_amended": 17, "gf_abolished": 30, "gf_void": 9},
        ),
        ("出台2件行政规范性文件,均已报送备案。", {"gf_made": 2}),
        ("集中评查处罚案卷240宗、许可案卷60宗,共300宗,优良率91.7%。", {"aj_reviewed": 300, "aj_good_rate": 91.7}),
        (
            "全县办理行政许可63379件、行政处罚5082件、行政检查5774次。",
            {"zf_licence": 63379, "zf_penalty": 5082, "zf_inspection": 5774},
        ),
        ("一线执法人员人均培训62学时。", {"zy_hours": 62}),
        (
            "主动公开政府信息5216条,收到政府信息公开申请47件,答复45件。",
            {"gk_active": 5216, "gk_received": 47, "gk_answered": 45},
        ),
        ("排查矛盾纠纷2416起,化解2367起,化解率98%。", {"jf_found": 2416, "jf_solved": 2367, "jf_rate": 98}),
        ("法律顾问全年出具法律意见书57份。", {"gw_opinions": 57}),
        ("办理人大代表建议86件、政协提案112件,共198件。", {"ta_congress": 86, "ta_consultative": 112}),
        ("县政府常务会议学法6次。", {"xf_executive": 6}),
        ("全年收到行政复议申请1.2万件。", {"fy_received": 12000}),
    ],
)
def test_values_are_read(text: str, expected: dict[str, float]) -> None:
    assert values(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "上年收到行政复议申请40件。",
        "2023年,全县收到行政复议申请40件。",
        "2021年清理的行政规范性文件中,废止9件。",
        "上半年收到行政复议申请40件。",
        "全市收到行政复议申请400件。",
        "全省收到行政复议申请4000件。",
        "力争明年受理行政复议案件40件。",
        "收到行政复议申请较上年增加40件。",
        "县公安局办理行政处罚案件300件。",
        "涉及土地征收类行政复议案件受理12件。",
        "收到行政复议申请10件。\n收到行政复议申请12件。",
        "劳动仲裁收到申请40件,受理36件。",
        "取消行政许可事项40件。",
        "组织96名行政执法人员参加考试。",
        "人均办理行政复议案件40件。",
    ],
)
def test_what_is_not_the_units_own_figure_of_the_year_is_left_out(text: str) -> None:
    assert values(text) == {}


def test_the_whole_goes_before_a_part() -> None:
    text = "其中县本级收到行政复议申请10件。\n全县共收到行政复议申请40件。"
    assert values(text)["fy_received"] == 40


def test_the_own_area_may_be_named_and_a_wider_one_may_not() -> None:
    assert values("全市收到行政复议申请400件。", unit="临川市人民政府", level=Level.CITY) == {"fy_received": 400}
    assert values("全局办理行政处罚案件300件。", unit="临川市城市管理局", level=Level.DEPARTMENT) == {"zf_penalty": 300}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本年度未收到行政复议申请。", {"fy_received": 0}),
        ("全年没有制定行政规范性文件。", {"gf_made": 0}),
        ("未制定规范性文件年度计划。", {}),
    ],
)
def test_nothing_is_a_value(text: str, expected: dict[str, float]) -> None:
    assert values(text) == expected


def test_a_plan_gives_no_value() -> None:
    made = report("收到行政复议申请40件。", Role.PLAN)
    assert read_indicators(made) == ()


def test_a_table_is_read_by_its_names() -> None:
    text = "2024年行政复议案件办理情况(单位:件)\n项目|收到|受理|审结\n件数|213|196|187"
    assert values(text) == {"fy_received": 213, "fy_accepted": 196, "fy_closed": 187}
    assert values(text.replace("2024年", "2023年")) == {}


def test_the_labelled_reports() -> None:
    tally, mistakes = measure().on_indicators()
    assert tally.precision >= 0.98, mistakes
    assert tally.recall >= 0.9, mistakes


# ---- the command


def test_indicators_as_csv_have_a_row_a_report_and_a_column_an_indicator(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert main(["figures", "--indicators", "-f", f"csv={file}", str(SEEDS)]) == ExitCode.OK
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    count = len(load_indicators().indicators)
    assert len(rows) == 1 + len(list(SEEDS.glob("*.txt")))
    assert {len(row) for row in rows} == {3 + 2 * count}
    column = rows[0].index("行政复议收到申请(件)")
    first = next(row for row in rows if "000_" in row[0])
    assert first[column] == "10"
    assert "收到行政复议申请10件" in first[column + count]


def test_indicators_as_xlsx_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert main(["figures", "--indicators", "-f", f"xlsx={tmp_path / name}", str(SEEDS)]) == ExitCode.OK
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert "xl/worksheets/sheet2.xml" in book.namelist()


def test_a_spreadsheet_runs_nothing() -> None:
    grid = Grid("x", ("=1+1", "b"), (("=cmd()", 1), ("+1", None), ("@a", 2.5), ("-1", -3)))
    rows = list(csv.reader(io.StringIO(as_csv(grid).removeprefix("\ufeff"))))
    assert rows == [["'=1+1", "b"], ["'=cmd()", "1"], ["'+1", ""], ["'@a", "2.5"], ["'-1", "-3"]]
    with zipfile.ZipFile(io.BytesIO(as_xlsx([grid]))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode("utf-8")


def test_json_is_the_contract(capsys: Captured) -> None:
    assert main(["figures", "-f", "json", str(SEEDS)]) == ExitCode.OK
    document = json.loads(capsys.readouterr().out)
    schema = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
    assert document["format"] == 1
    for each in document["reports"]:
        part = {"checks": each["checks"], "indicators": each["indicators"]}
        jsonschema.validate(part, {"$defs": schema["$defs"], "$ref": "#/$defs/figures"})
        jsonschema.validate(each["source"], {"$defs": schema["$defs"], "$ref": "#/$defs/source"})
        text = (SEEDS / Path(each["source"]["file"]).name).read_bytes().decode("utf-8")
        for found in (*each["checks"], *each["indicators"]):
            assert text[found["start"] : found["end"]] == found["quote"]


def test_the_audit_carries_the_same(tmp_path: Path, capsys: Captured) -> None:
    seed = next(SEEDS.glob("003_*.txt")).as_posix()
    file = tmp_path / "audit.json"
    assert main(["audit", seed, "-f", f"json={file}", "-f", "table", "-f", f"md={tmp_path / 'a.md'}"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert main(["figures", seed, "-f", "json"]) == ExitCode.OK
    (alone,) = json.loads(capsys.readouterr().out)["reports"]
    (audited,) = json.loads(file.read_text(encoding="utf-8"))["reports"]
    assert audited["figures"] == {"checks": alone["checks"], "indicators": alone["indicators"]}
    for text in (shown, (tmp_path / "a.md").read_text(encoding="utf-8")):
        section = text.split("数据校验")[1]
        assert "435/437 = 99.5% ≠ 98%" in section
        assert "96 = 4+17+43+32" not in section


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("flags", [[], ["--indicators"]])
def test_the_tables(lang: str, flags: list[str], capsys: Captured) -> None:
    seed = next(SEEDS.glob("003_*.txt")).as_posix()
    assert main(["figures", seed, *flags, "--lang", lang]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert ("fy_received" in shown) is bool(flags)
    assert ("435/437" in shown) is not bool(flags)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["figures", "-f", "xlsx", str(SEEDS)], ExitCode.USAGE, "只能写入文件"),
        (["figures", "-f", "md", str(SEEDS)], ExitCode.USAGE, "没有输出格式 md"),
        (["figures", "nowhere.txt"], ExitCode.NO_INPUT, "nowhere.txt 不存在"),
        (["compare", str(SEEDS / "000_suibin_2024.txt")], ExitCode.NO_INPUT, "至少要有两份"),
    ],
)
def test_errors_are_one_line(arguments: list[str], code: ExitCode, words: str, capsys: Captured) -> None:
    assert main(arguments) == code
    told = capsys.readouterr().err
    assert words in told
    assert len(told.strip().splitlines()) == 1


def test_an_unreadable_file_does_not_stop_the_others(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    (tmp_path / "good.txt").write_text("一、工作开展情况\n受理纠纷10起,化解9起,化解率90%。\n", encoding="utf-8")
    assert main(["figures", str(tmp_path), "-f", "json"]) == ExitCode.UNREADABLE
    document = json.loads(capsys.readouterr().out)
    assert [len(document["reports"]), len(document["unreadable"])] == [1, 1]
