"""Old Word documents (doc, wps, Word XML): through LibreOffice where there is one, else from the file itself."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

from auditor.errors import UnreadableFile
from auditor.readers import docx, word97
from auditor.readers.isolation import broken
from auditor.readers.limits import limits
from auditor.readers.programs import soffice
from auditor.report import Extracted
from auditor.words import Message

_INSTALL = "pip install olefile"
_SPARE = 20  # seconds of the time allowed that are kept for reading what was converted
# The profile: no macros, no active content, nothing fetched, and a proxy that nobody answers for what is tried anyway.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Load", "UpdateDocMode", "0"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)
_PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_STREAMS = ("WordDocument", "MatOST", "CONTENTS")
_REASONS = {
    "timeout": Message("reason_timeout"),
    "crash": Message("reason_crash"),
    "too_large": Message("reason_too_large"),
}
_FLAT = b"schemas.microsoft.com/office/2006/xmlPackage"


def read(data: bytes, name: str, encoding: str | None = None) -> Extracted:
    """The text of a Word document older than docx. Raises ``UnreadableFile``."""
    if data[:4] != b"\xd0\xcf\x11\xe0":
        return _read_xml(data, name)
    if not any(stream.encode("utf-16-le") in data for stream in _STREAMS):
        raise UnreadableFile(name, "unsupported", Message("no_word"))
    own = find_spec("olefile") is not None
    if own:
        word97.refuse_encrypted(data, name)
    program = soffice()
    if program is None and not own:
        raise UnreadableFile(name, "unsupported", Message("needs_libreoffice", {"install": _INSTALL}))
    warning = Message("no_libreoffice")
    if program is not None:
        try:
            converted = _converted(data, name, program)
        except UnreadableFile as error:
            if not own:
                raise
            warning = Message("not_converted", {"reason": _REASONS.get(error.code, error.code)})
        else:
            return _as_doc(docx.read(converted, name))
    return _as_doc(word97.read(data, name), warning)


def _as_doc(extracted: Extracted, *warnings: Message) -> Extracted:
    return Extracted(
        extracted.text,
        extracted.blocks,
        "doc",
        extracted.encoding,
        (*warnings, *extracted.warnings),
        extracted.declared,
        extracted.unread,
    )


# ---- LibreOffice


def _converted(data: bytes, name: str, program: str) -> bytes:
    """The document as docx, by LibreOffice with a profile of its own: two runs on one profile lose a file."""
    with tempfile.TemporaryDirectory(prefix="auditor-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
        source = folder / "document.doc"
        source.write_bytes(data)
        _run(
            [program, f"-env:UserInstallation={profile.as_uri()}", *_OPTIONS, str(folder / "out"), str(source)],
            folder,
            name,
        )
        # Its exit code is 0 whatever happened.
        made = folder / "out" / "document.docx"
        if not made.is_file() or not made.stat().st_size:
            raise broken(name, Message("no_result"))
        if made.stat().st_size > limits().file * 1024 * 1024:
            raise UnreadableFile(name, "too_large", Message("large_result", {"most": limits().file}))
        return made.read_bytes()


_OPTIONS = (
    "--headless",
    "--norestore",
    "--nolockcheck",
    "--nodefault",
    "--nologo",
    "--convert-to",
    "docx:MS Word 2007 XML",
    "--outdir",
)


def _run(command: list[str], folder: Path, name: str) -> None:
    seconds = max(limits().office_wall - _SPARE, limits().office_wall // 2)
    environment = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT") if key in os.environ}
    environment |= {"HOME": str(folder), "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    environment |= dict.fromkeys(_PROXIES, "http://127.0.0.1:9")
    try:
        subprocess.run(
            [*_cut_off(environment), *command],
            env=environment | {"LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _end_helpers()
        raise UnreadableFile(name, "timeout", Message("conversion_time", {"seconds": seconds})) from None
    except OSError as error:
        raise broken(name, Message("not_started", {"error": error.strerror or type(error).__name__})) from None


def _end_helpers() -> None:
    """End what the program started: it shares this process's group, and must not write into a folder being removed."""
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            group = int(place.read_text(errors="replace").rpartition(")")[2].split()[2])
            if group == os.getpgrp() and int(place.parent.name) != os.getpid():
                os.kill(int(place.parent.name), signal.SIGKILL)


def _cut_off(environment: dict[str, str]) -> list[str]:
    """A prefix that takes the network away altogether, where the system lets an ordinary user do so."""
    unshare = shutil.which("unshare") if sys.platform == "linux" else None
    if unshare is None:
        return []
    prefix = [unshare, "--user", "--map-root-user", "--net", "--"]
    tried = subprocess.run([*prefix, "true"], env=environment, capture_output=True, timeout=10, check=False)
    return prefix if tried.returncode == 0 else []


def _registry() -> str:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{key}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, key, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>'
    )


# ---- Word XML


def _read_xml(data: bytes, name: str) -> Extracted:
    """A docx written as one XML file, or the XML of Word 2003."""
    if _FLAT in data[:4096]:
        return _as_doc(docx.read(_packed(data, name), name))
    from auditor.readers import word2003

    return word2003.read(data, name)


def _packed(data: bytes, name: str) -> bytes:
    from lxml import etree

    from auditor.readers.numbering import child, value
    from auditor.readers.packages import parse_xml

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for part in parse_xml(data, name):
            path = value(part, "name")
            content = child(part, "xmlData")
            if path and content is not None and len(content):
                package.writestr(path.lstrip("/"), etree.tostring(content[0]))
    return made.getvalue()
