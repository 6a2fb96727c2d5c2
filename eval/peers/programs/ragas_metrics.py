"""ragas' judge metrics for one case at a time, with a chat model behind an OpenAI-compatible endpoint.

``{"do":"configure","model","base_url","api_key","temperature","seconds","retries"}`` → ``{}``; ``{"do":"judge","row"}`` →
``{"scores":{METRIC: 0..1 | null},"errors":[LINE…]}``. The embedding that answer relevancy needs comes over the line.
"""

from __future__ import annotations

import logging
import math
import threading
import warnings
from typing import Any

from langchain_core.embeddings import Embeddings
from langchain_openai import ChatOpenAI
from pydantic import SecretStr
from ragas import EvaluationDataset, RunConfig, evaluate
from ragas.embeddings import LangchainEmbeddingsWrapper
from ragas.llms import LangchainLLMWrapper
from ragas.metrics import Faithfulness, LLMContextPrecisionWithReference, LLMContextRecall, ResponseRelevancy

from eval.peers.programs.link import Model, run

COLUMNS = ("user_input", "response", "retrieved_contexts", "reference")


class _Embeddings(Embeddings):
    """The model on the other side; one request at a time, though ragas runs its metrics beside one another."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._lock = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]  # what ragas compares are questions with questions

    def embed_query(self, text: str) -> list[float]:
        with self._lock:
            return self._model.question(text)


class _Errors(logging.Handler):
    """What ragas logs where a metric failed: it goes on without."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += record.getMessage().strip().splitlines()[:1]


class Judge:
    """The four metrics over one chat model."""

    def __init__(self, model: Model) -> None:
        self._embeddings = LangchainEmbeddingsWrapper(_Embeddings(model))
        self._chat: Any = None
        self._config = RunConfig()
        self._errors = _Errors()
        logging.getLogger("ragas").addHandler(self._errors)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take the chat model's settings, or judge a case with it."""
        if request["do"] == "configure":
            self._configure(request)
            return {}
        return self._judge(request["row"])

    def _configure(self, wanted: dict[str, Any]) -> None:
        self._config = RunConfig(timeout=int(wanted["seconds"]), max_retries=int(wanted["retries"]) + 1, max_wait=5)
        chat = ChatOpenAI(
            model=wanted["model"],
            base_url=wanted["base_url"] or None,
            api_key=SecretStr(wanted["api_key"] or "none"),  # local servers ask for no key, the client for some
            temperature=wanted["temperature"],
            timeout=wanted["seconds"],
            max_retries=int(wanted["retries"]),
        )
        self._chat = LangchainLLMWrapper(chat)

    def _judge(self, row: dict[str, Any]) -> dict[str, Any]:
        self._errors.lines.clear()
        metrics = [
            Faithfulness(),
            # one question made from the answer instead of three: many servers do not know more than one completion
            ResponseRelevancy(strictness=1),
            LLMContextPrecisionWithReference(),
            LLMContextRecall(),
        ]
        result: Any = evaluate(
            EvaluationDataset.from_list([{name: row[name] for name in COLUMNS}]),
            metrics=metrics,
            llm=self._chat,
            embeddings=self._embeddings,
            run_config=self._config,
            show_progress=False,
        )
        scores = {metric.name: _known(result.scores[0].get(metric.name)) for metric in metrics}
        return {"scores": scores, "errors": self._errors.lines[:4]}


def _known(value: Any) -> float | None:  # noqa: ANN401 (a number of any library, or nothing)
    return None if value is None or math.isnan(float(value)) else float(value)


def main() -> None:
    """Serve it."""
    warnings.simplefilter("ignore", DeprecationWarning)
    run(Judge, libraries=("ragas",))
