"""An answer in a chat model's words, in a browser: it appears as it is written, is checked, and gives way to the source."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.homes import copied
from tests.scripted_model import Exchange, ScriptedModel, scripted_model, well
from tests.ui.browser.conftest import Visitor, serving
from tests.ui.browser.steps import ask, status

QUESTION = "SOP怎么起草？"  # four steps


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with scripted_model() as server:
        yield server


@pytest.fixture(scope="module")
def chatting(sample_home: Path, tmp_path_factory: pytest.TempPathFactory, model: ScriptedModel) -> Iterator[str]:
    """Return the address of a page whose answers a scripted chat model phrases."""
    home = copied(sample_home, tmp_path_factory.mktemp("chat") / "home")
    with serving(home, SHOUCE_CHAT_BASE_URL=model.url, SHOUCE_CHAT_MODEL="scripted") as url:
        yield url


def _asked(page: Any, question: str) -> None:
    page.fill("#ask-input textarea", question)
    page.press("#ask-input textarea", "Enter")


def test_an_answer_is_read_while_it_is_written(visitor: Visitor, chatting: str, model: ScriptedModel) -> None:
    def slowly(exchange: Exchange) -> None:
        lines = [f"{at}. {text}[{number}]" for at, (number, text) in enumerate(exchange.evidence().items(), 1)]
        exchange.say("\n".join(lines[:8]), pause=0.04)

    model.script = slowly
    page = visitor(at=chatting)
    _asked(page, QUESTION)
    page.locator(".turn[data-turn=writing] .line").first.wait_for()
    assert page.locator(".turn .feedback").count() == 0
    turn = page.locator(".turn:not(.streaming)", has=page.locator(".feedback"))
    turn.wait_for()
    assert status(turn) == "answered"
    turn.locator(".citation").first.click()
    page.locator("#reader .cited").wait_for()


def test_what_the_sources_do_not_say_never_stands(visitor: Visitor, chatting: str, model: ScriptedModel) -> None:
    hostile = "<img src=x onerror=alert(1)>"

    def inventing(exchange: Exchange) -> None:
        lines = [f"{text}[{number}]" for number, text in exchange.evidence().items()][:4]
        exchange.say("\n".join([f"公司每年发放九千元奖金{hostile}。[1]", *lines]))

    model.script = inventing
    turn = ask(visitor(at=chatting), QUESTION)
    assert "九千元" not in turn.locator(".lines").inner_text()
    assert turn.locator("img").count() == 0
    assert turn.locator(".citation").count()


def test_without_the_model_the_source_answers(visitor: Visitor, chatting: str, model: ScriptedModel) -> None:
    model.script = lambda exchange: exchange.status(500)
    page = visitor(at=chatting)
    turn = ask(page, QUESTION)
    assert status(turn) == "answered"
    assert turn.locator(".citation").count() >= 4
    turn.locator(".note").first.wait_for()
    asked = len(model.asked)
    assert status(ask(page, "公司食堂周三有什么菜？")) == "not_found"
    assert len(model.asked) == asked
    model.script = well
