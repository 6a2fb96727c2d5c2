"""Several people at once, through the page's own protocol and through the API: everybody gets an answer."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ui.load_test import after_ready, summary, through_api, through_page

QUESTIONS = ["客户投诉来了怎么处理？", "抽检的一票否决项有哪些？", "补偿800元要谁批准？"]


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run ``work`` in a thread: the browser's own event loop is running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def test_everybody_is_answered(address: str) -> None:
    page = _run(through_page(address, QUESTIONS, users=4, seconds=2, think=0.3))
    api = _run(through_api(address, QUESTIONS, users=4, seconds=1))
    for measured in (page, api):
        told = summary(measured, seconds=2)
        assert told["errors"] == 0, told["error_examples"]
        assert told["questions"] >= 4
    assert len(page.opened) == 4
    assert 0 < summary(page, seconds=2)["first_words_p95"] <= summary(page, seconds=2)["max"]


def test_the_first_words_are_there_when_the_answer_is(address: str, page_home: Path) -> None:
    alone = _run(through_page(address, QUESTIONS, users=1, seconds=3, think=0.1))
    alone.after_ready = after_ready(page_home, alone.by_turn)
    assert len(alone.after_ready) == len(alone.first) >= 2
    assert 0 < summary(alone, seconds=3)["first_words_after_ready_p50"] < 0.15
