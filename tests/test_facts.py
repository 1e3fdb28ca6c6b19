"""One sentence in: its concrete facts."""

from __future__ import annotations

import pytest

from auditor.facts import find_facts, titles


def facts(sentence: str) -> list[tuple[str, str]]:
    return [(f.kind, sentence[f.start : f.end]) for f in find_facts(sentence, titles(sentence))]


@pytest.mark.parametrize(
    ("sentence", "fact"),
    [
        ("清理文件49件", ("count", "49件")),
        ("培训执法人员2200余人", ("count", "2200余人")),
        ("先后两次召开会议", ("count", "两次")),
        ("调解成功件3685", ("count", "件3685")),  # number and measure word swapped
        ("出庭率达到100%", ("rate", "100%")),
        ("印发《甲县重大行政决策目录》", ("document", "《甲县重大行政决策目录》")),
        ("召开第三次全体会议", ("meeting", "召开第三次全体会议")),
        ("成立行政执法协调监督局", ("body", "成立行政执法协调监督局")),
        ("开展铁拳专项行动", ("campaign", "开展铁拳专项行动")),
    ],
)
def test_facts(sentence: str, fact: tuple[str, str]) -> None:
    assert fact in facts(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "贯彻《重大行政决策程序暂行条例》",  # cited, not issued
        "严格落实行政执法三项制度",
        "建立四张清单制度",
        "2022年全面推进",
        "实行24小时值班",
        "组织开展各类专项整治",  # a campaign without a name
        "定期召开联席会议",
    ],
)
def test_no_facts(sentence: str) -> None:
    assert facts(sentence) == []


def test_numbers_inside_a_title_belong_to_its_name() -> None:
    assert facts("落实《关于印发3项制度5件清单的通知》") == []


def test_a_series_of_titles_is_issued_or_cited_as_one() -> None:
    assert [t.issued for t in titles("制定《甲办法》《乙办法》")] == [True, True]
    assert [t.issued for t in titles("根据《甲办法》和《乙办法》")] == [False, False]
