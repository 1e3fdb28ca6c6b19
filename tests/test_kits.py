"""The kits for CI systems, run as far as a machine without those systems can: the action, the hooks, the templates, the recipes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from submissions import git

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

# A report of a few sentences that shows no figure that is wrong, and one whose sum is.
GOOD = "甲县人民政府2024年法治政府建设年度报告\n一、主要举措和成效\n清理规范性文件9件。\n二、下一步安排\n继续推进。\n"
BAD = "乙县人民政府2024年法治政府建设年度报告\n一、主要举措和成效\n共清理文件10件,其中保留5件,废止3件,修改1件。\n"
GATE = "figure-error"


def environment(**more: str) -> dict[str, str]:
    """The environment of a job on which ``auditor`` of this installation is found first."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GITHUB_", "AUDITOR_", "PRE_COMMIT"))}
    author = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return kept | author | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"} | more


def bash(script: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a CI system does: any command that fails ends it."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository of reports, and in ``pull`` a pull request that adds a good and a bad one, changes one, renames one."""
    folder = tmp_path / "origin"
    (folder / "reports").mkdir(parents=True)
    (folder / "reports" / "旧.txt").write_text(BAD.replace("乙县", "丙县"), encoding="utf-8")
    (folder / "reports" / "要改.txt").write_text(GOOD.replace("甲县", "丁县"), encoding="utf-8")
    git("init", "-q", "-b", "main", folder=folder)
    git("add", "-A", folder=folder)
    git("commit", "-qm", "base", folder=folder)
    return folder


def pull_request(origin: Path, *, bad: bool) -> Path:
    """A shallow checkout of a pull request, as the platform makes it."""
    git("checkout", "-qb", "pull", folder=origin)
    (origin / "reports" / "好.txt").write_text(GOOD, encoding="utf-8")
    if bad:
        (origin / "reports" / "坏,的 1.txt").write_text(BAD, encoding="utf-8")
    (origin / "reports" / "要改.txt").write_text(GOOD.replace("甲县", "丁县") + "三、其他\n", encoding="utf-8")
    git("add", "-A", folder=origin)
    git("commit", "-qm", "submit", folder=origin)
    clone = origin.parent / "clone"
    git("clone", "-q", "--depth=1", "--branch=pull", origin.as_uri(), str(clone))
    return clone


# ---- the action


def run_action(folder: Path, github: dict[str, str], **inputs: str) -> tuple[int, dict[str, str], str, str]:
    """Run the steps of the action: exit code, outputs, what it printed, step summary."""
    given = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    temp = folder.parent / "runner"
    temp.mkdir(exist_ok=True)
    outputs: dict[str, dict[str, str]] = {}
    printed, code = "", 0

    def value(expression: str) -> str:
        scope, _, rest = expression.partition(".")
        if scope == "inputs":
            return given[rest]
        if scope == "github":
            return github.get(rest, "")
        assert scope == "steps"
        step, _, name = rest.split(".")[0], None, rest.split(".")[-1]
        return outputs[step].get(name, "")

    for number, step in enumerate(ACTION["runs"]["steps"]):
        assert "${{" not in step["run"], "an input in a script could be a command"
        files = {name: temp / f"{number}-{name}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for path in files.values():
            path.touch()
        held = {k: re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda m: value(m[1]), str(v)) for k, v in step["env"].items()}
        told = {name: str(path) for name, path in files.items()} | {"RUNNER_TEMP": str(temp)}
        done = bash(step["run"], folder, **held, **told)
        printed += done.stdout + done.stderr
        lines = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        outputs[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
        code = done.returncode
        if code:
            break
    named = {name: value(each["value"][3:-2].strip()) for name, each in ACTION["outputs"].items() if "check" in outputs}
    return code, named, printed, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")


def annotations(printed: str) -> list[str]:
    return re.findall(r"^::error file=([^,]+),", printed, re.MULTILINE)


def test_the_action_fails_a_pull_request_that_adds_a_bad_report(origin: Path) -> None:
    clone = pull_request(origin, bad=True)
    github = {"base_ref": "main", "action_path": str(ROOT)}
    code, named, printed, page = run_action(clone, github, fail_on=GATE, changed_only="true")
    assert code == 1, printed
    assert named["exit-code"] == "1"
    assert annotations(printed) == ["reports/坏%2C的 1.txt"]
    assert printed.rstrip().splitlines()[-1].startswith("结论: 未通过（检查 3 份，通过 2，未通过 1；")
    log = json.loads((clone / named["sarif"]).read_text(encoding="utf-8"))["runs"][0]
    failing = [r for r in log["results"] if r["level"] == "error"]
    assert [r["ruleId"] for r in failing] == ["figure-error"]
    place = failing[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "reports/%E5%9D%8F%2C%E7%9A%84%201.txt"
    assert place["region"]["startLine"] == 3
    assert {r["properties"]["report"] for r in log["results"]} == {
        f"reports/{n}.txt" for n in ("好", "坏,的 1", "要改")
    }
    assert "坏,的 1.txt" in page
    assert float(named["score"]) >= 0
    assert int(named["gaps"]) > 100


def test_the_action_passes_a_pull_request_of_good_reports(origin: Path) -> None:
    clone = pull_request(origin, bad=False)
    github = {"base_ref": "main", "action_path": str(ROOT)}
    code, named, printed, page = run_action(clone, github, fail_on=GATE, changed_only="true")
    assert (code, named["exit-code"]) == (0, "0"), printed
    assert annotations(printed) == []
    assert page.rstrip().splitlines()[-1].startswith("结论: 通过（检查 2 份，")


def test_the_action_on_everything_with_rules_baseline_waivers_and_formats(origin: Path) -> None:
    clone = pull_request(origin, bad=True)
    bash("auditor baseline create reports -o known.json", clone)
    (clone / "leave.yaml").write_text("format: 1\nwaivers: []\n", encoding="utf-8")
    given = {"baseline": "known.json", "waivers": "leave.yaml", "rules": "gy21\nbg", "formats": "junit gitlab"}
    code, named, printed, _ = run_action(clone, {"action_path": str(ROOT)}, fail_on=GATE, **given)
    assert (code, named["exit-code"], named["sarif"]) == (0, "0", ""), printed
    assert "检查 4 份" in printed
    assert {"check.junit", "check.gitlab"} <= {
        path.name for path in (clone.parent / "runner" / "auditor-check").iterdir()
    }
    # the old report's sum is wrong; without the baseline it fails
    assert run_action(clone, {"action_path": str(ROOT)}, fail_on=GATE)[0] == 1
    own = run_action(
        clone, {"action_path": str(ROOT)}, rules=str(ROOT / "rules"), paths="reports/好.txt\n", fail_on=GATE
    )
    assert own[0] == 0, own[2]


def test_the_action_takes_a_list_of_submissions_a_day_and_unreadable_files(origin: Path) -> None:
    clone = pull_request(origin, bad=False)
    (clone / "units.csv").write_text(
        "单位,层级,年度,文件\n甲县人民政府,县级,2024,reports/好.txt\n未报县人民政府,县级,2024,\n", encoding="utf-8"
    )

    def code_of(**inputs: str) -> int:
        return run_action(clone, {"action_path": str(ROOT)}, paths="reports/好.txt", **inputs)[0]

    assert code_of(fail_on="not-submitted") == 2, "without a list nothing can be missing"
    assert code_of(fail_on="not-submitted", manifest="units.csv") == 1
    leave = {"waivers": "leave.yaml", "fail_on": "core-gap"}
    gaps = json.loads(bash("auditor audit reports/好.txt --no-out -f json", clone).stdout)["reports"][0]["findings"]
    waived = [
        f["id"] for f in gaps if f["status"] in ("missing", "planned", "acknowledged") and f["importance"] == "core"
    ]
    leaf = "year: 2024, reason: 由市里统一办理, approved_by: 某局, approval_no: 某函1号, expires: '2025-06-30'"
    excused = "".join(f"- {{obligation: {each}, unit: 甲县*, {leaf}}}\n" for each in waived)
    (clone / "leave.yaml").write_text(f"format: 1\nwaivers:\n{excused}", encoding="utf-8")
    assert code_of(as_of="2025-03-31", **leave) == 0
    assert code_of(as_of="2025-07-01", **leave) == 1
    (clone / "reports" / "好.txt").write_bytes(b"")
    assert code_of(fail_on="figure-error") == 4
    assert code_of(fail_on="figure-error", allow_unreadable="true") != 4


def test_the_action_uses_a_gate_file_and_a_push_has_a_start_too(origin: Path) -> None:
    clone = pull_request(origin, bad=True)
    (clone / "gate.yaml").write_text("format: 1\nfail_on: [figure-error]\n", encoding="utf-8")
    before = git("rev-parse", "main", folder=origin).strip()
    git("config", "uploadpack.allowAnySHA1InWant", "true", folder=origin)
    github = {"event.before": before, "action_path": str(ROOT)}
    code, _, printed, _ = run_action(clone, github, changed_only="true")
    assert (code, annotations(printed)) == (1, ["reports/坏%2C的 1.txt"])
    code, _, printed, _ = run_action(clone, {"event.before": "0" * 40, "action_path": str(ROOT)}, changed_only="true")
    assert len(annotations(printed)) == 2, "a new branch has no start: everything is checked"


def full_clone(origin: Path) -> Path:
    """A full clone of a pull request whose base branch has moved on since: a report was changed there."""
    shutil.rmtree(pull_request(origin, bad=False))
    git("checkout", "-q", "main", folder=origin)
    (origin / "reports" / "旧.txt").write_text(BAD.replace("乙县", "丙县") + "又一行\n", encoding="utf-8")
    git("commit", "-qam", "theirs", folder=origin)
    clone = origin.parent / "full"
    git("clone", "-q", "--branch=pull", origin.as_uri(), str(clone))
    (origin / "reports" / "旧.txt").write_text(BAD.replace("乙县", "丙县") + "再一行\n", encoding="utf-8")
    git("commit", "-qam", "theirs, later", folder=origin)
    return clone


def test_the_action_leaves_a_full_clone_full_and_takes_no_change_of_the_base_for_ours(origin: Path) -> None:
    clone = full_clone(origin)
    github = {"base_ref": "main", "action_path": str(ROOT)}
    code, _, printed, _ = run_action(clone, github, fail_on=GATE, changed_only="true")
    assert code == 0, printed
    assert "检查 2 份" in printed
    assert "没有共同的祖先" not in printed
    assert git("rev-parse", "--is-shallow-repository", folder=clone).strip() == "false"


def test_the_action_finds_the_common_ancestor_from_a_shallow_clone(origin: Path) -> None:
    clone = pull_request(origin, bad=False)
    git("checkout", "-q", "main", folder=origin)
    (origin / "reports" / "旧.txt").write_text(BAD.replace("乙县", "丙县") + "又一行\n", encoding="utf-8")
    git("commit", "-qam", "theirs", folder=origin)
    assert git("rev-parse", "--is-shallow-repository", folder=clone).strip() == "true"
    github = {"base_ref": "main", "action_path": str(ROOT)}
    code, _, printed, _ = run_action(clone, github, fail_on=GATE, changed_only="true")
    assert code == 0, printed
    assert "检查 2 份" in printed


@pytest.mark.parametrize("shallow", [False, True])
def test_the_recipe_of_the_page_and_the_gitlab_job_compare_with_the_common_ancestor(
    origin: Path, shallow: bool
) -> None:
    clone = full_clone(origin)
    if shallow:
        shutil.rmtree(clone)
        git("clone", "-q", "--depth=1", "--branch=pull", origin.as_uri(), str(clone))
    recipe = bash(block("--changed-since").replace("--allow-empty", f"--fail-on {GATE}"), clone)
    assert recipe.returncode == 0, recipe.stdout + recipe.stderr
    assert "结论: 通过（检查 2 份" in recipe.stdout
    if shallow:
        shutil.rmtree(clone)
        git("clone", "-q", "--depth=1", "--branch=pull", origin.as_uri(), str(clone))
    template = yaml.safe_load((ROOT / "ci" / "gitlab-template.yml").read_text(encoding="utf-8"))
    told = {
        **template["variables"],
        "AUDITOR_OPTIONS": f"--fail-on {GATE}",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    }
    job = bash("\n".join(template["auditor"]["script"]), clone, **told)
    assert job.returncode == 0, job.stdout + job.stderr
    assert "结论: 通过（检查 2 份" in job.stdout


def test_the_action_reports_wrong_input(origin: Path) -> None:
    clone = pull_request(origin, bad=False)
    code, named, printed, _ = run_action(clone, {"action_path": str(ROOT)}, fail_on="$(touch x); bogus")
    assert (code, named["exit-code"], named["gaps"]) == (2, "2", ""), printed
    assert not (clone / "x").exists()


def test_the_action_has_the_inputs_and_outputs_of_the_page() -> None:
    assert set(ACTION["inputs"]) == {
        *("paths", "fail-on", "rules", "baseline", "waivers", "manifest", "as-of", "allow-unreadable", "formats"),
        "changed-only",
    }
    assert set(ACTION["outputs"]) == {"exit-code", "score", "gaps", "sarif"}
    for name in (*ACTION["inputs"], *ACTION["outputs"]):
        assert f"`{name}`" in PAGE


def builtin_schema(name: str, path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}", str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_and_the_template_fulfil_the_platforms_schemas(tmp_path: Path) -> None:
    builtin_schema("github-actions", ROOT / "action.yml")
    builtin_schema("gitlab-ci", ROOT / "ci" / "gitlab-template.yml")
    workflow = tmp_path / "workflow.yml"
    workflow.write_text(block("on: pull_request"), encoding="utf-8")
    builtin_schema("github-workflows", workflow)
    pipeline = tmp_path / "gitlab-ci.yml"
    pipeline.write_text(block("include:"), encoding="utf-8")
    builtin_schema("gitlab-ci", pipeline)


# ---- the hooks


def hooked(folder: Path, *hooks: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Run the hooks by pre-commit itself, with this installation instead of a new one."""
    entries = [{**next(h for h in HOOKS if h["id"] == each["id"]), **each, "language": "system"} for each in hooks]
    config = {"repos": [{"repo": "local", "hooks": entries}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    git("add", "-A", folder=folder)
    script = f'"{sys.executable}" -m pre_commit run --all-files --verbose'
    return bash(script, folder, PRE_COMMIT_HOME=str(folder.parent / "cache"))


def test_the_manifest_of_hooks_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    subprocess.run(command, check=True, capture_output=True)
    assert all(not {"types", "types_or", "exclude_types"} & set(hook) for hook in HOOKS)


def test_a_hook_checks_the_reports_that_are_committed(origin: Path) -> None:
    (origin / "README.md").write_text("# 说明\n", encoding="utf-8")
    (origin / "requirements.txt").write_text("x\n", encoding="utf-8")
    gate = {"args": ["--fail-on", GATE]}
    done = hooked(origin, {"id": "auditor-check", **gate})
    assert done.returncode == 1, done.stdout + done.stderr
    assert "结论: 未通过（检查 2 份" in done.stdout
    (origin / "reports" / "旧.txt").unlink()
    done = hooked(origin, {"id": "auditor-check", **gate})
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("reports/a.docx", True),
        ("in/reports/a.WPS", True),
        ("reports/县/a.ofd", True),
        ("某县2024年法治政府建设年度报告.pdf", True),
        ("法治/说明.txt", True),
        ("requirements.txt", False),
        ("README.md", False),
        ("reports/a.py", False),
        ("a.docx", False),
    ],
)
def test_a_hook_chooses_reports_by_their_names(name: str, chosen: bool) -> None:
    pattern = next(hook for hook in HOOKS if hook["id"] == "auditor-check")["files"]
    assert bool(re.search(pattern, name)) is chosen


@pytest.mark.parametrize(
    ("name", "chosen"),
    [("reports/a.docx", True), ("reports/县/a.html", True), ("reports/units.csv", False), ("reports/a.png", False)],
)
def test_the_hook_of_the_page_chooses_reports_alone(name: str, chosen: bool) -> None:
    hook = yaml.safe_load(block("repos:"))["repos"][0]["hooks"][0]
    assert bool(re.search(hook["files"], name)) is chosen


def test_a_hook_lints_and_tests_rules(origin: Path) -> None:
    shutil.copytree(ROOT / "rules", origin / "rules")
    for folder in ("gy15", "gy21"):
        shutil.rmtree(origin / "rules" / folder)
    done = hooked(origin, {"id": "auditor-rules"})
    assert done.returncode == 0, done.stdout + done.stderr
    path = origin / "rules" / "bg" / "report.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("status: evidenced", "status: planned", 1), encoding="utf-8")
    assert "个示例中有 1 个不符" in hooked(origin, {"id": "auditor-rules"}).stdout
    path.write_text(text.replace("check: title", "chekc: title"), encoding="utf-8")
    assert "chekc" in hooked(origin, {"id": "auditor-rules"}).stdout


# ---- the other kits and the recipes of the page


def test_the_gitlab_job_runs(origin: Path) -> None:
    clone = pull_request(origin, bad=True)
    template = yaml.safe_load((ROOT / "ci" / "gitlab-template.yml").read_text(encoding="utf-8"))
    job = template["auditor"]
    told = {
        **template["variables"],
        "AUDITOR_OPTIONS": f"--fail-on {GATE}",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    }
    done = bash("\n".join((*job["before_script"], *job["script"])), clone, **told)
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1].startswith("结论: 未通过（检查 3 份")
    issues = json.loads((clone / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert [i["location"]["path"] for i in issues if i["severity"] == "major"] == ["reports/坏,的 1.txt"]
    assert (clone / job["artifacts"]["reports"]["junit"]).exists()


def test_a_drop_folder_is_sorted(origin: Path) -> None:
    inbox = origin / "inbox"
    inbox.mkdir()
    for name, text in {"好.txt": GOOD, "坏 的.txt": BAD, "空.docx": "", "~$好.docx": "x", ".x.txt": "x"}.items():
        (inbox / name).write_text(text, encoding="utf-8")
    script = f'"{ROOT}/ci/drop-folder.sh" inbox --fail-on {GATE}'
    waiting = bash(script, origin)
    assert (waiting.returncode, waiting.stdout) == (0, ""), "what was just written may still be being copied"
    done = bash(script, origin, SETTLE="0")
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split("\n")[:-1]) == sorted(["通过  好.txt", "退回  坏 的.txt", "待处理  空.docx"])
    assert "合计" in (inbox / "退回" / "坏 的.txt.检查结果.md").read_text(encoding="utf-8")
    assert "无法判定" in (inbox / "待处理" / "空.docx.检查结果.md").read_text(encoding="utf-8")
    assert {path.name for path in inbox.iterdir() if path.is_file()} == {"~$好.docx", ".x.txt"}
    (inbox / "好.txt").write_text(GOOD, encoding="utf-8")
    bash(script, origin, SETTLE="0")
    assert (inbox / "通过" / "2-好.txt").exists()
    (inbox / "又.txt").write_text(GOOD, encoding="utf-8")
    wrong = bash(f'"{ROOT}/ci/drop-folder.sh" inbox --fail-on bogus', origin, SETTLE="0")
    assert wrong.returncode == 2
    assert "bogus" in wrong.stderr
    assert (inbox / "又.txt").exists()
    assert not (inbox / ".auditor.lock").exists()


def test_a_drop_folder_says_what_hinders_it(origin: Path) -> None:
    script = f'"{ROOT}/ci/drop-folder.sh" inbox'
    gone = bash(script, origin)
    assert (gone.returncode, gone.stdout) == (2, "")
    assert gone.stderr.startswith("收件文件夹不存在：inbox；")
    lock = origin / "inbox" / ".auditor.lock"
    lock.mkdir(parents=True)
    held = bash(script, origin)
    assert held.returncode == 0
    assert f"rmdir 'inbox/{lock.name}'" in held.stderr
    lock.rmdir()
    (origin / "inbox" / "好.txt").write_text(GOOD, encoding="utf-8")
    for option in ("--manifest units.csv", "--manifest=units.csv"):
        listed = bash(f"{script} {option}", origin, SETTLE="0")
        assert listed.returncode == 2
        assert "不能用 --manifest" in listed.stderr
    bare = bash(script, origin, SETTLE="0", PATH="/usr/bin:/bin")
    assert bare.returncode == 2
    assert "写进 PATH" in bare.stderr
    assert (origin / "inbox" / "好.txt").exists()
    assert not lock.exists()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def block(words: str) -> str:
    """The block of the page that holds these words."""
    found = [text for language in ("yaml", "csv", "sh") for text in blocks(language) if words in text]
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which the recipes of the page work: reports, a list, a gate, waivers, an inbox."""
    folder = tmp_path_factory.mktemp("page") / "origin"
    (folder / "reports").mkdir(parents=True)
    (folder / "reports" / "suibin.txt").write_text(GOOD.replace("甲县", "绥滨县"), encoding="utf-8")
    shutil.copytree(ROOT / "ci", folder / "ci")
    (folder / "inbox").mkdir()
    (folder / "inbox" / "a.txt").write_text(GOOD, encoding="utf-8")
    (folder / "units.csv").write_text(block("公布网址"), encoding="utf-8")
    (folder / "waivers.yaml").write_text(block("approval_no"), encoding="utf-8")
    git("init", "-q", "-b", "main", folder=folder)
    git("add", "-A", folder=folder)
    git("commit", "-qm", "base", folder=folder)
    clone = folder.parent / "clone"
    git("clone", "-q", "--depth=1", folder.as_uri(), str(clone))
    git("checkout", "-q", "--detach", folder=clone)
    return clone


@pytest.mark.parametrize("recipe", blocks("sh"))
def test_every_recipe_of_the_page_runs(recipe: str, scratch: Path) -> None:
    done = bash(recipe, scratch)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "Traceback" not in done.stderr


def test_the_gate_of_the_page_is_one(scratch: Path) -> None:
    (scratch / "page-gate.yaml").write_text(block("minimum_score"), encoding="utf-8")
    done = bash("auditor check reports --gate page-gate.yaml", scratch)
    assert done.returncode == 1
    assert re.search(r"must_cover reports/suibin.txt 绥滨县人民政府 2 项：GY21-15-01 \S+、BG-07 \S+", done.stdout)


def test_the_hooks_of_the_page_are_hooks() -> None:
    config = yaml.safe_load(block("repos:"))
    assert [hook["id"] for hook in config["repos"][0]["hooks"]] == [hook["id"] for hook in HOOKS]


def test_the_workflow_of_the_page_gives_the_action_what_it_takes() -> None:
    steps = yaml.safe_load(block("on: pull_request"))["jobs"]["check"]["steps"]
    step = next(step for step in steps if "auditor" in step["uses"])
    assert set(step["with"]) <= set(ACTION["inputs"])
    uploaded = next(step for step in steps if "upload-artifact" in step["uses"])["with"]["path"].split()
    assert uploaded == ["auditor.sarif", "auditor-texts/"]


def test_this_repositorys_own_ci_checks_the_seeds_that_change(origin: Path) -> None:
    line = next(
        each for each in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines() if "auditor check" in each
    )
    command = line.removeprefix('step "').removesuffix('"').replace(".venv/bin/", "")
    (origin / "seeds").mkdir()
    (origin / "seeds" / "a.txt").write_text(GOOD, encoding="utf-8")
    git("add", "-A", folder=origin)
    git("commit", "-qm", "seeds", folder=origin)
    assert "结论: 通过（检查 1 份" in bash(command, origin).stdout
    (origin / "seeds" / "b.txt").write_text("", encoding="utf-8")
    git("add", "-A", folder=origin)
    git("commit", "-qm", "unreadable", folder=origin)
    done = bash(command, origin)
    assert done.returncode == 1
    assert "结论: 未通过（没有检查任何报告；检查 0 份" in done.stdout
    git("commit", "-q", "--allow-empty", "-m", "other", folder=origin)
    assert "结论: 通过（没有要检查的报告" in bash(command, origin).stdout
