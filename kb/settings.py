"""All settings in one tree, loaded once at the edge (command line, page, tests) and passed down.

Order: arguments, environment (``SHOUCE_…``, nested with ``__``; the chat model's also ``SHOUCE_CHAT_MODEL``),
``settings.toml`` in the home, defaults. Unknown keys are errors. Nothing below the edge reads the environment.
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

    from pydantic.fields import FieldInfo


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


class ChatSettings(_Part):
    """The chat model that may phrase answers; none where ``model`` is empty."""

    provider: Literal["openai", "ollama"] = Field(default="openai", description="openai: any compatible endpoint")
    base_url: str = Field(default="", description="e.g. http://127.0.0.1:8000/v1; for ollama http://127.0.0.1:11434")
    model: str = Field(default="", description="the model's name as the endpoint knows it")
    api_key: str = Field(default="", repr=False)
    temperature: float = Field(default=0.1, ge=0, le=2)
    first_token_seconds: float = Field(default=10.0, gt=0, description="until the first token, retries included")
    gap_seconds: float = Field(default=10.0, gt=0, description="between two tokens")
    sentence_seconds: float = Field(default=10.0, gt=0, description="until a sentence or line that was begun ends")
    total_seconds: float = Field(default=60.0, gt=0, description="for one whole reply")
    retries: int = Field(default=2, ge=0, le=10, description="further tries before the first token")
    context_tokens: int = Field(default=6000, ge=256, description="what the prompt with its evidence may hold")
    answer_tokens: int = Field(default=1200, ge=64, description="what a reply may hold")
    breaker_failures: int = Field(default=3, ge=1, description="faults in a row that open the circuit breaker")
    breaker_seconds: float = Field(default=10.0, gt=0, description="how long it stays open")
    condense: bool = Field(default=False, description="the model makes a follow-up question stand alone")
    quizzes: bool = Field(default=True, description="the model words quiz questions and tells case stories")
    input_price: float = Field(default=0.0, ge=0, description="per million tokens, in the currency of the log")
    output_price: float = Field(default=0.0, ge=0, description="per million tokens, in the currency of the log")

    @property
    def configured(self) -> bool:
        """Say whether answers are to be phrased by a model (a name or an address is given)."""
        return bool(self.model or self.base_url)


class ApiSettings(_Part):
    """Who may use the HTTP API, how often, and how large a request may be."""

    keys: tuple[str, ...] = Field(default=(), repr=False, description="allowed keys; empty: no key is asked for")
    requests_per_minute: int = Field(
        default=0, ge=0, description="for each key, or each address without one; 0: no limit"
    )
    request_kilobytes: int = Field(default=256, ge=1)


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


class _ChatVariables(PydanticBaseSettingsSource):
    """The short names of the chat model's variables, as people know them from other tools: ``SHOUCE_CHAT_MODEL``."""

    NAMES = ("base_url", "model", "api_key")

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        del field
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        given = {name: os.environ.get(f"SHOUCE_CHAT_{name.upper()}", "") for name in self.NAMES}
        return {"chat": chosen} if (chosen := {name: value for name, value in given.items() if value}) else {}


class Settings(BaseSettings):
    """The whole tree."""

    model_config = SettingsConfigDict(
        env_prefix="SHOUCE_", env_nested_delimiter="__", env_ignore_empty=True, extra="forbid", frozen=True
    )

    home: Path = Field(default_factory=lambda: Path.home() / ".shouce")
    embedding: EmbeddingSettings = EmbeddingSettings()
    search: SearchSettings = SearchSettings()
    chat: ChatSettings = ChatSettings()
    api: ApiSettings = ApiSettings()
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
        return (init_settings, env_settings, _ChatVariables(settings_cls), toml)


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
