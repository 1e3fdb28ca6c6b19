"""What a report says of itself: title, unit, level, year, dates, addressee, genre, and where each was read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from auditor.expressions import expression
from auditor.frame import UNIT_END, Framed, iso_date, numbered
from auditor.lines import Line
from auditor.places import AREA, ORGAN, level_of
from auditor.report import Genre, Level
from auditor.text import normalise, numeral
from auditor.words import Message


@dataclass(slots=True)
class Metadata:
    """The fields read so far; ``found`` tells where."""

    title: str | None = None
    unit: str | None = None
    level: Level | None = None
    year: int | None = None
    genre: Genre = Genre.OTHER
    signed: str | None = None
    published: str | None = None
    addressee: str | None = None
    found: dict[str, str] = field(default_factory=dict)
    warnings: list[Message] = field(default_factory=list)

    def put(self, name: str, value: object, where: str) -> None:
        """Set a field and note where it was read."""
        setattr(self, name, value)
        self.found[name] = where


def read(text: str, framed: Framed, body: Sequence[Line], headings: Sequence[str]) -> Metadata:
    """Read the metadata of a text; ``headings`` are the normalised headings of its first level."""
    data = Metadata()
    _read_title(data, text, framed)
    _read_dates(data, text, framed)
    _read_addressee(data, text, framed)
    whole = "\n".join(line.text for line in body)
    opening = body[0].text[:400] if body and not numbered(body[0]) else ""
    _read_unit(data, text, framed, opening, whole)
    _read_level(data, whole)
    _read_year(data, framed, opening, headings, whole)
    _read_genre(data, framed, opening, headings, whole)
    return data


# --- title, dates, addressee ---------------------------------------------------------------------------------------

_WIDE_SPACE = expression(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")


def _raw(text: str, line: Line) -> str:
    return _WIDE_SPACE.sub("", text[line.start : line.end]).strip("#* ")


def _read_title(data: Metadata, text: str, framed: Framed) -> None:
    parts: list[str] = []
    for line, why in framed.stripped:
        if why != "title":
            continue
        part = _raw(text, line)
        if any(part in known for known in parts):
            continue
        parts = [known for known in parts if known not in part]
        parts.append(part)
    if parts:
        title = "".join(parts)
        if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
            title = title[1:-1]
        data.put("title", title, "title")
        return
    for line, why in framed.stripped:
        named = expression(r"\s*[【\[]?(?:名\s*称|标\s*题)[】\]]?\s*[:：|｜]\s*(\S.{5,80})").match(
            text[line.start : line.end]
        )
        if why == "metadata" and named:
            data.put("title", named[1].strip(" |｜"), "metadata")
            return


def _read_dates(data: Metadata, text: str, framed: Framed) -> None:
    first_body = framed.body[0].start if framed.body else 0
    for line, why in framed.stripped:
        if why not in ("metadata", "date", "signature", "page"):
            continue
        raw = text[line.start : line.end]
        body_seen = line.start > first_body
        day = iso_date(raw) or iso_date(line.text)
        if day is None:
            continue
        drawn_up = expression(r"(?:成文|生成|发文)(?:日期|时间)").search(line.text) if why == "metadata" else None
        put_out = (
            expression(r"(?:发布|公开|公布|上网|发表)(?:日期|时间)").search(line.text) if why == "metadata" else None
        )
        if drawn_up is not None:
            if data.signed is None and (signed := iso_date(line.text[drawn_up.end() :])):
                data.put("signed", signed, "metadata")
            if data.published is None and put_out and (published := iso_date(line.text[put_out.end() :])):
                data.put("published", published, "metadata")
        elif why in ("date", "signature") and body_seen:
            data.put("signed", day, "signature")
        elif why == "date" and raw.startswith(("(", "\uff08")):
            data.put("signed", day, "title")
        elif why == "metadata" or (why == "date" and not body_seen):
            if data.published is None and not expression(r"(?:生效|废止|失效)").match(line.text):
                data.put("published", day, "metadata")
        elif (
            why == "page"
            and data.published is None
            and not expression(r"今天是|欢迎").match(line.text)
            and "发布" in line.text
        ):
            data.put("published", day, "metadata")


def _read_addressee(data: Metadata, text: str, framed: Framed) -> None:
    for line, why in framed.stripped:
        if why == "addressee":
            data.put("addressee", _raw(text, line).rstrip(":："), "addressee")
            return


# --- unit ------------------------------------------------------------------------------------------------------------

_TITLE_UNIT = expression(
    r"^(?:中共[^,]{2,20}?委员?会?[,、]?)?(?P<unit>[\u4e00-\u9fff()、]{2,40}?)(?:关于|(?=[(]?(?:19|20)\d\d)|(?=[一二][〇零]..年)|(?=法治|依法行政|推进|贯彻|落实|上年|年度|本年))"
)
_AFTER_YEAR = expression(
    r"(?:19|20)\d\d年(?:度)?(?P<unit>[\u4e00-\u9fff]{2,30}?)(?=关于|法治|依法行政|推进|贯彻|落实|深入|全面|上半年|工作)"
)
_SUBJECT = expression(
    rf"^(?:(?:20\d\d)年(?:度)?(?:以来)?[,是]?|(?:今年|一年来|近年来)(?:以来)?,)?(?P<unit>[\u4e00-\u9fff]{{2,24}}?(?:{AREA}|人民政府|管理局|局|厅|委员会|委|办公室|办|管委会))"
    r"(?:党[组委]|党工委|人民政府|政府)?(?=在|坚持|深入|认真|全面|紧紧|以|严格|积极|始终|高度|按照|围绕|聚焦|切实|根据|结合|贯彻|持续|,)"
)
_SPOKEN_FOR = expression(
    r"我(?:谨|受[^,。]{0,12}委托)?,?代表(?P<unit>[\u4e00-\u9fff]{2,24}?(?:人民政府|管理委员会|管委会|局|厅|委员会))"
)
_NO_NAME = expression(
    r"[我全各本该在对向由经与及和为市省从按据以将把给让被报请或是有同国]|中央|贯彻|落实|执行|针对|根据|按照|围绕|通过|依据|对照|结合|涉及|经过|关于|协助|配合|指导|组织|推动"
)
_BARE_NAME = expression(
    r"^(?:我|本|全|各|该|市|县|区|镇|乡|局|省)?(?:省|市|县|区|旗|州|盟|镇|乡|街道|局|委|办|厅|单位|部门)?(?:人民)?(?:政府|委)?$"
)
_OFFICE = expression(r"(?<=政府)(?:办公室|办公厅|办)$")


def _read_unit(data: Metadata, text: str, framed: Framed, opening: str, whole: str) -> None:
    signed = _signed_unit(text, framed)
    titled = _titled_unit(data.title)
    sourced = _sourced_unit(text, framed)
    if titled and ORGAN.search(titled):
        data.put("unit", _fuller(titled, signed, sourced), "title")
    elif titled and (named := _grown(titled, (signed, sourced), opening, whole)):
        data.put("unit", named[0], named[1])
    elif signed:
        data.put("unit", signed, "signature")
    elif titled:
        data.put("unit", titled, "title")
    elif (own := _self_named(opening, whole)) and not (sourced and _vague(own)):
        data.put("unit", own, "body")
    elif sourced:
        data.put("unit", sourced, "metadata")


def _vague(name: str) -> bool:
    """Whether a name leaves open of which place: 市交通运输局."""
    return name[0] in "省市县区州旗镇乡" and not name.startswith(("市中", "县城"))


def _fuller(name: str, *others: str | None) -> str:
    """The longer spelling of the same unit, where the title gives a short one."""
    if _vague(name):
        for other in others:
            if other and other.endswith(name[1:]) and len(other) > len(name):
                return other
    return name


def _titled_unit(title: str | None) -> str | None:
    if not title:
        return None
    plain = expression(r"^\(.{1,8}\)|《[^》]*》").sub("", normalise(title).text)
    found = _TITLE_UNIT.match(plain) or _AFTER_YEAR.search(plain)
    if not found:
        return None
    unit = _last_organ(found["unit"])
    if _BARE_NAME.fullmatch(unit) or unit.startswith(("关于", "法治", "依法", "年度")) or len(unit) < 3:
        return None
    return unit if ORGAN.search(unit) or expression(rf"{AREA}$").search(unit) else None


def _last_organ(name: str) -> str:
    """Of a party committee and a government that report jointly, the government."""
    joint = expression(
        r"(?:委员会|[县市区镇乡省州旗]委|党工委|党委)[、和与]?(?=[^,]{2,}(?:人民政府|管委会|管理委员会|办事处)$)"
    ).search(name)
    return name[joint.end() :] if joint else name


def _signed_unit(text: str, framed: Framed) -> str | None:
    first_body = framed.body[0].start if framed.body else 0
    best: str | None = None
    for line, why in framed.stripped:
        if why != "signature" or line.start < first_body:
            continue
        names = [
            normalise(part).text for part in expression(r"\s{1,}").split(text[line.start : line.end].strip()) if part
        ]
        if all(len(name) <= 2 for name in names) or not any(expression(rf"{UNIT_END}$").search(name) for name in names):
            names = [line.text]
        for name in names:
            name = expression(r"(?:(?:19|20)\d\d|[一二][〇零]..)年.*$|\(.{1,4}\)$").sub("", name)
            name = _last_organ(name)
            if not expression(rf"{UNIT_END}$").search(name) or _BARE_NAME.fullmatch(name):
                continue
            if best is None or (name.endswith("人民政府") and not best.endswith("人民政府")):
                best = name
    return best


def _sourced_unit(text: str, framed: Framed) -> str | None:
    for pattern in (
        r"发布(?:机构|机关|单位)|制发(?:机构|单位)|发文(?:机关|机构|单位)|公开(?:主体|责任单位)",
        r"(?:信息|文章|稿件)?来源",
    ):
        for line, why in framed.stripped:
            if why not in ("metadata", "page"):
                continue
            raw = text[line.start : line.end]
            found = re.search(rf"(?:{pattern})\s*[】\]]?\s*[:：|｜]\s*([\u4e00-\u9fff]{{3,40}})", raw)
            if found:
                name = _OFFICE.sub("", found[1])
                if (
                    expression(rf"{UNIT_END}$").search(name)
                    and not expression(r"网|报社|日报|频道").search(name)
                    and not _BARE_NAME.fullmatch(name)
                ):
                    return name
    return None


def _grown(place: str, others: tuple[str | None, ...], opening: str, whole: str) -> tuple[str, str] | None:
    """The full name of the unit whose title gives only a place."""
    for other, where in zip(others, ("signature", "metadata"), strict=True):
        if (
            other
            and (place in other or other.startswith(place[-3:]))
            and other.endswith(("政府", "管理局", "办事处", "委员会", "管委会"))
        ):
            return other, where
    for scope in (opening, whole):
        found = re.search(
            rf"{re.escape(place)}(?:人民政府|管理局|管理委员会|管委会|街道办事处|办事处)(?!网站|门户|公众号)", scope
        )
        if found:
            return found[0], "body"
    return None


def _self_named(opening: str, whole: str) -> str | None:
    """The unit as the body names itself: the subject of its first sentence, or the place of 我县."""
    spoken_for = _SPOKEN_FOR.search(opening)
    if spoken_for and not _BARE_NAME.fullmatch(spoken_for["unit"]):
        return spoken_for["unit"]
    subject = _SUBJECT.match(opening)
    if (
        subject
        and not _BARE_NAME.fullmatch(subject["unit"])
        and not expression(r"(?:全|各|我|本|中共)").match(subject["unit"])
    ):
        name = subject["unit"]
        grown = None if ORGAN.search(name) else _grown(name, (None, None), opening, whole)
        if grown or not name.endswith(("省", "市")):
            return grown[0] if grown else name
    area = _own_area(whole)
    if area is None:
        return None
    name_in = re.compile(
        rf"(?:(?<=中共)|(?<=《)|(?<=[,。;:、\n])|(?<=年))(?:成立|组建|设立|印发|出台|制定|转发|发布|提请|报请|关于|获评|获得|推动|助力)?(?P<name>[\u4e00-\u9fff]{{1,5}}{area})(?=人民政府|委(?!员)|政府|依法|坚持|推进|成功|法治|全面|在|行政|司法|[^\u4e00-\u9fff])"
    )
    names = Counter(found["name"] for found in name_in.finditer(whole) if not _NO_NAME.match(found["name"]))
    if not names:
        return None
    name = max(names, key=lambda each: (_standing(each, whole), names[each], -len(each)))
    if re.search(rf"{name}人民政府(?!网|门户|公众号)", whole):
        return f"{name}人民政府"
    return name


def _standing(name: str, whole: str) -> int:
    """How surely a run of characters is a place: it has a government or a party committee of its own."""
    return (f"{name}人民政府" in whole) + (f"中共{name}" in whole)


def _own_area(whole: str) -> str | None:
    counts = Counter(
        {area: whole.count(f"我{area}") for area in ("省", "市", "县", "区", "旗", "镇", "乡", "街道", "州", "盟")}
    )
    for area in ("县", "旗", "镇", "乡"):
        counts[area] += whole.count(f"全{area}")
    area, times = counts.most_common(1)[0]
    return area if times else None


# --- level ---------------------------------------------------------------------------------------------------------


def _read_level(data: Metadata, whole: str) -> None:
    if data.unit:
        level = level_of(data.unit, data.addressee)
        if level:
            data.put("level", level, "unit")
            return
    for words in (_OUR_OWN, _OF_A_KIND):
        counts = {level: sum(whole.count(word) for word in each) for level, each in words.items()}
        level, times = max(counts.items(), key=lambda pair: pair[1])
        if times:
            data.put("level", level, "body")
            return


_OUR_OWN = {
    Level.TOWNSHIP: ("我镇", "我乡", "我街道", "本镇", "本乡"),
    Level.DEPARTMENT: ("我局", "我委", "我办", "我厅", "我部门", "我院", "我中心"),
    Level.COUNTY: ("我县", "我区", "我旗", "本县", "本区"),
    Level.CITY: ("我市", "我州", "我盟", "本市"),
    Level.PROVINCE: ("我省", "本省", "我自治区"),
}
_OF_A_KIND = {
    Level.TOWNSHIP: ("镇党委", "乡党委", "街道党工委", "全镇", "全乡"),
    Level.DEPARTMENT: ("局党组", "厅党组", "局党委"),
    Level.COUNTY: ("全县", "全旗", "县政府常务会议"),
    Level.CITY: ("全市", "市政府常务会议"),
    Level.PROVINCE: ("全省", "省政府常务会议"),
}


# --- year --------------------------------------------------------------------------------------------------------------

_YEAR = expression(
    r"(?<![\d.])((?:19|20)\d\d)(?=年|[—-](?:19|20)\d\d年)|([一二][〇零][〇零一二三四五六七八九]{2})(?=年)"
)
_SPAN = expression(r"《[^》]*》|〈[^〉]*〉|\([^)]*(?:19|20)\d\d[^)]*\)")
_FROM_TO = expression(r"((?:19|20)\d\d)年?(?:-|至|到)((?:19|20)\d\d)年")
_SELF_YEAR = expression(r"(?:现将|报告|总结|汇报)[^。,]{0,8}?((?:19|20)\d\d)年")
_NUMBER = expression(r"[\u4e00-\u9fff]{1,8}[〔\[(【]((?:19|20)\d\d)[〕\])】]\d{1,4}号")


def _years(text: str) -> list[int]:
    found = _YEAR.findall(_SPAN.sub("", text))
    return [int(numeral(arabic or chinese) or 0) for arabic, chinese in found]


def _read_year(data: Metadata, framed: Framed, opening: str, headings: Sequence[str], whole: str) -> None:
    votes: list[tuple[str, int]] = []
    title = normalise(data.title).text if data.title else ""
    span = _FROM_TO.search(_SPAN.sub("", title))
    titled = _years(title)
    if titled:
        votes.append(("title", max(titled) if span else titled[0]))
        if span and span[1] != span[2]:
            data.warnings.append(Message("span_of_years", {"first": span[1], "last": span[2]}))
    first = expression(r"[。;]").split(opening, maxsplit=1)[0]
    opened = _years(first[:60]) or [int(year) for year in _SELF_YEAR.findall(_SPAN.sub("", opening))]
    if opened:
        votes.append(("opening", opened[0]))
    told: set[int] = set()
    for heading in headings:
        years = _years(heading)
        if years:
            told.add(years[-1])
            later = years[-1] - 1 in told or (
                bool(expression(r"安排|计划|打算|思路|下一?步|重点|设想|任务").search(heading))
                and not expression(r"情况|完成").search(heading)
            )
            votes.append(("plan heading" if later else "heading", years[-1] - (1 if later else 0)))
    votes += _dated_votes(data, framed)
    strong = [vote for vote in votes if vote[0] in ("title", "opening", "heading", "plan heading")]
    chosen = _choose(strong) or (votes[0] if votes else None) or _body_year(whole)
    if chosen is None:
        data.warnings.append(Message("year_unread"))
        return
    data.put("year", chosen[1], chosen[0])
    against = sorted({year for where, year in strong if year != chosen[1]})
    if against and not span:
        others = [Message("one_year", {"year": year}) for year in against]
        data.warnings.append(Message("years_differ", {"year": chosen[1], "others": others}))
    _check_dates(data)


def _choose(votes: list[tuple[str, int]]) -> tuple[str, int] | None:
    """The first vote, unless all others agree against it."""
    if not votes:
        return None
    others = {year for where, year in votes[1:]}
    if len(votes) > 2 and len(others) == 1 and votes[0][1] not in others:
        return votes[1]
    return votes[0]


def _dated_votes(data: Metadata, framed: Framed) -> list[tuple[str, int]]:
    votes: list[tuple[str, int]] = []
    for line, why in framed.stripped:
        number = _NUMBER.search(line.text)
        if number and why in ("metadata", "page"):
            votes.append(("number", int(number[1]) - 1))
            break
    for name, day in (("signed", data.signed), ("published", data.published)):
        if day:
            year, month = int(day[:4]), int(day[5:7])
            votes.append((name, year if month >= 11 else year - 1))
    return votes


def _body_year(whole: str) -> tuple[str, int] | None:
    plain = expression(r"\(?(?:19|20)\d\d(?:年)?[-至](?:19|20)\d\d年?\)?").sub("", whole)
    counts = Counter(int(year) for year in expression(r"(20\d\d)年").findall(plain))
    if not counts:
        return None
    year, times = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    return ("body", year) if times > 1 or len(counts) == 1 else None


def _check_dates(data: Metadata) -> None:
    if data.year and data.signed and data.found.get("signed") == "signature":
        year = int(data.signed[:4])
        if year < data.year or year > data.year + 1:
            data.warnings.append(Message("odd_date", {"signed": data.signed, "year": data.year}))


# --- genre -------------------------------------------------------------------------------------------------------------

_LAW = expression(r"法治(?:政府)?(?:建设|工作|政府)|依法行政|法治部门|法制工作")
_REPORT = expression(r"报告|总结|情况|白皮书|自查|汇报|年报|建设工作|工作$")
_PARTS = expression(r"存在|不足|问题|下一?步|打算|安排|计划|举措|成效|做法|情况")


def _read_genre(data: Metadata, framed: Framed, opening: str, headings: Sequence[str], whole: str) -> None:
    title = normalise(data.title).text if data.title else ""
    named = _genre_of_title(title)
    if named:
        data.put("genre", named, "title")
        return
    greeting = any("各位代表" in line.text for line, _ in framed.stripped) or "各位代表" in opening
    if greeting or "作政府工作报告" in opening:
        data.put("genre", Genre.GOVERNMENT_WORK_REPORT, "body")
    elif "政府信息公开条例" in opening and expression(r"本报告|年度报告").search(opening):
        data.put("genre", Genre.DISCLOSURE_REPORT, "body")
    elif expression(r"(?:近日|日前|昨日|本报讯|记者|连日来|(?:20\d\d年)?\d{1,2}月\d{1,2}日,)").match(opening):
        data.put("genre", Genre.NEWS, "body")
    elif (
        _LAW.search(whole) and (_reports(opening) or sum(bool(_PARTS.search(heading)) for heading in headings) >= 2)
    ) or (
        data.year
        and len(_LAW.findall(whole)) >= 3
        and expression(r"我[省市县区旗镇乡局]|全[市县区镇乡局]").search(whole)
    ):
        data.put("genre", Genre.ANNUAL_REPORT, "body")


def _reports(opening: str) -> bool:
    return bool(expression(r"现将[^。]{0,40}(?:报告|汇报|总结)|(?:报告|汇报|总结|情况)如下").search(opening))


def _genre_of_title(title: str) -> Genre | None:
    if not title:
        return None
    if expression(
        r"(?:政府)?信息公开(?:工作)?(?:年度)?(?:报告|年报|工作总结|情况)|政务公开[^,]{0,10}(?:报告|总结)"
    ).search(title):
        return Genre.DISCLOSURE_REPORT
    if expression(r"^.{0,24}政府工作报告").search(title) and not _LAW.search(title):
        return Genre.GOVERNMENT_WORK_REPORT
    if expression(r"解读|召开|举行|纪实|侧记|访谈|回眸|获评|成功|座谈会").search(title):
        return Genre.NEWS
    if expression(r"述职|述法").search(title):
        return Genre.OTHER
    if expression(r"(?:通知|公告|通报|方案|意见|批复|函|要点|计划|办法|规定|公示|决定|清单)(?:\(.*\))?$").search(title):
        return Genre.NOTICE
    if _LAW.search(title) and _REPORT.search(title):
        return Genre.ANNUAL_REPORT
    return None
