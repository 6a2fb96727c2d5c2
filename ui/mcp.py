"""The MCP server: search, read a clause, ask, checklist, quiz and plan as tools, over standard input and output or HTTP.

Knows the official package's server. What the tools do is ``ui.operations``'; what went wrong is told in its own words.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from kb.errors import EntryInvalid, ShouceError
from ui import operations, present
from ui.terminal import HomeOption, open_session

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer
    from mcp_types import ToolAnnotations

    from ui.api.door import Door
    from ui.session import Session

_INSTRUCTIONS = (
    "公司运营手册和 SOP。回答制度、流程、时限、职责类问题前先用 ask 或 search 查手册；每句话的出处在 citations 里，"
    "status 为 not_found 或 missing_in_source 时手册没有写，请照实说，不要自己补。"
)
Json = dict[str, Any]
Document = Annotated[str, Field(description="只看这份文档：编号、文件名或标题；空为全部")]


def server(session: Session) -> MCPServer[Any]:
    """Return the MCP server of ``session``; nothing is started."""
    from importlib.metadata import version

    from mcp.server.mcpserver import MCPServer
    from mcp_types import ToolAnnotations

    made: MCPServer[Any] = MCPServer(
        "shouce", title="手册助手", instructions=_INSTRUCTIONS, version=version("shouce"), log_level="ERROR"
    )
    reading = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    _reading_tools(made, session, reading)
    _making_tools(made, session, reading)
    return made


async def _run(session: Session, work: Callable[[], Json]) -> Json:
    """Return what ``work`` returns; what is wrong is told to the model that called."""
    try:
        return await asyncio.get_running_loop().run_in_executor(session.workers, work)
    except ShouceError as error:
        from mcp.server.mcpserver.exceptions import ToolError

        raise ToolError(str(error)) from error


def _reading_tools(made: MCPServer[Any], session: Session, reading: ToolAnnotations) -> None:
    @made.tool(title="检索手册", annotations=reading)
    async def search(
        query: Annotated[str, Field(description="要查的词或问题")],
        limit: Annotated[int, Field(ge=1, le=50, description="最多给出几条")] = 8,
        document: Document = "",
    ) -> Json:
        """在手册和 SOP 里检索，给出最相关的段落和它们的章节、条款。"""
        return await _run(session, partial(operations.search, session, query, limit=limit, document=document or None))

    @made.tool(title="读条款", annotations=reading)
    async def read_clause(
        number: Annotated[str, Field(description="章节号（5.5、附录A）或条款号（5.5-2）")], document: Document = ""
    ) -> Json:
        """读出一节或一条的原文；列表里没有的章节会说明是否在目录中。"""
        return await _run(session, partial(operations.clause, session, number, document=document or None))

    @made.tool(title="问手册", annotations=reading)
    async def ask(question: Annotated[str, Field(description="一个完整的问题")], document: Document = "") -> Json:
        """用手册原文回答问题，每句标明出处；手册没有写的如实说没有。"""

        def work() -> Json:
            if not question.strip():
                raise EntryInvalid("请写下要问的问题")
            return present.answer_json(operations.ask(session, question, document=document or None))

        return await _run(session, work)


def _making_tools(made: MCPServer[Any], session: Session, reading: ToolAnnotations) -> None:
    @made.tool(title="检查表", annotations=reading)
    async def checklist(
        topic: Annotated[str, Field(description="事情（投诉处理）、章节号或文档标题")], document: Document = ""
    ) -> Json:
        """把原文的步骤、要求和红线变成可以逐条打勾的检查表，每条标明出处。"""
        return await _run(session, partial(operations.checklist, session, topic, document=document or None))

    @made.tool(title="出题", annotations=reading)
    async def quiz(
        topic: Annotated[str, Field(description="主题；空则从全部文档出题")] = "",
        section: Annotated[str, Field(description="只从这一节出题，如 5.2")] = "",
        count: Annotated[int, Field(ge=1, le=50, description="出多少题")] = 5,
        document: Document = "",
    ) -> Json:
        """按手册出题，答案、选项和解析都对照原文检查过。"""
        wish = operations.QuizWish(topic, section, (document,) if document else (), count)
        return await _run(session, partial(operations.quiz, session, wish))

    @made.tool(title="改进方案", annotations=reading)
    async def plan(
        problem: Annotated[str, Field(description="问题，如：满意度从92%掉到85%")],
        framework: Annotated[str, Field(description="pdca、5w2h、a3 或 8d")] = "pdca",
        start: Annotated[str, Field(description="开始日期，如 2025-03-01；可空")] = "",
    ) -> Json:
        """拟一份改进方案草稿，有条款依据的措施和建议分开。"""
        work = partial(operations.plan, session, problem, framework=framework, start=start or None)
        return await _run(session, work)


class MountedMcp:
    """The MCP server at one address of a larger application, behind the API's door."""

    def __init__(self, session: Session, door: Door) -> None:
        self._session = session
        self._door = door
        self._app: Any = None

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Run the sessions of the server as long as the application runs."""
        from mcp.server.transport_security import TransportSecuritySettings

        made = server(self._session)
        # Who may come in is the door's business; a name in front of the server is no reason to refuse.
        open_door = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        app = made.streamable_http_app(
            streamable_http_path="/mcp",
            stateless_http=True,
            json_response=True,
            max_request_body_size=self._door.most_bytes,
            transport_security=open_door,
        )
        async with made.session_manager.run():
            self._app = app
            yield
        self._app = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        """Answer one request."""
        from fastapi import Request

        from ui.api.door import refusal

        refused = self._door.refused(Request(scope, receive), self._door.most_bytes)
        if refused is None and self._app is None:
            refused = refusal(503, "MCP 服务还没有启动")
        await (refused or self._app)(scope, receive, send)


def mcp(home: HomeOption = None) -> None:
    """在标准输入输出上提供 MCP 服务，供支持 MCP 的助手调用：检索、读条款、问答、检查表、出题、改进方案。"""
    session = open_session(home)
    server(session).run("stdio")
