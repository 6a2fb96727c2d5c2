"""Items in a chat model's words: stems said anew, stories told. Nothing of what is asked or answered may change by it.

Knows what must stay (amounts, names, roles, what is denied, what happened) and puts what came back through the checks of
every item. What does not hold is turned down with the reason, and the item stays as it was. Statements, gaps and stories
with a mistake in them are never reworded: there the words themselves are the question.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from assistant.chat import facts
from assistant.chat.prompt import instructs
from assistant.chat.reply import Replies
from assistant.chat.restate import Restated, Wish, restate
from assistant.chat.usage_log import Spent, write
from assistant.quiz.check.answer import bare, is_negative
from assistant.quiz.check.every import first_failure
from assistant.quiz.check.sources import Sources
from assistant.quiz.material.names import bigrams
from assistant.quiz.material.roles import Roles, learn
from assistant.quiz.model import Paper, Question, Rejected
from kb.errors import OptionalDependencyMissing

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from kb.knowledge import KnowledgeBase
    from kb.settings import Settings

CHECK = "模型改写不改意思"
LONGEST_STEM, LONGEST_STORY = 120, 200
KEPT = 0.8  # share of the character pairs of what happened that a story must still have
ABOUT = 0.5  # … of what a stem is about
SHORTEST_EVENT = 4
_QUOTED = re.compile(r"“([^”]+)”|《([^》]+)》")
_GAP = re.compile(r"[（(][\s_＿—]*[）)]")
_LABEL = re.compile(r"^(?:题干|改写后?的?题干|改写|背景|案例|输出)\s*[：:]\s*")
_DENIES = re.compile(r"[不未没无非]|严禁|禁止")
# Somebody in a story may not know what to do; that denies nothing the source says.
_UNSURE = re.compile(
    r"不(?:知道?|清楚|确定|太确定|明白|熟悉|放心|敢|好|由得|禁|久|料|同|少|时|过)|没(?:有)?(?:想到|遇到过|见过|经验)|有没有|是不是|能不能|要不要|该不该"
)
_JUDGES = re.compile(
    r"违反|违规|违背|正确|错误|不当|应当|应该|理应|必须|不得|规定|制度|按照|属于|归入|体现|说明了|正是|落实了|符合|其他各项"
)


@dataclass(frozen=True)
class Reworded:
    """The papers, how many of their items speak in the model's words, what was turned down, and what stopped it ("")."""

    papers: tuple[Paper, ...]
    changed: int = 0
    turned_down: tuple[Rejected, ...] = ()
    fault: str = ""

    @property
    def told(self) -> str:
        """One line for whoever ordered the papers, "" where no model was asked."""
        if self.fault:
            return f"{self.fault}；没有改写的题目用原来的说法"
        if not self.changed and not self.turned_down:
            return ""
        kept = f"，另有 {len(self.turned_down)} 道改写没有通过检查，用原来的说法" if self.turned_down else ""
        return f"模型改写了 {self.changed} 道题的题干或案例背景{kept}"


def reworded(
    papers: Sequence[Paper],
    knowledge: KnowledgeBase,
    sources: Sources,
    settings: Settings,
    *,
    make: Callable[..., BaseChatModel] | None = None,
) -> Reworded:
    """Return ``papers`` in the configured model's words where these hold; as they are where no model is configured."""
    if not settings.chat.configured or not settings.chat.quizzes:
        return Reworded(tuple(papers))
    asked = [(one, wish) for paper in papers for one in paper.questions if (wish := _wish(one))]
    try:
        said = restate(Replies(settings.chat, make=make), [wish for _, wish in asked])
    except OptionalDependencyMissing as error:
        return Reworded(tuple(papers), fault=str(error))
    roles = learn(section for document in knowledge.documents() for section in knowledge.sections(document.id))
    judged = {
        one.id: judge(one, text, sources, roles) for (one, _), text in zip(asked, said.texts, strict=True) if text
    }
    fresh = {key: one for key, one in judged.items() if isinstance(one, Question)}
    turned_down = tuple(one for one in judged.values() if isinstance(one, Rejected))
    _log(settings, said, len(fresh), len(judged))
    told = tuple(
        replace(
            paper,
            questions=tuple(fresh.get(one.id, one) for one in paper.questions),
            rejected=paper.rejected + (turned_down if at == 0 else ()),
        )
        for at, paper in enumerate(papers)
    )
    return Reworded(told, len(fresh), turned_down, said.fault)


def _log(settings: Settings, said: Restated, stand: int, judged: int) -> None:
    if said.usage.tries:
        write(settings.home, settings.chat, Spent("quiz", said.usage, said.fault or "ok", judged, stand))


def _wish(question: Question) -> Wish | None:
    """Return what of the item a model may say in its own words: a story without a mistake, or the stem of a question."""
    if question.type == "case":
        return Wish("reword_story", question.scenario) if question.scenario and question.change is None else None
    if question.type in {"single", "multiple", "short_answer"} and not re.search(r"[①②③]", question.stem):
        return Wish("reword_question", question.stem)
    return None


def judge(question: Question, said: str, sources: Sources, roles: Roles) -> Question | Rejected:
    """Return the item in the words ``said``, or why it does not hold in them."""
    text = _LABEL.sub("", " ".join(said.split())).strip("` ")
    if question.type == "case":
        made = replace(question, scenario=text)
        reason = _common(question.scenario, text, roles, LONGEST_STORY) or _story(question, text)
    else:
        text = _GAP.sub("（　　）", text)
        made = replace(question, stem=text)
        reason = _common(question.stem, text, roles, LONGEST_STEM) or _stem(question, made)
    if reason:
        return Rejected(made, CHECK, reason)
    digest = hashlib.sha256(f"{question.id}|{text}".encode()).hexdigest()
    made = replace(made, id=f"q{digest[:10]}")
    return first_failure(made, sources) or made


def _common(before: str, after: str, roles: Roles, longest: int) -> str:
    """Return what of the facts changed: too long, amounts, codes, names, roles, times."""
    if not 6 <= len(after) <= max(longest, len(before) + 40):
        return "改写得太短或太长"
    if instructs(after) or re.search(r"[<>{}`#*|]", after):
        return "改写里混进了别的东西"
    lost = [one or two for one, two in _QUOTED.findall(before) if (one or two) not in after]
    if lost:
        return f"改写丢了“{lost[0]}”"
    if new := [one or two for one, two in _QUOTED.findall(after) if (one or two) not in before]:
        return f"改写多了“{new[0]}”"
    old, now = facts.plain(before), facts.plain(after)
    for one, other, word in ((old, now, "丢了"), (now, old, "多了")):
        there = facts.amounts(other)
        gone = [amount for amount in facts.amounts(one) if not any(amount.same(that) for that in there)]
        if gone:
            return f"改写{word}数量“{gone[0].value}{gone[0].unit}”"
    if facts.codes(old) != facts.codes(now) or not facts.latin(now) <= facts.latin(old):
        return "改写动了标准号或英文名称"
    if facts.time_words(now) - facts.time_words(old):
        return "改写多了时间要求"
    if roles.mentioned(before) != roles.mentioned(after):
        return "改写动了岗位"
    return ""


def _stem(question: Question, made: Question) -> str:
    """Return what a stem no longer asks."""
    if bool(_GAP.search(question.stem)) != bool(_GAP.search(made.stem)) or len(_GAP.findall(made.stem)) > 1:
        return "改写动了括号"
    if is_negative(question) != is_negative(made):
        return "改写把正着问变成了反着问"
    if _denials(question.stem) != _denials(made.stem):
        return "改写动了否定"
    about = bigrams(_QUOTED.sub("，", question.stem))
    if about and len(about & bigrams(made.stem)) < ABOUT * len(about) and not _QUOTED.search(question.stem):
        return "改写离原来的题干太远"
    return ""


def _denials(text: str) -> int:
    return len(_DENIES.findall(_UNSURE.sub("", text)))


def _story(question: Question, after: str) -> str:
    """Return what a story lost, or gave away."""
    before = question.scenario
    for event in _events(before, question.citation.quote):
        own = bigrams(event)
        if own and len(own & bigrams(after)) < KEPT * len(own):
            return f"案例背景丢了“{event[:16]}”"
        if any(any(sign in pair for sign in "不未没无非") for pair in own - bigrams(after)):
            return "案例背景动了否定"
    if _denials(after) > _denials(before):
        return "案例背景多了否定"
    if found := next((sign for sign in _JUDGES.findall(after) if sign not in before), ""):
        return f"案例背景里的“{found}”提示了答案"
    told = next(
        (
            one.text
            for one in question.points_required
            if len(bare(one.text)) >= 2 and bare(one.text) in bare(after) and bare(one.text) not in bare(before)
        ),
        "",
    )
    return f"案例背景说出了要点“{told}”" if told else ""


def _events(story: str, source: str) -> list[str]:
    """Return what the story took from the source: that is what happened, the rest is how it was told."""
    matcher = SequenceMatcher(None, story, source, autojunk=False)
    found = [story[one.a : one.a + one.size] for one in matcher.get_matching_blocks() if one.size >= SHORTEST_EVENT]
    return found or [story]
