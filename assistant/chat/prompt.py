"""What a model is told: the rules, the numbered evidence as data inside a boundary, the question.

The boundary is a fresh random word in every prompt, so that no document can imitate it. Instructions to a model that stand in
a document or a question are kept from it; the prompts themselves are the ``.md`` files in ``prompts/``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from assistant import sentences
from assistant.chat.verify import Evidence

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

# What speaks to a model instead of to people.
_INSTRUCTION = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|抛开|跳过)[^。\n]{0,12}(?:指令|提示|规则|要求|设定|限制|以上|前面|之前|上面|资料)"
    r"|系统提示|提示词|(?:你|妳)(?:现在|从现在起|接下来)?(?:是|扮演|变成|作为|将)[^。\n]{0,8}(?:AI|模型|助手|机器人|角色|猫|黑客|DAN)"
    r"|越狱|开发者模式|</?(?:资料|问题|system|user|assistant|s)\b|\[/?INST\]|<\|[^|]*\|>"
    r"|(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous)"
    r"|system prompt|you are now|jailbreak"
    # 只说“……” alone is what a manual tells its people to say
    r"|(?:无论|不管|不论)[^。\n]{0,8}问[^。\n]{0,12}(?:回答|回复|输出|说)|直接(?:回答|回复|输出)[“\"「『]",
    re.I,
)


@lru_cache(maxsize=8)
def template(name: str) -> str:
    """Return the prompt ``name`` as written."""
    return files("assistant.chat").joinpath(f"prompts/{name}.md").read_text(encoding="utf-8").strip()


def instructs(text: str) -> bool:
    """Say whether ``text`` gives a model instructions."""
    return bool(_INSTRUCTION.search(text))


def without_instructions(question: str) -> str:
    """Return ``question`` without the sentences that give a model instructions; all of it where nothing would be left."""
    kept = [span.of(question) for span in sentences.split(question) if not instructs(span.of(question))]
    return "".join(kept) or question


def evidence_text(evidence: Sequence[Evidence]) -> str:
    """Return the evidence as it is shown to a model: number, place, words. Its own numbers in brackets lose them."""
    return "\n\n".join(f"[{one.marker}] {_place(one)}\n{quoted(one.text)}" for one in evidence)


def _place(one: Evidence) -> str:
    return quoted(one.heading + (f"（{one.introduction[:80]}）" if one.introduction else ""))


def quoted(text: str) -> str:
    """Return ``text`` as data inside a boundary: on one line, without brackets that a model could take for its own marks."""
    return re.sub(r"\[(\d+)\]", r"（\1）", text).replace("<", "＜").replace(">", "＞").replace("\n", " ")


def messages(question: str, evidence: Sequence[Evidence]) -> list[BaseMessage]:
    """Return the prompt for answering ``question`` from ``evidence``."""
    from langchain_core.prompts import ChatPromptTemplate

    asked = ChatPromptTemplate.from_messages([("system", template("answer")), ("human", template("question"))])
    return asked.format_messages(
        boundary=secrets.token_hex(6),
        evidence=evidence_text(evidence),
        question=quoted(without_instructions(question)),
    )


def condense_messages(question: str, before: str) -> list[BaseMessage]:
    """Return the prompt for making ``question``, asked after ``before``, stand alone."""
    from langchain_core.prompts import ChatPromptTemplate

    told = "<前文 {boundary}>\n{before}\n</前文 {boundary}>\n\n<问题 {boundary}>\n{question}\n</问题 {boundary}>"
    asked = ChatPromptTemplate.from_messages([("system", template("condense")), ("human", told)])
    return asked.format_messages(boundary=secrets.token_hex(6), before=quoted(before), question=quoted(question))


def tokens(text: str) -> int:
    """Return how many tokens ``text`` costs at most with common models: one a Han character, one in three other characters."""
    wide = sum(character > "\u2e7f" for character in text)
    return wide + (len(text) - wide) // 3 + 1
