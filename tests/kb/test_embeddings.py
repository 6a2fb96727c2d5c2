import importlib.util
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from kb import embeddings
from kb.embeddings import BundledEmbeddings, EmbeddingModel, OpenAIEmbeddings, open_embeddings
from kb.errors import ModelUnavailable, OptionalDependencyMissing, SettingsInvalid
from kb.settings import EmbeddingSettings
from tests.fakes import HashEmbeddings

# The bundled model


@pytest.fixture(scope="module")
def bundled() -> BundledEmbeddings:
    return BundledEmbeddings()


def test_bundled_vectors_have_its_dimension_and_length_one(bundled: BundledEmbeddings) -> None:
    vectors = np.asarray([*bundled.embed_documents(["客户投诉处理", "", "a"]), bundled.embed_query("怎么处理投诉")])
    assert vectors.shape == (4, bundled.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_bundled_vector_does_not_depend_on_its_batch(bundled: BundledEmbeddings) -> None:
    texts = ["投诉须在24小时内答复", "停机", "新员工培训分三个阶段进行"]
    together = np.asarray(bundled.embed_documents(texts))
    alone = np.asarray([bundled.embed_documents([text])[0] for text in texts])
    assert np.allclose(together, alone, atol=1e-6)


def test_bundled_model_finds_the_related_passage(bundled: BundledEmbeddings) -> None:
    passages = np.asarray(bundled.embed_documents(["客户投诉在24小时内答复", "灭火器每月检查一次"]))
    scores = passages @ np.asarray(bundled.embed_query("顾客有意见多久回复"))
    assert scores[0] > scores[1]


@pytest.mark.parametrize("text", ["投诉\0处理", "坏\ud800字", "长" * 700, " \n\t ", "😀" * 50])
def test_bundled_model_takes_any_text(bundled: BundledEmbeddings, text: str) -> None:
    assert np.isfinite(bundled.embed_query(text)).all()
    assert np.isfinite(bundled.embed_documents([text, text])).all()
    assert bundled.count_tokens(text) >= 2


def test_bundled_model_does_not_stop_at_a_nul(bundled: BundledEmbeddings) -> None:
    assert bundled.count_tokens("投诉\0处理流程与时限") > bundled.count_tokens("投诉")


def test_bundled_model_is_opened_beside_what_else_is_done() -> None:
    model = BundledEmbeddings()
    thread = embeddings.open_beside(model)
    assert thread is not None
    thread.join()
    assert "_session" in vars(model._encoder)


def test_what_goes_wrong_beside_is_raised_where_the_model_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ModelUnavailable("broken")

    monkeypatch.setattr("kb.encoder.open_session", fail)
    model = BundledEmbeddings()
    thread = embeddings.open_beside(model)
    assert thread is not None
    thread.join()
    with pytest.raises(ModelUnavailable, match="broken"):
        model.embed_documents(["a"])


def test_other_models_are_not_opened_beside() -> None:
    assert embeddings.open_beside(HashEmbeddings()) is None


def test_bundled_model_of_no_texts_gives_no_vectors(bundled: BundledEmbeddings) -> None:
    assert bundled.embed_documents([]) == []


def test_every_model_is_an_embedding_model(bundled: BundledEmbeddings) -> None:
    assert isinstance(bundled, EmbeddingModel)
    assert isinstance(HashEmbeddings(), EmbeddingModel)


# An OpenAI-compatible endpoint, served here on the loopback


class Endpoint(ThreadingHTTPServer):
    """Replies with the vectors of ``HashEmbeddings`` in reversed order; ``replies`` come first, if any."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.model = HashEmbeddings()
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.replies: list[tuple[int, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body | {"path": self.path})
        self.server.keys.append(self.headers["Authorization"])
        vectors = enumerate(self.server.model.embed_documents(body["input"]))
        data = [{"index": index, "embedding": vector} for index, vector in vectors]
        ready = 200, json.dumps({"data": data[::-1]}).encode()
        status, content = self.server.replies.pop(0) if self.server.replies else ready
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setattr(embeddings, "BACKOFF_SECONDS", 0.0)
    with Endpoint() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def remote(endpoint: Endpoint) -> Iterator[OpenAIEmbeddings]:
    settings = EmbeddingSettings(
        provider="openai", model="some-model", base_url=endpoint.url, api_key="secret", batch_size=2
    )
    model = open_embeddings(settings)
    assert isinstance(model, OpenAIEmbeddings)
    yield model
    model.close()


def test_remote_vectors_come_in_the_order_of_the_texts(remote: OpenAIEmbeddings, endpoint: Endpoint) -> None:
    texts = ["一", "二二", "三三三"]
    assert np.allclose(remote.embed_documents(texts), endpoint.model.embed_documents(texts))
    assert [len(request["input"]) for request in endpoint.requests] == [2, 1]
    assert endpoint.requests[0]["path"] == "/v1/embeddings"
    assert endpoint.keys[0] == "Bearer secret"


def test_remote_dimension_is_that_of_the_first_reply(remote: OpenAIEmbeddings) -> None:
    assert remote.dimension == 64


def test_remote_model_is_asked_again_after_a_passing_failure(remote: OpenAIEmbeddings, endpoint: Endpoint) -> None:
    endpoint.replies = [(503, b""), (429, b"")]
    assert len(remote.embed_query("投诉")) == 64
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize(
    ("status", "content", "words"),
    [
        (401, b"", "HTTP 401.*api_key"),
        (404, b"no such model", "HTTP 404"),
        (200, b"<html>", "JSON"),
        (200, b"[1]", "JSON"),
        (200, b'{"data": []}', "1 个向量"),
        (200, b'{"data": [{"embedding": ["x"]}]}', "embeddings 格式"),
        (200, b'{"data": [{"embedding": [NaN, 1]}]}', "1 个向量"),
    ],
)
def test_remote_model_that_fails_is_named_in_one_line(
    remote: OpenAIEmbeddings, endpoint: Endpoint, status: int, content: bytes, words: str
) -> None:
    endpoint.replies = [(status, content)]
    with pytest.raises(ModelUnavailable, match=words) as caught:
        remote.embed_query("投诉")
    assert endpoint.url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_remote_model_that_keeps_failing_is_given_up(remote: OpenAIEmbeddings, endpoint: Endpoint) -> None:
    endpoint.replies = [(503, b"")] * 10
    with pytest.raises(ModelUnavailable, match="HTTP 503"):
        remote.embed_query("投诉")
    assert len(endpoint.requests) == embeddings.RETRIES + 1


def test_remote_model_that_changes_its_dimension_is_refused(remote: OpenAIEmbeddings, endpoint: Endpoint) -> None:
    remote.embed_query("投诉")
    endpoint.replies = [(200, b'{"data": [{"embedding": [1, 2, 3]}]}')]
    with pytest.raises(ModelUnavailable, match=r"64.*3"):
        remote.embed_query("投诉")


def test_remote_model_that_is_not_there_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "BACKOFF_SECONDS", 0.0)
    settings = EmbeddingSettings(provider="openai", model="m", base_url="http://127.0.0.1:9/v1")
    model = OpenAIEmbeddings(settings)
    with pytest.raises(ModelUnavailable, match=r"127.0.0.1:9"):
        model.embed_query("投诉")
    model.close()


def test_remote_token_count_is_an_upper_estimate(bundled: BundledEmbeddings) -> None:
    remote = OpenAIEmbeddings(EmbeddingSettings(provider="openai", model="m", base_url="http://127.0.0.1:9/v1"))
    for text in ("客户投诉须在24小时内答复。", "ISO9001:2015, PDCA", "服务质量（SLA）≥95%"):
        assert remote.count_tokens(text) + 3 >= bundled.count_tokens(text)


# Choosing a model


def test_bundled_is_the_default() -> None:
    assert isinstance(open_embeddings(EmbeddingSettings()), BundledEmbeddings)


@pytest.mark.parametrize(("provider", "missing"), [("sentence_transformers", "model"), ("openai", "model")])
def test_provider_without_its_setting_is_refused(provider: Any, missing: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"embedding.{missing}"):
        open_embeddings(EmbeddingSettings(provider=provider))


def test_openai_without_an_address_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match=r"embedding\.base_url"):
        open_embeddings(EmbeddingSettings(provider="openai", model="m"))


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is not None, reason="sentence-transformers is installed"
)
def test_missing_extra_is_named() -> None:
    model = open_embeddings(EmbeddingSettings(provider="sentence_transformers", model="intfloat/e5-base"))
    with pytest.raises(OptionalDependencyMissing, match=r"shouce\[transformers\]"):
        model.embed_query("投诉")


@pytest.mark.parametrize(
    ("name", "prefixed"),
    [
        ("intfloat/multilingual-e5-small", True),
        ("/models/e5-large-v2/", True),
        ("intfloat/e5-mistral-7b-instruct", False),
        ("BAAI/bge-small-zh-v1.5", False),
    ],
)
def test_e5_models_get_their_prefixes(name: str, prefixed: bool) -> None:
    model = open_embeddings(EmbeddingSettings(provider="sentence_transformers", model=name))
    assert ("passage: " in model.model_id) is prefixed


def test_model_id_changes_with_the_prefix_of_passages_only() -> None:
    ids = [
        open_embeddings(EmbeddingSettings(provider="openai", model="m", base_url=url, **prefix)).model_id
        for url, prefix in [
            ("http://one/v1", {}),
            ("http://two/v1", {"query_prefix": "问："}),
            ("http://one/v1", {"passage_prefix": "文："}),
        ]
    ]
    assert ids[0] == ids[1] != ids[2]
