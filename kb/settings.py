"""All settings in one tree, loaded once at the edge (command line, page, tests) and passed down.

Order: arguments, environment (``SHOUCE_…``, nested with ``__``), ``settings.toml`` in the home, defaults. Unknown
keys are errors. Nothing below the edge reads the environment.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kb.errors import SettingsInvalid

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EmbeddingSettings(_Part):
    """Which model turns text into vectors."""

    provider: Literal["bundled", "sentence_transformers", "openai", "langchain"] = "bundled"
    model: str = Field(default="", description="name, path or provider:model")
    base_url: str = Field(default="", description="OpenAI-compatible endpoint, e.g. http://127.0.0.1:8000/v1")
    api_key: str = Field(default="", repr=False)
    query_prefix: str = ""
    passage_prefix: str = ""
    batch_size: int = Field(default=16, ge=1, le=2048)
    timeout_seconds: float = Field(default=60.0, gt=0)


class SearchSettings(_Part):
    """How words and vectors are fused and where vectors live."""

    store: Literal["faiss", "chroma"] = "faiss"
    chroma_url: str = Field(default="", description="http://host:port of a Chroma server; empty for the embedded one")
    dense_weight: float = Field(default=0.6, ge=0, le=1)
    reranker: str = Field(default="", description="name or path of a sentence-transformers cross-encoder")
    candidates: int = Field(default=100, ge=10, le=1000, description="how deep each searcher looks before fusion")


class LimitSettings(_Part):
    """What one source file may cost."""

    file_megabytes: int = Field(default=100, ge=1)
    pages: int = Field(default=3000, ge=1)
    unpacked_megabytes: int = Field(default=500, ge=1)
    archive_members: int = Field(default=2000, ge=1)
    chunk_tokens: int = Field(default=400, ge=64, le=510)
    lock_seconds: float = Field(
        default=30.0, ge=0, description="how long to wait for another writing process without progress"
    )


class _File(TomlConfigSettingsSource):
    """The settings file, also with the byte order mark that Windows' editor writes."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        import tomllib

        return tomllib.loads(file_path.read_text(encoding="utf-8-sig"))


class Settings(BaseSettings):
    """The whole tree."""

    model_config = SettingsConfigDict(
        env_prefix="SHOUCE_", env_nested_delimiter="__", env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(default_factory=lambda: Path.home() / ".shouce")
    embedding: EmbeddingSettings = EmbeddingSettings()
    search: SearchSettings = SearchSettings()
    limits: LimitSettings = LimitSettings()

    @classmethod
    def settings_customise_sources(  # noqa: D102 (pydantic-settings hook)
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = init_settings().get("home") or os.environ.get("SHOUCE_HOME") or Path.home() / ".shouce"
        toml = _File(settings_cls, Path(given).expanduser() / "settings.toml")
        return (init_settings, env_settings, toml)


def load_settings(home: Path | None = None) -> Settings:
    """Return the settings for ``home`` (default: ``SHOUCE_HOME``, else ``~/.shouce``).

    Raises:
        SettingsInvalid: a key is unknown, a value out of range, or the settings file is not TOML.
    """
    file = Path(home or os.environ.get("SHOUCE_HOME") or Path.home() / ".shouce").expanduser() / "settings.toml"
    try:
        settings = Settings(home=home) if home else Settings()
    except ValidationError as error:
        from kb.settings_problem import value_problem

        raise SettingsInvalid(value_problem(file, Settings, error.errors()[0])) from error
    except (OSError, ValueError) as error:
        from kb.settings_problem import file_problem

        raise SettingsInvalid(file_problem(file, error)) from error
    return settings.model_copy(update={"home": settings.home.expanduser().absolute()})
