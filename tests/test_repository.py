"""The repository keeps its promises: README, exit codes, committed results, seeds, one home for each library."""

from __future__ import annotations

import ast
import csv
import json
import re
import tomllib
from pathlib import Path

import docx
import jsonschema
import openpyxl
import pytest

from auditor.cli import main
from auditor.errors import ExitCode
from auditor.findings import Status
from auditor.readers import read_file
from auditor.report import Genre, Level
from auditor.rules import rules_root, shipped_sets
from auditor.words import EXIT_CODES, STATUS, Lang

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))

# Modules that may import a library; every other import of it is a mistake.
HOMES = {
    "ahocorasick_rs": {"atoms", "hints", "indicators", "slips", "vocabulary"},
    "datasketch": {"similarity"},
    "dask": set(),
    "distributed": {"distribute"},
    "duckdb": set(),
    "docxtpl": {"formats/letter"},
    "fsspec": {"remote"},
    "jieba": {"lexicon", "plain_matchers"},
    "jinja2": {"formats/letter", "formats/pages"},
    "lxml": {
        "readers/articles",
        "readers/docx",
        "readers/html",
        "readers/numbering",
        "readers/odt",
        "readers/ofd",
        "readers/office",
        "readers/packages",
        "readers/pictures",
        "readers/sheets",
        "readers/word2003",
    },
    "msgspec": {"formats/json_", "store", "work"},
    "markupsafe": {"formats/letter", "formats/pages"},
    "PIL": {"readers/pictures"},
    "numpy": {"readers/ocr", "readers/pictures", "similarity"},
    "olefile": {"readers/word97"},
    "pyarrow": {"store"},
    "pydantic": {"baseline_file", "gate_file", "results", "strict", "validation", "waiver_file"},
    "pypdfium2": {"readers/pdf", "readers/pictures"},
    "rapidfuzz": {"evaluation", "judging", "plain_matchers", "similarity", "slips"},
    "rapidocr": {"readers/ocr"},
    "tabulate": {"formats/cells"},
    "typer": {
        "arguments",
        "baseline_commands",
        "cache_commands",
        "check_commands",
        "cli",
        "compare_commands",
        "figure_commands",
        "review_commands",
        "rule_commands",
    },
    "tqdm": {"progress"},
    "watchfiles": {"watching"},
    "wcwidth": {"formats/cells"},
    "xlsxwriter": {"formats/grids"},
    "yaml": {"strict"},
}


def code_blocks(language: str) -> list[str]:
    return [block.strip() for block in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)]


def test_readme_names_the_exit_codes() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE)
    assert [(int(code), words) for code, words in rows] == [(int(c), EXIT_CODES[Lang.ZH][c.name]) for c in ExitCode]


def test_readme_names_the_statuses() -> None:
    rows = re.findall(r"^\| (\S+) \| (\w+) \| .+ \|$", README, re.MULTILINE)
    assert rows == [(STATUS[Lang.ZH][status], status.value) for status in Status]


def test_ci_runs_the_readmes_test_command() -> None:
    audit_command, test_command = code_blocks("bash")
    assert audit_command.endswith("auditor audit seeds/")
    assert test_command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def excerpt(printed: str) -> str:
    """What the README shows of one report's table: the header, the three systems of enforcement, the groups, the score."""
    lines = printed.splitlines()
    heading = next(at for at, line in enumerate(lines) if line.startswith("编号"))
    clause = next(at for at, line in enumerate(lines) if line.startswith("▌(十五)"))
    after = next(at for at in range(clause, len(lines)) if re.match("GY21-15-0[4-9]|▌\\(十六", lines[at]))
    groups = next(at for at, line in enumerate(lines) if line.startswith("分组"))
    counts = next(at for at, line in enumerate(lines) if line.startswith("状态  "))
    shown = [*lines[: heading + 2], "…", *lines[clause:after], "…", *lines[groups : counts + 1]]
    return "\n".join(shown) + "\n"


def test_the_excerpt_in_the_readme_is_real(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"<!-- excerpt: auditor (.+?) -->\n```\n(.*?)```", README, re.DOTALL)
    assert found
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    assert main([*found[1].split(), "--no-out"]) == ExitCode.OK
    current = excerpt(capsys.readouterr().out)
    assert found[2] == current, f"put this into the README:\n{current}"


def test_links_in_the_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "seeds" / "README.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_changelog_has_a_place_for_rules() -> None:
    assert "\n### Rules\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_manifest_describes_every_seed() -> None:
    with (ROOT / "seeds" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == [path.name for path in SEEDS]
    assert {row["level"] for row in rows} <= set(Level)
    assert {row["genre"] for row in rows} <= set(Genre)
    assert all(row["unit"] and row["year"].isdigit() for row in rows)


def test_rules_are_shipped_and_found() -> None:
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert packaged["targets"]["wheel"]["force-include"] == {"rules": "auditor/_rules"}
    assert (rules_root() / "words.yaml").is_file()
    assert shipped_sets() == ("bg", "gy15", "gy21")


def test_every_library_has_one_home() -> None:
    for path in (ROOT / "auditor").rglob("*.py"):
        module = path.relative_to(ROOT / "auditor").with_suffix("").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                home = HOMES.get(name.split(".")[0])
                assert home is None or module in home, f"{module} imports {name}"


# ---- the seeds, audited by the command of the README


def example_commands(folder: str) -> list[list[str]]:
    """What makes the committed results anew in a folder: every format of the seeds, rows of the shortest only."""
    every = ["-f", "html", "-f", "xlsx", "-f", "docx", "-f", f"csv={folder}/audit.csv"]
    rows = ["audit", "seeds/004_qiqihar_2018.txt", "-f", f"jsonl={folder}/004_qiqihar_2018.jsonl"]
    return [["audit", "seeds/", *every, "--out", folder], rows]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results made anew."""
    folder = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for command in example_commands(str(folder)):
            assert main(command) == ExitCode.OK
    return folder


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def content(path: Path) -> object:
    """What a committed result says: of zipped formats their text, as the packing depends on versions of libraries."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}
    if path.suffix == ".docx":
        return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    return path.read_bytes()


def test_the_committed_results_are_current(results: Path) -> None:
    committed = ROOT / "reports_out"
    assert files_below(committed) == files_below(results), "refresh them: python tests/refresh.py"
    for name in files_below(results):
        assert content(committed / name) == content(results / name), f"{name}: refresh: python tests/refresh.py"


def test_the_committed_results_are_small() -> None:
    assert sum(path.stat().st_size for path in (ROOT / "reports_out").rglob("*") if path.is_file()) < 4_000_000


def test_results_fulfil_the_schema(results: Path) -> None:
    schema = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads((results / "audit.json").read_text(encoding="utf-8")), schema)


def test_every_quote_is_exactly_where_it_is_said_to_be(results: Path) -> None:
    document = json.loads((results / "audit.json").read_text(encoding="utf-8"))
    checked = 0
    for report in document["reports"]:
        file = report["source"]["file"]
        text = read_file(ROOT / file, file)[0].text
        for finding in report["findings"]:
            for passage in (*finding["evidence"], *finding["near_misses"]):
                assert text[passage["start"] : passage["end"]] == passage["quote"], finding["id"]
                checked += 1
    assert checked > 100


def test_what_was_read_of_the_seeds_is_what_the_manifest_says(results: Path) -> None:
    document = json.loads((results / "audit.json").read_text(encoding="utf-8"))
    with (ROOT / "seeds" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        expected = {f"seeds/{row['file']}": row for row in csv.DictReader(file)}
    for report in document["reports"]:
        source = report["source"]
        row = expected.pop(source["file"])
        read = {key: str(source[key]) for key in ("unit", "level", "year", "genre")}
        assert read == {key: row[key] for key in read}
    assert expected == {}
