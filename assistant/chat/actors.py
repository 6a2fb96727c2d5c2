"""Whether a sentence keeps apart who does something and to whom it is done (客服主管报运营总监, never the other way round).

Knows who can act: roles, the customer, suppliers. An actor leads where a piece begins with it or where 由 stands before it.
"""

from __future__ import annotations

import re

from assistant.chat.sources import Source, roles, segments
from assistant.chat.wording import Cut, content, coverage

SAME_DEED = 0.5  # coverage from which two pieces tell of the same deed
SURELY_HIS = 0.7
CLEARLY = 0.3
_OTHERS = re.compile(
    r"(?:(?:主|备用)?供应商|客户|新员工|检查人|申诉人|申请人|发现人|被投诉人|被检查人|总指挥|当事人)(?=[须应要可在不必提签拨同确口]|$)"
)
_BY_WHOM = re.compile(r"由[\u4e00-\u9fff]{2,8}")
_TOLD = re.compile(r"(?:[给报向交]|通知|告知|告诉|报告|联系)[^:,;。》由]{0,2}$")
_DECIDES = re.compile(r"决定|审|批|裁|核|签|定|处理|判|同意")  # 报运营经理决定: he does decide
_BY = re.compile(r"由[^,;。:]{2,10}")
_DONE = re.compile(r"报告|通知|联系|内|给")
_TELLS = re.compile(r"^[^:]{0,6}(?:报给|报送|通知|抄送|联系|交给)[^:]{0,2}:")  # a table's column of who is told
_LABEL = re.compile(r"^[^:]{1,12}:")
_BEFORE = re.compile(r"(?:^|由|[,;。])(?:[^,;。:]{0,8}[时后内前],?)?$")


def exchanged(said: str, source: Source, cut: Cut) -> str:
    """Return who is said to do what in the evidence is done to him by another who is named too; ``""`` if nobody."""
    for found in _BY_WHOM.finditer(said):
        for who, named in roles(found[0], source.around):
            if named and not any(_does(who, block) for block in (*source.blocks, *source.introductions)):
                return f"“{who}”在所引条款中不是做这件事的人"
    for found in _BY_WHOM.finditer(said):
        for who, named in roles(found[0], source.around):
            if named and not any(who in block for block in source.blocks):
                words = [word for word in content(said.replace(who, " "), cut) if len(word) > 1]
                leads = {lead for block in source.blocks for one in segments(block) if (lead := _leads(one, source))}
                shares = [
                    coverage(words, one) for block in source.blocks for one in segments(block) if _leads(one, source)
                ]
                if len(leads) == 1 and max(shares, default=0.0) >= SURELY_HIS:
                    return f"“{who}”在所引条款中不是做这件事的人"
    others = [(piece, _leads(piece, source)) for block in source.blocks for piece in segments(block)]
    leading = {who for _, who in others if who}
    for piece in segments(said):
        who = _leads(piece, source)
        if not who:
            continue
        words = content(piece.replace(who, " "), cut)
        alike = [(coverage(words, other), lead) for other, lead in others if lead]
        share, lead = max(alike, default=(0.0, ""))
        his = max((one for one, other in alike if _same(who, other)), default=0.0)
        if any(_same(who, one) for one in leading):
            told = share >= SURELY_HIS and his <= share - CLEARLY and lead in said
        else:
            told = share >= SAME_DEED and lead in piece and who in source.around
        if told and not _same(who, lead):
            return f"“{who}”在所引条款中不是做这件事的人"
    return ""


def _does(who: str, block: str) -> bool:
    """Say whether ``block`` names ``who`` anywhere but as somebody who is told or given something."""
    return any(
        not _TOLD.search(block[: found.start()]) or _DECIDES.match(block[found.end() :])
        for found in re.finditer(re.escape(who), block)
    )


def _leads(piece: str, source: Source) -> str:
    """Return who leads ``piece``, after its label; ``""`` if nobody does."""
    if _TELLS.match(piece):
        return ""
    piece = _LABEL.sub("", piece)
    if (by := _BY.search(piece)) and (named := [role for role, there in roles(by[0], source.around) if there]):
        return named[0]
    found = [
        (piece.find(role), role) for role, named in roles(piece, source.around) if named and not _DONE.search(role)
    ]
    found += [(match.start(), match[0]) for match in _OTHERS.finditer(piece)]
    leads = (who for at, who in sorted(found) if at >= 0 and _BEFORE.search(piece[:at]))
    return next((who for who in leads if not re.search(rf"{re.escape(who)}(?:[应须]?由|的|[是为])", piece)), "")


def _same(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)
