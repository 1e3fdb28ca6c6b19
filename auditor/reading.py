"""One sentence as the judge sees it: its clauses, its facts, what it tells of earlier years."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from auditor.facts import Fact, find_facts, titles
from auditor.polarity import Clause, Perspective, Polarity, Subject, Year, earlier_attributes, nil_report, read_clauses
from auditor.report import Sentence

_UNCLAIMED = (Polarity.PLANNED, Polarity.LACKING)
Span = tuple[int, int]


@dataclass
class SentenceReading:
    """One sentence as the judge sees it; each view is worked out once and only when asked for."""

    sentence: Sentence
    view: Perspective
    _passages: dict[tuple[int, int, frozenset[int]], Span] = field(default_factory=dict)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return read_clauses(self.sentence.text, self.view)

    @cached_property
    def ordinary(self) -> bool:
        """Whether every clause tells a deed of the unit itself in the year reported on."""
        return all(
            c.polarity is Polarity.DONE and c.subject is Subject.OWN and c.year is Year.CURRENT for c in self.clauses
        )

    @cached_property
    def where(self) -> list[int]:
        """By place in the sentence (and one past its end), the index of the clause at or just before it."""
        where: list[int] = []
        for index, clause in enumerate(self.clauses):
            where += [index] * (clause.end - len(where))
        return where + [len(self.clauses) - 1] * (len(self.sentence.text) + 1 - len(where))

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return () if self.sentence.heading else find_facts(self.sentence.text, titles(self.sentence.text))

    @cached_property
    def earlier(self) -> tuple[Span, ...]:
        return earlier_attributes(self.sentence.text, self.view.year)

    def text_of(self, first: int, last: int) -> str:
        clauses = self.clauses
        return self.sentence.text[clauses[first].start : clauses[last].end]

    def says_nil(self, start: int, end: int) -> bool:
        """Whether a part of the sentence says that nothing of the kind occurred."""
        return nil_report(self.sentence.text[start:end])

    def passage(self, first: int, last: int, telling: frozenset[int], longest: int) -> Span:
        """The clauses from ``first`` to ``last`` widened by what belongs to them, those ``telling`` facts before others.

        The passage grows to at most ``longest`` characters, and not by a clause that plans or that admits a lack.
        """
        key = (first, last, telling)
        if key not in self._passages:
            self._passages[key] = self._widened(first, last, telling, longest)
        return self._passages[key]

    def _widened(self, first: int, last: int, telling: frozenset[int], longest: int) -> Span:
        clauses = self.clauses
        while True:
            options = [(i, min(first, i), max(last, i)) for i in (last + 1, first - 1) if 0 <= i < len(clauses)]
            fitting = [
                (i not in telling, k, low, high)
                for k, (i, low, high) in enumerate(options)
                if clauses[high].end - clauses[low].start <= longest and clauses[i].polarity not in _UNCLAIMED
            ]
            if not fitting:
                return first, last
            _, _, first, last = min(fitting)
