"""Readers: from a file's bytes to its text and blocks, by suffix."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

from auditor.errors import UnreadableFile
from auditor.readers import plain
from auditor.report import Extracted

Reader = Callable[[bytes, str, str | None], Extracted]

READERS: dict[str, Reader] = {
    ".txt": plain.read,
    ".md": plain.read_markdown,
}
LARGEST = 50 * 1024 * 1024


def read_bytes(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The text and blocks of a file given as bytes; ``name`` gives the suffix and is used in messages."""
    reader = READERS.get(Path(name).suffix.lower())
    if reader is None:
        raise UnreadableFile(name, "unsupported", f"不支持{_kind(name)};可读取的格式:{' '.join(READERS)}")
    if len(data) > LARGEST:
        raise _too_large(name, len(data))
    return reader(data, name, encoding)


def read_file(path: Path, name: str, encoding: str | None = None) -> tuple[Extracted, str]:
    """The text and blocks of the file at ``path``, and the SHA-256 of its bytes.

    ``name`` is what messages and results call the file. Raises ``UnreadableFile``.
    """
    data = _bytes(path, name)
    return read_bytes(data, name, encoding), hashlib.sha256(data).hexdigest()


def _bytes(path: Path, name: str) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFile(name, "unsupported", "是目录而不是文件;请指定其中的文件,或按目录批量审核")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(name, "unsupported", "不是普通文件(管道或设备);请先存成文件再审")
        if status.st_size > LARGEST:
            raise _too_large(name, status.st_size)
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


def _too_large(name: str, size: int) -> UnreadableFile:
    message = f"文件有{size / 1024 / 1024:.1f} MB,超过{LARGEST // 1024 // 1024} MB 的上限;请拆分或删去无关内容"
    return UnreadableFile(name, "too_large", message)


def _kind(name: str) -> str:
    suffix = Path(name).suffix
    return f" {suffix} 格式" if suffix else "没有扩展名的文件"
