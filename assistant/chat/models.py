"""The configured chat model as a LangChain chat model. The client libraries are imported here and nowhere else.

Knows settings and constructors. Retries and deadlines are ``reply``'s: the clients' own are switched off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.errors import OptionalDependencyMissing
from kb.settings import ChatSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.outputs import ChatGenerationChunk

NO_KEY = "none"  # servers in the house ask for none, the client insists on one
CONNECT_SECONDS = 5.0


def chat_model(settings: ChatSettings, *, usage: bool = True) -> BaseChatModel:
    """Return the model of ``settings``; ``usage`` asks an OpenAI-compatible endpoint for token counts in the stream.

    Raises:
        OptionalDependencyMissing: Ollama's own API is chosen and its client is not installed.
    """
    return _ollama(settings) if settings.provider == "ollama" else _openai(settings, usage=usage)


def _ollama(settings: ChatSettings) -> BaseChatModel:
    try:
        from langchain_ollama import ChatOllama
    except ImportError as error:
        raise OptionalDependencyMissing("使用 Ollama 自己的接口需要另装：pip install 'shouce[ollama]'") from error
    return ChatOllama(
        model=settings.model,
        base_url=settings.base_url or None,
        temperature=settings.temperature,
        num_predict=settings.answer_tokens,
        num_ctx=settings.context_tokens + settings.answer_tokens,
        reasoning=False,
    )


def _openai(settings: ChatSettings, *, usage: bool) -> BaseChatModel:
    import httpx
    from langchain_openai import ChatOpenAI

    class Reasoning(ChatOpenAI):
        """Also tells that a model is thinking: its thoughts are not in OpenAI's own protocol and would look like silence."""

        def _convert_chunk_to_generation_chunk(
            self,
            chunk: dict[str, Any],
            default_chunk_class: type,
            base_generation_info: dict[str, Any] | None,
        ) -> ChatGenerationChunk | None:
            made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
            choices = chunk.get("choices") or [{}]
            delta = choices[0].get("delta") or {}
            if made is not None and (delta.get("reasoning_content") or delta.get("reasoning")):
                made.message.additional_kwargs["thinking"] = True
            return made

    patience = settings.first_token_seconds + settings.gap_seconds
    return Reasoning(
        model=settings.model,
        base_url=settings.base_url or None,
        api_key=lambda: settings.api_key or NO_KEY,
        temperature=settings.temperature,
        max_tokens=settings.answer_tokens,  # type: ignore[call-arg]  # the alias that every compatible server knows
        max_retries=0,
        timeout=httpx.Timeout(patience, connect=min(CONNECT_SECONDS, settings.first_token_seconds)),
        stream_usage=usage,
    )
