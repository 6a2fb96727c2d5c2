"""The MCP server, asked with the official client: in memory, over HTTP, and over standard input and output."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from ui.mcp import server
from ui.session import Session

TOOLS = {"search", "read_clause", "ask", "checklist", "quiz", "plan"}


@pytest.fixture(scope="module")
def session(sample_home: Path) -> Session:
    return Session(sample_home)


async def called(client: Client, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def test_every_tool_does_its_work(session: Session) -> None:
    async with Client(server(session)) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        assert (await called(client, "ask", question="退款多久到账？"))["status"] == "answered"
        assert (await called(client, "search", query="退款", limit=2))["hits"]
        read = await called(client, "read_clause", number="5.1-3", document="客户投诉处理SOP")
        assert "10分钟" in read["quote"]
        assert (await called(client, "checklist", topic="投诉处理"))["items"]
        assert (await called(client, "quiz", topic="投诉", count=2))["questions"]
        assert (await called(client, "plan", problem="客户满意度从92%降到85%，投诉集中在响应慢"))["phases"]


async def test_what_is_wrong_is_told_to_the_model(session: Session) -> None:
    async with Client(server(session)) as client:
        for tool, arguments, says in (
            ("read_clause", {"number": "99"}, "没有 99 这一节"),
            ("ask", {"question": " "}, "请写下要问的问题"),
            ("plan", {"problem": "满意度下降", "start": "明天"}, "明天"),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error
            assert says in result.content[0].text


@pytest.fixture
def address(session: Session) -> Iterator[str]:
    import uvicorn
    from fastapi import FastAPI

    from ui.api import router

    app = FastAPI()
    app.include_router(router(session))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/mcp"
    running.should_exit = True
    thread.join(10)


async def test_server_over_http(address: str) -> None:
    async with Client(address) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        assert (await called(client, "ask", question="退款多久到账？"))["citations"]


async def test_server_over_standard_input_and_output(sample_home: Path) -> None:
    started = StdioServerParameters(command=sys.executable, args=["-m", "ui.cli", "mcp", "--home", str(sample_home)])
    async with Client(stdio_client(started)) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        assert (await called(client, "ask", question="退款多久到账？"))["status"] == "answered"
