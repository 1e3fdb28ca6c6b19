"""Why one obligation got its status, for a terminal: the clause, every candidate sentence, what decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.formats.cells import fold, screen_width, visible
from auditor.words import FLAG, IMPORTANCE, ROLE, STATUS, Lang, codes, say

if TYPE_CHECKING:
    from auditor.audit import CandidateView, Explanation


def render(explanation: Explanation, lang: Lang) -> str:
    """The finding, what the obligation asks, the candidates in the order they were ranked, and what to write."""
    rule, finding = explanation.rule, explanation.finding
    result = STATUS[lang][finding.status] + "".join(f" [{FLAG[lang][flag]}]" for flag in finding.flags)
    importance = IMPORTANCE[lang].get(finding.importance, finding.importance)
    if finding.score is not None:
        result += f" {finding.score}"
    lines = [
        *_folded(f"{finding.id} {visible(finding.title)}（{importance}）", 2),
        *_entry("result", f"{result}（{say(lang, 'confidence')} {finding.confidence:.2f}）", lang),
        *_entry("reason", finding.reason, lang),
        *_entry("clause", rule.clause or rule.part, lang),
        *_entry("gist" if rule.wording == "verbatim" else "gist_recalled", rule.gist, lang),
        *_entry("to_close", finding.advice, lang),
        "",
        say(lang, "candidates"),
    ]
    for number, candidate in enumerate(together(explanation.candidates), 1):
        lines += _candidate(number, candidate, lang)
    if not explanation.candidates:
        lines.append(f"  {say(lang, 'no_candidates')}")
    return "\n".join(lines) + "\n"


def together(candidates: Iterable[CandidateView]) -> list[CandidateView]:
    """One candidate a passage and decision, with all the patterns that found it."""
    found: dict[tuple[int, int, str], CandidateView] = {}
    for each in candidates:
        place = (each.start, each.end, each.decision)
        if (first := found.get(place)) is None:
            found[place] = each
            continue
        found[place] = replace(
            first,
            pattern=",".join(dict.fromkeys((*first.pattern.split(","), each.pattern))),
            anchors=tuple(dict.fromkeys((*first.anchors, *each.anchors))),
            similarity=max(first.similarity, each.similarity),
            facts=tuple(dict.fromkeys((*first.facts, *each.facts))),
        )
    return list(found.values())


def _entry(key: str, text: str, lang: Lang) -> list[str]:
    return _folded(f"  {say(lang, key)}: {visible(text)}", 4) if text else []


def _candidate(number: int, candidate: CandidateView, lang: Lang) -> list[str]:
    details = {
        "section": " › ".join(candidate.section),
        "role": ROLE[lang][candidate.role],
        "pattern": codes(lang, candidate.pattern),
        "anchors": say(lang, "list_mark").join(candidate.anchors),
        "similarity": f"{candidate.similarity:.2f}",
        "polarity": codes(lang, candidate.polarity),
        "subject": codes(lang, candidate.subject),
        "year": codes(lang, candidate.year),
        "facts": say(lang, "list_mark").join(candidate.facts),
    }
    lines = _folded(f"  {number}. 「{visible(candidate.quote)}」 {candidate.start}–{candidate.end}", 5)
    shown = [f"{say(lang, key)} {visible(value)}" for key, value in details.items() if value]
    lines += _folded("     " + " · ".join(shown), 5)
    kind, colon, why = candidate.decision.partition(": ")
    return [*lines, *_folded(f"     → {say(lang, 'decision')}: {codes(lang, kind)}{colon}{visible(why)}", 7)]


def _folded(text: str, indent: int) -> list[str]:
    first, *others = fold(text, screen_width() - indent)
    return [first, *(" " * indent + line for line in others)]
