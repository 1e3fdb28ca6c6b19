"""Title, unit, level, year, dates, addressee and genre."""

from __future__ import annotations

import pytest

from auditor.places import level_of
from auditor.readers import read_bytes
from auditor.report import Genre, Level, Report
from auditor.structure import structure

BODY = "一、主要做法\n全年学法6次,办理行政复议案件35件。\n二、存在的不足\n人手不足。\n三、下一步打算\n加强培训。\n"


def read(text: str, **options: object) -> Report:
    return structure(read_bytes(text.encode(), "a.txt"), "a.txt", "0", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("临水县人民政府关于2022年度法治政府建设情况的报告\n", "临水县人民政府关于2022年度法治政府建设情况的报告"),
        ("临水县人民政府\n关于2022年度法治政府建设情况的报告\n", "临水县人民政府关于2022年度法治政府建设情况的报告"),
        ("临水县2022年法治政府建设\n情况报告\n", "临水县2022年法治政府建设情况报告"),
        ("临水县2022年法治政府建设情况报告\n" * 2, "临水县2022年法治政府建设情况报告"),
        ("首页 > 政务公开\n临水县 2022年法治政府建设情况报告\n浏览次数:3\n", "临水县2022年法治政府建设情况报告"),
        ("《临水县2022年法治政府建设情况报告》\n", "临水县2022年法治政府建设情况报告"),
        ("名 称 | 临水县2022年法治政府建设情况报告\n", "临水县2022年法治政府建设情况报告"),
        ("", None),
    ],
)
def test_title(head: str, title: str | None) -> None:
    assert read(head + BODY).source.title == title


@pytest.mark.parametrize(
    ("head", "foot", "unit", "level"),
    [
        ("临水县人民政府关于2022年度法治政府建设情况的报告", "", "临水县人民政府", Level.COUNTY),
        ("关于2022年法治政府建设情况的报告", "石桥镇人民政府\n2023年1月5日", "石桥镇人民政府", Level.TOWNSHIP),
        ("石桥镇2022年法治政府建设情况的报告", "石桥镇人民政府\n2023年1月5日", "石桥镇人民政府", Level.TOWNSHIP),
        ("中共临水县委 临水县人民政府关于2022年法治政府建设情况的报告", "", "临水县人民政府", Level.COUNTY),
        (
            "关于2022年法治政府建设情况的报告",
            "中共石桥乡委员会  石桥乡人民政府\n2023年1月5日",
            "石桥乡人民政府",
            Level.TOWNSHIP,
        ),
        ("2022年临水市法治政府建设工作报告", "", "临水市", Level.CITY),
        ("临水市交通运输局2022年法治政府建设情况的报告", "", "临水市交通运输局", Level.DEPARTMENT),
        ("柳浦街道办事处2022年法治政府建设报告", "", "柳浦街道办事处", Level.TOWNSHIP),
        ("发布机构:临水区人民政府办公室\n关于2022年法治政府建设情况的报告", "", "临水区人民政府", Level.COUNTY),
        ("关于2022年法治政府建设情况的报告", "", None, None),
    ],
)
def test_unit_and_level(head: str, foot: str, unit: str | None, level: Level | None) -> None:
    source = read(f"{head}\n{BODY}{foot}").source
    assert (source.unit, source.level) == (unit, level)


def test_unit_named_in_the_body_only() -> None:
    text = f"2022年,我县扎实推进依法行政。\n{BODY}成立临水县人民政府行政执法协调监督局,我县实现全覆盖。"
    source = read(text).source
    assert (source.unit, source.level) == ("临水县人民政府", Level.COUNTY)
    assert source.found["unit"] == "body"


def test_level_from_first_person() -> None:
    assert read("2022年,我局推进依法行政。\n" + BODY).source.level is Level.DEPARTMENT


@pytest.mark.parametrize(
    ("unit", "addressee", "level"),
    [
        ("东岭省人民政府", None, Level.PROVINCE),
        ("内蒙古自治区人民政府", None, Level.PROVINCE),
        ("上海市人民政府", None, Level.PROVINCE),
        ("上海市黄浦区人民政府", None, Level.COUNTY),
        ("临水市人民政府", "东岭省人民政府", Level.CITY),
        ("临水市人民政府", "大河市人民政府", Level.COUNTY),
        ("慈溪市人民政府", None, Level.COUNTY),
        ("东岭省临水市人民政府", None, Level.CITY),
        ("恩施土家族苗族自治州人民政府", None, Level.CITY),
        ("阿里地区行政公署", None, Level.CITY),
        ("河口瑶族自治县人民政府", None, Level.COUNTY),
        ("达茂旗人民政府", None, Level.COUNTY),
        ("临水经济技术开发区管理委员会", None, Level.COUNTY),
        ("石桥片区管理局", None, Level.TOWNSHIP),
        ("慈溪市掌起镇人民政府", None, Level.TOWNSHIP),
        ("临水县司法局", None, Level.DEPARTMENT),
        ("东岭省发展和改革委员会", None, Level.DEPARTMENT),
        ("某某", None, None),
    ],
)
def test_level_of(unit: str, addressee: str | None, level: Level | None) -> None:
    assert level_of(unit, addressee) == level


@pytest.mark.parametrize(
    ("text", "year", "where"),
    [
        ("临水县2022年法治政府建设情况报告\n" + BODY, 2022, "title"),
        ("2021年,我县依法行政水平提升。\n" + BODY, 2021, "opening"),
        ("二〇二一年,我县依法行政水平提升。\n" + BODY, 2021, "opening"),
        (BODY.replace("主要做法", "2020年主要做法"), 2020, "heading"),
        (BODY.replace("下一步打算", "2023年工作安排"), 2022, "plan heading"),
        ("文号:临政〔2023〕5号\n" + BODY, 2022, "number"),
        (BODY + "临水县人民政府\n2023年1月5日", 2022, "signed"),
        (BODY + "临水县人民政府\n2022年12月28日", 2022, "signed"),
        ("发布时间:2023-03-01\n" + BODY, 2022, "published"),
        (BODY, None, None),
    ],
)
def test_year(text: str, year: int | None, where: str | None) -> None:
    report = read(text)
    assert (report.source.year, report.source.found.get("year")) == (year, where)
    assert bool(report.warnings) == (year is None)


def test_instruments_years_are_not_the_reports() -> None:
    text = "临水县贯彻《法治政府建设实施纲要(2021-2025年)》情况报告\n2023年,我县推进依法行政。\n" + BODY
    assert read(text).source.year == 2023


def test_contradiction_is_told() -> None:
    report = read("临水县2023年法治政府建设报告\n2022年,我县推进。\n" + BODY.replace("下一步打算", "2023年打算"))
    assert report.source.year == 2022
    assert "前后不一" in report.warnings[0]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2023年1月5日", "2023-01-05"),
        ("2023 年 1 月 5 日", "2023-01-05"),
        ("二〇二三年一月十五日", "2023-01-15"),
        ("二○二三年十二月三十一日", "2023-12-31"),
        ("2023-01-05", "2023-01-05"),
        ("2023/1/5", "2023-01-05"),
        ("2023.1.5", "2023-01-05"),
        ("2023年2月30日", None),
    ],
)
def test_signed(written: str, iso: str | None) -> None:
    assert read(f"{BODY}临水县人民政府\n{written}\n").source.signed == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("发布时间:2023-03-29 16:12  来源:临水县政府办", "2023-03-29"),
        ("发布日期 | 2023-04-11", "2023-04-11"),
        ("发布时间:23-04-12  发布人:办公室", "2023-04-12"),
        ("2023年3月1日 来源:本站", "2023-03-01"),
        ("发布日期:1970-01-01", None),
        ("今天是2025年3月5日 星期三", None),
    ],
)
def test_published(written: str, iso: str | None) -> None:
    assert read(f"{written}\n临水县2022年法治政府建设报告\n{BODY}").source.published == iso


def test_addressee() -> None:
    text = "临水县2022年法治政府建设报告\n大河市人民政府\uff1a\n2022年,我县推进依法行政,现将情况报告如下\uff1a\n" + BODY
    report = read(text)
    assert report.source.addressee == "大河市人民政府"
    assert report.sentences[0].text.endswith("现将情况报告如下:")


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("临水县2022年法治政府建设情况报告\n" + BODY, Genre.ANNUAL_REPORT),
        ("临水县2022年依法行政工作总结\n" + BODY, Genre.ANNUAL_REPORT),
        ("2022年,我县推进法治政府建设,现将情况报告如下:\n" + BODY, Genre.ANNUAL_REPORT),
        ("临水县2022年政府信息公开工作年度报告\n" + BODY, Genre.DISCLOSURE_REPORT),
        ("各位代表:\n现在,我代表县人民政府向大会报告工作,请予审议。\n" + BODY, Genre.GOVERNMENT_WORK_REPORT),
        ("近日,全县法治政府建设推进会召开。会议强调,要依法行政。", Genre.NEWS),
        ("关于印发2023年法治政府建设工作要点的通知\n" + BODY, Genre.NOTICE),
        ("临水县县长2022年度述法报告\n" + BODY, Genre.OTHER),
        ("今天天气很好,大家都去公园散步。", Genre.OTHER),
    ],
)
def test_genre(text: str, genre: Genre) -> None:
    assert read(text).source.genre is genre


def test_options_win() -> None:
    source = read("临水县2022年法治政府建设情况报告\n" + BODY, year=2021, unit="石桥镇人民政府").source
    assert (source.year, source.unit, source.level) == (2021, "石桥镇人民政府", Level.TOWNSHIP)
    assert source.found["year"] == source.found["unit"] == "option"
    assert read(BODY, level=Level.CITY).source.level is Level.CITY
    assert not read(BODY, year=2022).warnings


def test_a_date_of_drawing_up_is_not_the_date_of_publication() -> None:
    text = (
        "发布机构\uff1a漳溪县人民政府办公室　　发文日期\uff1a2024年01月29日\n发布日期\uff1a2024年02月06日　　来源\uff1a县司法局\n"
        "漳溪县人民政府2023年度法治政府建设工作情况报告\n2023年\uff0c我县深入推进依法行政。\n一、主要举措\n开展学习。\n"
    )
    source = structure(read_bytes(text.encode(), "a.txt"), "a.txt", "").source
    assert (source.signed, source.published) == ("2024-01-29", "2024-02-06")
