"""What this installation reads, one row a format."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.formats.cells import columns, fold, screen_width, visible
from auditor.formats.labels import Lang
from auditor.readers.support import Support

_WORDS: dict[Lang, dict[str, str]] = {
    Lang.ZH: {
        "format": "格式",
        "suffixes": "后缀",
        "state": "状态",
        "by": "读取组件",
        "missing": "缺什么",
        "full": "可读",
        "partial": "可读，有缺损",
        "none": "不可读",
        "built_in": "自带",
        "numbering": "自动编号（“一、”“（一）”）不能还原",
        "scans": "图像页没有读到，缺项须对照原件复核",
        "install": "安装 {name}",
        "or": "或 ",
        "limited": "解析在子进程中进行，内存、CPU、用时、写文件均受限制。",
        "unlimited": "解析在子进程中进行；本平台不能限制内存，只限制用时，请勿审核来源不明的文件。",
        "text": "纯文本",
        "md": "Markdown",
        "docx": "Word（docx）",
        "pdf": "PDF（文字版）",
        "ofd": "OFD（文字版）",
        "html": "网页",
        "mhtml": "网页归档（mhtml）",
        "rtf": "RTF",
        "odt": "OpenDocument 文本",
        "xlsx": "Excel（xlsx）",
        "zip": "zip 压缩包（一层）",
        "doc": "旧版 Word、WPS",
        "scan": "扫描件（文字识别）",
    },
    Lang.EN: {
        "format": "format",
        "suffixes": "suffixes",
        "state": "state",
        "by": "read by",
        "missing": "missing",
        "full": "readable",
        "partial": "with losses",
        "none": "not readable",
        "built_in": "built in",
        "numbering": "automatic numbers of headings are lost",
        "scans": "scanned pages are not read and not judged",
        "install": "install {name}",
        "or": "or ",
        "limited": "Files are parsed in a child process with limits on memory, CPU, time and writing.",
        "unlimited": "Files are parsed in a child process; this platform cannot limit its memory, only its time: "
        "do not audit files from unknown sources.",
        "text": "plain text",
        "md": "Markdown",
        "docx": "Word (docx)",
        "pdf": "PDF (with text)",
        "ofd": "OFD (with text)",
        "html": "web page",
        "mhtml": "web archive (mhtml)",
        "rtf": "RTF",
        "odt": "OpenDocument text",
        "xlsx": "Excel (xlsx)",
        "zip": "zip archive (one level)",
        "doc": "old Word, WPS",
        "scan": "scans (recognition)",
    },
}
_NARROW = 36


def render(formats: Iterable[Support], memory_is_limited: bool, lang: Lang) -> str:
    """The table of formats, and what protects the reader."""
    words = _WORDS[lang]
    width = screen_width()
    headings = [words[key] for key in ("format", "suffixes", "state", "by", "missing")]
    rows = [_row(each, words) for each in formats]
    lines = columns(headings, rows, width)
    lines += ["", *fold(words["limited" if memory_is_limited else "unlimited"], width)]
    return "\n".join(lines)


def _row(each: Support, words: dict[str, str]) -> list[str]:
    told = [_install(name, words) for name in each.missing]
    lines = [f"{words['or']}{line}" if at else line for at, line in enumerate(told)]
    cells = [
        words[each.kind],
        " ".join(each.suffixes),
        words[each.state],
        "\n".join(each.by) or (words["built_in"] if each.state == "full" else "—"),
        "\n".join([*lines, *(fold(words[each.loses], _NARROW) if each.loses else ())]),
    ]
    return ["\n".join(visible(line) for line in cell.splitlines()) for cell in cells]


def _install(name: str, words: dict[str, str]) -> str:
    """What to do about something missing: a command to copy, for what comes from the package index."""
    return f"pip install '{name}'" if "[" in name else words["install"].format(name=name)
