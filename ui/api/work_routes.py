"""The addresses of work that goes on: templates and runs of checklists, kept plans and their actions, files of both.

The same as ``shouce runs`` and ``shouce plans``; whoever may use the API may work on any of them, as on the page.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from fastapi.responses import JSONResponse

from assistant.checklist.photos import LARGEST
from kb.errors import EntryInvalid
from ui import work
from ui.api.door import takes_file
from ui.api.shapes import ActionBody, FinishBody, KeepPlanBody, LineBody, RunBody, TemplateBody

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.api.running import Runner
    from ui.session import Session

Version = Annotated[int, Query(ge=1)]


def add_work_routes(routes: APIRouter, session: Session, runner: Runner) -> None:
    """Add the addresses to ``routes``."""

    async def replied(make: Callable[..., dict[str, Any]], *given: object) -> Response:
        return JSONResponse(await runner.run(partial(make, session, *given)))

    _run_routes(routes, session, runner, replied)
    _plan_routes(routes, replied)
    _export_routes(routes, session, runner)


def _run_routes(routes: APIRouter, session: Session, runner: Runner, replied: Callable[..., Any]) -> None:
    tags: list[Any] = ["检查"]

    @routes.get("/api/templates", summary="检查表模板", tags=tags, response_model=None)
    async def templates() -> Response:
        """列出存下的模板；stale 是原文已经改了的条款。"""
        return await replied(work.templates)  # type: ignore[no-any-return]

    @routes.post("/api/templates", summary="存为模板", tags=tags, response_model=None)
    async def keep_template(body: TemplateBody) -> Response:
        """把 /api/checklist 回复里的 draft 原样存为模板，可以每天或每周重复。"""
        return await replied(work.keep_template, body.draft, body.repeat, body.by)  # type: ignore[no-any-return]

    @routes.get("/api/due", summary="该做的检查", tags=tags, response_model=None)
    async def due(day: date | None = None) -> Response:
        """列出今天（或 day 那天）还没做完的重复检查。"""
        return await replied(work.due, day)  # type: ignore[no-any-return]

    @routes.post("/api/runs", summary="开始检查", tags=tags, response_model=None)
    async def start(body: RunBody) -> Response:
        """按模板开始一次检查。"""
        fields = body.model_dump(exclude={"template", "day"})
        return await replied(work.start, body.template, body.day, fields)  # type: ignore[no-any-return]

    @routes.get("/api/runs", summary="做过和在做的检查", tags=tags, response_model=None)
    async def runs(template: str = "", limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Response:
        """列出检查和进度，最近的在前。"""
        return await replied(work.runs, template, limit)  # type: ignore[no-any-return]

    @routes.get("/api/runs/{run}", summary="一次检查", tags=tags, response_model=None)
    async def run(run: str) -> Response:
        """每一项现在的结果。"""
        return await replied(work.run, run)  # type: ignore[no-any-return]

    @routes.post("/api/runs/{run}/lines/{number}", summary="记一项", tags=tags, response_model=None)
    async def tick(run: str, number: int, body: LineBody) -> Response:
        """记下一项的结果、实测值（自动判定）、备注、签字或指派。"""
        return await replied(work.tick, run, number, body.model_dump())  # type: ignore[no-any-return]

    @routes.post("/api/runs/{run}/lines/{number}/photo", summary="一项的照片", tags=tags, response_model=None)
    @takes_file(LARGEST)
    async def photograph(
        run: str,
        number: int,
        photo: Annotated[list[UploadFile], File(description="一张 JPG 或 PNG 图片，6 MB 以内")],
        by: Annotated[str, Form(max_length=60, description="谁在操作")] = "",
    ) -> Response:
        """收下一项的一张照片，和网页上拍的放在一起；一次一张，用表单（multipart/form-data）发送。"""
        if len(photo) != 1:
            raise EntryInvalid("一次只收一张照片")
        return await replied(work.photograph, run, number, await photo[0].read(), by)  # type: ignore[no-any-return]

    @routes.get("/api/runs/{run}/photos/{name}", summary="看照片", tags=tags, response_model=None)
    async def picture(run: str, name: str) -> Response:
        """给出一张照片；名字在那一项的 photo 里。"""
        content, kind = await runner.run(partial(work.picture, session, run, name))
        return Response(content, media_type=kind)

    @routes.post("/api/runs/{run}/finish", summary="结束检查", tags=tags, response_model=None)
    async def finish(run: str, body: FinishBody) -> Response:
        """结束；problem 是不合格项，可以拿去起草改进方案。"""
        return await replied(work.finish, run, body.incomplete)  # type: ignore[no-any-return]


def _plan_routes(routes: APIRouter, replied: Callable[..., Any]) -> None:
    tags: list[Any] = ["方案跟踪"]

    @routes.get("/api/plans", summary="存下的方案", tags=tags, response_model=None)
    async def plans() -> Response:
        """列出方案和完成情况。"""
        return await replied(work.plans)  # type: ignore[no-any-return]

    @routes.post("/api/plans", summary="存下方案", tags=tags, response_model=None)
    async def keep(body: KeepPlanBody) -> Response:
        """把 /api/plan 回复里的 draft 原样存下；写了 plan 则是那个方案的下一版。"""
        return await replied(work.keep_plan, body.draft, body.plan, body.by)  # type: ignore[no-any-return]

    @routes.get("/api/plans/{plan}", summary="一个方案的进度", tags=tags, response_model=None)
    async def plan(plan: str) -> Response:
        """每项行动的状态，逾期的标明。"""
        return await replied(work.plan, plan)  # type: ignore[no-any-return]

    @routes.post("/api/plans/{plan}/actions/{action}", summary="记一项行动", tags=tags, response_model=None)
    async def enter(plan: str, action: str, body: ActionBody) -> Response:
        """记下一项行动的状态：open、doing、done 或 dropped。"""
        return await replied(work.enter, plan, action, body.model_dump())  # type: ignore[no-any-return]

    @routes.get("/api/plans/{plan}/changes", summary="比较两版", tags=tags, response_model=None)
    async def changes(plan: str, before: Version = 1, after: Version = 2) -> Response:
        """两版之间新增、删去、修改的行动。"""
        return await replied(work.changes, plan, before, after)  # type: ignore[no-any-return]


def _export_routes(routes: APIRouter, session: Session, runner: Runner) -> None:
    @routes.get("/api/drafts", summary="草稿", tags=["产出"], response_model=None)
    async def drafts(
        kind: Literal["checklist", "plan"] | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 50
    ) -> Response:
        """列出经接口或命令行做的检查表和方案草稿，最近的在前；各人在网页上做的，只有本人在网页上看得到。"""
        from ui.exports import drafts

        kinds: tuple[Literal["checklist", "plan"], ...] = (kind,) if kind else ("checklist", "plan")
        found = [await runner.run(partial(drafts, session, one, person="", limit=limit)) for one in kinds]
        latest = sorted((one for some in found for one in some), key=lambda one: one["made_at"], reverse=True)
        return JSONResponse({"drafts": latest[:limit]})

    @routes.get("/api/exports/{kind}/{key}", summary="导出", tags=["产出"], response_model=None)
    async def exported(
        kind: Literal["draft-checklist", "draft-plan", "plan", "template", "run"],
        key: str,
        form: Annotated[str, Query(alias="format", max_length=20)] = "json",
        version: Annotated[int | None, Query(ge=1)] = None,
    ) -> Response:
        """把存下的一份（检查表或方案的回复里的 draft，或方案、模板、检查的编号）写成文件，不重新起草。"""
        from ui.exports import MEDIA, export

        made = await runner.run(partial(export, session, kind, key, form, version=version))
        named = f"attachment; filename*=UTF-8''{quote(made.name)}"
        return Response(made.content, media_type=MEDIA[made.form], headers={"content-disposition": named})
