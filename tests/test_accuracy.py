"""Accuracy on the labelled reports: it may not fall by more than 0.01 without a line under **Rules** in the changelog."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from auditor.assessment import Assessment, assess
from auditor.errors import NoInput
from auditor.evaluation import (
    Answer,
    Item,
    Label,
    calibration,
    collect,
    confusion,
    evidence_hits,
    intervals,
    load_gold,
    score,
)
from auditor.plain_matchers import keyword_scores, phrases
from auditor.rules import load_ruleset

ROOT = Path(__file__).parent.parent
GOLD = Path(__file__).parent / "gold"
TOLERATED = 0.01


@pytest.fixture(scope="module")
def result() -> Assessment:
    return assess(GOLD, plain=False)


def held() -> dict[str, float | dict[str, float]]:
    return json.loads((GOLD / "baseline.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def now(result: Assessment) -> dict[str, float | dict[str, float]]:
    """The figures as ``baseline.json`` holds them: pooled scores, and the weight of wrong statuses by obligation."""
    group = result.groups[0]
    wrong = {rule: weight for rule, weight, _ in group.worst}
    return {"f1": round(group.scores.f1, 4), "accuracy": round(group.scores.accuracy, 4), "wrong": wrong}


def test_accuracy_has_not_fallen(result: Assessment) -> None:
    before, after = held(), now(result)
    fallen = [field for field in ("f1", "accuracy") if after[field] < before[field] - TOLERATED]  # type: ignore[operator]
    worse = [rule for rule, weight in after["wrong"].items() if weight > before["wrong"].get(rule, 0)]  # type: ignore[union-attr]
    unnamed = [rule for rule in worse if rule not in rules_notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))]
    assert not (fallen and unnamed), f"{fallen} fell; the changelog names none of {unnamed} under Rules"


def test_the_baseline_is_kept_current(result: Assessment) -> None:
    """A gain is held too: `python tests/refresh.py` writes the figures anew."""
    before, after = held(), now(result)
    assert all(after[field] <= before[field] + TOLERATED for field in ("f1", "accuracy")), after  # type: ignore[operator]


def rules_notes(changelog: str) -> str:
    """What the unreleased part of a changelog says under its heading Rules."""
    unreleased = changelog.split("\n## ")[1] if "\n## " in changelog else ""
    found = re.search(r"\n### Rules\n(.*?)(?:\n### |\Z)", unreleased, re.DOTALL)
    return found.group(1) if found else ""


def test_only_the_unreleased_rules_notes_count() -> None:
    text = "# C\n\n## [Unreleased]\n\n### Added\n\n- BG-01\n\n### Rules\n\n- GY21-09-04\n\n## [1]\n\n### Rules\n\n- GY21-15-01\n"
    assert rules_notes(text).strip() == "- GY21-09-04"


def test_metadata_of_every_labelled_report_is_right(result: Assessment) -> None:
    assert result.metadata_misses == ()


# ---- the measures themselves, on labels small enough to work out by hand


def item(
    gold: str, told: str, report: str = "r", sure: int = 3, quotes: tuple[str, ...] = (), marked: tuple[str, ...] = ()
) -> Item:
    return Item(report, "GY21-01-01", Label(gold, marked, (), sure), Answer(told, quotes, 0.9))


def test_scores_by_hand() -> None:
    items = [
        item("missing", "missing"),
        item("planned", "missing"),
        item("missing", "asserted"),
        item("evidenced", "missing"),
        item("evidenced", "evidenced"),
        item("not_applicable", "missing"),
    ]
    result = score(items)
    assert result.items == 5
    assert result.precision == pytest.approx(2 / 3)
    assert result.recall == pytest.approx(2 / 3)
    assert result.f1 == pytest.approx(2 / 3)
    assert result.accuracy == pytest.approx(2 / 5)


def test_an_arguable_label_counts_half() -> None:
    assert score([item("missing", "missing"), item("missing", "asserted", sure=1)]).recall == pytest.approx(2 / 3)


def test_f2_weighs_recall_more() -> None:
    missed = [item("missing", "missing"), item("missing", "asserted")]
    assert score(missed).f2 < score(missed).f1


def test_evidence_is_hit_when_the_first_quote_is_a_marked_one() -> None:
    hit = item("evidenced", "evidenced", quotes=("清理文件49件,保留45件",), marked=("保留45件",))
    miss = item("evidenced", "evidenced", quotes=("举办培训3期",), marked=("保留45件",))
    assert evidence_hits([hit, miss]) == (0.5, 2)


def test_confusion_and_calibration_count_answers() -> None:
    items = [item("missing", "planned"), item("missing", "missing")]
    assert confusion(items) == {("missing", "planned"): 1, ("missing", "missing"): 1}
    assert calibration(items) == [(0.8, pytest.approx(0.9), pytest.approx(0.5), 2)]


def test_intervals_hold_the_score_and_repeat() -> None:
    items = [item("missing", "missing" if r % 3 else "asserted", report=str(r)) for r in range(9)]
    low, high = intervals(items)["recall"]
    assert low <= score(items).recall <= high
    assert intervals(items) == intervals(items)


def test_an_obligation_without_an_answer_counts_as_missing() -> None:
    gold = load_gold(GOLD)[:1]
    assert {i.answer.status for i in collect(gold, lambda _: {})} == {"missing"}


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoInput):
        load_gold(tmp_path)


def test_the_plain_matchers_look_for_the_catalogues_cues() -> None:
    rule = load_ruleset("gy21").rule("GY21-32-05")
    assert rule is not None
    assert {"述法", "年终述法"} <= set(phrases(rule))
    assert keyword_scores.__doc__
