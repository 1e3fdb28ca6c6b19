"""Precision and recall of the figure checks, the indicators and the comparison, on labelled reports and on made cases.

A made case is a sentence or a report whose truth is known because it was built so: a sum that holds and the same with one part
altered; a report copied under another unit's name with another year, and one that shares nothing but the genre.

    python benchmarks/figures_accuracy.py
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.audit import Options, read_report
from auditor.comparison import compare_reports
from auditor.figures import FigureCheck, check_figures
from auditor.indicators import read_indicators
from auditor.report import Report
from auditor.text import normalise

ROOT = Path(__file__).parent.parent
DRAWS = 40


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was rightly and wrongly said, and how often it was there."""

    right: int
    wrong: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}, recall {self.recall:.3f} ({self.right} right, {self.wrong} wrong, {self.there} there)"


def read_text(text: str, name: str = "report.txt", year: int | None = None, unit: str | None = None) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        return read_report(path, name, Options(year=year, unit=unit))


# ---- labelled figures


def labelled(folder: Path) -> Iterator[tuple[Path, list[dict[str, object]]]]:
    """The reports under ``folder`` with their lists of figures."""
    for label in sorted(folder.rglob("*.json")):
        figures = json.loads(label.read_text(encoding="utf-8")).get("figures")
        beside = label.with_suffix(".txt")
        found = [beside] if beside.exists() else sorted((ROOT / "seeds").glob(f"{label.stem}_*.txt"))
        if figures is not None and found:
            yield found[0], figures


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", normalise(text).text))


def about(check: FigureCheck, figures: list[dict[str, object]]) -> dict[str, object] | None:
    """The labelled claim that a check is about: of those whose quotes overlap, the one with the same numbers."""
    quote = normalise(check.quote).text
    said = numbers(check.expression)
    best: tuple[float, dict[str, object]] | None = None
    for figure in figures:
        marked = normalise(str(figure["quote"])).text
        if not (marked in quote or quote in marked or len(numbers(marked) & numbers(quote)) > 1):
            continue
        claim = numbers(str(figure["claim"]).split("(")[0] if "/" not in str(figure["claim"]) else str(figure["claim"]))
        shared = len(said & claim) / max(1, len(claim | said))
        if best is None or shared > best[0]:
            best = (shared, figure)
    return best[1] if best and best[0] > 0.3 else None


def on_labels(folder: Path = ROOT / "tests" / "gold") -> tuple[Tally, dict[str, list[str]]]:
    """Wrong figures found among the labelled ones; and by kind the quotes that were missed or wrongly called wrong."""
    right = wrong = there = 0
    mistakes: dict[str, list[str]] = {"missed": [], "true": [], "unclear": [], "unlabelled": []}
    for path, figures in labelled(folder):
        failed = [c for c in check_figures(read_report(path, path.name, Options())) if c.verdict == "fails"]
        told = [(c, about(c, figures)) for c in failed]
        for figure in (f for f in figures if f["holds"] is False):
            there += 1
            if any(f is figure for _, f in told):
                right += 1
            else:
                mistakes["missed"].append(f"{path.name}: {figure['quote']}")
        for check, figure in told:
            if figure is None or figure["holds"] is not False:
                wrong += 1
                kind = "unlabelled" if figure is None else "true" if figure["holds"] is True else "unclear"
                mistakes[kind].append(f"{path.name}: {check.expression}")
    return Tally(right, wrong, there), mistakes


# ---- made figures


def _parts(dice: random.Random, count: int, low: int = 3, high: int = 300) -> list[int]:
    return [dice.randint(low, high) for _ in range(count)]


def _off(dice: random.Random, value: int) -> int:
    return max(1, value + dice.choice([-1, 1]) * dice.randint(1, max(1, value // 30)))


def _sum_listed(dice: random.Random, wrong: bool) -> str:
    a, b, c, d = parts = _parts(dice, 4)
    total = _off(dice, sum(parts)) if wrong else sum(parts)
    return f"全年办理行政处罚案件{total}件,其中市场监管{a}件、城市管理{b}件、交通运输{c}件、其他领域{d}件。"


def _sum_cleared(dice: random.Random, wrong: bool) -> str:
    kept, changed, dropped = parts = _parts(dice, 3, 2, 120)
    total = _off(dice, sum(parts)) if wrong else sum(parts)
    return f"对现行{total}件行政规范性文件逐件清理,继续有效{kept}件,修改{changed}件,废止{dropped}件。"


def _sum_after(dice: random.Random, wrong: bool) -> str:
    a, b = _parts(dice, 2, 20, 200)
    total = _off(dice, a + b) if wrong else a + b
    return f"办理人大代表建议{a}件、政协提案{b}件,共{total}件。"


def _outcomes(dice: random.Random, wrong: bool) -> str:
    parts = _parts(dice, 5, 4, 40)
    total = sum(parts) + (dice.choice([-1, 1]) if wrong else 0)
    a, b, c, d, e = parts
    return f"全年审结行政复议案件{total}件,其中维持{a}件、撤销{b}件、确认违法{c}件、驳回{d}件、经调解终止{e}件。"


def _grades(dice: random.Random, wrong: bool) -> str:
    a, b, c = _parts(dice, 3, 4, 90)
    total = a + b + c
    rate = (a + b) / total * 100
    stated = rate + dice.choice([-1, 1]) * dice.uniform(1.2, 4) if wrong else rate
    return f"抽取案卷{total}卷,评为优秀{a}卷、合格{b}卷、不合格{c}卷,合格率{stated:.1f}%。"


def _rate(dice: random.Random, wrong: bool) -> str:
    whole = dice.randint(120, 5000)
    part = dice.randint(int(whole * 0.85), whole - 3)
    rate = part / whole * 100
    stated = rate - dice.uniform(0.8, 5) if wrong else rate
    return f"全年排查矛盾纠纷{whole}起,化解{part}起,化解率{stated:.1f}%。"


def _rate_hidden(dice: random.Random, wrong: bool) -> str:
    whole = dice.randint(60, 900)
    part = dice.randint(int(whole * 0.8), whole - 3)
    stated = part / whole * 100 + (dice.choice([-1, 1]) * dice.uniform(1, 4) if wrong else 0)
    return f"发现问题{whole}个。建立台账、逐项整改,已整改{part}个,整改率{min(stated, 99.9):.1f}%。"


def _share(dice: random.Random, wrong: bool) -> str:
    whole = dice.randint(200, 3000)
    part = dice.randint(whole // 5, whole // 2)
    stated = part / whole * 100 + (dice.uniform(1, 6) if wrong else 0)
    return f"全年受理投诉{whole}件,其中求助类{part}件,占比{stated:.2f}%。"


def _shrink(dice: random.Random, wrong: bool) -> str:
    old = dice.randint(10, 40)
    new = dice.randint(2, old - 2)
    stated = (old - new) / old * 100 - (dice.uniform(1, 8) if wrong else 0)
    return f"审批时限由{old}个工作日压缩至{new}个工作日,压缩{stated:.1f}%。"


def _rest(dice: random.Random, wrong: bool) -> str:
    whole = dice.randint(30, 90)
    done = whole - dice.randint(3, 9)
    left = whole - done + (dice.choice([-1, 1]) if wrong else 0)
    return f"督察反馈问题{whole}个,已整改{done}个,其余{left}个正在整改。"


def _table(dice: random.Random, wrong: bool) -> str:
    a, b, c = _parts(dice, 3)
    total = _off(dice, a + b + c) if wrong else a + b + c
    return f"领域|许可\n市监|{a}\n城管|{b}\n其他领域|{c}\n合计|{total}"


def _open(dice: random.Random, wrong: bool) -> str:
    a, b, c = _parts(dice, 3)
    total = a + b + c + dice.randint(1, 400)
    words = dice.choice(
        [
            "受理投诉{t}件。突出问题集中在民生领域{a}件,住房领域{b}件,环境领域{c}件。",
            "主动公开政府信息{t}条,其中政策文件{a}条、重点领域信息{b}条。",
            "全年培训{t}人次,其中领导干部{a}人次、执法人员{b}人次,企业负责人{c}人次。",
            "收到行政复议申请{t}件,受理{a}件,审结{b}件。",
            "办理行政处罚案件{t}件,行政许可{a}件,行政强制{b}件,罚没款{c}万元。",
            "开展执法检查{t}次,检查单位{a}家,发现隐患{b}处,约谈{c}家。",
        ]
    )
    return words.format(t=total, a=a, b=b, c=c)


CLOSED: tuple[Callable[[random.Random, bool], str], ...] = (
    _sum_listed,
    _sum_cleared,
    _sum_after,
    _outcomes,
    _grades,
    _rate,
    _rate_hidden,
    _share,
    _shrink,
    _rest,
    _table,
)


def on_made_figures(seed: int = 11, draws: int = DRAWS) -> tuple[Tally, list[str]]:
    """Sentences that hold, the same with one number altered, and lists that are not meant to be complete."""
    dice = random.Random(seed)
    right = wrong = there = 0
    mistakes: list[str] = []
    for make in (*CLOSED, _open):
        for at in range(2 * draws):
            broken = bool(at % 2) and make is not _open
            text = make(dice, broken)
            told = any(c.verdict == "fails" for c in check_figures(read_text("一、主要举措和成效\n" + text)))
            there += broken
            right += broken and told
            wrong += told and not broken
            if told != broken:
                mistakes.append(f"{'missed' if broken else 'false alarm'}: {text}")
    return Tally(right, wrong, there), mistakes


# ---- indicators


def on_indicators() -> tuple[Tally, list[str]]:
    """The values read from the labelled reports."""
    labels = json.loads((ROOT / "tests" / "indicators.json").read_text(encoding="utf-8"))["reports"]
    right = wrong = there = 0
    mistakes: list[str] = []
    for name, expected in labels.items():
        path = ROOT / name
        told = {v.id: v.value for v in read_indicators(read_report(path, path.name, Options()))}
        there += len(expected)
        right += sum(expected.get(key) == value for key, value in told.items())
        for key, value in told.items():
            if expected.get(key) != value:
                wrong += 1
                mistakes.append(f"{name}: {key} = {value:g}, should be {expected.get(key)}")
        mistakes += [f"{name}: {key} not read" for key in expected if key not in told]
    return Tally(right, wrong, there), mistakes


# ---- copies

NAMES = ("青禾县", "临溪县", "白石县", "望川县", "南屏县", "东岭县", "安泽县", "永清县", "平湖县", "云台县")


def copied(text: str, old: str, new: str, year: int, dice: random.Random, share: float) -> str:
    """The text under another name and of the year after: names and years changed, all but a few; some lines dropped."""
    lines = [line for line in text.split("\n") if len(line) < 40 or dice.random() < share]
    changed = "\n".join(lines)
    for before, after in ((old, new), (f"{year}年", f"{year + 1}年")):
        places = [m.start() for m in re.finditer(re.escape(before), changed)]
        for place in reversed(places[: max(1, int(len(places) * 0.7))]):
            changed = changed[:place] + after + changed[place + len(before) :]
    return re.sub(r"\d+(?=件|次|人)", lambda m: str(dice.randint(1, 10 ** len(m[0]))), changed)


def on_copies(seed: int = 5, draws: int = 6) -> tuple[Tally, Tally]:
    """Pairs with copied text among copies and unrelated reports; and leftovers among the copies that hold some."""
    dice = random.Random(seed)
    texts = [*sorted((ROOT / "seeds").glob("*.txt")), *sorted((ROOT / "tests" / "gold" / "made").glob("*.txt"))]
    own = [read_report(p, p.name, Options()) for p in texts]
    right = wrong = there = 0
    names_right = names_wrong = names_there = 0
    for path, report in zip(texts, own, strict=True):
        unit, year = report.source.unit or "", report.source.year or 2023
        place = re.match(r".+?[县区市镇乡](?!.*[县区市镇乡])", unit)
        if not place:
            continue
        for _ in range(draws):
            new = dice.choice(NAMES)[:2] + place[0][-1]
            text = copied(report.text, place[0], new, year, dice, dice.choice([0.5, 0.8, 1.0]))
            copy = read_text(text, f"copy_{path.name}", year + 1, new + unit.removeprefix(place[0]))
            result = compare_reports([report, copy], _never)
            there += 1
            right += bool(result.pairs)
            left = {x.name for x in result.leftovers if x.file.startswith("copy_")}
            expected = {place[0]} if place[0] in "".join(s.text for s in copy.sentences) else set()
            names_there += len(expected)
            names_right += len(expected & left)
            names_wrong += len({n for n in left if not n.isdigit()} - {place[0], *_tails(place[0])})
    for a, first in enumerate(own):
        for second in own[a + 1 :]:
            result = compare_reports([first, second], _never)
            wrong += bool(result.pairs)
            names_wrong += sum(x.kind == "unit" for x in result.leftovers)
    return Tally(right, wrong, there), Tally(names_right, names_wrong, names_there)


def _tails(name: str) -> set[str]:
    return {name[k:] for k in range(len(name))}


def _never(report: Report) -> object:
    raise AssertionError("these reports are of different units")


def main() -> None:
    tally, mistakes = on_labels()
    print(f"figures, labelled reports: {tally}")
    for kind, lines in mistakes.items():
        print(*(f"    {kind}: {line}" for line in lines), sep="\n", end="\n" if lines else "")
    tally, lines = on_made_figures()
    print(f"figures, made cases: {tally}")
    print(*(f"    {line}" for line in lines[:12]), sep="\n")
    tally, lines = on_indicators()
    print(f"indicators, labelled reports: {tally}")
    print(*(f"    {line}" for line in lines), sep="\n")
    pairs, names = on_copies()
    print(f"copied text, made cases: {pairs}")
    print(f"names left over, made cases: {names}")


if __name__ == "__main__":
    main()
