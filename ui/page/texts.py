"""Every word that the page itself says, in Chinese and English: for Gradio's own translation and for the HTML made here.

Knows keys and languages. What documents and people say is never translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio

_TEXTS: dict[str, tuple[str, str]] = {
    # the frame; English tab names keep the Chinese word, which is what colleagues call them
    "name": ("手册助手", "手册助手 Manual assistant"),
    "tab.ask": ("问答", "问答 Ask"),
    "tab.manual": ("手册", "手册 Manual"),
    "tab.quiz": ("测验", "测验 Quiz"),
    "tab.checklist": ("检查表", "检查表 Checklist"),
    "tab.plan": ("改进方案", "改进方案 Plan"),
    "tab.knowledge": ("知识库", "知识库 Documents"),
    "tab.questions": ("待解问题", "待解问题 Open questions"),
    "tab.board": ("看板", "看板 Board"),
    # asking
    "ask.placeholder": ("问公司手册和 SOP，例如：客户投诉来了怎么处理？", "Ask about the manual and the SOPs"),
    "ask.label": ("问题", "Question"),
    "ask.send": ("提问", "Ask"),
    "ask.document": ("文档", "Document"),
    "ask.chapter": ("章节", "Chapter"),
    "ask.role": ("我是", "I am"),
    "ask.all_documents": ("全部文档", "All documents"),
    "ask.all_chapters": ("全部章节", "All chapters"),
    "ask.searching": ("正在查找原文……", "Looking it up…"),
    "ask.empty": ("请先写下要问的问题。", "Please write a question first."),
    "ask.welcome": ("今天想查什么？", "What would you like to know?"),
    "ask.promise": (
        "每一句回答都出自手册原文，点条款号就能看到出处；手册没有写的，会如实告诉你。",
        "Every sentence comes from the documents, with its clause. What they do not say is not answered.",
    ),
    "ask.try": ("可以这样问", "For example"),
    "ask.nothing_yet": (
        "知识库还是空的。请负责人在“知识库”里上传手册，或运行 shouce sample 载入自带样例。",
        "There are no documents yet. The owner can upload them under 知识库, or run: shouce sample",
    ),
    "ask.followups": ("还可以问", "You could ask next"),
    "ask.nearest": ("最接近的章节", "Nearest sections"),
    "ask.hand_over": ("提交给手册负责人", "Hand to the manual's owner"),
    "ask.handed_over": ("已提交给手册负责人，回答后就能查到", "Handed to the owner"),
    "ask.copy": ("复制", "Copy"),
    "ask.copied": ("已复制", "Copied"),
    "ask.good": ("有用", "Helpful"),
    "ask.bad": ("没帮上忙", "Not helpful"),
    "ask.why": ("哪里不好？", "What is wrong?"),
    "ask.why_more": ("补充说明（可以不填）", "More (optional)"),
    "ask.send_reason": ("提交", "Send"),
    "ask.thanks": ("谢谢，已记下", "Thank you, noted"),
    "ask.reason.wrong": ("内容不对", "Wrong"),
    "ask.reason.incomplete": ("不完整", "Incomplete"),
    "ask.reason.off": ("答非所问", "Off topic"),
    "ask.reason.unclear": ("看不懂", "Unclear"),
    "ask.failed": ("没有答成", "That did not work"),
    "ask.repaired": ("此处原文有损坏，已修复", "The source was damaged here and has been repaired"),
    "ask.scope": ("只在这里面找：", "Searched only in: "),
    "ask.fallback": (
        "对话模型没有用上，以下是原文：",
        "The chat model was not used; these are the source's own words: ",
    ),
    "ask.unsupported": ("这句话没有找到出处", "No source was found for this sentence"),
    # conversations
    "talk.new": ("新对话", "New conversation"),
    "talk.search": ("搜索对话", "Search conversations"),
    "talk.none": ("还没有对话", "No conversations yet"),
    "talk.none_found": ("没有找到", "Nothing found"),
    "talk.rename": ("改名", "Rename"),
    "talk.delete": ("删除", "Delete"),
    "talk.delete_sure": ("删除这段对话？", "Delete this conversation?"),
    "talk.undo": ("恢复", "Undo"),
    "talk.deleted": ("已删除", "Deleted"),
    "talk.word": ("导出 Word", "Word"),
    "talk.markdown": ("导出 Markdown", "Markdown"),
    "talk.open": ("对话", "Conversations"),
    # reader
    "reader.empty": ("点回答里的条款号，原文在这里打开", "Click a clause in an answer: the source opens here"),
    "reader.empty_more": (
        "整节原文、引用的条款高亮显示，可以前后翻看，也可以把链接发给同事。",
        "The whole section with the cited clause marked; step through citations, share the link.",
    ),
    "reader.before": ("上一处引用", "Previous citation"),
    "reader.after": ("下一处引用", "Next citation"),
    "reader.contents": ("目录", "Contents"),
    "reader.share": ("复制链接", "Copy link"),
    "reader.shared": ("链接已复制", "Link copied"),
    "reader.close": ("关闭", "Close"),
    "reader.previous_section": ("上一节", "Previous section"),
    "reader.next_section": ("下一节", "Next section"),
    "reader.missing_body": (
        "目录列有这一节，但收到的文件里没有正文。请向手册负责人索取完整版本。",
        "The contents list this section, but the file received lacks its text.",
    ),
    "reader.truncated": ("这一节的正文在文件里中断了。", "This section breaks off in the file."),
    "reader.nothing": ("这一节没有自己的正文。", "This section has no text of its own."),
    # who is who
    "who.ask": ("怎么称呼你？对话会记在这个名字下。", "What is your name? Conversations are kept under it."),
    "who.placeholder": ("姓名", "Name"),
    "who.save": ("好", "OK"),
    "who.guest": ("访客", "Guest"),
    "who.owner": ("负责人", "Owner"),
    "who.rename": ("改名字", "Change name"),
    "who.leave": ("退出负责人", "Leave owner mode"),
}

_EMPTY = ("", "")


class Words:
    """The page's words in one language."""

    def __init__(self, *, english: bool) -> None:
        self.english = english
        self._at = 1 if english else 0

    def __call__(self, key: str) -> str:
        """Return the words for ``key``; the key itself where there are none."""
        return _TEXTS.get(key, _EMPTY)[self._at] or key


CHINESE = Words(english=False)
ENGLISH = Words(english=True)


def words_for(accepted: str) -> Words:
    """Return the words for a browser's ``Accept-Language``: English only where English stands before any Chinese."""
    for part in accepted.lower().split(","):
        if part.strip().startswith("zh"):
            return CHINESE
        if part.strip().startswith("en"):
            return ENGLISH
    return CHINESE


def add(texts: Mapping[str, tuple[str, str]]) -> None:
    """Add the texts of a tab that keeps its own."""
    _TEXTS.update(texts)


def translations() -> gradio.I18n:
    """Return all texts as Gradio translates them, by the browser's language."""
    import gradio

    chinese = {key: both[0] for key, both in _TEXTS.items()}
    english = {key: both[1] for key, both in _TEXTS.items()}
    return gradio.I18n(en=english, zh=chinese, **{"zh-CN": chinese, "zh-TW": chinese})
