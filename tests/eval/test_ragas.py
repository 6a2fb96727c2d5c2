"""ragas' judge metrics: the way there with a judge of ten lines; ragas itself and a scripted chat model where it is installed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from eval.peers.environments import default_folder, python_of
from eval.peers.process import PeerFailed, PeerProcess
from eval.peers.registry import RAGAS, Peer
from eval.ragas_export import COLUMNS, NOTHING, export_ragas, ragas_row
from eval.ragas_judge import judge, means, read_rows
from kb.errors import ModelUnavailable, OptionalDependencyMissing, SourceUnreadable
from kb.settings import Settings
from tests.eval.judged_cases import good
from tests.fakes import HashEmbeddings

FAKE = """
from eval.peers.programs.link import run
class Judge:
    def __init__(self, model): self.chat = None
    def answer(self, request):
        if request["do"] == "configure":
            self.chat = request
            return {}
        right = request["row"]["response"] in request["row"]["retrieved_contexts"]
        known = self.chat["model"] == "toy" and self.chat["base_url"].endswith("/v1")
        return {"scores": {"faithfulness": float(right) if known else None}, "errors": [] if known else ["no such model"]}
run(Judge)
"""


def _row(**changes: object) -> dict[str, Any]:
    row: dict[str, Any] = {"id": "1", "user_input": "退款多久？", "response": "七天", "retrieved_contexts": ["七天"]}
    return {**row, "reference": "七天", **changes}


def _configured(settings: Settings, **chat: object) -> Settings:
    return settings.model_copy(update={"chat": settings.chat.model_copy(update={"model": "toy", **chat})})


@pytest.fixture
def fake(tmp_path: Path) -> Peer:
    """Return the judge of ten lines."""
    path = tmp_path / "judge.py"
    path.write_text(FAKE, encoding="utf-8")
    return Peer("fake", "Fake", str(path))


def test_rows_are_judged_one_by_one(fake: Peer, settings: Settings, tmp_path: Path) -> None:
    chosen = _configured(settings, base_url="http://127.0.0.1:9/v1")
    rows = [_row(), _row(id="2", response="八天")]
    judged = list(judge(rows, chosen, venvs=tmp_path, peer=fake))
    assert [(one["id"], one["scores"]["faithfulness"]) for one in judged] == [("1", 1.0), ("2", 0.0)]
    assert means(judged) == {"faithfulness": {"mean": 0.5, "cases": 2}}


def test_ollama_is_asked_at_its_compatible_address(fake: Peer, settings: Settings, tmp_path: Path) -> None:
    chosen = _configured(settings, provider="ollama", base_url="http://127.0.0.1:11434/")
    assert next(judge([_row()], chosen, venvs=tmp_path, peer=fake))["scores"] == {"faithfulness": 1.0}


def test_a_judge_that_says_nothing_is_an_error_with_its_reason(fake: Peer, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no such model"):
        next(judge([_row()], _configured(settings, model="other"), venvs=tmp_path, peer=fake))


def test_without_a_chat_model_there_is_no_judge(fake: Peer, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"\[chat\]"):
        next(judge([_row()], settings, venvs=tmp_path, peer=fake))


def test_without_ragas_the_message_says_how_to_get_it(settings: Settings, tmp_path: Path) -> None:
    missing = tmp_path / "judge.py"
    missing.write_text("import no_such_ragas", encoding="utf-8")
    with pytest.raises(OptionalDependencyMissing, match=r"no_such_ragas.*--install"):
        next(judge([_row()], _configured(settings), venvs=tmp_path, peer=Peer("x", "X", str(missing))))


def test_means_leave_out_what_could_not_be_told() -> None:
    judged = [{"scores": {"a": 1.0, "b": None}}, {"scores": {"a": None, "b": None}}]
    assert means(judged) == {"a": {"mean": 1.0, "cases": 1}, "b": {"mean": None, "cases": 0}}


def test_an_exported_run_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    export_ragas(path, [good(1), good(2)], {"g1": [["两天", "48小时"], ["查清"]]})
    rows = read_rows(path)
    assert rows[0]["reference"] == "两天 或 48小时；查清"
    assert set(COLUMNS) <= set(rows[0])
    assert ragas_row(good(3, answerable=False), ())["reference"] == NOTHING


@pytest.mark.parametrize("text", ["", "{", '{"question":"?"}\n', "[1]\n"])
def test_what_is_no_exported_run_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="--export ragas"):
        read_rows(path)


# ragas itself


class _Scripted(BaseHTTPRequestHandler):
    """A chat model that knows ragas' four questions: of two statements one is backed, one context in two is of use."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = "\n".join(str(message["content"]) for message in body["messages"])
        reply = json.dumps(_scripted(text))
        message = {"role": "assistant", "content": reply}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        whole = {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"], "usage": usage}
        sent = json.dumps({**whole, "choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _scripted(text: str) -> dict[str, Any]:
    asked = text.rpartition("Now perform the same")[2]
    if "noncommittal" in text:
        return {"question": "退款多久？", "noncommittal": 0}
    if "Break down each sentence" in text:
        return {"statements": ["退款七天", "退款八天"]}
    if "faithfulness" in text:
        return {"statements": [{"statement": s, "reason": "", "verdict": int("七" in s)} for s in ("七", "八")]}
    if "attributed" in text:
        return {"classifications": [{"statement": "七天", "reason": "", "attributed": 1}]}
    return {"reason": "", "verdict": int("无关" not in asked)}


@pytest.fixture
def chat() -> Iterator[str]:
    """Return the address of the scripted chat model."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Scripted)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


def _ragas_or_skip() -> None:
    try:
        with PeerProcess(RAGAS, python=python_of(default_folder(), "ragas"), model=HashEmbeddings()):
            return
    except PeerFailed as error:
        pytest.skip(f"ragas is not installed ({error}): python -m eval.ragas_judge --install FILE")


def test_ragas_judges_with_the_configured_chat_model(chat: str, settings: Settings) -> None:
    _ragas_or_skip()
    rows = [_row(retrieved_contexts=["退款七天到账。", "无关的话。"], response="退款七天，也可能八天。")]
    one = next(judge(rows, _configured(settings, base_url=chat), venvs=default_folder()))
    assert one["errors"] == []
    assert one["scores"]["faithfulness"] == 0.5
    assert one["scores"]["context_recall"] == 1.0
    assert one["scores"]["llm_context_precision_with_reference"] == pytest.approx(1.0)
    assert one["scores"]["answer_relevancy"] == pytest.approx(1.0, abs=0.01), (
        "the question it made is the question asked"
    )


def test_ragas_says_that_nobody_answers(settings: Settings) -> None:
    _ragas_or_skip()
    chosen = _configured(settings, base_url="http://127.0.0.1:9/v1", retries=0)
    with pytest.raises(ModelUnavailable, match="toy"):
        next(judge([_row()], chosen, venvs=default_folder()))
