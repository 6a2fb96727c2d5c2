"""Words of a template that nobody replaced: ``(小节标题)``, ``[此处填写]``, ``点击此处添加标题``.

Removed in brackets anywhere, and bare only where they are the whole line. A bare 标题 or XXX公司 stays.
"""

from __future__ import annotations

import re

_TOPIC = "(?:小[节節]|章[节節]|一[级級]|二[级級]|三[级級]|主|副|大|小|[节節]|段落|文[档檔]|文章|正文|[图圖]表|表格)?"
_PHRASE = (
    rf"(?:{_TOPIC}[标標][题題](?:文字|[内內]容)?(?:[一二三四五六]|\d)?"
    r"|(?:[请請])?(?:[点點][击擊]|[单單][击擊]|[双雙][击擊])?(?:[此这這][处處里裡裏]|在此)[^()（）\[\]【】，。；\n]{0,4}"
    r"(?:填[写寫入]|[输輸]入|添加|[编編][辑輯]|插入|[补補]充|替[换換])[^()（）\[\]【】。；\n]{0,14}"
    r"|[请請]?(?:[点點][击擊]|[单單][击擊])(?:[图圖][标標])?(?:添加|[输輸]入|[编編][辑輯])(?:您的|你的)?"
    r"(?:副?[标標][题題]|文[本字]|正文|[内內]容|[图圖]片|母版)[^()（）\[\]【】，。；\n]{0,10}"
    r"|[请請](?:在此|自行)?(?:[输輸]入|填[写寫入]|[编編][辑輯]|[补補]充)(?:[标標][题題]|文字|文本|[内內]容|正文|[说說]明|名[称稱]|日期|姓名)[^()（）\[\]【】。；\n]{0,8}"
    r"|(?:待(?:填[写寫]|[补補]充|[编編][写寫])|此[处處]省略|[内內]容省略)"
    r"|[Cc]lick to (?:add|edit)[^()\[\]\n]{0,24}|[Ii]nsert [a-z ]{1,16} here|[Ll]orem ipsum[^()\[\]\n]*)"
)  # fmt: skip
_BRACKETED = re.compile(rf"[(（]\s*{_PHRASE}\s*[)）]|[\[【〔<＜]\s*(?:{_PHRASE}|[xX×ⅹ]{{2,6}})\s*[\]】〕>＞](?!\()")
_WHOLE_LINE = re.compile(rf"^[ \t]*(?!{_TOPIC}[标標][题題])(?:{_PHRASE})[ \t。.…]*$", re.MULTILINE)


def strip(text: str) -> tuple[str, list[str]]:
    """Return ``text`` without template words, and the words taken out in order."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        found.append(match.group().strip())
        return ""

    text = _BRACKETED.sub(take, text)
    return _WHOLE_LINE.sub(take, text), found
