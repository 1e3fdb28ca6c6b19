"""The rows of the table of targets: what each measures, beside what, and whether it meets its target."""

from __future__ import annotations

import filecmp
import math
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import core
import corpus
import naive
import peers
from measuring import Taken, taken
from rapidfuzz import fuzz, process

from auditor.audit import audit_bytes
from auditor.judging import Judge
from auditor.matching import Matcher
from auditor.obligations import RuleSet
from auditor.report import Report
from auditor.rules import load_ruleset
from auditor.slips import Slips

AUDITOR = Path(sys.executable).with_name("auditor")
CORES = 2
MB = 1024 * 1024
# Further from a straight line than this a growth is not called linear.
LINEAR = 1.1


@dataclass(frozen=True)
class Sizes:
    """How much of everything a run measures; of peers too slow for all reports, two numbers to extrapolate from."""

    reports: int = 2000
    rounds: int = 40
    loops: int = 8
    checked: int = 12
    cold: int = 9
    semgrep: tuple[int, int] = (20, 80)
    script: tuple[int, int] = (10, 40)
    lengths: tuple[int, ...] = (5_000, 50_000, 500_000, 5_000_000)

    @property
    def growth(self) -> tuple[int, ...]:
        """Numbers of reports from an eighth of all to twice as many."""
        return tuple(max(8, self.reports * part // 8) for part in (1, 2, 4, 8, 16))


QUICK = Sizes(64, 12, 3, 3, 3, (2, 6), (4, 12), (5_000, 50_000, 500_000))


@dataclass(frozen=True)
class Line:
    """A line of the table; ``met`` is None where there is no target to meet."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None


@dataclass
class Bench:
    """A run: its sizes, its peers, its folder, and what was measured once and is used in several rows."""

    sizes: Sizes
    peers: peers.Peers
    folder: Path
    curves: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    runs: dict[tuple[int, int], Taken] = field(default_factory=dict)

    def reports(self, count: int) -> Path:
        """A folder with the first ``count`` made reports."""
        return corpus.write(self.folder / "reports" / str(count), count)

    def files(self, count: int) -> list[Path]:
        return sorted(self.reports(count).rglob("*.txt"))

    def place(self, name: str) -> Path:
        """A folder to run a command in."""
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def batch(self, count: int, jobs: int) -> Taken:
        """An audit of so many reports with no results in the cache, the rules compiled; measured once."""
        if (count, jobs) not in self.runs:
            self.runs[count, jobs] = self.audit(count, jobs, self.place(f"audit-{count}-{jobs}"))
        return self.runs[count, jobs]

    def audit(self, count: int, jobs: int, place: Path) -> Taken:
        """``auditor audit`` with the cache of that place."""
        self.compile_rules(place)
        command = [AUDITOR, "audit", self.reports(count), "-j", str(jobs), "-f", "jsonl=audit.jsonl"]
        return taken(command, place, caches(place), sampled=0.5)

    def compile_rules(self, place: Path) -> None:
        """Have the rules compiled in the cache of a place, as they are on every day but the first."""
        if not (place / "rules").exists():
            ready = self.place("ready")
            if not (ready / "rules").exists():
                taken([AUDITOR, "audit", self.files(1)[0]], ready, caches(ready))
            shutil.copytree(ready / "rules", place / "rules")


def caches(place: Path) -> dict[str, str]:
    """The environment of a command whose caches are below that place: of results, and of compiled rules."""
    return {"AUDITOR_CACHE": str(place / "results"), "XDG_CACHE_HOME": str(place / "rules")}


# ---- one report


def report(bench: Bench) -> Iterator[Line]:
    """One report, all obligations, steady state, one core."""
    sizes = bench.sizes
    data = core.texts(core.LENGTH, sizes.rounds, 11)
    ours = core.median_ms(lambda each: audit_bytes(each, "report.txt", core.OPTIONS), data)
    yield Line(f"一份报告（{core.LENGTH} 字），全部义务，预热后，一核", ms(ours), "≤ 10 ms，力求 4", ours <= 10)
    ready = naive.prepared(peers.asked_phrases())
    name = f"朴素脚本 naive.py：jieba + rapidfuzz，{bench.peers.count} 个短语"
    loop = core.median_ms(lambda each: naive.audit(each.decode(), ready), data[: sizes.loops])
    yield beside(name, ms(loop), loop / ours, 30)
    loop = core.median_ms(lambda each: naive.audit(each.decode(), ready, naive.FOUND), data[: sizes.loops])
    yield beside("同一脚本，给 rapidfuzz 加上 score_cutoff", ms(loop), loop / ours)


def fuzzy(bench: Bench) -> Iterator[Line]:
    """The matcher of words with slips, its hits compared with those of trying every word."""
    sizes = bench.sizes
    words = dict(enumerate(core.tolerant_words()))
    slips = Slips(words)
    data = core.texts(core.LENGTH, max(sizes.rounds // 2, sizes.checked), 12)
    texts = [[s.text for s in core.report_of(each).sentences] for each in data]
    ours = core.median_ms(lambda sentences: [slips.find(s) for s in sentences], texts)
    found = unlike = 0
    for sentence in (s for sentences in texts[: sizes.checked] for s in sentences):
        every = set(slips.every(sentence))
        found += len(every)
        unlike += len(set(slips.find(sentence)) ^ every)
    yield Line(f"模糊匹配本身（{len(words)} 个词）", ms(ours), "≤ 3 ms，力求 1.5", ours <= 3)
    same = f"{sizes.checked} 份报告 {found} 处，不同 {unlike} 处"
    yield Line("└ 与逐词穷举的结果比较", same, "全部相同", not unlike)
    some = texts[: sizes.loops]
    every_word = list(words.values())
    loop = core.median_ms(lambda each: _loop(every_word, each, 0), some)
    yield beside("partial_ratio 循环，每词对每句", ms(loop), loop / ours, 100)
    loop = core.median_ms(lambda each: _loop(every_word, each, 80), some)
    yield beside("同上，加 score_cutoff", ms(loop), loop / ours)
    loop = core.median_ms(lambda each: process.cdist(every_word, each, scorer=fuzz.partial_ratio), some)
    yield beside("rapidfuzz process.cdist，一核", ms(loop), loop / ours, 30)
    loop = core.median_ms(
        lambda each: process.cdist(every_word, each, scorer=fuzz.partial_ratio, score_cutoff=80), some
    )
    yield beside("同上，加 score_cutoff", ms(loop), loop / ours)


def _loop(words: Sequence[str], sentences: Sequence[str], cutoff: float) -> None:
    for sentence in sentences:
        for word in words:
            fuzz.partial_ratio(word, sentence, score_cutoff=cutoff)


def cold(bench: Bench) -> Iterator[Line]:
    """The whole command on one file, a new process each time."""
    file = bench.files(1)[0]
    place = bench.place("cold")

    def once(new_rules: bool, new_results: bool) -> Taken:
        for folder, new in (("rules", new_rules), ("results", new_results)):
            if new:
                shutil.rmtree(place / folder, ignore_errors=True)
        return taken([AUDITOR, "audit", file], place, caches(place))

    once(True, True)
    usual = [once(False, True) for _ in range(bench.sizes.cold)]
    again = [once(False, False) for _ in range(bench.sizes.cold)]
    first = [once(True, True) for _ in range(3)]
    wall = middle(usual)
    yield Line("冷启动 auditor audit ONE.txt（整个进程）", both(usual), "≤ 0.4 s，力求 0.2", wall <= 0.4)
    yield Line("└ 这份报告已在缓存里", both(again))
    yield Line("└ 装好后第一次运行（规则也要编译）", both(first))
    if bench.peers.semgrep:
        peers.semgrep(bench.peers, [file], 1, place)
        theirs = [peers.semgrep(bench.peers, [file], 1, place) for _ in range(3)]
        cpu = middle_cpu(theirs) / middle_cpu(usual)
        yield beside("semgrep，同样的短语写成正则规则", both(theirs), middle(theirs) / wall, 6, cpu)


# ---- many reports


def batch(bench: Bench) -> Iterator[Line]:
    """All reports on two cores, and the memory of every worker."""
    sizes, place = bench.sizes, bench.place("peers")
    ours = bench.batch(sizes.reports, CORES)
    memory = ours.memory
    rate = f"{sizes.reports / ours.wall:.0f} 份/秒"
    told = f"{seconds(ours.wall)}（{rate}；处理器时间 {seconds(ours.cpu)}）"
    yield Line(
        f"{sizes.reports} 份报告，{CORES} 核", told, f"≤ {scaled(12, sizes)}", ours.wall <= 12 * sizes.reports / 2000
    )
    if memory.worker_peaks:
        peak = memory.worker_peak / MB
        shown = f"{peak:.0f} MB（PSS {memory.worker_pss_peak / MB:.0f} MB）；主进程 {memory.writer_peak / MB:.0f} MB"
        yield Line("└ 每个工作进程的内存峰值（VmHWM）", shown, "≤ 150 MB", peak <= 150)
    if bench.peers.semgrep:
        runs = [peers.semgrep(bench.peers, bench.files(n), CORES, place) for n in sizes.semgrep]
        yield extrapolated(f"semgrep，{CORES} 个进程", sizes.semgrep, runs, sizes.reports, ours, 25)
    runs = [peers.script(bench.peers, bench.files(n), CORES, place) for n in sizes.script]
    yield extrapolated(f"朴素脚本，{CORES} 个进程", sizes.script, runs, sizes.reports, ours, 25)
    if bench.peers.textlint:
        whole = peers.textlint(bench.peers, bench.files(sizes.reports), place)
        name = "textlint + prh，一个进程（它不并行）"
        yield beside(name, seconds(whole.wall), whole.wall / ours.wall, 2, whole.cpu / ours.cpu)
    if bench.peers.ripgrep:
        floor = peers.ripgrep(bench.peers, bench.reports(sizes.reports), CORES, place).wall
        yield Line("└ 下限：ripgrep -F 逐字查找这些短语", f"{seconds(floor)}，本工具的 {share(floor / ours.wall)}")


def again(bench: Bench) -> Iterator[Line]:
    """The same run once more, and with one file changed."""
    count = bench.sizes.reports
    first = bench.batch(count, CORES)
    place = bench.place(f"audit-{count}-{CORES}")
    shutil.copy(place / "audit.jsonl", place / "first.jsonl")
    second = bench.audit(count, CORES, place)
    same = filecmp.cmp(place / "audit.jsonl", place / "first.jsonl", shallow=False)
    times = first.wall / second.wall
    shown = f"{seconds(second.wall)}，快 {times:.0f} 倍（处理器时间 {first.cpu / second.cpu:.0f} 倍）"
    yield Line("第二次运行，什么都没改", shown, "≥ 20 倍", times >= 20)
    yield Line("└ 输出与第一次逐字节相同", "是" if same else "否", "是", same)
    yield Line("└ 每份（主进程读缓存、写结果）", ms(second.cpu / count * 1000))
    changed = bench.files(count)[count // 2]
    text = changed.read_bytes()
    changed.write_bytes(text + "全年新制定规范性文件3件。\n".encode())
    third = bench.audit(count, CORES, place)
    changed.write_bytes(text)
    yield Line("└ 改了一份再运行", seconds(third.wall))


# ---- growth


def growth(bench: Bench) -> Iterator[Line]:
    """How time grows with reports, rules and length."""
    sizes = bench.sizes
    by_reports = [(float(n), bench.batch(n, CORES).cpu) for n in sizes.growth]
    yield _power("随报告份数", by_reports, bench, "reports")
    by_rules = list(_by_rules(sizes))
    bench.curves["rules"] = by_rules
    times = by_rules[-1][1] / by_rules[0][1]
    shown = "、".join(f"{n / by_rules[0][0]:.0f}× → {t / by_rules[0][1]:.1f}×" for n, t in by_rules[1:])
    yield Line(f"随规则条数（匹配和判断，{by_rules[0][0]:.0f} 条起）", shown, "10× 规则 ≤ 4× 时间", times <= 4)
    by_length = [(float(size), _of_length(size)) for size in sizes.lengths]
    yield _power(f"随篇幅，{size(sizes.lengths[0])} 到 {size(sizes.lengths[-1])}", by_length, bench, "length")


def _power(name: str, points: list[tuple[float, float]], bench: Bench, key: str) -> Line:
    bench.curves[key] = points
    power = exponent(points)
    ends = f"{points[-1][0] / points[0][0]:.0f}× → {points[-1][1] / points[0][1]:.1f}×"
    return Line(name, f"指数 {power:.2f}（{ends}）", f"线性（≤ {LINEAR}）", power <= LINEAR)


def _by_rules(sizes: Sizes) -> Iterator[tuple[float, float]]:
    """Rules and milliseconds of process time a report."""
    loaded = load_ruleset(core.SETS[0])
    reports = [core.report_of(each) for each in core.texts(core.LENGTH, max(4, sizes.rounds // 2), 13)]
    for times in (1, 2, 5, 10):
        rules = core.multiplied(loaded, times)
        matcher = Matcher([rules])

        def judged(each: Report, matcher: Matcher = matcher, rules: RuleSet = rules) -> None:
            judge = Judge(each, matcher)
            for rule in rules.rules:
                judge.finding(rule, rules.head)

        yield float(len(rules.rules)), core.median_ms(judged, reports)


def _of_length(size: int) -> float:
    """Milliseconds of process time for a text of so many bytes."""
    count = 8 if size < 100_000 else 2 if size < 1_000_000 else 1
    data = core.texts(size // 3, count, 14)
    return core.median_ms(lambda each: audit_bytes(each, "report.txt", core.OPTIONS), data)


def cores(bench: Bench) -> Iterator[Line]:
    """Two workers over one process."""
    count = bench.sizes.reports
    one, two = (bench.batch(count, jobs).wall for jobs in (1, CORES))
    name = f"两核比一核（{count} 份，-j 1 和 -j 2）"
    yield Line(name, f"{one / two:.2f} 倍（{seconds(one)}、{seconds(two)}）", "≥ 1.8 倍", one / two >= 1.8)


ROWS: dict[str, Callable[[Bench], Iterator[Line]]] = {
    "report": report,
    "fuzzy": fuzzy,
    "cold": cold,
    "batch": batch,
    "again": again,
    "growth": growth,
    "cores": cores,
}


# ---- wording


def beside(name: str, value: str, times: float, wanted: float | None = None, cpu: float | None = None) -> Line:
    """A peer's line: what it took, how many times as long as ours; the same in processor time, which a busy machine blurs less."""
    shown = f"{value}，{ratio(times)}" + (f"（处理器时间 {ratio(cpu)}）" if cpu is not None else "")
    if wanted is None:
        return Line(f"└ {name}", shown)
    return Line(f"└ {name}", shown, f"≥ {wanted:g} 倍", times >= wanted)


def ratio(times: float) -> str:
    return f"{times:.0f} 倍" if times >= 10 else f"{times:.1f} 倍"


def extrapolated(
    name: str, counts: tuple[int, int], runs: Sequence[Taken], reports: int, ours: Taken, wanted: float
) -> Line:
    """A peer that ran on two numbers of files: its start counted once, each further file as much as those between."""
    (few, many), (short, long) = counts, runs
    wall, cpu = (
        after + max(0.0, after - before) / (many - few) * (reports - many)
        for before, after in ((short.wall, long.wall), (short.cpu, long.cpu))
    )
    each = (long.wall - short.wall) / (many - few) * 1000
    value = f"{seconds(wall)}（由 {few} 份和 {many} 份外推，每份 {each:.0f} ms）"
    return beside(name, value, wall / ours.wall, wanted, cpu / ours.cpu)


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The power with which the second grows with the first: the slope of the line through their logarithms."""
    x, y = ([math.log(point[at]) for point in points] for at in (0, 1))
    return statistics.linear_regression(x, y).slope


def middle(runs: Sequence[Taken]) -> float:
    return statistics.median(run.wall for run in runs)


def middle_cpu(runs: Sequence[Taken]) -> float:
    return statistics.median(run.cpu for run in runs)


def both(runs: Sequence[Taken]) -> str:
    return f"{seconds(middle(runs))}（处理器时间 {seconds(middle_cpu(runs))}）"


def ms(value: float) -> str:
    return f"{value:.0f} ms" if value >= 20 else f"{value:.1f} ms" if value >= 1 else f"{value:.2f} ms"


def seconds(value: float) -> str:
    return f"{value:.0f} s" if value >= 20 else f"{value:.1f} s" if value >= 2 else f"{value:.2f} s"


def scaled(target: float, sizes: Sizes) -> str:
    """A target for 2,000 reports, for as many as are measured."""
    if sizes.reports == 2000:
        return f"{target:g} s"
    return f"{target * sizes.reports / 2000:.2g} s（2000 份 {target:g} s）"


def share(part: float) -> str:
    return f"1/{1 / part:.0f}" if part < 1 else f"{part:.1f} 倍"


def size(count: int) -> str:
    return f"{count // 1_000_000} MB" if count >= 1_000_000 else f"{count // 1000} kB"
