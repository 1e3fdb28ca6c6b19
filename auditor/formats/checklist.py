"""The author's checklist, for a terminal or as plain text: short, worst first, in plain words."""

from __future__ import annotations

from collections import Counter

from auditor.findings import Flag, Status
from auditor.formats import rows
from auditor.formats.cells import GAP, Painted, clip, fold, hanging, paint, screen_width, visible, width_of
from auditor.review import Changes, Checklist, Content, Deadline, Item, Passage, Place, Rank, sample
from auditor.words import IMPORTANCE, LEVEL, Lang, reason, review_word, say

WORST = 10
PAGE_WIDTH = 80
LONGEST_QUOTE = 60
LONGEST_HEADING = 30
_SIGNS = {Status.EVIDENCED: ("✓", "evidenced"), Status.ASSERTED: ("△", "planned")}


def render(made: Checklist, lang: Lang, everything: bool = False, width: int | None = None) -> str:
    """The deadlines, the five contents, the ten worst items (or all), and on the last line the sum (``Painted``)."""
    width = width or screen_width()
    lines = [*_head(made, lang, width), "", *_contents(made, lang, width)]
    lines += ["", *_mend(made, lang, everything, width)]
    if everything and made.gain:
        lines += ["", *_heading(review_word(lang, "gain", count=len(made.gain)), width)]
        lines += _numbered(made.gain, lang, width)
    return Painted("\n".join([*lines, "─" * width, *fold(_sum(made, lang), width)]) + "\n")


def changed(changes: Changes, before: float | None, after: float | None, lang: Lang) -> str:
    """What the last save mended and what it brought, and the score before and after (``Painted``)."""
    width = screen_width()
    lines = ["─" * width]
    for key, names in (("mended", changes.mended), ("arisen", changes.arisen), ("shifted", changes.shifted)):
        if names:
            shown = say(lang, "list_mark").join(visible(name) for name in names)
            lines += hanging(review_word(lang, key, count=len(names), names=shown), width)
    if len(lines) == 1:
        lines += fold(review_word(lang, "nothing_changed"), width)
    if before != after and before is not None and after is not None:
        lines += fold(review_word(lang, "score_change", before=f"{before:.1f}", after=f"{after:.1f}"), width)
    return Painted("\n".join(lines))


# ---- what report, by when


def _head(made: Checklist, lang: Lang, width: int) -> list[str]:
    source = made.audited.report.source
    level = LEVEL[lang][source.level] if source.level else review_word(lang, "no_level")
    year = review_word(lang, "of_year", year=source.year) if source.year else review_word(lang, "no_year")
    lines = ["═" * width, clip(visible(source.title or source.unit or source.file), width), "─" * width]
    lines += fold(" · ".join([visible(source.unit or review_word(lang, "no_unit")), level, year]), width)
    for text in _due(made, lang):
        lines += hanging(text, width)
    for notice in (*made.audited.notices, *made.audited.report.warnings):
        told = hanging(review_word(lang, "first_see", notice=visible(str(notice))), width)
        lines += [paint(line, "warning") for line in told]
    return lines


def _due(made: Checklist, lang: Lang) -> list[str]:
    source = made.audited.report.source
    if source.year is None:
        return [review_word(lang, "due_no_year")]
    if not made.deadlines:
        return [review_word(lang, "due_not_bound", year=source.year)]
    due = [_deadline(each, lang) for each in made.deadlines]
    return due if source.level else [*due, review_word(lang, "due_no_level")]


def _deadline(each: Deadline, lang: Lang) -> str:
    key = "today" if each.days == 0 else "left" if each.days > 0 else "past"
    return review_word(lang, f"{each.kind}_{key}", last=each.last.isoformat(), days=abs(each.days))


# ---- the five contents


def _contents(made: Checklist, lang: Lang, width: int) -> list[str]:
    if not made.contents:
        return fold(review_word(lang, "contents_not_bound"), width)
    lines = _heading(review_word(lang, "contents"), width)
    for content in made.contents:
        sign, colour = (
            ("○", "not_applicable") if _optional(content) else _SIGNS.get(content.finding.status, ("✗", "missing"))
        )
        title = visible(content.finding.title.rpartition(":")[2])
        lines += _signed(f" {sign} ", colour, f"{title}{_found(content, lang)}", width)
        if content.finding.advice and not _optional(content):
            lines += _entry("how", visible(content.finding.advice), lang, width)
    return lines


def _optional(content: Content) -> bool:
    return content.finding.status.gap and not content.lacking


def _found(content: Content, lang: Lang) -> str:
    """Where the content stands, what is thin about it, or that it is lacking."""
    if _optional(content):
        return review_word(lang, "optional")
    where = review_word(lang, "stands_in", place=_place(content.place, lang))
    if content.finding.status is Status.EVIDENCED:
        return where
    why = review_word(lang, "because", reason=visible(content.finding.reason))
    return why if content.lacking else where + why


# ---- the items


def _mend(made: Checklist, lang: Lang, everything: bool, width: int) -> list[str]:
    if not made.mend:
        return fold(review_word(lang, "nothing_to_mend"), width)
    shown = made.mend if everything else made.mend[:WORST]
    key = "mend" if len(shown) == len(made.mend) else "mend_worst"
    lines = _heading(review_word(lang, key, count=len(made.mend), shown=len(shown)), width)
    lines += fold(review_word(lang, "blanks"), width)
    lines += _numbered(shown, lang, width)
    if rest := _rest(made, len(shown), everything, lang):
        lines += ["", *fold(rest, width)]
    return lines


def _rest(made: Checklist, shown: int, everything: bool, lang: Lang) -> str:
    """How many items of which kind only ``--all`` shows."""
    left = made.mend[shown:] if everything else (*made.mend[shown:], *made.gain)
    counts = Counter(item.rank for item in left)
    if not counts:
        return ""
    kinds = say(lang, "list_mark").join(
        review_word(lang, f"rank_{r.name.lower()}", count=counts[r]) for r in sorted(counts)
    )
    return review_word(lang, "rest", count=len(left), kinds=kinds)


def _numbered(items: tuple[Item, ...], lang: Lang, width: int) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(items, 1):
        word, colour = _kind(item, lang)
        mark = review_word(lang, "mark", word=word)
        lines += ["", *_signed(f"{number:>2}. {mark} ", colour, _title(item, lang), width)]
        lines += _entry("lack", _lack(item, lang), lang, width)
        lines += _entry("place", _place(item.place, lang), lang, width)
        lines += _advice(item, lang, width)
    return lines


def _title(item: Item, lang: Lang) -> str:
    if item.finding is None:
        return visible(item.check.expression) if item.check else ""
    importance = IMPORTANCE[lang].get(item.finding.importance, item.finding.importance)
    clause = "" if item.form else visible(item.finding.clause or item.finding.part)
    told = review_word(lang, "comma").join(filter(None, (importance, clause, item.finding.id)))
    return review_word(lang, "item", title=visible(item.finding.title), told=told)


def _kind(item: Item, lang: Lang) -> tuple[str, str]:
    """The word that heads an item, and its colour."""
    if item.finding is None:
        return review_word(lang, "kind_figure"), "missing"
    status: str = item.finding.status
    if item.finding.status.gap and item.form:
        return review_word(lang, "kind_form_missing"), status
    if item.finding.status.gap:
        return review_word(lang, f"kind_{status}"), status
    flag = next((f for f in (Flag.BELOW_THRESHOLD, Flag.COPIED_WORDING) if f in item.finding.flags), None)
    if flag is not None:
        return review_word(lang, f"kind_{flag}"), "warning"
    if item.rank is Rank.ADMITTED:
        return review_word(lang, "kind_admitted"), "warning"
    return review_word(lang, "kind_form" if item.rank is Rank.FORM else "kind_thin"), status


def _lack(item: Item, lang: Lang) -> str:
    """What is lacking, in plain words, and the nearest passage with why it does not count."""
    if item.finding is None:
        return _joined(visible(item.check.reason) if item.check else "", item.passage, lang)
    finding = item.finding
    if item.form:
        return visible(finding.reason)
    if item.rank is Rank.WRONG:
        told = finding.reason.removeprefix(reason(lang, finding.status)).lstrip("; ")
        return _joined(visible(told), item.passage, lang)
    key = "missing_near" if finding.status is Status.MISSING and item.passage else finding.status.value
    if item.rank in (Rank.COPIED, Rank.ADMITTED):
        key = item.rank.name.lower()
    return _joined(review_word(lang, f"lack_{key}"), item.passage, lang)


def _joined(text: str, passage: Passage | None, lang: Lang) -> str:
    if passage is None:
        return text
    quote = visible(passage.quote)
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 1] + "…"
    why = review_word(lang, "because", reason=visible(passage.why)) if passage.why else ""
    return review_word(lang, "with_passage", text=text, quote=quote, why=why)


def _place(place: Place, lang: Lang) -> str:
    if place.part != "section":
        return review_word(lang, f"place_{place.part}")
    heading = visible(place.heading)
    return review_word(
        lang, "place_section", heading=heading[:LONGEST_HEADING] + "…" * (len(heading) > LONGEST_HEADING)
    )


def _advice(item: Item, lang: Lang, width: int) -> list[str]:
    if item.finding is None:
        return _entry("how", review_word(lang, "figure_advice"), lang, width)
    sentence = sample(item.finding.advice)
    if sentence is not None:
        return _entry("sample", visible(sentence), lang, width)
    return _entry("how", visible(item.finding.advice), lang, width) if item.finding.advice else []


# ---- the sum, and how lines are laid out


def _sum(made: Checklist, lang: Lang) -> str:
    count = len(made.mend) + len(made.lacking)
    core = sum(i.core for i in made.mend) + sum(c.finding.importance == "core" for c in made.lacking)
    figures = sum(i.check is not None for i in made.mend)
    gain = len(made.gain) + sum(c.finding.status is Status.ASSERTED for c in made.contents)
    score = rows.score_line(made.audited, lang)
    contents = review_word(lang, "sum_contents", count=len(made.lacking)) if made.lacking else ""
    return review_word(lang, "sum", count=count, contents=contents, core=core, figures=figures, gain=gain, score=score)


def _heading(text: str, width: int) -> list[str]:
    return [paint(line, "strong") for line in fold(f"▌{text}", width)]


def _signed(sign: str, colour: str, text: str, width: int) -> list[str]:
    """``sign text`` with the sign coloured and the text folded."""
    first, *others = hanging(sign + text, width, 4)
    return [paint(first[: len(sign)], colour) + first[len(sign) :], *others]


def _entry(key: str, text: str, lang: Lang, width: int) -> list[str]:
    """``label  text`` under an item, the text folded beside its label."""
    label = review_word(lang, f"label_{key}")
    margin = 4 + max(width_of(review_word(lang, f"label_{k}")) for k in ("lack", "place", "how", "sample")) + GAP
    first, *others = fold(text, width - margin)
    head = " " * 4 + label
    return [head + " " * (margin - width_of(head)) + first, *(" " * margin + line for line in others)]
