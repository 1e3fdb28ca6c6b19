"""The quick ways of the core find what the plain ways find: words with slips, gaps, first looks, kept values."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import atoms, cached, facts, lexicon, polarity, quantities
from auditor.atoms import Atoms
from auditor.compiled import compiled
from auditor.edges import Edges
from auditor.hints import Hint
from auditor.judging import Judge
from auditor.matching import Matcher
from auditor.polarity import Perspective, Polarity, Subject, Year, read_clauses
from auditor.readers import read_bytes
from auditor.report import Level
from auditor.rules import load_ruleset
from auditor.slips import Slips, tolerated
from auditor.structure import structure
from auditor.text import from_digits
from auditor.wording import compile_words

ROOT = Path(__file__).parent.parent
WORDS = (
    "行政执法监督",
    "重大行政决策程序",
    "规范性文件合法性审核",
    "法治政府建设",
    "行政应诉工作",
    "行政复议体制改革方案",
)
SEED = Path(__file__).parent.parent / "seeds" / "000_suibin_2024.txt"


# ---- words with slips


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_words_with_slips_are_found_as_by_trying_every_word(data: st.DataObject) -> None:
    signs = sorted({char for word in WORDS for char in word} | set("的和,不"))
    text = "".join(
        data.draw(st.sampled_from([*WORDS, *(word[at : at + 3] for word in WORDS for at in range(3)), *signs]))
        for _ in range(data.draw(st.integers(1, 12)))
    )
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = text[:at] + data.draw(st.sampled_from(["", *signs])) + text[at + data.draw(st.integers(0, 1)) :] or "的"
    slips = Slips(dict(enumerate(WORDS)))
    assert sorted(slips.find(text)) == sorted(slips.every(text))


def test_a_mistaken_character_is_a_slip_and_a_negated_word_none() -> None:
    slips = Slips(dict(enumerate(WORDS)))
    assert [(s.number, s.start, s.end) for s in slips.find("健全行政热法监督机制")] == [(0, 2, 8)]
    assert not slips.find("行政不执法监督")


def test_terms_told_apart_are_no_slips_of_each_other() -> None:
    text = "开展法制政府建设"
    assert [s.start for s in Slips({0: "法治政府建设"}).find(text)] == [2]
    assert not Slips({0: "法治政府建设"}, [("法治", "法制")]).find(text)


def test_short_words_and_words_with_numbers_tolerate_nothing() -> None:
    assert [tolerated(word) for word in ("行政执法", "行政执法人员", "行政规范性文件备案审查", "12345热线")] == [
        0,
        1,
        2,
        0,
    ]


# ---- words with gaps


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.text("甲乙丙", min_size=1, max_size=2), min_size=2, max_size=4),
    st.text("甲乙丙丁丁丁丁丁丁丁,。", max_size=45),
)
def test_gaps_are_found_as_by_the_expression_they_stand_for(parts: list[str], text: str) -> None:
    (word,) = compile_words(["…".join(parts)], {})
    assert word.gapped
    expression = r"[^,;:!?\n]{0,12}?".join(map(re.escape, parts))
    assert list(word.spans(text)) == [found.span() for found in re.finditer(expression, text)]


@pytest.mark.parametrize(
    ("word", "text", "may"),
    [
        ("培训#次", "培训12次", True),
        ("培训#次", "培训多次", False),
        ("#次培训", "开展三余次培训", True),
        ("培训#次", "培训次", False),
    ],
)
def test_an_expression_with_a_number_is_tried_only_beside_one(word: str, text: str, may: bool) -> None:
    (compiled_word,) = compile_words([word], {})
    assert compiled_word.may_stand_in(text) is may
    assert bool(list(compiled_word.spans(text))) is may


# ---- first looks


EXPRESSIONS = [
    getattr(module, name).pattern
    for module, names in (
        (polarity, ("_PLAN", "_LACK_HARD", "_LACK_SOFT", "_NORM", "_PURPOSE", "_RULE_ON_LACK", "_NIL", "_YEAR", "_LAST_YEAR")),
        (facts, ("_MEETING", "_BODY", "_COMPILED")),
    )
    for name in names
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.data())
@pytest.mark.parametrize("pattern", EXPRESSIONS)
def test_a_first_look_misses_nothing_that_an_expression_finds(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern).filter(lambda text: re.search(pattern, text) is not None))
    assert Hint(pattern).found(text)


def test_a_first_look_finds_nothing_where_no_word_stands() -> None:
    hint = Hint(r"(?<!自)发(?:布|出)了?", r"需要?加强[^,]{0,4}$")
    assert hint.words == ("发出", "发出了", "发布", "发布了", "需加强", "需要加强") and not hint.found("加强发展")


def test_an_expression_bound_to_no_words_has_no_first_look() -> None:
    with pytest.raises(ValueError, match="no words"):
        Hint(r"\d+")


def test_clauses_are_read_alike_with_and_without_first_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    view = Perspective(2022, Level.COUNTY, "甲市乙县人民政府")
    report = structure(read_bytes(SEED.read_bytes(), "a.txt"), "a.txt", "")
    quick = [read_clauses(s.text, view) for s in report.sentences]
    monkeypatch.setattr(Hint, "found", lambda self, text: True)
    assert quick == [read_clauses(s.text, view) for s in report.sentences]


def test_an_earlier_year_around_a_bracket_is_seen() -> None:
    (clause,) = read_clauses("去(略)年办理案件3件", Perspective(2022, Level.COUNTY, None))
    assert (clause.polarity, clause.subject, clause.year) == (Polarity.DONE, Subject.OWN, Year.EARLIER)


# ---- what is kept between runs


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "fazhi-auditor"


def test_a_kept_value_is_made_once_and_anew_when_its_source_changes(cache: Path, tmp_path: Path) -> None:
    source = tmp_path / "rules.yaml"
    source.write_text("a", encoding="utf-8")
    made: list[int] = []

    def make() -> list[int]:
        made.append(len(made))
        return list(made)

    assert [cached.kept("x", list, [source], make) for _ in range(2)] == [[0], [0]]
    source.write_text("b", encoding="utf-8")
    assert cached.kept("x", list, [source], make) == [0, 1]
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"nonsense", pickle.dumps("of another kind")])
def test_a_damaged_copy_is_made_anew(cache: Path, damage: bytes) -> None:
    assert cached.kept("x", list, [], lambda: [1]) == [1]
    (path,) = cache.iterdir()
    path.write_bytes(damage)
    assert cached.kept("x", list, [], lambda: [2]) == [2]


def test_without_a_cache_everything_is_worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert cached.kept("x", list, [], lambda: [1]) == [1]
    assert Edges(()).cut("用于办公开支", 3)


def test_the_tokenizers_words_are_the_same_from_the_cache(cache: Path) -> None:
    first, again = lexicon.load(("述法",)), lexicon.load(("述法",))
    assert len(list(cache.iterdir())) == 1
    for words in (first, again):
        assert words.common("公开") and not words.common("述法") and not words.common("公㐀")
        assert "述法" in words and words.get("㐀㐀", 7) == 7
        assert [w for w, _, _ in lexicon.tokenizer(words).tokenize("领导干部述法")][-1] == "述法"


def test_a_matcher_from_the_cache_judges_alike(cache: Path) -> None:
    report = structure(read_bytes(SEED.read_bytes(), "a.txt"), "a.txt", "")
    fresh = Matcher([load_ruleset("bg"), load_ruleset("gy21")])
    sets, kept = compiled.__wrapped__(("bg", "gy21"), None)
    sets, kept = compiled.__wrapped__(("bg", "gy21"), None)
    rules = [(rule, s.head) for s in sets for rule in s.rules if rule.check is None]
    assert [Judge(report, fresh).finding(*each) for each in rules[:30]] == [
        Judge(report, kept).finding(*each) for each in rules[:30]
    ]


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789,.%件月日次约近第年-", max_size=30))
@pytest.mark.parametrize("pattern", [facts._COUNT, facts._DATE, quantities._NUMBER])
def test_numbers_are_found_from_their_first_digits_on(pattern: re.Pattern[str], text: str) -> None:
    assert [m.span() for m in from_digits(pattern, text)] == [m.span() for m in pattern.finditer(text)]


@given(
    st.lists(st.text("法治政府建设", min_size=1, max_size=5), unique=True, max_size=30),
    st.lists(st.text("法治政府建设、", max_size=40), max_size=6),
)
def test_atoms_are_found_alike_with_and_without_an_automaton(texts: list[str], sentences: list[str]) -> None:
    made = Atoms(texts)
    for searched in (made, pickle.loads(pickle.dumps(made))):
        for limit in (atoms.FEW, 0):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(atoms, "FEW", limit)
                for sentence in sentences:
                    found = {searched.texts[number] for number in searched.found(sentence)}
                    assert found == {text for text in texts if text in sentence}


def test_the_rules_are_found_alike_once_there_is_an_automaton(monkeypatch: pytest.MonkeyPatch) -> None:
    _, matcher = compiled(("gy21", "bg"), None)
    text = (ROOT / "seeds" / "001_shaxian_2022.txt").read_text(encoding="utf-8")
    words = pickle.loads(pickle.dumps(matcher.words))
    looked_up = [words.found(sentence) for sentence in text.split("。")]
    monkeypatch.setattr(atoms, "FEW", 0)
    assert [words.found(sentence) for sentence in text.split("。")] == looked_up
    assert {words.name(number) for number in range(-len(words._expressions), 0)} == {
        w.source for w in words._expressions
    }
