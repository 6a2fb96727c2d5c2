"""Every word that the page itself says, in Chinese and English: for Gradio's own translation and for the HTML made here.

Knows keys and languages. What documents and people say is never translated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.page.checklist_texts import TEXTS as CHECKLIST
from ui.page.plan_texts import TEXTS as PLAN
from ui.page.quiz_texts import TEXTS as QUIZ
from ui.present import REPAIR_WORDS

if TYPE_CHECKING:
    import gradio

_REPAIRS = {
    "gloss": "glosses removed",
    "script": "simplified characters",
    "width": "punctuation and width",
    "gbk_shift": "shifted bytes",
    "encoding": "encoding",
    "notice": "site's notice removed",
    "placeholder": "placeholders removed",
}
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
    "ask.placeholder": ("问手册和 SOP，如：投诉怎么处理？", "Ask about the manual and the SOPs"),
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
    "talk.open": ("对话", "Chats"),
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
    # the manual
    "manual.search": ("在全部文档里搜索", "Search all documents"),
    "manual.near": ("意思相近的", "Of like meaning"),
    "manual.only_near": ("没有这个词，意思相近的有", "Not said in these words; of like meaning"),
    "manual.health": ("健康报告", "Health report"),
    "manual.missing_body": ("正文缺失", "no text"),
    "manual.truncated": ("中断", "breaks off"),
    "health.version": ("第 {} 版", "version {}"),
    "health.sections": ("节有正文", "sections with text"),
    "health.repaired": ("处已修复", "repairs"),
    "health.open": ("处要在源文件里修改", "to mend in the source"),
    "health.to_mend": ("请在源文件里修改", "To mend in the source"),
    "health.was_repaired": ("已经自动修复", "Repaired"),
    "health.nothing_open": ("没有发现问题。", "Nothing was found wrong."),
    "health.nothing_repaired": ("没有需要修复的地方。", "Nothing had to be repaired."),
    "health.kind.missing_body": ("目录里有、正文缺失的章节", "Sections without text"),
    "health.kind.truncated": ("正文中断的章节", "Sections that break off"),
    "health.kind.hole": ("疑似缺字的地方", "Words that seem to be missing"),
    "health.kind.needs_ocr": ("扫描的页面，没有文字", "Scanned pages without text"),
    "health.column.kind": ("修复", "Repair"),
    "health.column.count": ("处数", "Times"),
    "health.column.place": ("位置", "Where"),
    "health.column.before": ("修复前", "Before"),
    "health.column.after": ("修复后", "After"),
    "health.column.sure": ("把握", "Sure"),
    **{f"repair.{kind}": (said, _REPAIRS[kind]) for kind, said in REPAIR_WORDS.items()},
    # the owner's door
    "gate.title": ("手册负责人", "The manual's owner"),
    "gate.closed": (
        "上传、删除和回答待解问题由手册负责人操作。",
        "Uploading, deleting and answering is up to the manual's owner.",
    ),
    "gate.first": (
        "还没有设置负责人密码。请输入启动网页的终端里显示的验证码，并设一个至少 8 位的密码。",
        "No password has been set. Enter the code that the terminal shows, and a password of at least 8 characters.",
    ),
    "gate.code": ("验证码", "Code"),
    "gate.password": ("负责人密码", "Owner's password"),
    "gate.new": ("新密码", "New password"),
    "gate.old": ("现在的密码", "Present password"),
    "gate.set": ("设置密码并进入", "Set and enter"),
    "gate.open": ("进入", "Enter"),
    "gate.change": ("修改负责人密码", "Change the owner's password"),
    "gate.trainer_title": ("培训师", "Trainers"),
    "gate.trainer_closed": (
        "题库、成绩统计和发卷由培训师操作。",
        "The item bank, results and handing papers out are up to trainers.",
    ),
    "gate.trainer_owner": (
        "题库、成绩统计和发卷由培训师操作。还没有培训师密码：请用负责人密码，或请负责人在“知识库”的“密码”里设一个。",
        "No password for trainers has been set: use the owner's, or have the owner set one under Knowledge, Password.",
    ),
    "gate.trainer_nobody": (
        "题库、成绩统计和发卷由培训师操作。请先由手册负责人在“知识库”里设置密码。",
        "The item bank and results open once the manual's owner has set a password under Knowledge.",
    ),
    "gate.trainer_password": ("培训师密码", "Trainers' password"),
    "gate.trainer_set": ("培训师密码", "Trainers' password"),
    "gate.trainer_none": (
        "还没有设置。设了以后，知道它的人可以管题库、发卷、看成绩，不能动文档和待解问题。",
        "Not set. Whoever knows it may keep the item bank, hand papers out and see results, and nothing else.",
    ),
    "gate.trainer_known": (
        "已设置：知道它的人可以管题库、发卷、看成绩，不能动文档和待解问题。换新密码后，之前登录的培训师要重新登录。",
        "Set: whoever knows it may keep the item bank, hand papers out and see results. A new one logs trainers out.",
    ),
    "gate.trainer_save": ("保存", "Save"),
    "gate.trainer_away": ("取消培训师密码", "Remove it"),
    # documents
    "know.documents": ("文档", "Documents"),
    "know.synonyms": ("同义词", "Synonyms"),
    "know.inspector": ("检索透视", "Why was it found"),
    "know.password": ("密码", "Password"),
    "know.drop": ("把文件拖到这里，或点击选择（可以多选，也可以是 zip）", "Drop files here, or click to choose"),
    "know.rebuild": ("重建索引", "Rebuild the index"),
    "know.rebuilt": ("索引已重建。", "The index has been rebuilt."),
    "know.result": (
        "{}，第 {} 版，{} 节；修复 {} 处，要在源文件里修改 {} 处",
        "{}, version {}, {} sections; {} repairs, {} to mend",
    ),
    "know.empty": (
        "还没有文档，把手册和 SOP 拖到上面就可以了。",
        "No documents yet. Drop the manual and the SOPs above.",
    ),
    "know.column.title": ("文档", "Document"),
    "know.column.version": ("版本", "Version"),
    "know.column.sections": ("有正文的节", "Sections"),
    "know.column.open": ("待修改", "To mend"),
    "know.versions": ("版本与变化", "Versions"),
    "know.sure": ("确定删除？", "Really delete?"),
    "know.sure_back": ("确定退回？", "Really go back?"),
    "know.removed": ("最近删除", "Deleted lately"),
    "know.current": ("当前", "current"),
    "know.go_back": ("退回到这一版", "Go back to it"),
    "know.changed": ("第 {} 版 → 第 {} 版：{} 节有变化", "Version {} → {}: {} sections changed"),
    "know.first_version": ("这是第一版，还没有可以比较的。", "This is the first version."),
    "know.no_change": ("两版内容相同。", "Both say the same."),
    "know.kind.added": ("新增", "new"),
    "know.kind.removed": ("删去", "gone"),
    "know.kind.changed": ("修改", "changed"),
    "know.kind.moved": ("移动", "moved"),
    "know.kind.renamed": ("改名", "renamed"),
    # synonyms and the inspector
    "syn.label": ("同义词表", "Synonyms"),
    "syn.info": (
        "一行一组，词与词之间用逗号或顿号隔开；# 后面是说明。保存后马上生效。",
        "One group a line, words separated by commas; in force at once.",
    ),
    "syn.save": ("保存", "Save"),
    "syn.saved": ("已保存，马上生效。", "Saved and in force."),
    "syn.restore": ("恢复自带的词表", "Restore the start set"),
    "syn.restored": ("已恢复自带的词表。", "The start set is back."),
    "syn.question": ("试一个词或问题", "Try a word or a question"),
    "syn.test": ("看效果（不保存）", "See the effect (nothing is saved)"),
    "syn.line": ("第 {} 行：", "Line {}: "),
    "syn.before": ("现在", "Now"),
    "syn.after": ("保存后", "Once saved"),
    "syn.none": ("没有用到同义词", "No synonyms used"),
    "see.question": ("问题", "Question"),
    "see.look": ("查看", "Look"),
    "see.chunks": ("{} 处", "{} chunks"),
    "see.column.place": ("找到的片段", "Found"),
    "see.column.words": ("词", "Words"),
    "see.column.vector": ("语义", "Vector"),
    "see.column.coverage": ("覆盖", "Coverage"),
    "see.column.score": ("总分", "Score"),
    "see.column.shared": ("共有的词", "Terms"),
    # the desk
    "desk.open": ("待解", "Open"),
    "desk.answered": ("已回答", "Answered"),
    "desk.dismissed": ("不回答", "Dismissed"),
    "desk.search": ("搜索问题", "Search"),
    "desk.nothing": ("这里没有问题。", "Nothing here."),
    "desk.nothing_more": (
        "答不上来的、点了“没帮上忙”的问题会按意思归到一起，排在这里。",
        "What could not be answered is gathered here.",
    ),
    "desk.choose": ("选一个问题，写下答案，以后就能查到。", "Choose a question and write its answer."),
    "desk.asked": ("问过 {} 次，{} 人", "asked: {}, people: {}"),
    "desk.handed": ("已提交", "handed over"),
    "desk.disliked": ("没帮上忙", "not helpful"),
    "desk.again": ("同样的问法还有 {} 次", "asked in the same words {} times more"),
    "desk.split": ("单列", "Split off"),
    "desk.forget": ("去掉", "Remove"),
    "desk.same_as": ("和这个意思相同：", "Means the same as: "),
    "desk.merge": ("合并过去", "Merge"),
    "desk.merge_sure": ("确定合并？", "Really merge?"),
    "desk.question": ("问题（别人会这样搜到它）", "Question"),
    "desk.answer": ("答案", "Answer"),
    "desk.answer_hint": (
        "写清楚谁、什么时候、怎么做。发布后马上能查到，署你的名字和日期。",
        "Who, when and how. It is found as soon as it is published.",
    ),
    "desk.kind": ("作为", "As"),
    "desk.as_answer": ("常见问答", "FAQ"),
    "desk.as_clause": ("新条款草案", "New clause"),
    "desk.place": ("放在哪一节后面", "After which section"),
    "desk.publish": ("发布", "Publish"),
    "desk.published": ("已发布，现在就能查到。", "Published; it is found from now on."),
    "desk.draft": ("存为草稿", "Keep as draft"),
    "desk.drafted": ("草稿已保存，还查不到。", "The draft is kept; it is not found yet."),
    "desk.is_draft": ("草稿", "draft"),
    "desk.dismiss": ("不回答", "Dismiss"),
    "desk.was_dismissed": ("已移到“不回答”。", "Dismissed."),
    "desk.reopen": ("重新打开", "Reopen"),
    "desk.was_reopened": ("已重新打开。", "Open again."),
    "desk.entries": ("写好的答案", "Written answers"),
    "desk.entry_removed": ("已撤下，不再查到。", "Taken down."),
    # the board
    "board.nothing": ("最近 30 天还没有人提问。", "Nobody has asked in the last 30 days."),
    "board.nothing_more": (
        "有人提问之后，这里会出现每天的问题数、常用条款和回答情况。",
        "Numbers appear once somebody asks.",
    ),
    "board.questions": ("个问题（30 天）", "questions in 30 days"),
    "board.people": ("人提问", "people asked"),
    "board.refused": ("没有答案", "refused"),
    "board.satisfied": ("觉得有用", "found it helpful"),
    "board.half": ("一半的回答快于", "half are faster than"),
    "board.most": ("95% 的回答快于", "95% are faster than"),
    "board.days": ("每天的问题", "Questions a day"),
    "board.day": ("{}：{} 个问题", "{}: {} questions"),
    "board.clauses": ("最常用的条款", "Most cited clauses"),
    "board.no_clauses": ("还没有引用过条款。", "No clause has been cited."),
    "board.documents": ("文档", "Documents"),
    "board.column.document": ("文档", "Document"),
    "board.column.answers": ("回答", "Answers"),
    "board.column.up": ("有用", "Good"),
    "board.column.down": ("没帮上忙", "Bad"),
    "board.report": ("最近一次评测", "The latest evaluation"),
    "board.no_report": (
        "还没有评测过。运行 shouce eval --dataset 你的问题.jsonl 就会出现在这里。",
        "Not evaluated yet: shouce eval --dataset FILE",
    ),
    "board.report_of": ("{} · {} · {} 个问题", "{} · {} · {} questions"),
    "board.metric.hit@1": ("第一条就找对", "hit@1"),
    "board.metric.hit@5": ("前五条里有", "hit@5"),
    "board.metric.mrr@10": ("MRR@10", "MRR@10"),
    "board.metric.facts": ("要点答全", "facts"),
    "board.metric.answered": ("该答的答了", "answered"),
    "board.metric.refused": ("该拒的拒了", "refused"),
    "board.metric.citation_valid": ("引文属实", "citations valid"),
    # who is who
    "who.ask": ("怎么称呼你？对话会记在这个名字下。", "What is your name? Conversations are kept under it."),
    "who.placeholder": ("姓名", "Name"),
    "who.save": ("好", "OK"),
    "who.guest": ("访客", "Guest"),
    "who.owner": ("负责人", "Owner"),
    "who.rename": ("改名字", "Change name"),
    "who.trainer": ("培训师", "Trainer"),
    "who.leave": ("退出", "Leave"),
}

# Tabs with many words keep them in modules of their own.
_TEXTS.update({**QUIZ, **CHECKLIST, **PLAN})
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


def translations() -> gradio.I18n:
    """Return all texts as Gradio translates them, by the browser's language."""
    import gradio

    chinese = {key: both[0] for key, both in _TEXTS.items()}
    english = {key: both[1] for key, both in _TEXTS.items()}
    return gradio.I18n(en=english, zh=chinese, **{"zh-CN": chinese, "zh-TW": chinese})
