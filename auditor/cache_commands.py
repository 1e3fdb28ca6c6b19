"""``auditor cache``: what is kept of earlier audits, and how to be rid of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from auditor.arguments import LangOption
from auditor.errors import ExitCode
from auditor.terminal import show
from auditor.words import Lang, batch_word

if TYPE_CHECKING:
    from auditor.cache import Amount

_MB = 1024 * 1024


def cache_root(lang: LangOption = None) -> None:
    pass


def info(ctx: typer.Context, lang: LangOption = None) -> ExitCode:
    from auditor.cache import Amount, default_cache, size_limit
    from auditor.formats.cells import width_of

    language: Lang = ctx.obj
    cache = default_cache()
    amounts = cache.amounts()
    limit = size_limit(language) // _MB
    rows = [(batch_word(language, f"cache_{kind}"), _told(amount, language)) for kind, amount in amounts.items()]
    rows.append((batch_word(language, "cache_total"), _told(sum(amounts.values(), Amount()), language)))
    rows.append((batch_word(language, "cache_limit"), f"{limit} MB"))
    rows.append((batch_word(language, "cache_place"), cache.root.as_posix()))
    widest = max(width_of(label) for label, _ in rows)
    for label, value in rows:
        show(f"{label}{' ' * (widest - width_of(label))}  {value}")
    return ExitCode.OK


def clean(ctx: typer.Context, lang: LangOption = None) -> ExitCode:
    from auditor.cache import default_cache

    removed = default_cache().clean()
    show(batch_word(ctx.obj, "cache_cleaned", entries=removed.entries, size=removed.size / _MB))
    return ExitCode.OK


def _told(amount: Amount, lang: Lang) -> str:
    return batch_word(lang, "cache_amount", entries=amount.entries, size=amount.size / _MB)
