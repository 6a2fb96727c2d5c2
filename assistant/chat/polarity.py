"""What a clause permits, demands or denies. 不得 and 可以, 必须 and 无需 cannot stand for each other.

Knows Chinese modal verbs and negation. Texts come folded. Decides nothing about amounts.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.chat.wording import credit

Force = Literal["forbid", "must", "may", "need_not", ""]

# 不少于, 不超过 state limits; 不但, 不同, 不仅 deny nothing.
_NO_DENIAL = re.compile(
    r"不(?:得|应|能|可|会|要)?(?:少于|低于|小于|超过|高于|多于|大于|晚于|迟于|早于|短于)|不同(?!意)|不但|不仅|不只|不断|不论|不管|不过|不久|不良|不足|不利"
    r"|无论|无误|未来|非常|除非|是否|能否|可否|与否|否决|否则|不可抗力|不可或缺|毫不|差不多|对不起|来不及|等不及|没收|莫不|无不|不得不|不能不|不定期"
    r"|(?:不到|不满|未满|不够)(?=\d)|(?:没有|无)[^,;。]{0,4}(?:偏差|差错|错误|出入|遗漏|异常)|有没有|是不是|能不能|要不要|会不会|行不行|对不对|该不该|可不可|合不合|(?P<a>[\u4e00-\u9fff])[不没](?P=a)"
)
_FORBID = re.compile(
    r"严禁|禁止|不得|不准|不许|不允许|不可(?!以?抗)|不能|不应|不要|切勿|请勿|勿|杜绝|一律不|视为违规|(?:属|属于|算|是)违规"
)
_NEED_NOT = re.compile(r"无需|无须|不必|不需要?|不用|免于|可不|可以不|不强制")
_MUST = re.compile(
    r"必须|必需|应当|应该|务必|须|需要|一定要|有义务|(?<![供反对响相适])应(?![用急对付答变聘届])|(?<![所无必])需(?!求)"
)
_MAY = re.compile(r"可以|允许|有权|可(?![能靠见行用达视控追降持分拆]|抗)|能够")
_GAP = r"(?:予以?|事后|事先|主动|再|直接|自行|随意|擅自|当场|私自|先|也|就|被|能|会|算|得|要|是)?"
_DENIED = re.compile(
    rf"(?:{_FORBID.pattern}|{_NEED_NOT.pattern}|不|未(?!必)|没有?|无(?![线水电接缝])|拒绝|驳回(?![须应时的需必])|避免|防止|以免|而非|并非|谢绝){_GAP}(?P<what>[\u4e00-\u9fff]{{1,2}})"
)
# 看不到, 联系不上, 修不好
_UNABLE = re.compile(r"(?P<what>[\u4e00-\u9fff])不(?:到|了|出|通|上|着|全|起|好|清)")
_OTHER_THAN = re.compile(r"以外|之外|除[^,;。]{1,12}外")
_PREDICATE = re.compile(rf"(?:{_MAY.pattern}|{_MUST.pattern}){_GAP}(?P<what>[\u4e00-\u9fff]{{2}})")


def force(text: str) -> Force:
    """Return the strongest thing that ``text`` says about what is to be done; ``""`` where it only states."""
    rest = _NO_DENIAL.sub(" ", text)
    if _NEED_NOT.search(rest):
        return "need_not"
    if _FORBID.search(rest):
        return "forbid"
    if _MUST.search(rest):
        return "must"
    return "may" if _MAY.search(rest) else ""


def denied(text: str) -> tuple[set[str], str]:
    """Return what ``text`` denies or forbids, by its first two characters, and ``text`` without the denials."""
    rest = _NO_DENIAL.sub(" ", text)
    found = {match["what"] for match in _UNABLE.finditer(rest)}
    rest = _UNABLE.sub(" ", rest)
    found |= {match["what"] for match in _DENIED.finditer(rest)}
    return found, _DENIED.sub(" ", rest)


def clash(said: str, source: str) -> bool:
    """Say whether ``said`` permits, demands or denies otherwise than ``source`` does, both speaking of the same thing."""
    ours, theirs = force(said), force(source)
    if {ours, theirs} in ({"may", "must"}, {"may", "forbid"}, {"need_not", "must"}, {"need_not", "forbid"}):
        return True
    if _OTHER_THAN.search(said) or _OTHER_THAN.search(source):  # denies in another form
        return False
    our_denied, our_rest = denied(said)
    their_denied, their_rest = denied(source)
    if bool(our_denied) == bool(their_denied):
        return False
    if ours == "need_not" or theirs == "need_not":
        return True
    return any(what in our_rest for what in their_denied) or any(what in their_rest for what in our_denied)


def forbidden(said: str, source: str) -> bool:
    """Say whether one of both forbids what the other, denying nothing, says is done."""
    if _OTHER_THAN.search(said) or _OTHER_THAN.search(source):
        return False
    return "forbid" in (force(said), force(source)) and bool(denied(said)[0]) != bool(denied(source)[0])


_OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in (
        "有效/无效 有效/失效 生效/失效 提前/推迟 提前/延后 增加/减少 提高/降低 上升/下降 书面/口头 公开/保密 保留/删除 继续/停止 "
        "收费/免费 必填/选填 内部/外部 自愿/强制 允许/禁止 通过/驳回 同意/拒绝 合格/不合格 优先/最后 最高/最低 最长/最短 "
        "完整/脱敏 完整/遮盖 升级/降级 上调/下调 加重/减轻 从重/从轻 定量/定性 线上/线下 事前/事后 开通/停用 开通/收回 上班/下班 "
        "主版本/次版本 主供应商/备用供应商 保密/公布 匿名/实名 统一/分别 集中/分散 扩大/缩小 严格/宽松 增派/减派 "
        "正相关/负相关 有权/无权 权利/无权 "
        "先行/等到 继续/撤销 当场/会后 当场/事后 停止/不停 结束/不停 终止/不停 中断/不停"
    ).split()
)
# Characters that turn a phrase round where everything beside them stays the same (按高一级, 按低一级).
_TURNING = tuple(
    "高低 多少 先后 前后 早晚 上下 内外 大小 长短 增减 升降 快慢 新旧 主备 首末 左右 加减 正反 收发".split()
)


_NEGATED = re.compile(r"[不未没]$|不(?:等于|代表|意味着?|算)[^,;。]{0,6}$")


def opposite(said: str, source: str) -> str:
    """Return the word of ``said`` whose opposite ``source`` says, and never the word itself; ``""`` if there is none."""
    for pair in _OPPOSITES:
        for ours, theirs in (pair, pair[::-1]):
            elsewhere = source.replace(theirs, " ")
            affirmed = any(not _NEGATED.search(said[: found.start()]) for found in re.finditer(ours, said))
            if affirmed and theirs not in said and theirs in source and credit(ours, elsewhere) < 1:
                return ours
    return ""


# 原来打分的人 where 没有参与打分的人 is meant, 主版本不变 where it is raised.
_SAME = re.compile(
    r"由(?:其|他)?本人|(?:其|他)自己|原来的?|原班|原(?=工程师|检查人|经手人|处理人|编写人|经办人|办理人)|同一[个名位]?(?=人|检查人|工程师|专员)"
)
_OTHER = re.compile(r"另行|另一|另外|以外的?|其他(?=人|班组)|外站|(?:没有?|未)(?:参与|经手)")
_OTHER_THAN_HIM = re.compile(r"原(?:来的?)?[^,;。]{2,8}以外的?人?员?")  # 派原工程师以外的人
_UNCHANGED = re.compile(r"不变|保持原|维持原|照旧")
_KEPT = re.compile(r"不变|保持|维持|沿用|照旧|继续|不再|不重新|原")


def unlike(said: str, source: str) -> str:
    """Return the word with which ``said`` means the same one, or no change, where ``source`` means another; ``""`` if none."""
    source = _OTHER_THAN_HIM.sub("以外的人", source)
    same, kept = _SAME.search(said), _UNCHANGED.search(said)
    if same and re.search("(?:[不别勿]|避免)[^,;。]{0,8}$", said[: same.start()]):  # 不能再派原来的工程师
        same = None
    if same and _OTHER.search(source) and not _OTHER.search(said) and not _SAME.search(source):
        return same[0]
    return kept[0] if kept and not _KEPT.search(source) else ""


def reversed_phrase(said: str, source: str) -> str:
    """Return three characters of ``said`` that ``source`` says with the opposite in their place; ``""`` if there are none."""
    said, source = (re.sub("[之以](?=[前后])", "", one) for one in (said, source))  # 发布之后 for 发布前
    for pair in _TURNING:
        for ours, theirs in ((pair[0], pair[1]), (pair[1], pair[0])):
            for found in re.finditer(ours, said):
                at = found.start()
                if said[max(0, at - 1) : at] in {"以", "之", "不"}:  # a limit's direction is looked at with its amount
                    continue
                if theirs in said[max(0, at - 4) : at + 5]:  # 增加或减少
                    continue
                for start in range(max(0, at - 2), at + 1):
                    window = said[start : start + 3]
                    other = window[: at - start] + theirs + window[at - start + 1 :]
                    if re.fullmatch(r"\w{3}", window) and window not in source and other in source:
                        return window
    return ""


_DENIED_CASE = re.compile(r"(?:没有?|未)(?P<what>[\u4e00-\u9fff]{4})[^,;。]{0,2}的")


def affirmed_case(said: str, source: str) -> str:
    """Return what ``said`` says of those of whom ``source`` denies it (参与起草的员工 for 没参与起草的); ``""`` if nothing."""
    for found in _DENIED_CASE.finditer(source):
        what, denied_there = found["what"], source.count(found["what"])
        if what in said and denied_there == 1 and not re.search("[没未不非无除]", said.replace(what, "")):
            return what
    return ""


def denials(text: str) -> set[str]:
    """Return what ``text`` denies or forbids outright, by its first two characters; cases (未通过的) deny nothing."""
    rest = _NO_DENIAL.sub(" ", text)
    return {
        match["what"]
        for match in _DENIED.finditer(rest)
        if len(match["what"]) > 1
        and not re.match(
            r"[^,;。]{0,8}(?:(?:的|(?<![超及准按同小到延限])时|后|者)(?:[,;。]|$)|的)", rest[match.end() :]
        )
    }


def allowed(text: str) -> str:
    """Return what ``text`` says after its word of permission; all of it where there is none."""
    found = _MAY.search(text)
    return text[found.end() :] if found else text


_LIGHT = frozenset("在时是有到了得以会要能的把被给为对从由")


def speaks_of(what: str, text: str) -> bool:
    """Say whether ``text`` has the two characters of ``what`` together, or with little between them (另建: 另外新建)."""
    return what in text or (not _LIGHT & set(what) and bool(re.search(rf"{what[0]}[^,;。]{{0,3}}{what[1]}", text)))


def under_denial(word: str, text: str) -> bool:
    """Say whether ``word`` stands in ``text`` only after what denies or forbids it."""
    rest = _NO_DENIAL.sub(lambda found: " " * len(found[0]), text)
    at = text.find(word)
    ends = (match.start("what") for match in _DENIED.finditer(rest) if match.start() <= at)
    return any(not re.search("[者时后可才]|的(?=[,应须由可报])", text[end:at]) for end in ends)


def predicates(text: str) -> set[str]:
    """Return what ``text`` permits, demands or denies, by its first two characters."""
    rest = _NO_DENIAL.sub(" ", text)
    return {match["what"] for match in _PREDICATE.finditer(rest)} | denied(text)[0]
