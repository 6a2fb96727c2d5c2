"""The peers' interpreters: a virtual environment each, made with ``python -m eval.peers --install``.

Layout: ``FOLDER/NAME/`` is the environment, ``FOLDER/NAME.failed`` why it could not be made. Knows pip, no peers' code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kb.errors import TargetUnwritable


def default_folder() -> Path:
    """Return where the environments are kept unless somebody says otherwise: the user's cache."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(root) if root else Path.home() / ".cache") / "shouce" / "peers"


def python_of(folder: Path, name: str) -> Path:
    """Return the interpreter of environment ``name``; this process' own where there is none, or none is needed."""
    found = _python(folder / name)
    return found if name and found.exists() else Path(sys.executable)


def failure(folder: Path, name: str) -> str:
    """Return why environment ``name`` could not be made, ``""`` where it was or nobody has tried."""
    written = folder / f"{name}.failed"
    return written.read_text(encoding="utf-8").strip() if name and written.is_file() else ""


def install(folder: Path, wanted: Mapping[str, Iterable[str]], *, tell: Callable[[str], None]) -> None:
    """Make the environments ``wanted`` (name → requirements) under ``folder``; one that is there is brought up to date.

    Raises:
        TargetUnwritable: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, requirements in wanted.items():
            tell(f"installing {name}: {' '.join(requirements)}")
            reason = _install(folder / name, list(requirements))
            note = folder / f"{name}.failed"
            if reason:
                shutil.rmtree(folder / name, ignore_errors=True)
                note.write_text(reason + "\n", encoding="utf-8")
                tell(f"  {reason}")
            else:
                note.unlink(missing_ok=True)
    except OSError as error:
        raise TargetUnwritable(f"{folder}：无法写入（{error.strerror or error}），可用 --venvs 换一个文件夹") from error


def _install(where: Path, requirements: list[str]) -> str:
    """Return ``""``, or pip's own last word on why not."""
    if not _python(where).exists():
        venv.create(where, with_pip=True)
    command = [str(_python(where)), "-m", "pip", "install", "-q", "--disable-pip-version-check", *requirements]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode == 0:
        return ""
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
    return f"pip install failed: {errors[-1][:300] if errors else done.returncode}"


def _python(where: Path) -> Path:
    return where / "Scripts" / "python.exe" if os.name == "nt" else where / "bin" / "python"
