"""Readers: from a file's bytes to its text and blocks, by what the content is."""

from __future__ import annotations

import importlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditor.errors import UnreadableFile
from auditor.readers.limits import limits
from auditor.readers.sniffing import sniff, suffix_of
from auditor.report import Extracted

if TYPE_CHECKING:
    from pathlib import Path

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of content is read: ``function`` of the module ``auditor.readers.<module>``, imported when needed.

    ``size`` names the limit on the file. ``parser`` is where it runs: ``None`` in this process, else in a child
    with the memory and time of that name.
    """

    kind: str
    module: str
    function: str
    suffixes: tuple[str, ...]
    size: Literal["file", "html", "text"] = "file"
    parser: Literal["document", "office"] | None = "document"


_FORMATS = (
    Format("text", "plain", "read", (".txt",), "text", None),
    Format("md", "plain", "read_markdown", (".md", ".markdown"), "text", None),
    Format("docx", "docx", "read", (".docx", ".docm")),
    Format("pdf", "pdf", "read", (".pdf",)),
    Format("ofd", "ofd", "read", (".ofd",)),
    Format("html", "html", "read", (".html", ".htm", ".shtml"), "html"),
    Format("mhtml", "html", "read_mhtml", (".mhtml", ".mht"), "html"),
    Format("doc", "office", "read", (".doc", ".wps"), parser="office"),
    Format("wordxml", "office", "read", (), parser="office"),
    Format("rtf", "rtf", "read", (".rtf",), "text"),
    Format("odt", "odt", "read", (".odt",)),
    Format("xlsx", "sheets", "read", (".xlsx",)),
    Format("zip", "archive", "read", (".zip",), parser=None),
)
FORMATS: Mapping[str, Format] = {each.kind: each for each in _FORMATS}
READERS: Mapping[str, Format] = {suffix: each for each in FORMATS.values() for suffix in each.suffixes}

_REFUSED = {
    "encrypted": ("encrypted", "文档设有打开密码;请在原软件中去掉密码后另存再审"),
    "image": ("no_text", "是图片而不是文档;请转成 docx 或文字版 pdf,扫描件请存成 pdf 再审"),
    "xls": ("unsupported", "是旧版 Excel 表格(xls);请另存为 xlsx,报告正文请另存为 docx 再审"),
    "ods": ("unsupported", "是 OpenDocument 表格(ods);请另存为 xlsx 再审"),
    "ppt": ("unsupported", "是演示文稿;请把报告正文另存为 docx 或 pdf 再审"),
    "pptx": ("unsupported", "是演示文稿;请把报告正文另存为 docx 或 pdf 再审"),
    "rar": ("unsupported", "是 rar 压缩包;请解压后再审,或改用 zip"),
    "7z": ("unsupported", "是 7z 压缩包;请解压后再审,或改用 zip"),
    "gzip": ("unsupported", "是 gzip 压缩文件;请解压后再审,或改用 zip"),
}


def read_bytes(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The text and blocks of a file given as bytes; ``name`` is used in messages and where content leaves a choice.

    Raises ``UnreadableFile``.
    """
    if len(data) > limits().file * _MB:
        raise _too_large(name, len(data), limits().file)
    chosen = _choose(data, name)
    most = getattr(limits(), chosen.size)
    if len(data) > most * _MB:
        raise _too_large(name, len(data), most)
    extracted = _read(chosen, data, name, encoding)
    if extracted.unread:
        from auditor.readers import ocr

        extracted = ocr.complete(data, name, extracted)
    return _checked(extracted, name, chosen)


def read_file(path: Path, name: str, encoding: str | None = None) -> tuple[Extracted, str]:
    """The text and blocks of the file at ``path``, and the SHA-256 of its bytes.

    ``name`` is what messages and results call the file. Raises ``UnreadableFile``.
    """
    import hashlib  # slow to load, and children read no files

    data = file_bytes(path, name)
    return read_bytes(data, name, encoding), hashlib.sha256(data).hexdigest()


def file_bytes(path: Path, name: str) -> bytes:
    """The bytes of a regular file within the limit. Raises ``UnreadableFile``."""
    most = limits().file
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFile(name, "unsupported", "是目录而不是文件;请指定其中的文件,或按目录批量审核")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(name, "unsupported", "不是普通文件(管道或设备);请先存成文件再审")
        if status.st_size > most * _MB:
            raise _too_large(name, status.st_size, most)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(name, "missing", "文件不存在;请核对路径和文件名") from None
    except NotADirectoryError:
        raise UnreadableFile(name, "missing", "路径中有一段不是目录;请核对路径") from None
    except PermissionError:
        raise UnreadableFile(name, "denied", "没有读取权限;请修改文件权限或换用有权限的账号") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableFile(name, "denied", f"无法打开({reason});请检查磁盘和路径") from None


def _choose(data: bytes, name: str) -> Format:
    """The format of the content. Raises ``UnreadableFile`` for what is known and cannot be read."""
    if not data.strip():
        raise UnreadableFile(name, "empty", "文件是空的,没有可审核的文字;请确认文件已保存完整")
    kind = sniff(data, name)
    if kind in _REFUSED:
        raise UnreadableFile(name, *_REFUSED[kind])
    suffix = suffix_of(name)
    if kind == "text":
        named = READERS.get(suffix)
        if named is None:
            raise UnreadableFile(name, "unsupported", f"不支持{_named(suffix)};可读取的格式:{' '.join(READERS)}")
        # A web page may begin with anything; every other format would have shown itself.
        return named if named.kind in ("html", "mhtml") else FORMATS["text"]
    return FORMATS[kind]


def _read(chosen: Format, data: bytes, name: str, encoding: str | None) -> Extracted:
    if chosen.parser is None:
        read = getattr(importlib.import_module(f"auditor.readers.{chosen.module}"), chosen.function)
        extracted: Extracted = read(data, name, encoding)
        return extracted
    from auditor.readers.isolation import Allowance, read_isolated

    at_most = limits()
    allowance = Allowance(at_most.memory, at_most.cpu, at_most.wall)
    if chosen.parser == "office":
        allowance = Allowance(at_most.office_memory, at_most.office_wall, at_most.office_wall, helpers=True)
    return read_isolated(chosen.module, chosen.function, data, name, encoding, allowance)


def _checked(extracted: Extracted, name: str, chosen: Format) -> Extracted:
    """The text, if it is one: neither empty nor garbled nor endless."""
    most = limits().characters
    if len(extracted.text) > most:
        message = f"读出{len(extracted.text)}个字,超过{most}字的上限;请拆分或删去无关内容"
        raise UnreadableFile(name, "too_large", message)
    if chosen.parser is None:
        return extracted
    if not extracted.blocks:
        if extracted.unread:
            raise UnreadableFile(name, "no_text", "只有图像,没有文字层;请先做文字识别,或索取 docx、文字版 pdf 再审")
        raise UnreadableFile(name, "empty", "文件里没有可审核的文字;请确认文件已保存完整")
    from auditor.readers.quality import garbled

    if garbled(extracted.text):
        message = "读出的文字是乱码(字体缺少字符对照表或编码有误),不能据此审核;请索取 docx 原件,或重新导出 pdf 再审"
        raise UnreadableFile(name, "garbled", message)
    return extracted


def _too_large(name: str, size: int, most: int) -> UnreadableFile:
    message = f"文件有{size / _MB:.1f} MB,超过{most} MB 的上限;请拆分或删去无关内容"
    return UnreadableFile(name, "too_large", message)


def _named(suffix: str) -> str:
    return f" {suffix} 格式" if suffix else "没有扩展名的文件"
