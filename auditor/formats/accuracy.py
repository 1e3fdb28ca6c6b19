"""How right the answers are, for a terminal, as Markdown or as JSON: every measure of an assessment."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from auditor.findings import Status
from auditor.formats.cells import columns, screen_width
from auditor.words import STATUS, Lang, say

if TYPE_CHECKING:
    from auditor.assessment import Assessment, GroupResult

Table = Callable[[list[str], list[list[str]]], str]
MOST_WORST = 12
_SCORES = ("precision", "recall", "f1", "f2", "accuracy")


def _share(value: float) -> str:
    return f"{value:.3f}"


def _with_interval(group: GroupResult, field: str) -> str:
    low, high = group.intervals[field]
    return f"{getattr(group.scores, field):.3f} [{low:.3f}, {high:.3f}]"


def _main(group: GroupResult, lang: Lang) -> tuple[list[str], list[list[str]]]:
    headings = [say(lang, key) for key in ("matcher", *(f"eval_{f}" for f in _SCORES))]
    rows = [["auditor", *(_with_interval(group, f) for f in _SCORES)]]
    for matcher in group.plain:
        name = matcher.name if matcher.threshold is None else f"{matcher.name} ≥ {matcher.threshold:g}"
        rows.append([name, *(_share(getattr(matcher.scores, f)) for f in _SCORES)])
    return headings, rows


def _further(group: GroupResult, lang: Lang) -> tuple[list[str], list[list[str]]]:
    return [say(lang, "measure"), say(lang, "value")], [
        [say(lang, "eval_evidence", items=group.evidence_items), _share(group.evidence_hit)],
        [say(lang, "eval_applicability"), _share(group.applicability)],
        [say(lang, "eval_metadata"), _share(group.metadata)],
    ]


def _confusion(group: GroupResult, lang: Lang) -> tuple[list[str], list[list[str]]]:
    headings = [say(lang, "eval_confusion"), *(STATUS[lang][s] for s in Status)]
    rows = [
        [STATUS[lang][gold], *(str(group.confusion.get((gold.value, told.value), 0)) for told in Status)]
        for gold in Status
    ]
    return headings, rows


def _calibration(group: GroupResult, lang: Lang) -> tuple[list[str], list[list[str]]]:
    headings = [say(lang, key) for key in ("eval_band", "eval_confidence", "eval_right", "eval_answers")]
    return headings, [
        [f"≥ {low:.1f}", _share(mean), _share(right), str(count)] for low, mean, right, count in group.calibration
    ]


def _worst(group: GroupResult, lang: Lang) -> tuple[list[str], list[list[str]]]:
    return [say(lang, "id"), say(lang, "eval_wrong"), say(lang, "eval_weight")], [
        [rule, f"{wrong:g}", f"{total:g}"] for rule, wrong, total in group.worst[:MOST_WORST]
    ]


def _reports(result: Assessment, lang: Lang) -> tuple[list[str], list[list[str]]]:
    headings = [say(lang, key) for key in ("file", *(f"eval_{f}" for f in _SCORES), "eval_hit")]
    return headings, [
        [name, *(_share(getattr(scores, f)) for f in _SCORES), _share(hit)] for name, scores, hit in result.reports
    ]


def _render(result: Assessment, lang: Lang, heading: Callable[[str, int], str], table: Table) -> str:
    parts: list[str] = []
    for group in result.groups:
        title = say(lang, f"eval_group_{group.name}", reports=group.reports, items=group.scores.items)
        parts += [heading(title, 2), table(*_main(group, lang)), table(*_further(group, lang))]
        parts += [table(*_confusion(group, lang)), table(*_calibration(group, lang)), table(*_worst(group, lang))]
    parts += [heading(say(lang, "eval_reports"), 2), table(*_reports(result, lang))]
    if result.metadata_misses:
        parts += [heading(say(lang, "eval_metadata_misses"), 2), "\n".join(f"- {m}" for m in result.metadata_misses)]
    return "\n\n".join(parts)


def table(result: Assessment, lang: Lang) -> str:
    """For a terminal."""
    return _render(
        result, lang, lambda text, _: f"== {text}", lambda head, rows: "\n".join(columns(head, rows, screen_width()))
    )


def markdown(result: Assessment, lang: Lang) -> str:
    """For a page such as ``docs/accuracy.md``."""

    def grid(head: list[str], rows: list[list[str]]) -> str:
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)

    return _render(result, lang, lambda text, level: f"{'#' * level} {text}", grid)


def as_json(result: Assessment, _lang: Lang) -> str:
    """Every figure, unrounded, for programs."""
    return json.dumps(
        {
            "format": 1,
            "groups": [_group(g) for g in result.groups],
            "reports": [{"name": n, **_scores(s), "evidence_hit": h} for n, s, h in result.reports],
            "metadata_misses": list(result.metadata_misses),
        },
        ensure_ascii=False,
        indent=1,
    )


def _scores(scores: Any) -> dict[str, float]:
    return {**{f: getattr(scores, f) for f in _SCORES}, "items": scores.items}


def _group(group: GroupResult) -> dict[str, Any]:
    return {
        "name": group.name,
        "reports": group.reports,
        **_scores(group.scores),
        "intervals": {f: list(pair) for f, pair in group.intervals.items()},
        "evidence_hit": group.evidence_hit,
        "evidence_items": group.evidence_items,
        "applicability": group.applicability,
        "metadata": group.metadata,
        "confusion": [{"gold": g, "told": t, "count": n} for (g, t), n in sorted(group.confusion.items())],
        "calibration": [
            {"from": low, "confidence": mean, "right": right, "answers": n} for low, mean, right, n in group.calibration
        ],
        "worst": [{"id": i, "wrong": w, "weight": t} for i, w, t in group.worst],
        "plain": [{"name": m.name, "threshold": m.threshold, **_scores(m.scores)} for m in group.plain],
    }


RENDERERS: dict[str, Callable[[Assessment, Lang], str]] = {"table": table, "json": as_json, "md": markdown}
