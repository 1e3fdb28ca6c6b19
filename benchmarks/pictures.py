"""The pictures of docs/performance.md: how time grows, and the memory of a long run. As SVG, the same for the same numbers."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from measuring import Sample
from rows import exponent

IMAGES = Path(__file__).parent.parent / "docs" / "images"
MB = 1024 * 1024
POINTS = 240
_PANELS = {
    "reports": ("报告份数", "处理器时间（秒）"),
    "rules": ("规则条数", "一份报告（毫秒）"),
    "length": ("篇幅（字节）", "一份报告（毫秒）"),
}
# Text stays text, so that the file is small; whoever looks at it has one of these fonts.
_LOOK = {
    "svg.fonttype": "none",
    "svg.hashsalt": "auditor",
    "font.family": ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "DejaVu Sans"],
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
}


def growth(curves: Mapping[str, Sequence[tuple[float, float]]], path: Path) -> None:
    """Time over reports, rules and length, both axes logarithmic; dashed: exactly linear."""
    _drawn(
        path,
        (11, 3.6),
        len(curves),
        lambda axes: [_panel(a, *each) for a, each in zip(axes, curves.items(), strict=True)],
    )


def _panel(axes: Any, key: str, points: Sequence[tuple[float, float]]) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

    x, y = zip(*points, strict=True)
    axes.loglog(x, [y[0] * each / x[0] for each in x], "--", color="#999999", linewidth=1)
    axes.loglog(x, y, "o-", color="#1f5fa8", linewidth=1.6, markersize=4.5)
    axes.set_xticks(x, [_short(each) for each in x])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    across, up = _PANELS[key]
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_title(f"指数 {exponent(points):.2f}", fontsize=10)
    axes.grid(True, which="major", color="#e5e5e5", linewidth=0.6)


def _short(number: float) -> str:
    """A number for an axis: 126, 5k, 5M."""
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if number >= unit and not number % (unit / 10):
            return f"{number / unit:g}{name}"
    return f"{number:g}"


def memory(samples: Sequence[Sample], path: Path) -> None:
    """Memory over time: of the writing process, of the largest worker, and all processes together."""
    kept = samples[:: max(1, len(samples) // POINTS)]
    minutes = [s.seconds / 60 for s in kept]
    lines = {
        "主进程（RSS）": [s.writer / MB for s in kept],
        "最大的工作进程（RSS）": [max(s.workers, default=0) / MB for s in kept],
        "全部进程（PSS）": [s.total_pss / MB for s in kept],
    }

    def draw(axes: Sequence[Any]) -> None:
        for (name, values), colour in zip(lines.items(), ("#1f5fa8", "#c0504d", "#777777"), strict=True):
            axes[0].plot(minutes, values, color=colour, linewidth=1.4, label=name)
        axes[0].set_xlabel("分钟")
        axes[0].set_ylabel("MB")
        axes[0].set_ylim(bottom=0)
        axes[0].legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
        axes[0].grid(True, color="#e5e5e5", linewidth=0.6)

    _drawn(path, (8, 3.6), 1, draw)


def _drawn(path: Path, inches: tuple[float, float], panels: int, draw: Callable[[Sequence[Any]], object]) -> None:
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with plt.rc_context(_LOOK), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        figure, axes = plt.subplots(1, panels, figsize=inches, layout="constrained", squeeze=False)
        draw(axes[0])
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
        plt.close(figure)
