"""The addresses of the API: ``router(session)`` for the server that includes it.

Knows which address asks for what; the answers are ``ui.operations``', the door is ``ui.api.door``'s.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.routing import APIRoute

from kb.errors import ShouceError
from ui import operations
from ui.api import openai
from ui.api.door import Door, guarded, refusal
from ui.api.events import answering, event_text, sse
from ui.api.reference import page
from ui.api.running import Runner
from ui.api.shapes import AskBody, ChatBody, ChecklistBody, DocumentsBody, PlanBody, QuizBody, SearchBody
from ui.api.work_routes import add_work_routes
from ui.present import answer_json

if TYPE_CHECKING:
    from ui.session import Session

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]
_STREAM = {"cache-control": "no-cache", "x-accel-buffering": "no"}
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "请求不正确"},
    401: {"description": "密钥不正确"},
    404: {"description": "没有这个文档、章节或主题"},
    413: {"description": "请求太大"},
    429: {"description": "请求太频繁"},
}


def router(session: Session) -> APIRouter:
    """Return the API of ``session``: ``/api/…``, ``/v1/…`` and ``/mcp``."""
    from ui.mcp import MountedMcp

    door = Door(session.settings.api)
    runner = Runner(session)
    mounted = MountedMcp(session, door)
    routes = APIRouter(route_class=guarded(door), responses=_ERRORS, lifespan=mounted.lifespan)
    _ask_routes(routes, session, runner)
    _work_routes(routes, session, runner)
    add_work_routes(routes, session, runner)
    _openai_routes(routes, session, runner)
    _reference_routes(routes)
    _unknown_addresses(routes)
    routes.add_route("/mcp", mounted, methods=["GET", "POST", "DELETE"], include_in_schema=False)  # type: ignore[arg-type]
    return routes


def _unknown_addresses(routes: APIRouter) -> None:
    """Say in the API's form what is not there: added last, so that it only gets what no other address takes."""
    known = [route for route in routes.routes if isinstance(route, APIRoute)]

    async def unknown(request: Request) -> Response:
        allowed = {method for one in known if one.path_regex.match(request.url.path) for method in one.methods or ()}
        if allowed:
            return refusal(405, f"这个地址要用 {'、'.join(sorted(allowed))} 请求", allow=", ".join(sorted(allowed)))
        return refusal(404, "没有这个地址，全部地址见 /api/docs")

    for address in ("/api/{rest:path}", "/v1/{rest:path}"):
        routes.add_api_route(address, unknown, methods=_METHODS, include_in_schema=False, response_model=None)


def _ask_routes(routes: APIRouter, session: Session, runner: Runner) -> None:
    @routes.post("/api/ask", summary="提问", tags=["问答"], response_model=None)
    async def ask(request: Request, body: AskBody) -> Response:
        """用原文回答，每句标明出处；手册没有写的如实说没有。

        stream 为 true 时逐句返回事件：pending（正在写的句子）、sentence（写完并核对过的句子）、answer（完整回答）。
        """
        if body.stream or "text/event-stream" in request.headers.get("accept", ""):
            make = partial(answering, session, body.question, conversation=body.conversation, document=body.document)

            async def events() -> AsyncIterator[str]:
                try:
                    async for event in runner.stream(make):
                        yield event_text(event)
                except ShouceError as error:
                    yield sse("error", {"error": {"message": str(error)}})

            return StreamingResponse(events(), media_type="text/event-stream", headers=_STREAM)
        work = partial(operations.ask, session, body.question, conversation=body.conversation, document=body.document)
        return JSONResponse(answer_json(await runner.run(work)))

    @routes.post("/api/search", summary="检索", tags=["问答"], response_model=None)
    async def search(body: SearchBody) -> Response:
        """词和语义一起查，给出最相关的段落。"""
        work = partial(operations.search, session, body.query, limit=body.limit, document=body.document)
        return JSONResponse(await runner.run(work))


def _work_routes(routes: APIRouter, session: Session, runner: Runner) -> None:
    @routes.get("/api/documents", summary="文档和章节", tags=["文档"], response_model=None)
    async def documents(document: str | None = None) -> Response:
        """列出文档和它们的章节。"""
        return JSONResponse(await runner.run(partial(operations.documents, session, document)))

    @routes.post("/api/documents", summary="文档和章节（POST）", tags=["文档"], response_model=None)
    async def chosen_documents(body: DocumentsBody) -> Response:
        """列出文档和它们的章节。"""
        return JSONResponse(await runner.run(partial(operations.documents, session, body.document)))

    @routes.get("/api/documents/{document}/{number}", summary="读一节或一条", tags=["文档"], response_model=None)
    async def clause(document: str, number: str) -> Response:
        """给出一节（5.5）或一条（5.5-2）的原文。"""
        return JSONResponse(await runner.run(partial(operations.clause, session, number, document=document)))

    @routes.post("/api/checklist", summary="检查表", tags=["产出"], response_model=None)
    async def checklist(body: ChecklistBody) -> Response:
        """把原文的步骤、要求和红线变成可以逐条打勾的项目，每条标明出处。"""
        return JSONResponse(
            await runner.run(partial(operations.checklist, session, body.topic, document=body.document))
        )

    @routes.post("/api/quiz", summary="出题", tags=["产出"], response_model=None)
    async def quiz(body: QuizBody) -> Response:
        """每道题的答案、选项和题干都对照原文检查过，附条款。"""
        return JSONResponse(await runner.run(partial(operations.quiz, session, _wish(body))))

    @routes.post("/api/plan", summary="改进方案", tags=["产出"], response_model=None)
    async def plan(body: PlanBody) -> Response:
        """按 PDCA、5W2H、A3 或 8D 拟出方案，有条款依据的和建议分开。"""
        fields = body.model_dump(exclude={"problem", "data"})
        data = (body.data.name, body.data.content) if body.data else None
        work = partial(operations.plan, session, body.problem, data=data, **fields)
        return JSONResponse(await runner.run(work))


def _wish(body: QuizBody) -> operations.QuizWish:
    types = body.types.replace("，", ",").split(",") if isinstance(body.types, str) else body.types
    chosen = [body.document] if isinstance(body.document, str) else body.document or []
    return operations.QuizWish(
        topic=body.topic,
        section=body.section,
        documents=tuple(chosen),
        count=body.n,
        types=tuple(kind.strip() for kind in types if kind.strip()),
        papers=body.papers,
        seed=body.seed,
    )


def _openai_routes(routes: APIRouter, session: Session, runner: Runner) -> None:
    @routes.get("/v1/models", summary="模型列表", tags=["OpenAI 接口"], response_model=None)
    async def models() -> Response:
        """只有一个“模型”：手册。"""
        return JSONResponse(openai.models())

    @routes.get("/v1/models/{name}", summary="一个模型", tags=["OpenAI 接口"], response_model=None)
    async def model(name: str) -> Response:
        """有的客户端先查模型在不在，再开始对话。"""
        if name != openai.MODEL:
            return refusal(404, f"没有名为“{name}”的模型，只有 {openai.MODEL}")
        return JSONResponse(openai.model())

    @routes.post("/v1/chat/completions", summary="对话", tags=["OpenAI 接口"], response_model=None)
    async def completions(body: ChatBody) -> Response:
        """OpenAI 的 chat completions：最后一条 user 消息是问题，前面的是上文；回答带 [n]，citations 是出处。"""
        question, before = openai.asked(body)
        if not question:
            return refusal(400, "messages 里没有 user 消息")
        titles = session.titles

        def told() -> str:
            return openai.standalone_before(session, before)

        if not body.stream:
            answer = await runner.run(lambda: operations.ask(session, question, before=told()))
            return JSONResponse(openai.completion(body, question, answer, titles))
        chunks = openai.Chunks(body, question, titles)

        async def events() -> AsyncIterator[str]:
            try:
                make = lambda: answering(session, question, conversation=None, document=None, before=told())  # noqa: E731
                async for event in runner.stream(make):
                    for chunk in chunks.of(event):
                        yield chunk
            except ShouceError as error:
                yield openai.refused(str(error))

        return StreamingResponse(events(), media_type="text/event-stream", headers=_STREAM)


def _reference_routes(routes: APIRouter) -> None:
    described: dict[str, Any] = {}

    def schema() -> dict[str, Any]:
        if not described:
            described.update(get_openapi(title="手册助手 API", version="1", routes=routes.routes))
        return described

    @routes.get("/api/openapi.json", include_in_schema=False, response_model=None)
    async def openapi() -> Response:
        return JSONResponse(schema())

    @routes.get("/api", include_in_schema=False, response_model=None)
    @routes.get("/api/docs", include_in_schema=False, response_model=None)
    async def reference() -> Response:
        return HTMLResponse(page(schema()))
