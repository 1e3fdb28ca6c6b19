"""What has changed since a point in a git history: the reports that were added or modified."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import AuditorError
from auditor.expressions import expression
from auditor.words import Lang, tell

_STEP = expression(r"[~^@]")
_COMMIT = expression(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Changes:
    """The files that differ from ``base``, as paths in the work tree.

    ``renamed`` maps a file whose content is as it was to its earlier path. ``direct`` is true where the two histories
    have no common ancestor here, so that what changed on the other side counts too.
    """

    top: Path
    changed: frozenset[Path]
    renamed: dict[Path, Path]
    direct: bool = False


def changes_since(ref: str, folder: Path, lang: Lang) -> Changes:
    """The files added, modified or renamed since ``ref`` and HEAD parted, with what is not committed yet.

    Deleted files are left out. Raises AuditorError: git or a repository is not there, or ``ref`` is not known here.
    """
    if not ref or ref.startswith("-"):
        raise AuditorError(tell(lang, "bad_ref", ref=ref))
    top = Path(os.fsdecode(_repository(folder, lang)))
    if not _known(ref, top):
        raise AuditorError(_unknown(ref, top, lang))
    common = _git(top, "merge-base", "--end-of-options", ref, "HEAD")
    base = os.fsdecode(common.stdout).strip() if common.returncode == 0 else ref
    options = ("--name-status", "-z", "-M", "--no-ext-diff", "--diff-filter=AMRT", "--end-of-options")
    listed = _git(top, "diff", *options, base, "--")
    new = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    for result in (listed, new):
        if result.returncode:
            raise AuditorError(tell(lang, "git_failed", why=_first_line(result)))
    changed = {top / os.fsdecode(name) for name in new.stdout.split(b"\0") if name}
    renamed: dict[Path, Path] = {}
    for status, before, path in _entries(listed.stdout):
        changed.add(top / path)
        if status == "R100":
            renamed[top / path] = top / before
    return Changes(top, frozenset(changed), renamed, common.returncode != 0)


def _entries(listed: bytes) -> Iterator[tuple[str, str, str]]:
    """Status, earlier path and path of each file that ``git diff --name-status -z`` lists."""
    words = iter(os.fsdecode(word) for word in listed.split(b"\0"))
    for status in words:
        if status:
            before = next(words)
            yield status, before, next(words) if status[0] in "RC" else before


def _repository(folder: Path, lang: Lang) -> bytes:
    try:
        result = _git(folder, "rev-parse", "--show-toplevel")
    except FileNotFoundError:
        raise AuditorError(tell(lang, "no_git")) from None
    if result.returncode:
        raise AuditorError(tell(lang, "no_repository", why=_first_line(result)))
    return result.stdout.removesuffix(b"\n")


def _known(ref: str, top: Path) -> bool:
    return not _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").returncode


def _unknown(ref: str, top: Path, lang: Lang) -> str:
    """What to fetch, as a command that works: a branch or commit of a remote, or the ancestors that a shallow clone lacks."""
    if ".." in ref or ":" in ref:
        return tell(lang, "not_one_commit", ref=ref)
    shallow = _git(top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    deep = "--unshallow " if shallow else ""
    remotes = os.fsdecode(_git(top, "remote").stdout).split()
    start, *steps = _STEP.split(ref, maxsplit=1)
    if steps and start and not _known(start, top):
        return _unknown(start, top, lang)
    if steps:
        deeper = f"--unshallow {remotes[0]}" if remotes else ""
        return tell(lang, "unknown_parent" if shallow and remotes else "unknown_ref", ref=ref, fetch=deeper)
    if not remotes:
        return tell(lang, "unknown_ref", ref=ref)
    if _COMMIT.fullmatch(ref):
        return tell(lang, "unknown_commit", ref=ref, fetch=f"{deep}{remotes[0]} {ref}")
    remote, _, branch = ref.partition("/")
    if remote not in remotes or not branch:
        remote, branch = remotes[0], ref
    fetch = f"{deep}{remote} {branch}:refs/remotes/{remote}/{branch}"
    return tell(lang, "unknown_branch", ref=ref, fetch=fetch, use=f"{remote}/{branch}")


def _first_line(result: subprocess.CompletedProcess[bytes]) -> str:
    return (result.stderr.decode("utf-8", "replace").strip().splitlines() or [f"git: {result.returncode}"])[0]


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), "-c", "core.quotePath=false", *arguments]
    # messages in one language; nothing may ask for a password or page
    environment = os.environ | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, env=environment, check=False)
