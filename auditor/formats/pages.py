"""What the HTML pages share: templates that escape everything, style and script inside the page and nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from auditor.expressions import expression
from auditor.findings import Finding, Status
from auditor.formats.cells import visible
from auditor.formats.rows import group_state
from auditor.words import FLAG, GENRE, IMPORTANCE, LEVEL, MESSAGES, PAGES, ROLE, STATUS, Lang, say

if TYPE_CHECKING:
    from jinja2 import Environment

_CODE = {Lang.ZH: "zh-CN", Lang.EN: "en"}
_SEEN = expression(r"\S+")
_KEPT_SPACE = "\t\u3000"
# Runs before anything is painted: with scripts, what is closed is never seen open.
_EARLY = 'document.documentElement.classList.add("js")'


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a bar: of one status, from ``x`` on and ``width`` wide, in percent of the bar."""

    status: Status
    count: int
    x: float
    width: float


def document(template: str, lang: Lang, styles: Iterable[str], scripts: Iterable[str], **values: object) -> str:
    """The page of ``template`` with styles and scripts inside it; its policy lets no others in."""
    style = "\n".join(map(_asset, ("base.css", *styles)))
    script = "\n".join(map(_asset, ("base.js", *scripts)))
    page = _environment().get_template(template)
    return page.render(
        **values,
        **_words(lang),
        style=_raw(style),
        script=_raw(script),
        early=_raw(_EARLY),
        policy=_policy(style, _EARLY, script),
    )


def shown(text: str) -> str:
    """``text`` with what cannot be seen as U+FFFD and every break as a space: as long as before, offsets hold."""
    kept = "".join(char if not char.isspace() or char in _KEPT_SPACE else " " for char in text)
    return _SEEN.sub(lambda run: visible(run[0]), kept)


def clause_of(finding: Finding) -> str:
    """The clause that an obligation is listed under; its part where it has none."""
    return finding.clause or finding.part


def bar(counts: Mapping[str, int], statuses: Iterable[Status] = Status) -> tuple[Slice, ...]:
    """The slices of a bar over ``counts``, one a status that occurs."""
    counted = [(status, counts.get(status, 0)) for status in statuses]
    total = sum(count for _, count in counted)
    slices, before = list[Slice](), 0
    for status, count in counted:
        if count:
            slices.append(Slice(status, count, round(100 * before / total, 2), round(100 * count / total, 2)))
        before += count
    return tuple(slices)


def clauses(findings: Iterable[Finding]) -> Iterator[tuple[str, list[tuple[int, Finding]]]]:
    """The findings by clause, in the order of the rules, each with its index."""
    by_clause: dict[str, list[tuple[int, Finding]]] = {}
    for index, finding in enumerate(findings):
        by_clause.setdefault(clause_of(finding), []).append((index, finding))
    yield from by_clause.items()


def _words(lang: Lang) -> dict[str, Any]:
    """What templates say: the tables of words, and the statuses in their order."""
    return {
        "lang": _CODE[lang],
        "zh": _raw("" if lang is Lang.ZH else ' lang="zh-CN"'),
        "w": PAGES[lang],
        "m": MESSAGES[lang],
        "STATUS": STATUS[lang],
        "FLAG": FLAG[lang],
        "IMPORTANCE": IMPORTANCE[lang],
        "LEVEL": LEVEL[lang],
        "GENRE": GENRE[lang],
        "ROLE": ROLE[lang],
        "statuses": tuple(Status),
        "join": say(lang, "list_mark").join,
        "state": partial(group_state, lang),
    }


def _policy(style: str, *scripts: str) -> str:
    """The Content-Security-Policy: nothing is loaded, and nothing runs but what the page was made with."""
    allowed = " ".join(map(_digest, scripts))
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {allowed}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(block: str) -> str:
    return f"'sha256-{b64encode(sha256(block.encode()).digest()).decode()}'"


def _raw(text: str) -> object:
    from markupsafe import Markup

    return Markup(text)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("auditor"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True, "separators": (",", ":")}
    return environment


def _finalized(value: object) -> object:
    """Every plain string is made visible on its way out, whatever it came from."""
    return value if hasattr(value, "__html__") or not isinstance(value, str) else shown(value)


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]
