"""Letters of feedback (反馈意见): one report's audit filled into a Word template that the office can edit."""

from __future__ import annotations

import io
import re
import traceback
import zipfile
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import AuditorError
from auditor.expressions import expression
from auditor.findings import Evidence, FigureCheck, Figures, Finding, ReportAudit, Status
from auditor.formats.letter_facts import Facts, facts, file_name
from auditor.report import Report, Role, Source
from auditor.words import Lang, say, template_error

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SandboxedEnvironment

_SHIPPED = Path(__file__).parent.parent / "templates" / "letter.docx"
_DATE = datetime(2000, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_MOST_MEGABYTES = 50
_LONGEST_PLACE = 60
_TAG = expression(r"<[^>]+>")

_PASSAGES = (Evidence("", 0, 0, (), Role.WORK),)
# A report with one obligation of each status and a wrong figure: every part of a template is tried out on it.
_SAMPLE = ReportAudit(
    report=Report(Source("", ""), "", (), ()),
    rule_sets=(),
    score=0.0,
    weight=0,
    counts={},
    groups=(),
    findings=tuple(
        Finding("", "", "", "", "core", status, (), 0, 0.0, _PASSAGES if status.covered else (), (), "", "")
        for status in Status
    ),
    notices=("",),
    figures=Figures((FigureCheck("", 0, 0, "sum", "", "fails", "", 0.0),)),
)

name = file_name


def default_template() -> bytes:
    """The template that ships with the auditor."""
    return _SHIPPED.read_bytes()


def check(template: bytes, template_name: str, lang: Lang = Lang.ZH) -> None:
    """Raise AuditorError, before any report is audited, for a template that cannot be filled in, or has nothing to fill."""
    render(_SAMPLE, template, lang, template_name)
    if not _opened(template, template_name, lang).get_undeclared_template_variables(_environment()):
        raise AuditorError(template_error(lang, "no_placeholder", file=template_name))


def render(
    audited: ReportAudit, template: bytes | None = None, lang: Lang = Lang.ZH, template_name: str = "letter.docx"
) -> bytes:
    """The letter on one report as a Word document; the same audit and template give the same bytes.

    ``template`` is a docx with Jinja placeholders (docs/letters.md), None the shipped one. The letter is Chinese; errors
    are in ``lang`` and name ``template_name``. Raises AuditorError for a template that cannot be filled in.
    """
    document = _opened(default_template() if template is None else template, template_name, lang)
    told = facts(audited)
    _fill(document, told, template_name, lang)
    properties = document.docx.core_properties
    properties.title = told["题目"]
    properties.created = properties.modified = _DATE
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _opened(data: bytes, template_name: str, lang: Lang) -> DocxTemplate:
    from docxtpl import DocxTemplate

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(each.file_size for each in archive.infolist())
        if size > _MOST_MEGABYTES * 1024**2:
            raise AuditorError(template_error(lang, "too_large", file=template_name, limit=_MOST_MEGABYTES))
        document = DocxTemplate(io.BytesIO(data))
        document.init_docx()
    except AuditorError:
        raise
    except Exception as error:  # whatever the parsers of packages and XML make of a file that is no document
        raise AuditorError(template_error(lang, "not_docx", file=template_name)) from error
    return document


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    """Jinja without a way out: unsafe attributes, unknown names and unescaped text are errors."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import escape

    # finalize escapes what a template would leave as it is with {% autoescape false %}
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=escape)
    del environment.filters["safe"]
    return environment


def _fill(document: DocxTemplate, told: Facts, template_name: str, lang: Lang) -> None:
    """Fill the placeholders in. Whatever fails here was written in the template, which is the user's to mend."""
    from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError

    kinds = {TemplateSyntaxError: "syntax", UndefinedError: "unknown", SecurityError: "unsafe"}
    try:
        document.render(told, _environment(), autoescape=True)
    except Exception as error:
        kind = next((kind for each, kind in kinds.items() if isinstance(error, each)), "failed")
        place = _place(document, error) or template_error(lang, "somewhere")
        problem = " ".join(str(error).split())
        names = say(lang, "list_mark").join(told)
        said = template_error(lang, kind, file=template_name, place=place, problem=problem, names=names)
        raise AuditorError(said) from error


def _place(document: DocxTemplate, error: Exception) -> str:
    """The words of the paragraph where filling in stopped; empty where that is not known."""
    line = getattr(error, "lineno", None)
    if line is None:
        line = next(
            (f.lineno for f in reversed(traceback.extract_tb(error.__traceback__)) if f.filename == "<template>"), 0
        )
    part = document.current_rendering_part
    body = part is None or part is document.docx.part
    xml = document.patch_xml(document.get_xml() if body else document.get_part_xml(part))
    # docxtpl gives each paragraph a line of its own before it hands the text to Jinja
    source = re.sub(r"<w:p([ >])", r"\n<w:p\1", xml).splitlines()
    text = _TAG.sub("", source[line - 1]).strip() if line and line <= len(source) else ""
    return text if len(text) <= _LONGEST_PLACE else text[: _LONGEST_PLACE - 1] + "…"


def _undated(data: bytes) -> bytes:
    """The same package with a fixed date on every part: a document must not tell when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(part))
    return out.getvalue()
