"""Loading models of sentence-transformers, an extra that takes seconds to import: one way to say what is missing.

Knows the library's import and its failures; not what a model is for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kb.errors import ModelUnavailable, OptionalDependencyMissing


def load(kind: str, name: str, *, needed_for: str, called: str, setting: str) -> Any:  # noqa: ANN401 (untyped library)
    """Return the model ``name`` (a name or path) as the library's class ``kind``.

    Args:
        kind: ``SentenceTransformer`` or ``CrossEncoder``.
        name: of the model.
        needed_for: what the user wanted, for the line that names the extra.
        called: what the model is called in messages.
        setting: the setting that names it.

    Raises:
        OptionalDependencyMissing: the extra is not installed.
        ModelUnavailable: there is no such model, or it cannot be read.
    """
    try:
        library = import_module("sentence_transformers")
    except ImportError as error:
        raise OptionalDependencyMissing(f"使用{needed_for}需要额外安装：pip install 'shouce[transformers]'") from error
    try:
        return getattr(library, kind)(name)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelUnavailable(f"{called} {name} 无法载入（{reason}）：请检查 {setting} 的名称或路径") from error
