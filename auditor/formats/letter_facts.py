"""What a letter of feedback can tell: the audit of one report under the names that templates use (docs/letters.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from auditor.expressions import expression
from auditor.findings import FigureCheck, Finding, ReportAudit, RuleSetRef, Status
from auditor.formats.cells import visible
from auditor.formats.passages import nearest, section_at
from auditor.names import safe_name
from auditor.report import Genre
from auditor.words import GENRE, IMPORTANCE, REASONS, STATUS, Lang, letter_word, notice, say

_LONGEST_QUOTE = 50
_LONGEST_PLACE = 16
_MOST_FACTS = 3
# Reasons that only say what the status means: the letter has its own words for them.
_STOCK = ("evidenced", "asserted", "planned", "acknowledged", "missing", "missing_near")
_IMPORTANCES = ("core", "common", "extended")
# Half-width marks among Chinese become full-width; between digits (1:2, 1,000) they stay.
_MARKS = expression(r"(?<!\d)[,;:]|[,;:](?!\d)|[()]")
_FULL = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "(": "\uff08", ")": "\uff09"}
_IN_TITLE = str.maketrans("《》", "〈〉")
_IN_QUOTE = str.maketrans("“”", "‘’")
# Clauses that tell how to run the auditor: a unit has no use for them.
_SWITCH = expression(r"(?<!\w)--?[a-z]|pip |安装|规则集|install|rule set")

_PIECE_ENDS = ",;\uff0c\uff1b"
_PIECE = expression(f"[^{_PIECE_ENDS}]+[{_PIECE_ENDS}]?")

Facts = dict[str, Any]


def facts(audited: ReportAudit) -> Facts:
    """Everything that a template can name; what the result does not tell is a blank ``____``."""
    source = audited.report.source
    held = audited.findings
    missing = [f for f in held if f.owed and f.status is Status.MISSING]
    announced = [f for f in held if f.owed and f.status is not Status.MISSING]
    gaps = [f for f in held if f.owed]
    unit, year = _or_blank(source.unit), _or_blank(str(source.year or ""))
    return {
        "题目": letter_word("subject", report=_called(source.title, unit, year)),
        "单位": unit,
        "年度": year,
        "报告": _called(source.title, "", year),
        "文件": visible(source.file),
        "文种": GENRE[Lang.ZH][source.genre],
        "是年度报告": source.genre is Genre.ANNUAL_REPORT,
        "规则": "".join(letter_word("rule_set", title=typeset(_title(ref))) for ref in audited.rule_sets),
        "得分": letter_word("no_score") if audited.score is None else f"{audited.score:.1f}",
        "有得分": audited.score is not None,
        "计分项数": sum(f.score is not None and f.waiver is None and f.importance != "extended" for f in held),
        "权重合计": audited.weight,
        "适用项数": sum(f.status is not Status.NOT_APPLICABLE for f in held),
        "缺项数": len(gaps),
        "核心缺项数": sum(f.importance == "core" for f in gaps),
        "状态数": {STATUS[Lang.ZH][status]: audited.counts.get(status, 0) for status in Status},
        "豁免": [
            {"名称": visible(f.title), "理由": visible(f.waiver.reason), "文号": visible(f.waiver.approval_no)}
            for f in held
            if f.waiver
        ],
        "提示": _notices(audited),
        "完整": _clauses([f for f in held if f.status is Status.EVIDENCED and not f.flags and f.evidence]),
        "待写实": _items([f for f in held if f.status.covered and (f.flags or f.status is Status.ASSERTED)]),
        "缺少": _by_importance(missing),
        "计划或自认": _items(announced),
        "数字": [_figure(audited, n, c) for n, c in enumerate(_failed(audited.figures.checks), 1)],
    }


def typeset(text: str) -> str:
    """Our own words as they stand in a letter: one line, with full-width marks."""
    return _MARKS.sub(lambda mark: _FULL[mark[0]], visible(text))


def _or_blank(text: str | None) -> str:
    return visible(text) if text else letter_word("blank")


def _called(title: str | None, unit: str, year: str) -> str:
    """The report's title, or where it has none what it is a report of."""
    if title:
        return letter_word("titled", title=visible(title).translate(_IN_TITLE))
    return letter_word("untitled", unit=unit, year=year)


def _title(ref: RuleSetRef) -> str:
    """The title of a rule set that ships with the auditor; a rule set of one's own is told by its id and version."""
    from auditor.rules import load_head, shipped_sets

    if ref.id in shipped_sets():
        head = load_head(ref.id)
        if head.version == ref.version:
            return head.title
    return f"{ref.id} {ref.version}"


def _notices(audited: ReportAudit) -> list[str]:
    """What is to be known of the audit, without the switches of the command line, which a unit does not have."""
    genre = audited.report.source.genre
    told = {notice(lang, "genre", genre=GENRE[lang][genre]) for lang in Lang}  # templates say it of their own
    found = [text for text in (*audited.notices, *audited.report.warnings) if text not in told]
    kept = ("".join(p for p in _PIECE.findall(text) if not _SWITCH.search(p)) for text in found)
    return [typeset(text.rstrip(_PIECE_ENDS)).rstrip("。") for text in kept if text]


# ---- findings


def _clauses(findings: Iterable[Finding]) -> list[Facts]:
    """Findings under their clauses, in the order of the rule sets."""
    by_clause: dict[str, list[Finding]] = {}
    for finding in findings:
        by_clause.setdefault(finding.clause or finding.part, []).append(finding)
    return [{"条款": typeset(clause), "项": _items(members, sort=False)} for clause, members in by_clause.items()]


def _by_importance(findings: Sequence[Finding]) -> list[Facts]:
    """Core obligations first, each group by clause; items are numbered through within a group."""
    groups = []
    for importance in (
        *_IMPORTANCES,
        *dict.fromkeys(f.importance for f in findings if f.importance not in _IMPORTANCES),
    ):
        members = [f for f in findings if f.importance == importance]
        if members:
            clauses = _clauses(members)
            for number, item in enumerate((item for clause in clauses for item in clause["项"]), 1):
                item["序号"] = number
            groups.append({"重要性": _importance(importance), "项数": len(members), "条款": clauses})
    return groups


def _items(findings: Iterable[Finding], sort: bool = True) -> list[Facts]:
    """Findings as items, the core ones first."""
    held = sorted(findings, key=_not_core) if sort else findings
    return [_item(number, finding) for number, finding in enumerate(held, 1)]


def _not_core(finding: Finding) -> bool:
    return finding.importance != "core"


def _item(number: int, finding: Finding) -> Facts:
    facts_told = [visible(fact) for fact in finding.evidence[0].facts] if finding.evidence else []
    return {
        "序号": number,
        "编号": visible(finding.id),
        "义务": typeset(finding.title),
        "条款": typeset(finding.clause or finding.part),
        "重要性": _importance(finding.importance),
        "状态": STATUS[Lang.ZH][finding.status],
        "事实": say(Lang.ZH, "list_mark").join(facts_told[:_MOST_FACTS]),
        "所见": _seen(finding),
        "建议": typeset(finding.advice),
    }


def _importance(importance: str) -> str:
    return IMPORTANCE[Lang.ZH].get(importance, visible(importance))


def _seen(finding: Finding) -> str:
    """What the report says of an obligation, in one modest sentence."""
    near, reason = nearest(finding), _reason(finding)
    if near is None:
        return letter_word("told", reason=reason) if reason else letter_word("missing")
    passage = _quoted(near.quote, near.section)
    if not finding.evidence:
        return letter_word("missing_near", passage=passage, why=typeset(near.why).rstrip("。"))
    if finding.status.covered and reason:
        return letter_word("flagged", passage=passage, reason=reason)
    more = letter_word("told", reason=reason) if reason else ""
    return letter_word(finding.status, passage=passage) + more


def _reason(finding: Finding) -> str:
    """Why the status, where that is more than the status itself says."""
    reason = finding.reason
    for stock in (words[key] for words in REASONS.values() for key in _STOCK):
        reason = reason.removeprefix(stock)
    return typeset(reason).strip("。\uff1b ")


def _quoted(quote: str, section: tuple[str, ...]) -> str:
    shown = _cut(quote, _LONGEST_QUOTE)
    if not section:
        return letter_word("quoted", quote=shown)
    return letter_word("quoted_in", quote=shown, place=_cut(section[-1], _LONGEST_PLACE))


def _cut(text: str, longest: int) -> str:
    """One line of a report's own words, to stand between quotation marks."""
    line = visible(text)
    return (line if len(line) <= longest else line[: longest - 1] + "…").translate(_IN_QUOTE)


# ---- figures


def _failed(checks: Iterable[FigureCheck]) -> list[FigureCheck]:
    return [c for c in checks if c.verdict == "fails"]


def _figure(audited: ReportAudit, number: int, check: FigureCheck) -> Facts:
    return {
        "序号": number,
        "类别": say(Lang.ZH, f"kind_{check.kind}"),
        "引文": _quoted(check.quote, section_at(audited.report, check.start)),
        "算式": visible(check.expression),
        "理由": typeset(check.reason).rstrip("。"),
    }


# ---- the file


def file_name(audited: ReportAudit) -> str:
    """The letter's file name, with nothing in it that a file system refuses; the caller makes names unique."""
    source = audited.report.source
    stem = source.unit or source.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    year = letter_word("file_year", year=source.year) if source.year else ""
    return letter_word("file_name", name=safe_name(stem, letter_word("blank")), year=year)
