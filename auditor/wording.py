"""The sentences that explain a finding, one table a language; every ``why`` and ``reason`` is built from here."""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en"]

REASONS: dict[Lang, dict[str, str]] = {
    "zh": {
        "evidenced": "举措部分说明已做,并有具体事实",
        "asserted": "举措部分有此主张,但没有具体事实",
        "norm_only": "只写了规则要求,没有写本年度办了什么",
        "acknowledged": "举措部分没有证据;报告自认此项不足",
        "planned": "举措部分没有证据;只在安排或计划中提到",
        "missing": "全文没有写到",
        "missing_near": "有相近表述,但都不能作为证据",
        "level": "该义务不约束{level}",
        "level_unknown": "单位层级不明,而该义务只约束部分层级;用 --level 指定后再审",
        "year": "报告年度{year}不在该义务的适用年度内",
        "reference": "该层级只是参照执行,报告未写到,不作缺项",
        "half": "“{title}”中的“{half}”未见",
        "lacking": "未写:{elements}",
        "below": "{name}为{value},低于{least}",
        "copied": "只是照录文件原句",
        "shortcoming": "报告同时自认此项不足",
        "why_preamble": "在导语或结语中,不能作为证据",
        "why_plan": "是下一步的计划,不是本年度已做的事",
        "why_problem": "说的是不足",
        "why_purpose": "只是目的或愿望(为…、旨在…)",
        "why_superior": "是上级的行为,不是本单位所做",
        "why_other": "是其他地方或单位的行为",
        "why_earlier": "是以前年度的事",
        "why_title": "只出现在所引文件的名称里",
        "why_no_fact": "没有这项义务所要的具体事实",
        "why_words": "所在分句有“{word}”,说的是另一件事",
        "why_topic": "只是提到,没有说本年度做了什么",
    },
    "en": {
        "evidenced": "the work part says it was done and gives a concrete fact",
        "asserted": "the work part claims it without a concrete fact",
        "norm_only": "only the rule is stated, nothing done this year",
        "acknowledged": "no evidence in the work part; the report admits the shortcoming",
        "planned": "no evidence in the work part; only planned",
        "missing": "not found in the report",
        "missing_near": "similar wording exists but none of it counts",
        "level": "does not bind this level ({level})",
        "level_unknown": "the unit's level is unknown and the obligation binds some levels only; give --level",
        "year": "report year {year} is outside the years that it binds",
        "reference": "followed by reference only at this level and not reported: not a gap",
        "half": "of “{title}”, “{half}” is not shown",
        "lacking": "not written: {elements}",
        "below": "{name} is {value}, below {least}",
        "copied": "repeats the instrument's wording only",
        "shortcoming": "the report also admits a shortcoming here",
        "why_preamble": "stands in the preamble or closing, which proves nothing",
        "why_plan": "a plan, not a deed of the year",
        "why_problem": "tells a shortcoming",
        "why_purpose": "a purpose or wish only",
        "why_superior": "a superior's deed, not the unit's",
        "why_other": "another place's or unit's deed",
        "why_earlier": "of an earlier year",
        "why_title": "only in the title of an instrument cited",
        "why_no_fact": "lacks the concrete fact that this obligation asks for",
        "why_words": "its clause has “{word}”: another matter",
        "why_topic": "mentioned only; nothing said to be done",
    },
}


def say(lang: Lang, key: str, **values: object) -> str:
    """The sentence ``key`` in ``lang`` with its blanks filled."""
    return REASONS[lang][key].format(**values)
