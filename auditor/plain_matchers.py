"""Three plain matchers that a user would script instead, scored beside the auditor on the same reports."""

from __future__ import annotations

import logging
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from auditor.evaluation import Answer, GoldReport, Item, Scores, collect, score
from auditor.obligations import Rule
from auditor.report import Report, Role
from auditor.text import normalise


@dataclass(frozen=True, slots=True)
class Baseline:
    """A plain matcher's name, its best threshold (None: it has none) and its scores on all reports."""

    name: str
    threshold: float | None
    scores: Scores
    items: tuple[Item, ...]


def phrases(rule: Rule) -> tuple[str, ...]:
    """The phrases a script would look for: the catalogue's cues and the title."""
    words = (*rule.cue_words, rule.title)
    return tuple(dict.fromkeys(p for p in (normalise(w).text for w in words) if len(p) >= 2))


def _sentences(report: Report) -> list[str]:
    """The sentences a script would search: sections of problems and plans left out."""
    return [s.text for s in report.sentences if s.role in (Role.WORK, Role.PREAMBLE)]


def _status(sentence: str | None) -> str:
    if sentence is None:
        return "missing"
    return "evidenced" if re.search(r"\d", sentence) else "asserted"


def _best(scored: Iterable[tuple[float, str]]) -> tuple[float, str | None]:
    return max(((s, t) for s, t in scored), key=lambda x: x[0], default=(0.0, None))


def keyword_scores(report: Report, rules: Iterable[Rule]) -> dict[str, tuple[float, str | None]]:
    """1.0 and the first sentence that holds one of the phrases, else 0.0."""
    sentences = _sentences(report)
    result: dict[str, tuple[float, str | None]] = {}
    for rule in rules:
        words = phrases(rule)
        found = next((s for s in sentences if any(w in s for w in words)), None)
        result[rule.id] = (1.0 if found else 0.0, found)
    return result


def fuzzy_scores(report: Report, rules: Iterable[Rule]) -> dict[str, tuple[float, str | None]]:
    """The best ``partial_ratio`` (0-100) of any phrase in any sentence."""
    sentences = _sentences(report)
    return {
        r.id: _best((fuzz.partial_ratio(p, s), s) for p in phrases(r) for s in sentences if len(s) >= len(p))
        for r in rules
    }


def tfidf_scores(report: Report, rules: Iterable[Rule]) -> dict[str, tuple[float, str | None]]:
    """The best cosine (0-1) between a sentence's jieba tokens and those of the obligation, weighted by TF-IDF."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    sentences = _sentences(report)
    tokens = [Counter(w for w in jieba.lcut(s) if len(w) > 1) for s in sentences]
    seen = Counter(w for t in tokens for w in t)
    total = len(sentences) + 1

    def vector(counts: Counter[str]) -> dict[str, float]:
        weights = {w: n * math.log(total / (1 + seen.get(w, 0)) + 1) for w, n in counts.items()}
        norm = math.sqrt(sum(v * v for v in weights.values())) or 1.0
        return {w: v / norm for w, v in weights.items()}

    vectors = [vector(t) for t in tokens]
    result: dict[str, tuple[float, str | None]] = {}
    for rule in rules:
        wanted = vector(Counter(w for w in jieba.lcut(f"{rule.title} {rule.gist} {rule.cues or ''}") if len(w) > 1))
        result[rule.id] = _best(
            (sum(v * wanted.get(w, 0.0) for w, v in vec.items()), text)
            for vec, text in zip(vectors, sentences, strict=True)
        )
    return result


Scorer = Callable[[Report, Iterable[Rule]], dict[str, tuple[float, str | None]]]
MATCHERS: dict[str, tuple[Scorer, tuple[float, ...]]] = {
    "keywords": (keyword_scores, (0.5,)),
    "partial_ratio": (fuzzy_scores, tuple(float(t) for t in range(50, 101, 2))),
    "tfidf_cosine": (tfidf_scores, tuple(t / 100 for t in range(5, 70, 2))),
}


def run_baselines(
    gold: Iterable[GoldReport],
    report_of: Callable[[str], Report],
    rules_of: Callable[[str], tuple[Rule, ...]],
    not_bound: dict[str, frozenset[str]],
) -> tuple[Baseline, ...]:
    """Score each plain matcher on the gold reports, at the single threshold that suits it best on these very reports.

    ``not_bound`` gives them, per report, the obligations that do not apply, as the catalogue's table would.
    """
    reports = tuple(gold)
    results: list[Baseline] = []
    for name, (scorer, thresholds) in MATCHERS.items():
        scored = {g.name: scorer(report_of(g.name), rules_of(g.name)) for g in reports}
        runs = [_run(name, t if len(thresholds) > 1 else None, t, reports, scored, not_bound) for t in thresholds]
        results.append(max(runs, key=lambda r: r.scores.f1))
    return tuple(results)


def _run(
    name: str,
    shown: float | None,
    threshold: float,
    reports: tuple[GoldReport, ...],
    scored: dict[str, dict[str, tuple[float, str | None]]],
    not_bound: dict[str, frozenset[str]],
) -> Baseline:
    def answer(gold: GoldReport) -> dict[str, Answer]:
        answers = {key: Answer("not_applicable") for key in not_bound[gold.name]}
        for key, (value, text) in scored[gold.name].items():
            if key not in answers:
                found = text if value >= threshold else None
                answers[key] = Answer(_status(found), (found,) if found else ())
        return answers

    items = collect(reports, answer)
    return Baseline(name, shown, score(items), tuple(items))
