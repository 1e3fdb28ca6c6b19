"""What a check adds to an audit, for people and programs: what fails the gate, what is resolved, and the conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from auditor.baseline import Entry
from auditor.checking import Checked
from auditor.errors import ExitCode
from auditor.findings import Waiver
from auditor.formats import json_, markdown, table
from auditor.formats.cells import visible
from auditor.formats.rows import waiver_line
from auditor.gate import Breach, Totals
from auditor.problems import Kind
from auditor.words import STATUS, Lang, tell

_MOST_IDS = 5

# ---- the last line


def conclusion(checked: Checked, lang: Lang) -> str:
    """The last line of every check: the verdict and how many there are of what."""
    verdict = checked.verdict
    said = tell(lang, "semicolon").join(_counts(verdict.totals, checked, lang))
    if not checked.audit.reports:
        key = "none_checked" if checked.audit.unreadable else "nothing_to_check"
        said = f"{tell(lang, key)}{tell(lang, 'semicolon')}{said}"
    return tell(lang, "conclusion", verdict=tell(lang, verdict.outcome), counts=said)


def undecided(code: ExitCode, lang: Lang, no_path: bool = False) -> str:
    """The last line of a check that came to no verdict; ``no_path``: because a path does not exist."""
    why = "no_path" if no_path else code.name.lower()
    return tell(lang, "conclusion", verdict=tell(lang, "undecided"), counts=tell(lang, f"no_verdict_{why}"))


def is_concluded(text: str) -> bool:
    """Whether a text is an earlier result: its last line is the conclusion of a check, in whichever language."""
    last = (text.rstrip().splitlines() or [""])[-1]
    return any(
        last.startswith(tell(lang, "conclusion", verdict=tell(lang, outcome), counts="\0").partition("\0")[0])
        for lang in Lang
        for outcome in ("pass", "fail", "undecided")
    )


def _counts(totals: Totals, checked: Checked, lang: Lang) -> list[str]:
    told = asdict(totals) | {"passed": totals.reports - totals.failed, "resolved": len(checked.resolved)}
    always = ["count_reports", "count_gaps"]
    if totals.new is not None:
        always += ["count_new", "count_known", "count_resolved"]
    some = ("waived", "figure_errors", "below_threshold", "late", "unreadable", "not_submitted")
    counts = [tell(lang, key, **told) for key in (*always, *(f"count_{name}" for name in some if told[name]))]
    untold = checked.verdict.untold
    return [*counts, tell(lang, "count_untold", untold=untold)] if untold else counts


# ---- what people read


def lines(checked: Checked, lang: Lang) -> list[tuple[str, list[str]]]:
    """What a check has to say beside its audit, as headings with lines; the conclusion is not among them."""
    sources = [audited.report.source for audited in checked.audit.reports]
    units = {source.file: source.unit for source in sources if source.unit}
    named = {
        "breaches": [_breach(b, units, lang) for b in checked.verdict.breaches],
        "waived_gaps": waived_lines(checked, lang),
        "resolved": entry_lines(checked.resolved, lang),
        "left": _left(checked, lang),
        "unreadable": [f"{u.file}: {u.message}" for u in checked.audit.unreadable],
        "not_submitted": [f"{p.whose} {p.file}:{p.start}" for p in checked.problems if p.kind is Kind.NOT_SUBMITTED],
        "notes": list(checked.notes),
    }
    return [(tell(lang, f"head_{key}"), [visible(v) for v in values]) for key, values in named.items() if values]


def _left(checked: Checked, lang: Lang) -> list[str]:
    """Why entries of the baseline were not looked at: their report is not in the run, or not audited for them."""
    sources = [audited.report.source for audited in checked.audit.reports]
    there = {(source.unit, source.year) for source in sources}
    other = [entry for entry in checked.left if (entry.unit, entry.year) in there]
    said = []
    if absent := len(checked.left) - len(other):
        said.append(tell(lang, "left_count", count=absent))
    if other:
        ids = list(dict.fromkeys(entry.obligation for entry in other))
        named = tell(lang, "mark").join(ids[:_MOST_IDS]) + (tell(lang, "and_more") if ids[_MOST_IDS:] else "")
        said.append(tell(lang, "left_rules", count=len(other), ids=named))
    return said


def _breach(breach: Breach, units: Mapping[str, str], lang: Lang) -> str:
    """The criterion, the file and whose report it is, and what is the matter."""
    whose = f"{breach.file} {units.get(breach.file, '')}".rstrip() if breach.file else tell(lang, "whole_run")
    return tell(lang, "breach", criterion=breach.criterion, file=whose, detail=breach.detail)


def waived_lines(checked: Checked, lang: Lang) -> list[str]:
    """One line a waived problem."""
    found = [(p, p.waiver) for p in checked.problems if p.waiver is not None]
    return [_waived(p.file, p.rule, p.title, waiver, lang) for p, waiver in found]


def _waived(file: str, rule: str, title: str, waiver: Waiver, lang: Lang) -> str:
    return f"{file} {rule} {title} {waiver_line(waiver, lang)}"


def entry_lines(entries: Iterable[Entry], lang: Lang) -> list[str]:
    """One line an entry of a baseline."""
    return [f"{e.unit} {e.year} {e.obligation} {status_of(e, lang)}" for e in entries]


def status_of(entry: Entry, lang: Lang) -> str:
    """The status of an entry in words; the expression of a wrong figure as it is."""
    words = STATUS[lang] | {"below-threshold": tell(lang, "below_threshold")}
    return words.get(entry.status, entry.status)


def render_table(checked: Checked, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """The audit's table, what the check says, the conclusion."""
    blocks = [table.render(checked.audit, lang, everything).rstrip("\n")] if checked.audit.reports else []
    for heading, said in lines(checked, lang):
        blocks.append("\n".join([f"▌{heading}", *(f"  {line}" for line in said)]))
    return "\n\n".join([*blocks, conclusion(checked, lang)]) + "\n"


def render_markdown(checked: Checked, lang: Lang = Lang.ZH, everything: bool = False) -> str:
    """The same as Markdown."""
    blocks = [markdown.render(checked.audit, lang, everything).rstrip("\n"), f"## {tell(lang, 'check_title')}"]
    blocks += [listed(heading, said) for heading, said in lines(checked, lang)]
    return "\n\n".join([*blocks, markdown.escape(conclusion(checked, lang))]) + "\n"


def listed(heading: str, said: Sequence[str]) -> str:
    """A heading and its lines as a Markdown list."""
    return "\n".join([f"**{markdown.escape(heading)}**", "", *(f"- {markdown.escape(line)}" for line in said)])


# ---- what programs read


def render_json(checked: Checked, lang: Lang = Lang.ZH, everything: bool = True) -> str:
    """The audit's JSON with a ``check`` beside the reports."""
    return json_.dumped(json_.document(checked.audit) | {"check": _document(checked)})


def _document(checked: Checked) -> dict[str, Any]:
    verdict, gate = checked.verdict, checked.gate
    return {
        "verdict": verdict.outcome,
        "exit_code": int(verdict.exit_code),
        "gate": {
            "fail_on": list(gate.terms),
            "minimum_score": gate.minimum_score,
            "maximum_gaps": dict(gate.maximum_gaps),
            "must_cover": list(gate.must_cover),
            "maximum_unreadable": gate.maximum_unreadable,
        },
        "totals": asdict(verdict.totals) | {"resolved": len(checked.resolved)},
        "breaches": [asdict(breach) for breach in verdict.breaches],
        "not_submitted": [{"unit": m.unit, "level": m.level, "year": m.year, "line": m.line} for m in checked.missing],
        "resolved": [asdict(entry) for entry in checked.resolved],
        "not_checked": [asdict(entry) for entry in checked.left],
        "notes": list(checked.notes),
    }
