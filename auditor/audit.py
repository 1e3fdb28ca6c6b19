"""The meeting point: one file or one report in, its audit out; which rule sets apply is chosen by the report year."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.compiled import compiled, heads
from auditor.doubt import review
from auditor.errors import NoRuleSet, UnreadableFile
from auditor.figures import check_figures
from auditor.findings import Figures, Finding, Group, ReportAudit, Status, Unreadable
from auditor.form import check_form
from auditor.indicators import read_indicators
from auditor.judging import Candidate, Judge
from auditor.obligations import Rule, RuleSet, RuleSetHead
from auditor.options import Options
from auditor.polarity import nil_report
from auditor.quantities import numbers
from auditor.readers import read_bytes, read_file
from auditor.report import Extracted, Genre, Level, Report, Role, Source
from auditor.structure import structure
from auditor.words import GENRE, LEVEL, Lang, notice, say

REPORT_RULES = "bg"


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One candidate passage as ``explain`` shows it."""

    quote: str
    start: int
    end: int
    section: tuple[str, ...]
    role: Role
    pattern: str
    anchors: tuple[str, ...]
    similarity: float
    polarity: str
    subject: str
    year: str
    facts: tuple[str, ...]
    decision: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an obligation got its status in a report: every candidate passage, and the finding they led to."""

    rule: Rule
    finding: Finding
    candidates: tuple[CandidateView, ...]


# ---- which rules


def choose_rule_sets(year: int | None, options: Options) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of the rule sets that bind a report of this year, and notices.

    A year after the newest plan's last uses that plan, with a notice. Raises NoRuleSet for a year before every set.
    """
    if options.rule_sets:
        return options.rule_sets, ()
    known = heads(options.rules_dir)
    plans = {s: h for s, h in known.items() if s != REPORT_RULES}
    if year is None:
        newest = max(plans, key=lambda s: plans[s].years.from_)
        return _with_form((newest,), None, known), (notice(options.lang, "no_year", set=newest),)
    fitting = [s for s, h in plans.items() if h.years.from_ <= year and (h.years.to is None or year <= h.years.to)]
    if fitting:
        return _with_form(tuple(sorted(fitting)), year, known), ()
    latest = max(plans, key=lambda s: plans[s].years.to or 9999)
    last = plans[latest].years.to
    if last is not None and year > last:
        return _with_form((latest,), year, known), (notice(options.lang, "after", year=year, last=last, set=latest),)
    first = min(h.years.from_ for h in plans.values())
    raise NoRuleSet(notice(options.lang, "before", year=year, first=first))


def _with_form(plans: tuple[str, ...], year: int | None, heads: dict[str, RuleSetHead]) -> tuple[str, ...]:
    if REPORT_RULES not in heads:
        return plans
    return (*plans, REPORT_RULES) if year is None or year >= heads[REPORT_RULES].years.from_ else plans


# ---- auditing


def read_report(path: Path, name: str, options: Options) -> Report:
    """Read and structure one file. Raises UnreadableFile."""
    extracted, sha256 = read_file(path, name, options.encoding)
    return _structured(extracted, name, sha256, options)


def report_from_bytes(data: bytes, name: str, options: Options) -> Report:
    """Read and structure a report held in memory. Raises UnreadableFile."""
    extracted = read_bytes(data, name, options.encoding)
    return _structured(extracted, name, _sha256(data), options)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _structured(extracted: Extracted, name: str, sha256: str, options: Options) -> Report:
    report = structure(
        extracted, name, sha256, year=options.year, level=options.level, unit=options.unit, lang=options.lang
    )
    if options.told_by == "option":
        return report
    return _as_listed(report, structure(extracted, name, sha256).source, options)


def _as_listed(report: Report, read: Source, options: Options) -> Report:
    """The report with what a list of submissions tells of it, and warnings where the text itself tells otherwise."""
    lang, source = options.lang, report.source
    told = {name: getattr(options, name) for name in ("unit", "level", "year", "submitted", "url")}
    found = source.found | {name: options.told_by for name, value in told.items() if value is not None}
    warnings = [
        notice(lang, "listed", field=say(lang, name), listed=_shown(value, lang), read=_shown(other, lang))
        for name, value in told.items()
        if value is not None and (other := getattr(read, name)) not in (None, value)
    ]
    source = replace(source, submitted=options.submitted, url=options.url, found=found)
    return replace(report, source=source, warnings=(*report.warnings, *warnings))


def _shown(value: object, lang: Lang) -> str:
    return LEVEL[lang][value] if isinstance(value, Level) else str(value)


def audit_report(report: Report, options: Options | None = None) -> ReportAudit:
    """Audit a structured report. Raises NoRuleSet when its year lies before every rule set."""
    return _judged(report, options or Options())[0]


def _judged(report: Report, options: Options) -> tuple[ReportAudit, Judge]:
    set_ids, notices = choose_rule_sets(report.source.year, options)
    sets, matcher = compiled(set_ids, options.rules_dir)
    judge = Judge(report, matcher, options.lang)
    findings: list[Finding] = []
    for rule_set in sets:
        for rule in rule_set.rules:
            if rule.check is None:
                findings.append(judge.finding(rule, rule_set.head))
    for rule_set in sets:
        findings.extend(check_form(rule_set, report, judge, tuple(findings)))
    order = {r.id: i for i, r in enumerate(r for s in sets for r in s.rules)}
    findings.sort(key=lambda f: order[f.id])
    score, weight = score_of(findings, sets)
    counts = Counter(f.status for f in findings)
    audit = ReportAudit(
        report=report,
        rule_sets=tuple(s.ref for s in sets),
        score=score,
        weight=weight,
        counts={s.value: counts.get(s, 0) for s in Status},
        groups=groups_of(findings, sets),
        findings=tuple(findings),
        sentences=len(report.sentences),
        notices=(*notices, *_source_notices(report, options.lang)),
    )
    return audit, judge


def _source_notices(report: Report, lang: Lang) -> tuple[str, ...]:
    notices = []
    source = report.source
    if source.genre is not Genre.ANNUAL_REPORT:
        notices.append(notice(lang, "genre", genre=GENRE[lang][source.genre]))
    if source.level is None:
        notices.append(notice(lang, "no_level"))
    return tuple(notices)


def score_of(findings: list[Finding], sets: tuple[RuleSet, ...]) -> tuple[float | None, int]:
    """The report's score (0-100, one decimal) and its denominator: the weights of the scored obligations.

    What does not apply and what is waived does not enter.
    """
    weights = {r.id: s.head.scoring.weights for s in sets for r in s.rules}
    total = weight = 0
    for finding in findings:
        if finding.score is None or finding.waiver is not None:
            continue
        share = weights[finding.id][finding.importance]  # type: ignore[index]
        total += share * finding.score
        weight += share
    return (round(total / weight, 1) if weight else None), weight


def with_findings(audited: ReportAudit, findings: tuple[Finding, ...], options: Options) -> ReportAudit:
    """The audit with its findings marked otherwise (waived, known), scored anew."""
    sets, _ = compiled(tuple(ref.id for ref in audited.rule_sets), options.rules_dir)
    score, weight = score_of(list(findings), sets)
    return replace(audited, findings=findings, score=score, weight=weight)


def groups_of(findings: list[Finding], sets: tuple[RuleSet, ...]) -> tuple[Group, ...]:
    """Packages first, then the clauses of each instrument, each with how many applicable obligations are covered."""
    by_id = {f.id: f for f in findings}
    groups: list[Group] = []
    for rule_set in sets:
        for package in rule_set.head.packages:
            members = [by_id[m] for m in package.members if m in by_id]
            groups.append(_group(package.id, package.title, members))
    for rule_set in sets:
        clauses: dict[str, list[Finding]] = {}
        for rule in rule_set.rules:
            clauses.setdefault(rule.clause or rule.part, []).append(by_id[rule.id])
        groups.extend(_group(_clause_id(members), title, members) for title, members in clauses.items())
    return tuple(groups)


def _clause_id(members: list[Finding]) -> str:
    first = members[0].id
    return first.rsplit("-", 1)[0] if first.count("-") == 2 else first


def _group(group_id: str, title: str, members: list[Finding]) -> Group:
    applicable = [m for m in members if m.status is not Status.NOT_APPLICABLE]
    return Group(group_id, title, sum(m.status.covered for m in applicable), len(applicable))


def audit_file(path: Path, name: str, options: Options) -> ReportAudit | Unreadable:
    """Audit one file, its figures beside the findings; what cannot be read comes back as a value, so that a batch goes on."""
    return _audited(lambda: read_file(path, name, options.encoding), name, options)


def audit_bytes(
    data: bytes,
    name: str,
    options: Options,
    extract: Callable[[bytes, str, str | None], Extracted] = read_bytes,
) -> ReportAudit | Unreadable:
    """Audit a report held in memory as ``audit_file`` does a file; ``extract`` yields its text."""
    return _audited(lambda: (extract(data, name, options.encoding), _sha256(data)), name, options)


def _audited(read: Callable[[], tuple[Extracted, str]], name: str, options: Options) -> ReportAudit | Unreadable:
    try:
        extracted, sha256 = read()
        report = _structured(extracted, name, sha256, options)
        audit, judge = _judged(report, options)
    except UnreadableFile as error:
        return Unreadable(error.file, error.code, error.said(options.lang))
    except NoRuleSet as error:
        return Unreadable(name, "year", error.told(options.lang))
    figures = Figures(judge.figure_checks, read_indicators(report, options.rules_dir, judge.numbers))
    return review(replace(audit, figures=figures), extracted, options.lang)


def figures_of(report: Report, options: Options) -> Figures:
    """What a report's numbers tell: the checks of its arithmetic and the indicators."""
    read = numbers(report)
    return Figures(check_figures(report, options.lang, read), read_indicators(report, options.rules_dir, read))


# ---- explaining


def explain(report: Report, obligation_id: str, options: Options) -> Explanation:
    """Why an obligation got its status. Raises NoRuleSet, or KeyError when no loaded set has the obligation."""
    audit, judge = _judged(report, options)
    sets, _ = compiled(tuple(ref.id for ref in audit.rule_sets), options.rules_dir)
    finding = next((f for f in audit.findings if f.id == obligation_id), None)
    rule = next((r for s in sets for r in s.rules if r.id == obligation_id), None)
    if rule is None or finding is None:
        raise KeyError(obligation_id)
    views = (
        tuple(_view(judge, c) for c in (*judge.candidates(rule), *judge.mentions(rule))) if rule.check is None else ()
    )
    return Explanation(rule, finding, views)


def _view(judge: Judge, candidate: Candidate) -> CandidateView:
    quote, start, end = judge.quote(candidate)
    reading = judge.readings[candidate.sentence]
    sentence = reading.sentence
    clauses = reading.clauses[candidate.first : candidate.last + 1]
    decision = str(candidate.strength) if candidate.strength else str(candidate.kind)
    if candidate.why:
        decision = f"{decision}: {candidate.why}"
    return CandidateView(
        quote=quote,
        start=start,
        end=end,
        section=judge.report.section_path(sentence.section),
        role=sentence.role,
        pattern=candidate.match.pattern.name if candidate.match.pattern else "topic",
        anchors=(*(sentence.text[h.start : h.end] for h in candidate.match.hits), *candidate.match.borrowed),
        similarity=round(candidate.match.similarity, 3),
        polarity=",".join(dict.fromkeys(c.polarity for c in clauses))
        + (",nil" if nil_report(judge.readings[candidate.sentence].text_of(candidate.first, candidate.last)) else ""),
        subject=",".join(dict.fromkeys(c.subject for c in clauses)),
        year=",".join(dict.fromkeys(c.year for c in clauses)),
        facts=judge.evidence(candidate).facts,
        decision=decision,
    )
