"""The formats for CI: their schemas, their limits, what they escape, and what stays the same from run to run."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import docx
import jsonschema
import pytest
from audits import RULES, audit, finding, flagged, gap, near_miss, report_audit
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from submissions import WRONG, run

from auditor.audit import Options
from auditor.baseline import baseline_of
from auditor.checking import Checked, Settings, check, find
from auditor.errors import ExitCode
from auditor.findings import Figures, Status, Unreadable, Waiver
from auditor.formats import github, gitlab, junit, sarif, summary, verdict
from auditor.formats.checks import CHECK_FORMATS
from auditor.formats.problem import fingerprints, message_of, path_of, severity, title_of
from auditor.gate import Gate
from auditor.problems import Missing, Problem
from auditor.words import Lang

ROOT = Path(__file__).parent.parent
SCHEMAS = Path(__file__).parent / "schemas"
Captured = pytest.CaptureFixture[str]
WAIVER = Waiver("GY21-14-01", "某县*", 2022, "机构改革", "某市司法局", "3号", "2023-12-31")


def valid_json(text: str, schema: str | Path) -> Any:
    document = json.loads(text)
    validator(schema).validate(document)
    return document


@lru_cache
def validator(schema: str | Path) -> Any:
    path = SCHEMAS / schema if isinstance(schema, str) else schema
    found = json.loads(path.read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(found)(found, format_checker=jsonschema.FormatChecker())


def valid_junit(text: str) -> Any:
    tree = etree.fromstring(text.encode("utf-8"))
    etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd")).assertValid(tree)
    return tree


COMMAND = re.compile(r"::(error|warning|notice)(?: ((?:\w+=[^:,\n]*)(?:,\w+=[^:,\n]*)*))?::([^\n]*)")


def valid_github(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The annotations as GitHub's runner would read them."""
    found = []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(",")) if match[2] else {}
        codes = {"%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ","}
        for code, char in codes.items():
            properties = {key: value.replace(code, char) for key, value in properties.items()}
        found.append(
            (match[1], {k: v.replace("%25", "%") for k, v in properties.items()}, match[3].replace("%25", "%"))
        )
    return found


def checked(
    *reports: Any, unreadable: tuple[Unreadable, ...] = (), missing: tuple[Missing, ...] = (), **given: Any
) -> Checked:
    """A check of audits built by hand."""
    options = Options()
    held = Settings(**given)
    return check(find(audit(*reports, unreadable=unreadable), missing, options, held), options, held)


def everything() -> Checked:
    """Every kind of problem, one of them waived, one known, the gate not met in every way that it knows."""
    waived = gap(id="GY21-14-01", title="重点领域执法", importance="common", waiver=WAIVER)
    known = gap(id="GY21-05-05", title="双随机", status=Status.MISSING, near_misses=())
    report = replace(report_audit((finding(), gap(), waived, known, flagged())), figures=Figures((WRONG,)))
    missing = Missing("乙县", None, 2022, "units.csv", 3)
    baseline = baseline_of(audit(report), find(audit(report), (), Options(), Settings()).problems)
    kept = {e for e in baseline.entries if e.obligation == "GY21-05-05"}
    gone = replace(next(iter(kept)), obligation="GY21-09-04")
    gate = Gate(("any-gap", "not-submitted"), 99, {"core": 0}, ("GY21-32-04",), 0)
    return checked(
        report,
        unreadable=(Unreadable("b.pdf", "encrypted", "文档设有打开密码"),),
        missing=(missing,),
        baseline=replace(baseline, entries=frozenset({*kept, gone})),
        gate=gate,
    )


# ---- schemas


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds checked in every format, some gaps waived and some known."""
    folder = tmp_path_factory.mktemp("seeds")
    entry = {"obligation": "GY21-32-04", "unit": "绥滨县*", "year": 2024, "reason": "<&|>", "approved_by": "某局"}
    waiver = entry | {"approval_no": "1号", "expires": "2025-12-31"}
    (folder / "w.yaml").write_text(f"format: 1\nwaivers:\n  - {json.dumps(waiver)}\n", encoding="utf-8")
    outputs = [part for name in CHECK_FORMATS for part in ("-f", f"{name}={folder}/{name}")]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.delenv("AUDITOR_DEBUG", raising=False)
        assert run("baseline create seeds/001_shaxian_2022.txt -o", f"{folder}/b.json") == ExitCode.OK
        options = f"--waivers {folder}/w.yaml --as-of 2025-03-01 --baseline {folder}/b.json"
        assert run(f"check seeds {options}", *outputs) == ExitCode.GATE
    return folder


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


def test_the_seeds_as_sarif(seeds: Path) -> None:
    log = valid_json(read(seeds, "sarif"), "sarif-2.1.0.json")["runs"][0]
    rules = log["tool"]["driver"]["rules"]
    for result in log["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    rule = next(rule for rule in rules if rule["id"] == "GY21-15-02")
    assert "(十五)" in rule["help"]["text"]
    assert "怎样写：" in rule["help"]["text"]
    assert {result["baselineState"] for result in log["results"] if "suppressions" not in result} == {
        "new",
        "unchanged",
    }
    waived = [result for result in log["results"] if "suppressions" in result]
    assert [(r["ruleId"], r["level"]) for r in waived] == [("GY21-32-04", "note")]
    assert not any((seeds / "sarif-texts").glob("*"))


def test_the_lines_in_sarif_are_the_lines_of_the_text(seeds: Path) -> None:
    log = valid_json(read(seeds, "sarif"), "sarif-2.1.0.json")["runs"][0]
    looked = 0
    for result in log["results"]:
        place = result["locations"][0]["physicalLocation"]
        quote = re.search("「(.{4,40}?)[…」]", result["message"]["text"])
        if quote:
            lines = re.split(
                r"\r\n|\r|\n", (ROOT / unquote(place["artifactLocation"]["uri"])).read_bytes().decode("utf-8-sig")
            )
            assert quote[1][:4] in "".join(lines[place["region"]["startLine"] - 1 :][:2]).replace("\u3000", " ")
            looked += 1
    assert looked > 50


def test_the_seeds_as_junit(seeds: Path) -> None:
    tree = valid_junit(read(seeds, "junit"))
    assert len(tree) == 5
    failed = {case.get("name").split()[0] for case in tree.iter("testcase") if case.find("failure") is not None}
    check = json.loads(read(seeds, "json"))["check"]
    assert failed == {name for b in check["breaches"] for name in re.findall(r"[A-Z]{2}\d*-[\d-]+", b["detail"])}


def test_the_seeds_as_gitlab_code_quality(seeds: Path) -> None:
    issues = valid_json(read(seeds, "gitlab"), "gitlab-code-quality.json")
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert {issue["severity"] for issue in issues} == {"critical", "minor", "info"}


def test_the_seeds_as_json(seeds: Path) -> None:
    document = valid_json(read(seeds, "json"), ROOT / "docs" / "json.schema.json")
    assert document["check"]["totals"]["waived"] == 1


def test_the_seeds_as_annotations_and_summary(seeds: Path) -> None:
    commands = valid_github(read(seeds, "github"))
    assert [level for level, _, _ in commands[:10]] == ["error"] * 10
    page = read(seeds, "summary")
    assert page.splitlines()[-1].startswith("结论: 未通过")
    assert "绥滨县人民政府" in page


def test_every_format_shows_every_kind_of_problem() -> None:
    result = everything()
    valid_json(sarif.render(result), "sarif-2.1.0.json")
    valid_json(gitlab.render(result), "gitlab-code-quality.json")
    valid_json(verdict.render_json(result), ROOT / "docs" / "json.schema.json")
    valid_junit(junit.render(result))
    valid_github(github.render(result))
    for name, render in CHECK_FORMATS.items():
        for lang, words in ((Lang.ZH, ("机构改革", "乙县", "文档设有打开密码")), (Lang.EN, ("机构改革", "乙县"))):
            text = render(result, lang, False)
            for word in words:
                assert word in text, (name, word)
    assert {b.criterion for b in result.verdict.breaches} == {
        "any-gap",
        "not-submitted",
        "minimum_score",
        "maximum_gaps.core",
        "must_cover",
        "maximum_unreadable",
    }


def test_every_result_of_a_log_has_a_place() -> None:
    unreadable = (Unreadable("b.pdf", "encrypted", "x"),)
    for file, place in (("ci/gate.yaml", "ci/gate.yaml"), (None, "seeds/a.txt")):
        gate = Gate((), maximum_unreadable=0, file=file)
        log = sarif.document(checked(report_audit(), unreadable=unreadable, gate=gate), Lang.ZH)["runs"][0]
        whole = [r for r in log["results"] if r["ruleId"] == "maximum_unreadable"]
        assert [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in whole] == [place]
        assert all(r["locations"] for r in log["results"])


def test_a_breach_of_the_whole_run_stands_at_the_file_of_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty.txt").touch()
    Path("own.yaml").write_text("format: 1\nmaximum_unreadable: 0\n", encoding="utf-8")
    assert run("check empty.txt --gate own.yaml -f sarif") == ExitCode.GATE
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results]
    assert sorted(uris) == ["empty.txt", "own.yaml"]


def test_a_failure_in_junit_is_what_fails_the_gate() -> None:
    result = everything()
    tree = valid_junit(junit.render(result))
    failures = [case for case in tree.iter("testcase") if case.find("failure") is not None]
    assert len(failures) == sum(p.fails for p in result.problems) == int(tree.get("failures"))
    met = checked(report_audit((finding(), gap(importance="common"))))
    assert valid_junit(junit.render(met)).get("failures") == "0"


def test_an_unreadable_file_in_junit_is_an_error_unless_allowed() -> None:
    for allowed in (False, True):
        result = checked(report_audit(), unreadable=(Unreadable("b.pdf", "x", "y"),), allow_unreadable=allowed)
        assert valid_junit(junit.render(result)).get("errors") == str(int(not allowed))


# ---- places


def test_the_text_of_a_document_is_written_beside_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    document = docx.Document()
    for line in (ROOT / "seeds" / "000_suibin_2024.txt").read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    Path("in").mkdir()
    document.save("in/报告 1.docx")
    options = "-f sarif=check.sarif -f gitlab=check.json"
    assert run("check in", *options.split()) == ExitCode.GATE
    log = valid_json(Path("check.sarif").read_text(encoding="utf-8"), "sarif-2.1.0.json")["runs"][0]
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["results"]}
    assert [unquote(uri) for uri in uris] == ["check-texts/in/报告 1.docx.txt"]
    text = Path("check-texts/in/报告 1.docx.txt").read_text(encoding="utf-8").splitlines()
    found = next(r for r in log["results"] if r["ruleId"] == "GY21-15-03")
    assert "缺少法治审核人员" in text[found["locations"][0]["physicalLocation"]["region"]["startLine"] - 1]
    issue = next(
        i for i in json.loads(Path("check.json").read_text(encoding="utf-8")) if i["check_name"] == "GY21-15-03"
    )
    assert issue["location"] == {"path": "in/报告 1.docx", "lines": {"begin": 1}}
    assert "（读出正文的第 " in issue["description"]
    assert run("check in --texts t -f sarif") == ExitCode.GATE
    assert Path("t/in/报告 1.docx.txt").exists()
    capsys.readouterr()
    assert run("check in -f sarif") == ExitCode.GATE
    assert '"region"' not in capsys.readouterr().out


def test_texts_stay_below_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tmp_path / "in" / "a.html"
    outside.parent.mkdir()
    outside.write_text("<p>一、主要举措</p><p>清理规范性文件9件。</p>" * 9, encoding="utf-8")
    below = tmp_path / "work"
    below.mkdir()
    monkeypatch.chdir(below)
    run("check ../in/a.html --texts t -f sarif=x.sarif")
    assert [path.relative_to(below).as_posix() for path in below.rglob("*.txt")] == ["t/in/a.html.txt"]


# ---- limits


def many(count: int) -> Checked:
    near = (near_miss("推进述法", "是下一步的计划"),)
    findings = tuple(
        gap(id=f"GY21-99-{at:02}", near_misses=near, importance=("core", "common", "extended")[at % 3])
        for at in range(count)
    )
    report = replace(report_audit((finding(),)), findings=findings)
    problems = find(audit(report_audit((finding(),))), (), Options(), Settings())
    assert not problems.problems
    return checked_without_rules(report)


def checked_without_rules(report: Any) -> Checked:
    from auditor.checking import Found
    from auditor.problems import problems_of

    held = audit(report)
    found = Found(held, problems_of(held, (), ()), {}, (), ())
    return check(found, Options(), Settings())


def test_annotations_keep_to_the_limits_worst_first() -> None:
    commands = valid_github(github.render(many(90)))
    levels = [level for level, _, _ in commands]
    assert {level: levels.count(level) for level in levels} == {"error": 10, "warning": 10, "notice": 10}
    assert levels == sorted(levels, key=["error", "warning", "notice"].index)
    assert commands[-1][2] == "另有 61 项，见步骤摘要"


def test_all_annotations_are_shown_where_there_is_room() -> None:
    commands = valid_github(github.render(many(9)))
    assert len(commands) == 9
    assert "步骤摘要" not in commands[-1][2]


def test_what_is_left_over_stands_in_the_step_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    path = tmp_path / "summary.md"
    path.write_text("# 已有\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    monkeypatch.chdir(ROOT)
    assert run("check seeds/000_suibin_2024.txt -f github") == ExitCode.GATE
    page = path.read_text(encoding="utf-8")
    assert page.startswith("# 已有\n")
    assert "GY21-34-11" in page
    before = page
    assert run("check seeds/000_suibin_2024.txt -f json") == ExitCode.GATE
    assert run("check seeds/000_suibin_2024.txt -f github -f", f"summary={tmp_path}/own.md") == ExitCode.GATE
    assert path.read_text(encoding="utf-8") == before


def test_a_log_holds_no_more_results_than_code_scanning_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 20)
    log = valid_json(sarif.render(many(30)), "sarif-2.1.0.json")["runs"][0]
    assert [result["level"] for result in log["results"][:10]] == ["error"] * 10
    assert (len(log["results"]), log["properties"]["totalResults"]) == (20, 30)
    assert "另有 10 项" in json.dumps(log["invocations"], ensure_ascii=False)


def test_a_summary_keeps_to_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "MOST_BYTES", 20_000)
    page = summary.render(many(90))
    assert len(page.encode()) <= 20_000
    assert "未列出" in page
    assert page.splitlines()[-1].startswith("结论: 未通过")


# ---- fingerprints


def test_a_fingerprint_does_not_depend_on_path_line_or_wording() -> None:
    first = checked(report_audit((gap(),))).problems
    other = checked(report_audit((gap(near_misses=(), reason="别的"),), file="x/y.docx")).problems
    assert fingerprints(first) == fingerprints(other)


@pytest.mark.parametrize("change", [{"unit": "乙县"}, {"year": 2023}, {"unit": None}])
def test_a_fingerprint_depends_on_unit_and_year(change: dict[str, Any]) -> None:
    assert fingerprints(checked(report_audit((gap(),))).problems) != fingerprints(
        checked(report_audit((gap(),), **change)).problems
    )


def test_fingerprints_of_a_run_are_all_different() -> None:
    same = report_audit((gap(),))
    problems = checked(same, replace(same), report_audit((gap(),), unit=None, file="c.txt")).problems
    assert len(set(fingerprints(problems))) == 3


# ---- escaping

# what formats take for mark-up, what no file may hold, and any other text
_TEXT = st.text(max_size=40) | st.sampled_from(
    [
        "%0A::error::x",
        "\n::error::x",
        "::stop-commands::t",
        "a,b=c:d",
        "]]>",
        "<script>",
        "| a |\n| - |",
        "&amp;",
        "\x00\x0b\ufffe",
        "\ud800",
        "`x`",
        "**x**",
        "%25",
        "\u2028::warning::y",
        "![x](y)",
    ]
)


def dressed(text: str, other: str) -> Checked:
    """A check whose every text is ``text`` or ``other``."""
    near = replace(near_miss("推进述法", "x"), quote=text)
    waiver = replace(WAIVER, reason=text, approved_by=other)
    findings = (
        gap(title=text, reason=other, advice=text, near_misses=(near,)),
        gap(id="GY21-14-01", title=other, reason=text, importance="common", waiver=waiver),
    )
    figures = Figures((replace(WRONG, quote=text, expression=other, reason=text),))
    report = replace(report_audit(findings, file=f"in/{text}", unit=other, title=text), figures=figures)
    return checked(
        report, unreadable=(Unreadable(f"in/{other}", "x", text),), missing=(Missing(text, None, 2022, other, 2),)
    )


@settings(max_examples=50, deadline=None)
@given(_TEXT, _TEXT)
def test_nothing_in_a_report_breaks_a_format(text: str, other: str) -> None:
    result = dressed(text, other)
    assert len(valid_json(sarif.render(result), "sarif-2.1.0.json")["runs"][0]["results"]) == len(result.problems)
    assert len(valid_json(gitlab.render(result), "gitlab-code-quality.json")) == len(result.problems)
    valid_json(verdict.render_json(result), ROOT / "docs" / "json.schema.json")
    tree = valid_junit(junit.render(result))
    assert len(list(tree.iter("testcase"))) == 5
    for rendered in (sarif.render(result), gitlab.render(result), junit.render(result), summary.render(result)):
        rendered.encode("utf-8")


@settings(max_examples=50, deadline=None)
@given(_TEXT, _TEXT)
def test_an_annotation_says_what_it_says_and_is_no_other_command(text: str, other: str) -> None:
    result = dressed(text, other)
    commands = valid_github(github.render(result))
    assert len(commands) == len(result.problems)
    for (level, told, message), problem in zip(commands, result.problems, strict=True):
        assert level == {"error": "error", "warning": "warning", "note": "notice"}[severity(problem)]
        assert message == message_of(problem, Lang.ZH)
        assert told.get("title", "") == title_of(problem, Lang.ZH)


@settings(max_examples=50, deadline=None)
@given(_TEXT, _TEXT)
def test_a_summary_is_the_mark_up_that_it_wants_to_be(text: str, other: str) -> None:
    page = summary.render(dressed(text, other))
    assert len(page.splitlines()) == page.count("\n")
    tables = [line for line in page.splitlines() if line.startswith("|")]
    for line in tables:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) in (5, 8), line
    assert len(tables) == 3 + 2 + 5
    for line in page.splitlines():
        assert re.match(r"\||- |\*\*|## |结论|$", line), line
        assert not re.search(r"<|(?<!\\)(?:\\\\)*[`\[\]]", line.removeprefix("**")), line


def test_paths_are_relative_to_where_the_check_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert path_of(str(tmp_path / "in" / "a.txt")) == "in/a.txt"
    assert path_of("./in/a.txt") == "in/a.txt"
    assert path_of("/elsewhere/a.txt") == "/elsewhere/a.txt"
    problem = next(iter(checked(report_audit((gap(),), file="/elsewhere/a b.txt")).problems))
    assert isinstance(problem, Problem)
    log = sarif.document(checked(report_audit((gap(),), file="/elsewhere/a b.txt")), Lang.ZH)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///elsewhere/a%20b.txt"}
    assert RULES.id == "gy21"


def test_only_a_figure_that_does_not_hold_is_a_problem() -> None:
    checks = (replace(WRONG, verdict="holds"), replace(WRONG, verdict="not_checkable"))
    assert checked(replace(report_audit((finding(),)), figures=Figures(checks))).problems == ()
    assert len(checked(replace(report_audit((finding(),)), figures=Figures((*checks, WRONG)))).problems) == 1
