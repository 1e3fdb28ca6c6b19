"""A comparison of reports for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from auditor.formats.cells import clip, clip_path, columns, fold, hanging, screen_width, visible
from auditor.formats.json_ import FORMAT, dumped, pair_document, source_document
from auditor.words import STATUS, Lang, say

if TYPE_CHECKING:
    from auditor.comparison import Comparison
    from auditor.leftovers import Leftover
    from auditor.yearly import Change, Repeated, YearOnYear

SHOWN_PASSAGES = 5
SHOWN_SENTENCES = 20
_COURSES = ("improved", "worsened", "still_gap")
_REUSES = ("numbers_unchanged", "numbers_changed", "exact", "alike")


def table(result: Comparison, lang: Lang, everything: bool) -> str:
    """Year on year, copied text, leftovers; with ``everything`` also what did not change, and every passage."""
    width = screen_width()
    blocks = [_year(each, lang, everything, width) for each in result.years]
    blocks.append("\n".join([*_titled(say(lang, "pairs"), width), *_pairs(result, lang, everything, width)]))
    blocks.append("\n".join([*_titled(say(lang, "leftovers"), width), *_leftovers(result, lang, width)]))
    counts = {"reports": result.reports, "pairs": len(result.pairs), "leftovers": len(result.leftovers)}
    return "\n\n".join([*blocks, "\n".join(fold(say(lang, "compared", **counts), width))]) + "\n"


def _titled(title: str, width: int) -> list[str]:
    return ["═" * width, clip(visible(title), width), "─" * width]


def _year(each: YearOnYear, lang: Lang, everything: bool, width: int) -> str:
    unit = each.after.unit or each.after.file
    title = say(lang, "year_on_year", unit=unit, before=each.before.year, after=each.after.year)
    courses: Counter[str] = Counter(c.course for c in each.changes)
    reuses: Counter[str] = Counter(r.reuse for r in each.repeated)
    lines = [
        *_titled(title, width),
        *fold(say(lang, "new_share", share=f"{each.new_share:.0%}"), width),
        *fold(say(lang, "courses", **{key: courses.get(key, 0) for key in _COURSES}), width),
        *fold(say(lang, "repeated", **{key: reuses.get(key, 0) for key in _REUSES}), width),
        "",
    ]
    shown = [c for c in each.changes if everything or c.course != "unchanged" or c.reuse != "none"]
    heads = [say(lang, key) for key in ("id", "obligation", "course", "statuses", "reuse", "quote")]
    lines += columns(heads, [_change_row(c, lang, width) for c in shown], width)
    return "\n".join([*lines, *_same_numbers(each, lang, everything, width)])


def _same_numbers(each: YearOnYear, lang: Lang, everything: bool, width: int) -> list[str]:
    """The sentences of last year's report whose figures were left as they were."""
    same = [visible(r.quote) for r in each.repeated if r.reuse == "numbers_unchanged"]
    shown = same if everything else same[:SHOWN_SENTENCES]
    lines = ["", *fold(say(lang, "same_numbers"), width)] if same else []
    for quote in shown:
        first, *others = fold(f"● 「{quote}」", width - 2)
        lines += [first, *(f"  {line}" for line in others)]
    if len(same) > len(shown):
        lines += hanging("  " + say(lang, "more_sentences", count=len(same) - len(shown)), width)
    return lines


def _change_row(change: Change, lang: Lang, width: int) -> list[str]:
    course = say(lang, change.course)
    if change.course == "still_gap" and change.gap_years > 1:
        course += "\n" + say(lang, "gap_years", count=change.gap_years)
    status = STATUS[lang][change.before] + " → " + STATUS[lang][change.after]
    quote = visible(change.quote) if change.reuse != "none" else ""
    texts = ["\n".join(fold(visible(change.title), 20)), course, status, say(lang, f"reuse_{change.reuse}")]
    return [change.id, *texts, "\n".join(fold(clip(quote, 160), max(24, width - 86)))]


def _pairs(result: Comparison, lang: Lang, everything: bool, width: int) -> list[str]:
    if not result.pairs:
        return fold(say(lang, "no_pairs"), width)
    lines: list[str] = []
    for pair in result.pairs:
        values = {"first": pair.first.file, "second": pair.second.file, "share": f"{pair.share:.0%}"}
        counts = {"characters": pair.characters, "passages": len(pair.passages)}
        lines += fold("● " + visible(say(lang, "pair", **values, **counts)), width)
        best = sorted(pair.passages, key=lambda p: (-p.weight * p.likeness * len(p.first), p.first_start))
        kept = sorted(best if everything else best[:SHOWN_PASSAGES], key=lambda p: p.first_start)
        half = (width - 8) // 2
        body = [["\n".join(fold(visible(t), half)) for t in (p.first, p.second)] for p in kept]
        heads = [clip_path(visible(name), half) for name in (pair.first.file, pair.second.file)]
        lines += [f"  {line}" for line in columns(heads, body, width - 2)]
        if len(best) > len(kept):
            lines += hanging("  " + say(lang, "more_passages", count=len(best) - len(kept)), width)
        lines.append("")
    return lines[:-1]


def _leftovers(result: Comparison, lang: Lang, width: int) -> list[str]:
    if not result.leftovers:
        return fold(say(lang, "no_leftovers"), width)
    lines = []
    for left in result.leftovers:
        what = say(lang, f"leftover_{left.kind}", **({"name": left.name} | ({"unit": left.unit} if left.unit else {})))
        first, *others = fold(visible(f"● {left.file}: {what}「{left.quote}」"), width - 2)
        lines += [first, *(f"  {line}" for line in others)]
    return lines


# ---- for programs


def as_json(result: Comparison, _lang: Lang, _everything: bool) -> str:
    """All that was found: the contract of ``docs/json.md``."""
    return dumped(
        {
            "format": FORMAT,
            "reports": result.reports,
            "years": [_year_document(y) for y in result.years],
            "pairs": [pair_document(p) for p in result.pairs],
            "leftovers": [_leftover_document(x) for x in result.leftovers],
            "unreadable": [{"file": u.file, "code": u.code, "message": u.message} for u in result.unreadable],
        }
    )


def _year_document(year: YearOnYear) -> dict[str, Any]:
    return {
        "before": source_document(year.before),
        "after": source_document(year.after),
        "new_share": year.new_share,
        "changes": [_change_document(c) for c in year.changes],
        "repeated": [_repeated_document(r) for r in year.repeated],
    }


def _change_document(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "title": change.title,
        "importance": change.importance,
        "before": change.before,
        "after": change.after,
        "course": change.course,
        "gap_years": change.gap_years,
        "reuse": change.reuse,
        "quote": change.quote,
        "start": change.start,
        "end": change.end,
        "earlier": change.earlier,
        "earlier_start": change.earlier_start,
        "earlier_end": change.earlier_end,
    }


def _repeated_document(repeated: Repeated) -> dict[str, Any]:
    return {
        "reuse": repeated.reuse,
        "quote": repeated.quote,
        "start": repeated.start,
        "end": repeated.end,
        "earlier": repeated.earlier,
        "earlier_start": repeated.earlier_start,
        "earlier_end": repeated.earlier_end,
    }


def _leftover_document(left: Leftover) -> dict[str, Any]:
    return {
        "file": left.file,
        "kind": left.kind,
        "name": left.name,
        "unit": left.unit,
        "quote": left.quote,
        "start": left.start,
        "end": left.end,
    }


RENDERERS: dict[str, Callable[[Comparison, Lang, bool], str]] = {"table": table, "json": as_json}
