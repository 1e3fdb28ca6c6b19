"""Quick first looks: an expression without its conditions finds all that the expression does, and is soon done with nothing."""

from __future__ import annotations

import re

_CONDITIONS = ("(?=", "(?!", "(?<=", "(?<!")


def hint(*patterns: str) -> re.Pattern[str]:
    """An expression that is found in every text in which, or in any part of which, one of ``patterns`` is.

    Made by leaving out what only looks at the surroundings: lookarounds and anchors. The patterns hold no flags, no
    backreferences and no named groups.
    """
    return re.compile("|".join(f"(?:{_bare(pattern)})" for pattern in patterns))


def _bare(pattern: str) -> str:
    kept: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith(_CONDITIONS, at):
            at = _closing(pattern, at) + 1
        elif pattern[at] in "^$":
            at += 1
        else:
            end = _closing(pattern, at) + 1 if pattern[at] == "[" else at + 1 + (pattern[at] == "\\")
            kept.append(pattern[at:end])
            at = end
    return "".join(kept)


def _closing(pattern: str, at: int) -> int:
    """Where the set or the group that opens at ``at`` closes."""
    depth = 0
    inside = False
    while True:
        sign = pattern[at]
        if sign == "\\":
            at += 1
        elif inside:
            inside = sign != "]"
        elif sign == "[":
            inside = True
            at += pattern[at + 1] == "^"
        else:
            depth += (sign == "(") - (sign == ")")
        if depth == 0 and not inside:
            return at
        at += 1
