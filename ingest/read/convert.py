"""Older office formats (doc, wps, rtf, odt, xls, et, ppt, dps) turned into today's by LibreOffice, where it is there.

Knows how to call the program safely: a profile of its own with macros and links off, a time limit, nothing left
behind. Knows nothing of what is in the file.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.read.sniff import CONVERTED, Format, is_broken
from kb.errors import ConverterMissing, SourceUnreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

_TARGETS: dict[Format, str] = {"old_word": "docx", "old_sheet": "xlsx", "old_slides": "pptx"}
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:\\Program Files\\LibreOffice\\program\\soffice.exe",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
)
# seconds; a cold start takes 3 to 8 on 2 cores, a file of 200 pages 10 to 20
CONVERT_SECONDS = 180.0
# no macros, no links to other files, no loading of linked pictures
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">\
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" \
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" \
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">\
<value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse">\
<value>2</value></prop></item>
</oor:items>
"""


def find_converter() -> str | None:
    """Return the path of LibreOffice's program, ``None`` where it is not installed."""
    for program in ("soffice", "libreoffice"):
        found = shutil.which(program)
        if found:
            return found
    return next((place for place in _PLACES if Path(place).exists()), None)


def convert(path: Path, kind: Format, *, name: str, folder: Path, seconds: float = CONVERT_SECONDS) -> Path:
    """Convert the file at ``path`` to docx, xlsx or pptx in ``folder`` and return the new file's path.

    Raises:
        ConverterMissing: LibreOffice is not installed.
        SourceUnreadable: it could not read the file, or took longer than ``seconds``.
    """
    target = _TARGETS[kind]
    program = find_converter()
    if program is None:
        message = f"{name}：这种旧格式需要转换。请用 Office 或 WPS 另存为 {target}，或安装 LibreOffice 后重试"
        raise ConverterMissing(message)
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    if is_broken(path):
        raise SourceUnreadable(f"{name}：文件已损坏，无法打开。请用 Office 或 WPS 打开后另存为 {target} 再导入")
    # a plain name: the given one may hold what a program takes for an option
    suffix = path.suffix.lower() if path.suffix.lower() not in ("", ".html") else CONVERTED[kind]
    source = folder / f"source{suffix}"
    shutil.copyfile(path, source)
    output = folder / "converted"
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--nodefault", "--nofirststartwizard", "--convert-to", target, "--outdir", str(output), str(source),
    ]  # fmt: skip
    _call(command, name=name, seconds=seconds)
    converted = output / f"source.{target}"
    if not converted.exists():
        message = (
            f"{name}：LibreOffice 无法转换，文件可能已损坏或设有密码。请用 Office 或 WPS 打开后另存为 {target} 再导入"
        )
        raise SourceUnreadable(message)
    return converted


def _call(command: Sequence[str], *, name: str, seconds: float) -> None:
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise ConverterMissing(
            f"{name}：LibreOffice 无法启动（{error.strerror}）。请重新安装，或另存为新格式后再导入"
        ) from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        message = f"{name}：转换超过 {seconds:.0f} 秒仍未完成。请用 Office 或 WPS 另存为 docx、xlsx 或 pptx 再导入"
        raise SourceUnreadable(message) from error
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started: ``soffice`` is a shell script around the real one."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
