"""The bodies that the API takes: the commands' words, checked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

LONGEST_QUESTION = 4000  # characters; the assistant reads the first 500
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
Name = Annotated[str | None, Field(max_length=300)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AskBody(_Body):
    """问题。"""

    question: Text = Field(description="问题", examples=["客户投诉来了怎么处理？"])
    conversation: str | None = Field(default=None, max_length=64, description="接着这个会话问；不写则是单独的问题")
    document: Name = Field(default=None, description="只在这份文档里找：编号、文件名或标题")
    stream: bool = Field(
        default=False, description="逐句返回（server-sent events）；也可以用 accept: text/event-stream"
    )


class SearchBody(_Body):
    """检索。"""

    query: Text = Field(description="要查的词或问题", examples=["投诉时限"])
    limit: int = Field(default=10, ge=1, le=100, description="最多给出几条")
    document: Name = Field(default=None, description="只在这份文档里找")


class DocumentsBody(_Body):
    """文档和章节。"""

    document: Name = Field(default=None, description="只看这份文档；不写则全部")


class ChecklistBody(_Body):
    """检查表。"""

    topic: str = Field(
        default="", max_length=LONGEST_QUESTION, description="事情、章节号或文档标题", examples=["投诉处理"]
    )
    document: Name = Field(default=None, description="只看这份文档")


class QuizBody(_Body):
    """试卷。"""

    topic: str = Field(default="", max_length=LONGEST_QUESTION, description="主题；不写则从全部文档出题")
    section: str = Field(default="", max_length=40, description="只从这一节出题，如 5.2")
    document: str | list[str] | None = Field(default=None, description="只从这份或这几份文档出题")
    n: int = Field(default=10, ge=1, le=200, description="出多少题")
    types: str | list[str] = Field(default="", description="题型：single,multiple,true_false,cloze,short_answer,case")
    papers: int = Field(default=1, ge=1, le=8, description="平行卷的份数")
    seed: int = Field(default=0, description="换一个数，换一批题")


class DataBody(_Body):
    """一份投诉或指标明细。"""

    name: str = Field(max_length=200, description="文件名，如 投诉.xlsx 或 投诉.csv")
    content: Base64Bytes = Field(description="文件内容，base64")


class PlanBody(_Body):
    """改进方案。"""

    problem: Text = Field(description="问题", examples=["满意度从92%掉到85%，出个改进方案"])
    framework: str = Field(default="pdca", max_length=20, description="方法：pdca、5w2h、a3 或 8d")
    start: str | None = Field(default=None, max_length=40, description="从哪天开始，如 2026-12-01；不写则今天")
    data: DataBody | None = Field(default=None, description="投诉或指标明细，用来算趋势和主要原因；只留下算出的数字")
    document: Name = Field(default=None, description="只看这份文档")


Short = Annotated[str, Field(default="", max_length=200)]
Person = Annotated[str, Field(default="", max_length=60, description="谁在操作")]


class TemplateBody(_Body):
    """检查表模板。"""

    draft: str = Field(max_length=40, description="/api/checklist 回复里的 draft")
    repeat: str = Field(default="", max_length=20, description="空、daily（每天）或 weekly（每周）")
    by: Person


class RunBody(_Body):
    """一次检查。"""

    template: str = Field(max_length=40, description="模板编号")
    day: date | None = Field(default=None, description="哪一天，如 2026-12-01；不写则今天")
    place: Short
    shift: Short
    assigned: Short
    by: Person


class LineBody(_Body):
    """检查表的一项。"""

    result: str = Field(default="", max_length=20, description="pass 合格、fail 不合格、na 不适用；有实测值时自动判定")
    value: str = Field(default="", max_length=100, description="实测值")
    note: str = Field(default="", max_length=2000, description="备注；不合格时要写明情况")
    photo: str = Field(default="", max_length=200, description="照片放在哪里（文件名或编号）；照片本身用 …/photo 发送")
    signed: Short
    assigned: Short
    by: Person


class FinishBody(_Body):
    """结束检查。"""

    incomplete: bool = Field(default=False, description="没查完也结束")


class KeepPlanBody(_Body):
    """存下方案。"""

    draft: str = Field(max_length=40, description="/api/plan 回复里的 draft")
    plan: str = Field(default="", max_length=40, description="存为这个方案的下一版；不写则是新方案")
    by: Person


class ActionBody(_Body):
    """方案里一项行动的进展。"""

    state: str = Field(max_length=20, description="open 未开始、doing 进行中、done 已完成、dropped 已取消")
    note: str = Field(default="", max_length=300, description="说明")
    by: Person


class ChatMessage(BaseModel):
    """One message of OpenAI's chat protocol; what else clients send with it is left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    role: str = Field(max_length=40)
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(str(part.get("text", "")) for part in self.content or () if part.get("type") == "text")


class StreamOptions(BaseModel):
    """What a stream is to say besides."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    include_usage: bool = False


class ChatBody(BaseModel):
    """OpenAI 的 chat completions 请求；温度、长度等参数不起作用。"""

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: str = Field(default="shouce", max_length=200)
    messages: list[ChatMessage] = Field(min_length=1, max_length=500)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
