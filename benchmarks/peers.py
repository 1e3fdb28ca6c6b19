"""The tools that stand beside the auditor: found or installed in a folder of the benchmark's own, given the same phrases, run.

The phrases are those that a script would look for: the cues and the title of each obligation, as its catalogue has them.
Each peer says where phrases stand. None reads headings, tells deeds from plans or checks figures.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from measuring import CommandError, Taken, taken

from auditor.plain_matchers import phrases
from auditor.rules import load_ruleset

SETS = ("gy21", "bg")
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fazhi-auditor-benchmarks"
_NAIVE = Path(__file__).with_name("naive.py")
_SYNTAX = re.compile(r"([\^$\\.*+?()\[\]{}|/])")


@dataclass(frozen=True)
class Peers:
    """The programs, None where absent, and the folder with their rule files."""

    semgrep: Path | None
    textlint: Path | None
    ripgrep: Path | None
    rules: Path
    count: int

    def absent(self) -> list[str]:
        """The names of those that this machine lacks."""
        each = {"semgrep": self.semgrep, "textlint + textlint-rule-prh": self.textlint, "ripgrep": self.ripgrep}
        return [name for name, path in each.items() if path is None]


def asked_phrases() -> dict[str, list[str]]:
    """The phrases of each obligation that binds a report of today."""
    return {rule.id: list(phrases(rule)) for rule_set in map(load_ruleset, SETS) for rule in rule_set.rules}


# ---- finding and installing


def find(folder: Path, rules: Path) -> Peers:
    """The peers in the benchmark's folder or on this machine's PATH; writes their rule files to ``rules``."""
    asked = asked_phrases()
    _write_rules(asked, rules)
    own = folder / "semgrep" / "bin" / "semgrep"
    textlint = folder / "textlint" / "node_modules" / ".bin" / "textlint"
    return Peers(
        own if own.exists() else _on_path("semgrep"),
        textlint if textlint.exists() else None,
        _on_path("rg"),
        rules,
        sum(map(len, asked.values())),
    )


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def install(folder: Path) -> None:
    """Install what is absent: semgrep and textlint into the folder, ripgrep by the system's packages. Failures are told."""
    semgrep, textlint = folder / "semgrep", folder / "textlint"
    textlint.mkdir(parents=True, exist_ok=True)
    if not (semgrep / "bin" / "semgrep").exists():
        _try([sys.executable, "-m", "venv", semgrep])
        _try([semgrep / "bin" / "pip", "install", "-q", "semgrep"])
    if not (textlint / "node_modules" / ".bin" / "textlint").exists():
        _try(["npm", "install", "--silent", "--prefix", textlint, "textlint", "textlint-rule-prh"])
    if not shutil.which("rg"):
        _try(["apt-get", "install", "-y", "-qq", "ripgrep"])


def _try(command: Sequence[str | Path]) -> None:
    try:
        subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    except OSError as error:
        print(f"not installed: {error}", file=sys.stderr)
    except subprocess.CalledProcessError as error:
        print(f"not installed: {error}\n{error.stderr.strip()}", file=sys.stderr)


def versions(peers: Peers) -> dict[str, str]:
    """The version that each peer tells."""
    found = {}
    if peers.semgrep:
        found["semgrep"] = _told([peers.semgrep, "--version"])
    if peers.textlint:
        found["textlint"] = _told([peers.textlint, "--version"]).removeprefix("v")
        package = peers.textlint.parent.parent / "textlint-rule-prh" / "package.json"
        found["textlint-rule-prh"] = json.loads(package.read_text(encoding="utf-8"))["version"]
    if peers.ripgrep:
        found["ripgrep"] = _told([peers.ripgrep, "--version"]).removeprefix("ripgrep ")
    return found


def _told(command: Sequence[str | Path]) -> str:
    # semgrep asks the network for its newest version, and waits for an answer where there is no network
    quiet = os.environ | {"SEMGREP_ENABLE_VERSION_CHECK": "0"}
    done = subprocess.run(list(map(str, command)), env=quiet, capture_output=True, text=True, check=False)
    return (done.stdout.strip().splitlines() or [""])[0]


# ---- the same phrases for each


def _write_rules(asked: dict[str, list[str]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "phrases.json").write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    lines = dict.fromkeys(phrase for each in asked.values() for phrase in each)
    (folder / "phrases.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _write_yaml(folder / "semgrep.yml", {"rules": [_semgrep_rule(*each) for each in asked.items()]})
    _write_yaml(folder / "prh.yml", {"version": 1, "rules": [_prh_rule(*each) for each in asked.items()]})
    textlint = {"rules": {"prh": {"rulePaths": [str(folder / "prh.yml")]}}}
    (folder / "textlintrc.json").write_text(json.dumps(textlint), encoding="utf-8")


def _write_yaml(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _semgrep_rule(obligation: str, each: list[str]) -> dict[str, object]:
    pattern = "|".join(map(re.escape, each))
    about = {"message": obligation, "severity": "WARNING", "languages": ["regex"]}
    return {"id": obligation.lower(), **about, "pattern-regex": pattern}


def _prh_rule(obligation: str, each: list[str]) -> dict[str, object]:
    return {"expected": obligation, "patterns": ["/" + _SYNTAX.sub(r"\\\1", phrase) + "/" for phrase in each]}


# ---- running


def semgrep(peers: Peers, files: Sequence[Path], jobs: int, folder: Path) -> Taken:
    """One rule of regular expressions for each obligation; all files in one run."""
    assert peers.semgrep
    command = [peers.semgrep, "scan", "--config", peers.rules / "semgrep.yml", "--metrics", "off"]
    quiet = ["--disable-version-check", "--quiet", "--json", "--no-git-ignore", "-j", str(jobs)]
    done = taken([*command, *quiet, *files], folder, {"SEMGREP_SEND_METRICS": "off"})
    told = json.loads(done.output)
    if told["errors"] or len(told["paths"]["scanned"]) != len(files):
        raise CommandError(f"semgrep read {len(told['paths']['scanned'])} of {len(files)} files: {told['errors'][:1]}")
    return done


def textlint(peers: Peers, files: Sequence[Path], folder: Path) -> Taken:
    """One rule of textlint-rule-prh for each obligation; one process, as textlint has it."""
    assert peers.textlint
    command = [peers.textlint, "--config", peers.rules / "textlintrc.json", "--format", "json"]
    done = taken([*command, *files], folder, codes=(0, 1))
    if (read := len(json.loads(done.output))) != len(files):
        raise CommandError(f"textlint read {read} of {len(files)} files")
    return done


def ripgrep(peers: Peers, reports: Path, jobs: int, folder: Path) -> Taken:
    """Exact phrases and nothing else: the floor below any answer."""
    assert peers.ripgrep
    found = ["--fixed-strings", "--file", peers.rules / "phrases.txt", "--count-matches", "--threads", str(jobs)]
    return taken([peers.ripgrep, *found, reports], folder, codes=(0, 1))


def script(peers: Peers, files: Sequence[Path], jobs: int, folder: Path) -> Taken:
    """The naive script, the files shared out among so many processes."""
    listed = folder / "files"
    listed.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
    each = -(-len(files) // jobs)
    command = ["xargs", "-a", listed, "-P", str(jobs), "-n", str(each)]
    done = taken([*command, sys.executable, _NAIVE, peers.rules / "phrases.json"], folder)
    read = {line.split(",")[0] for line in done.output.splitlines()}
    if not read.issuperset(map(str, files)):
        raise CommandError(f"the script read {len(read)} of {len(files)} files")
    return done
