"""What one would script instead of the auditor, an honest afternoon's work: jieba, rapidfuzz and a list of phrases.

    python benchmarks/naive.py PHRASES.json FILE...        (PHRASES.json: {"obligation": ["phrase", …], …})

Each phrase of each obligation is held against each sentence: found where ``partial_ratio`` is 85 or more, or where all words
of the phrase, as jieba cuts it, are among the sentence's. The best sentence is the evidence; a digit in it makes it a fact.
It knows nothing of headings, plans, shortcomings, negations, other people's deeds, levels, years or figures, so it decides
much less than an audit does: it says where words stand, not whether something was done.
"""

from __future__ import annotations

import csv
import json
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba
from rapidfuzz import fuzz

FOUND = 85
_END = re.compile(r"[。！？；\n]")


@dataclass(frozen=True)
class Answer:
    """One obligation: its status, the best score of its phrases and the sentence that has it."""

    obligation: str
    status: str
    score: float
    sentence: str


@dataclass(frozen=True)
class Phrase:
    """A phrase and its words."""

    text: str
    words: frozenset[str]


def prepared(phrases: Mapping[str, Sequence[str]]) -> dict[str, list[Phrase]]:
    """The phrases with their words, cut once."""
    return {key: [Phrase(p, frozenset(jieba.lcut(p))) for p in each] for key, each in phrases.items()}


def audit(text: str, phrases: Mapping[str, Sequence[Phrase]], cutoff: float = 0) -> list[Answer]:
    """Each obligation's best sentence. With a ``cutoff`` rapidfuzz stops early where a score cannot reach it."""
    sentences = [s.strip() for s in _END.split(text) if s.strip()]
    cut = [(s, frozenset(jieba.lcut(s))) for s in sentences]
    return [_answer(obligation, each, cut, cutoff) for obligation, each in phrases.items()]


def _answer(
    obligation: str, phrases: Sequence[Phrase], sentences: Sequence[tuple[str, frozenset[str]]], cutoff: float
) -> Answer:
    best, evidence = 0.0, ""
    for sentence, words in sentences:
        for phrase in phrases:
            if len(phrase.text) > len(sentence):
                continue
            whole = phrase.words <= words
            score = 100.0 if whole else fuzz.partial_ratio(phrase.text, sentence, score_cutoff=cutoff)
            if score > best:
                best, evidence = score, sentence
    if best < FOUND:
        return Answer(obligation, "missing", best, "")
    return Answer(obligation, "evidenced" if re.search(r"\d", evidence) else "asserted", best, evidence)


def main() -> None:
    jieba.setLogLevel(logging.ERROR)
    phrases = prepared(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    out = csv.writer(sys.stdout)
    for name in sys.argv[2:]:
        for answer in audit(Path(name).read_text(encoding="utf-8"), phrases):
            out.writerow((name, answer.obligation, answer.status, f"{answer.score:.0f}", answer.sentence))


if __name__ == "__main__":
    main()
