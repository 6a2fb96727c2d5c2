"""The documents say what is there: commands, paths and the map of files."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("kb", "ingest", "assistant", "eval", "ui")
_PATH = re.compile(r"`((?:kb|ingest|assistant|eval|ui|tests|tools|docs)/[\w./-]*)`")


def test_commands_page_is_what_the_command_line_says() -> None:
    spec = importlib.util.spec_from_file_location("write_commands", ROOT / "tools" / "write_commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == module.page(), "run: python tools/write_commands.py"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/architecture.md"])
def test_paths_in_documents_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    missing = [path for path in _PATH.findall(text) if not (ROOT / path).exists()]
    assert missing == []


def test_file_map_names_every_module() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    modules = [
        path.relative_to(ROOT)
        for part in PARTS
        for path in (ROOT / part).rglob("*.py")
        if path.name != "__init__.py" and len(path.relative_to(ROOT).parts) == 2
    ]
    packages = [
        path.parent.relative_to(ROOT)
        for part in PARTS
        for path in (ROOT / part).rglob("__init__.py")
        if len(path.relative_to(ROOT).parts) == 3
    ]
    unnamed = [str(path) for path in modules if path.name not in text]
    unnamed += [str(path) for path in packages if f"{path.name}/" not in text]
    assert unnamed == []


def test_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 200
