import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("kb", "ingest", "assistant", "eval", "ui")
ALLOWED = {
    "kb": set(),
    "ingest": {"kb"},
    "assistant": {"kb"},
    "eval": {"kb", "ingest", "assistant"},
    "ui": {"kb", "ingest", "assistant", "eval"},
}


def imported(path: Path) -> set[str]:
    """Return the top-level packages that the module at ``path`` imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("part", PARTS)
def test_part_imports_only_what_it_may(part: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): others
        for path in (ROOT / part).rglob("*.py")
        if (others := (imported(path) & set(PARTS)) - {part} - ALLOWED[part])
    }
    assert not wrong


def test_eval_is_never_imported_as_a_name() -> None:
    plain = [
        str(path)
        for part in (*PARTS, "tests")
        for path in (ROOT / part).rglob("*.py")
        if any(
            isinstance(node, ast.Import) and any(alias.name == "eval" for alias in node.names)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert plain == []


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    heavy = {
        "torch",
        "sentence_transformers",
        "chromadb",
        "langchain_chroma",
        "gradio",
        "docx",
        "openpyxl",
        "pdfplumber",
        "pptx",
    }
    eager = {}
    for part in PARTS:
        for path in (ROOT / part).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            top = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
            names = {
                (alias.name if isinstance(node, ast.Import) else node.module or "").split(".")[0]
                for node in top.body
                if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in node.names
            }
            if names & heavy and not _own_reader(path):
                eager[str(path.relative_to(ROOT))] = names & heavy
    assert not eager


def _own_reader(path: Path) -> bool:
    """Say whether ``path`` is a module that is itself only imported where it is used."""
    return path.parent.name in {"read", "vectors", "page"}
