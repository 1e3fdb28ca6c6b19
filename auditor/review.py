"""What an author has to mend in a report: the worst first, each with where to write it and how; the days that are left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import IntEnum

from auditor.deadlines import publication, submission
from auditor.expressions import expression
from auditor.findings import FigureCheck, Finding, Flag, ReportAudit, Status
from auditor.report import Report, Role


class Rank(IntEnum):
    """How urgent an item is, the worst first; up to FORM it is to be mended, after that the text can only gain."""

    CORE_MISSING = 1
    CORE_NOT_DONE = 2  # a core obligation that is only planned, or only admitted to be lacking
    WRONG = 3  # a figure below its threshold, figures that contradict each other
    GAP = 4  # any gap of a common obligation
    COPIED = 5
    FORM = 6  # title, signature, numbering …: partly as it should be
    THIN = 7  # claimed without a fact
    ADMITTED = 8  # told as done, and as a shortcoming too: both is honest, they must only agree
    HINT = 9  # not scored


@dataclass(frozen=True, slots=True)
class Place:
    """Where to write: a ``heading`` of this very report, or, where that is empty, the ``part`` that such work belongs to.

    ``part`` is ``section`` (the heading says all), ``work``, ``leader``, ``problem``, ``plan``, ``other``, ``title``,
    ``ends``, ``signature``, ``site``, ``headings``, ``answers`` or ``whole``.
    """

    part: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the report that stand nearest, and ``why`` they do not count (empty where they do)."""

    quote: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to mend: a ``finding``, or a ``check`` of figures that failed."""

    rank: Rank
    place: Place
    finding: Finding | None = None
    check: FigureCheck | None = None
    passage: Passage | None = None

    @property
    def core(self) -> bool:
        return self.finding is not None and self.finding.importance == "core"

    @property
    def form(self) -> bool:
        """Whether it is about the report's own form, whose reasons say what is wrong."""
        return self.finding is not None and self.finding.id in _FORM_PLACES

    @property
    def key(self) -> str:
        """The same for the same item in another version of the report."""
        if self.finding is not None:
            return self.finding.id
        return f"{self.check.kind} {self.check.expression}" if self.check else ""


@dataclass(frozen=True, slots=True)
class Content:
    """One of the five contents that a report must have, and where it stands or belongs."""

    finding: Finding
    place: Place

    @property
    def lacking(self) -> bool:
        """Whether it must be written: the fifth one may be left out."""
        return self.finding.status.gap and self.finding.importance != "extended"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that the report is due (``kind``: ``submit`` or ``publish``), and how many days are left; below 0: past."""

    kind: str
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class Checklist:
    """What an author needs to know: ``mend`` must be done, ``gain`` can be; both the worst first.

    ``contents`` and ``deadlines`` are empty where their rules do not bind the report's year; ``deadlines`` also where
    the year is not known.
    """

    audited: ReportAudit
    contents: tuple[Content, ...]
    mend: tuple[Item, ...]
    gain: tuple[Item, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def lacking(self) -> tuple[Content, ...]:
        return tuple(c for c in self.contents if c.lacking)

    @property
    def bound(self) -> bool:
        """Whether the rules on form, contents and deadlines were applied."""
        return bool(self.contents)


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the things to mend since another version: their names, in the order of the checklists."""

    mended: tuple[str, ...]
    arisen: tuple[str, ...]
    shifted: tuple[str, ...] = ()  # still to be mended, but otherwise than before


# The five contents, by the part of the report that they are; and where the form obligations are mended.
_CONTENTS = {"BG-05": "work", "BG-06": "problem", "BG-07": "leader", "BG-08": "plan", "BG-09": "other"}
_FORM_PLACES = {
    "BG-01": "title",
    "BG-02": "ends",
    "BG-03": "signature",
    "BG-04": "site",
    "BG-10": "headings",
    "BG-11": "whole",
    "BG-12": "whole",
    "BG-13": "whole",
    "BG-14": "answers",
    "BG-15": "whole",
}
_FIGURES_ID = "BG-13"  # what it says is said by the failed checks, one by one
_LEADER_IDS = ("GY21-32-04", "GY21-32-05", "GY15-41-01")
# Characters in a row that a heading shares with the title of what it tells, or with the clause.
_LEAST_OF_TITLE, _LEAST_OF_CLAUSE = 3, 4
_IMPORTANCE = {"core": 0, "common": 1, "extended": 2}


def checklist(audited: ReportAudit, as_of: date) -> Checklist:
    """The checklist of an audited report on the day ``as_of``."""
    contents = tuple(_content(f, audited.report) for f in audited.findings if f.id in _CONTENTS)
    failed = [c for c in audited.figures.checks if c.verdict == "fails"]
    items = [_failed(check, audited.report) for check in failed]
    items += _items(audited, bool(failed))
    order = {f.id: at for at, f in enumerate(audited.findings)}
    items.sort(key=lambda i: (i.rank, i.check is not None, *_weight(i), order.get(i.key, 0)))
    return Checklist(
        audited=audited,
        contents=contents,
        mend=tuple(i for i in items if i.rank <= Rank.FORM),
        gain=tuple(i for i in items if i.rank > Rank.FORM),
        deadlines=_deadlines(audited, as_of) if contents else (),
    )


def changes(before: Checklist, after: Checklist) -> Changes:
    """What was mended and what arose between two versions of one report."""
    old, new = _to_mend(before), _to_mend(after)
    return Changes(
        mended=tuple(name for key, name in old.items() if key not in new),
        arisen=tuple(name for key, name in new.items() if key not in old),
        shifted=tuple(
            new[key] for key in new if key in old and _statuses(before).get(key) != _statuses(after).get(key)
        ),
    )


def _statuses(made: Checklist) -> dict[str, Status]:
    return {finding.id: finding.status for finding in made.audited.findings}


def _to_mend(made: Checklist) -> dict[str, str]:
    named = {c.finding.id: f"{c.finding.id} {c.finding.title}" for c in made.lacking}
    for item in made.mend:
        named[item.key] = f"{item.finding.id} {item.finding.title}" if item.finding else item.key.partition(" ")[2]
    return named


def _weight(item: Item) -> tuple[int, ...]:
    return (_IMPORTANCE.get(item.finding.importance, 1),) if item.finding else (0,)


def _deadlines(audited: ReportAudit, as_of: date) -> tuple[Deadline, ...]:
    source = audited.report.source
    if source.year is None:
        return ()
    days = {"submit": submission(source.year, source.level), "publish": publication(source.year)}
    return tuple(Deadline(kind, last, (last - as_of).days) for kind, last in days.items())


# ---- what is to be mended


def _items(audited: ReportAudit, figures_failed: bool) -> Iterator[Item]:
    kin = _sections_of_kin(audited)
    for finding in audited.findings:
        if finding.id in _CONTENTS or (figures_failed and finding.id == _FIGURES_ID):
            continue
        rank = _rank(finding)
        if rank is not None:
            yield Item(rank, _place(finding, audited.report, kin), finding, passage=_passage(finding))


def _rank(finding: Finding) -> Rank | None:
    """None where nothing is to be done."""
    if finding.status.gap:
        if finding.importance != "core":
            return Rank.HINT if finding.importance == "extended" else Rank.GAP
        return Rank.CORE_MISSING if finding.status is Status.MISSING else Rank.CORE_NOT_DONE
    if Flag.BELOW_THRESHOLD in finding.flags:
        return Rank.WRONG
    if Flag.COPIED_WORDING in finding.flags:
        return Rank.COPIED
    if finding.status is Status.ASSERTED:
        return Rank.FORM if finding.id in _FORM_PLACES else Rank.THIN
    return Rank.ADMITTED if Flag.SHORTCOMING in finding.flags else None


def _passage(finding: Finding) -> Passage | None:
    """What the status rests on, else what is nearest to it."""
    if finding.evidence:
        return Passage(finding.evidence[0].quote)
    if finding.near_misses:
        return Passage(finding.near_misses[0].quote, finding.near_misses[0].why)
    return None


def _failed(check: FigureCheck, report: Report) -> Item:
    return Item(Rank.WRONG, _at(report, check.start), check=check, passage=Passage(check.quote))


# ---- where to write it


def _section_at(report: Report, offset: int) -> int:
    """The section that a place in the text belongs to; -1 before the first heading."""
    return max((at for at, section in enumerate(report.sections) if section.start <= offset), default=-1)


def _heading(report: Report, index: int) -> str:
    section = report.sections[index]
    return f"{section.number}{section.heading}"


def _at(report: Report, offset: int) -> Place:
    index = _section_at(report, offset)
    return Place("section", _heading(report, index)) if index >= 0 else Place("whole")


def _content(finding: Finding, report: Report) -> Content:
    if finding.evidence:
        return Content(finding, _at(report, finding.evidence[0].start))
    return Content(finding, Place(_CONTENTS[finding.id]))


def _sections_of_kin(audited: ReportAudit) -> dict[str, int]:
    """By clause and by part of the plan, the section that tells most of the work on its obligations."""
    told: dict[str, Counter[int]] = {}
    for finding in audited.findings:
        if finding.id in _CONTENTS or finding.id in _FORM_PLACES or not finding.status.covered:
            continue
        found = {_section_at(audited.report, e.start) for e in finding.evidence if e.role is Role.WORK} - {-1}
        for kin in filter(None, {finding.clause, finding.part}):
            told.setdefault(kin, Counter()).update(found)
    return {kin: min(c, key=lambda at: (-c[at], at)) for kin, c in told.items() if c}


def _place(finding: Finding, report: Report, kin: dict[str, int]) -> Place:
    """Where this report tells such work: beside its own evidence, under a heading that names it, beside what it tells of
    the same clause, beside words that come near, beside the same part of the plan; else where the form puts it.
    """
    if finding.id in _FORM_PLACES:
        return Place(_FORM_PLACES[finding.id])
    if finding.status.covered and finding.evidence:
        return _at(report, finding.evidence[0].start)
    if finding.id in _LEADER_IDS:
        return _part(report, "leader", (at for at, s in enumerate(report.sections) if s.leader))
    near = (_section_at(report, m.start) for m in finding.near_misses if m.role is Role.WORK)
    same = kin.get(finding.clause)
    for index in (_named(finding, report, same), same, next(near, None), kin.get(finding.part)):
        if index is not None and index >= 0:
            return Place("section", _heading(report, index))
    top = [at for at, s in enumerate(report.sections) if s.parent is None and s.role is Role.WORK and not s.leader]
    return _part(report, "work", top if len(top) == 1 else ())


# What any heading may begin with, and what no work is told apart by.
_ANY = expression(
    "全面|深入|持续|不断|加强|加大|推进|推动|完善|健全|落实|严格|强化|优化|促进|提高|提升|创新|规范|建设|依法行政|法治政府"
)


def _named(finding: Finding, report: Report, kin: int | None) -> int | None:
    """The section of work whose heading has most in common with what the obligation or its clause is called."""
    names = [_ANY.sub("\n", name) for name in (finding.title, finding.clause)]
    alike: dict[int, int] = {}
    for at, section in enumerate(report.sections):
        if section.role is Role.WORK and not section.leader:
            shared = [_longest_shared(name, section.heading) for name in names]
            if shared[0] >= _LEAST_OF_TITLE or shared[1] >= _LEAST_OF_CLAUSE:
                alike[at] = sum(shared)
    return max(alike, key=lambda at: (alike[at], at == kin, -at), default=None)


def _longest_shared(first: str, second: str) -> int:
    return SequenceMatcher(None, first, second, autojunk=False).find_longest_match().size


def _part(report: Report, part: str, sections: Iterable[int]) -> Place:
    found = next(iter(sections), None)
    return Place(part) if found is None else Place("section", _heading(report, found))


# ---- how to write it

_BLANK = "____"
_TELL = "写明"
# A description with one of these asks for an account and cannot stand in a report as it is.
_ASKS = expression(
    "写明|情况|如何|怎样|是否|以及|时间|名称|依据|或|做法|方式|等|结果|没有|如有|机制|运行|进展|措施的|不少于|类型|具体|公开平台"
)
_CLAUSE = expression(r"[,;。](?![^(]*\))")
_FULL_WIDTH = str.maketrans({",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "(": "\uff08", ")": "\uff09"})


def sample(advice: str) -> str | None:
    """The sentence to fill in that an advice holds; None where the advice only describes what to write.

    An advice reads 「写明…」; what follows is a sentence where each of its clauses has a blank and none asks for an
    account of something.
    """
    told = advice.removeprefix(_TELL)
    clauses: Sequence[str] = _CLAUSE.split(told.rstrip("。"))
    if told == advice or _ASKS.search(told) or not all(_BLANK in clause for clause in clauses):
        return None
    return told.translate(_FULL_WIDTH)
