"""The whole path with a real model: llama.cpp in this process serves a small GGUF file, the assistant talks to it over HTTP.

``make local-model GGUF=model.gguf`` runs it; elsewhere it is skipped. A model of a hundred million parameters writes
nonsense: what is proved is that real tokens arrive, are judged, and that nothing unsupported is ever shown.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.chat.answer import ChatAssistant
from kb.knowledge import KnowledgeBase
from kb.search import HybridSearcher
from kb.settings import ChatSettings, Settings

GGUF = os.environ.get("LOCAL_MODEL_GGUF", "")
pytestmark = [
    pytest.mark.skipif(not GGUF, reason="make local-model GGUF=file.gguf runs this with a real model"),
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    xllamacpp = pytest.importorskip("xllamacpp")
    chosen = xllamacpp.CommonParams()
    chosen.model.path = str(Path(GGUF).resolve())
    chosen.hostnames = ["127.0.0.1"]
    chosen.port = 0
    chosen.n_ctx = 4096
    chosen.cpuparams.n_threads = 1  # two threads on a busy machine spin against each other
    chosen.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(chosen)
    yield f"{server.listening_address}/v1"
    del server


@pytest.mark.parametrize("question", ["投诉升级由谁批准降级？", "申诉步骤有哪些？"])
def test_real_tokens_are_judged_and_nothing_unsupported_shows(
    question: str, address: str, sample: KnowledgeBase, settings: Settings
) -> None:
    settings.home.mkdir(parents=True)
    chat = ChatSettings(
        base_url=address,
        model="local",
        first_token_seconds=300,
        gap_seconds=60,
        sentence_seconds=200,
        total_seconds=400,
        context_tokens=1100,
        answer_tokens=120,
    )
    assistant = ChatAssistant(sample, HybridSearcher(sample), settings.model_copy(update={"chat": chat}))
    started = time.perf_counter()
    answer = assistant.ask(question, record=False)
    spent = json.loads((settings.home / "chat.jsonl").read_text(encoding="utf-8"))
    print(f"{time.perf_counter() - started:.1f} s", spent, answer.engine, answer.fallback, answer.text, sep="\n")  # noqa: T201
    assert spent["first_token_seconds"] > 0
    assert answer.citations
    assert answer.fallback or answer.engine == "local"
    for sentence in answer.sentences:
        assert sentence.supported or sentence.text not in answer.text
