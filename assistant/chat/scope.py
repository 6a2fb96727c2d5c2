"""Whether a sentence says something of more cases, people or things than the cited clauses do.

Knows words for all (所有, 任何), for one of several (任一, 或) and how a clause words the case in which something is allowed.
Knows nothing of amounts and of what is forbidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.chat.facts import amounts, squeezed
from assistant.chat.polarity import denials, denied, force
from assistant.chat.sources import SENTENCE, Source, parted, roles
from assistant.chat.wording import Cut, content, coverage, credit

SAME_SPEECH = 0.5
SAME_OUTCOME = 0.6  # coverage from which what is allowed is the same
OUTCOME_WORDS = 4  # characters of content that tell one outcome from another
SURELY_SAID = 0.6  # coverage from which the evidence tells of a case what the sentence does
HINTED = 0.5  # credit of a word that may mean a case
MENTIONED = 0.8  # credit of a word that mentions a case
COMPOUND = 4  # characters of a word that is a kind and a thing (加急请求)
PAIR = 2  # who does something together, or one of whom does
BESIDE = 6  # characters in which the two of a pair stand
_ALL = re.compile(
    r"(?:所有|全部|任何|全体|一切|不论|无论|不管|人人|凡是?|各类|各种|各级)(?:的|是|哪[个种级类])?(?!\d)(?=(?P<what>[\u4e00-\u9fff]{2,6}))"
)
_OF_THESE = re.compile(r"(?:不论|无论|不管)是?[^,;。]{1,12}还是")
_ANY = re.compile(
    r"所有|全部|任何|全体|一切|不论|无论|不管|人人|凡|各|每(?![天日周月年季班])|都|均|一律|全员|全数|全公司"
)
_IN_FULL = re.compile(r"全[额部数体员]|100%|逐[项一个件]")
_CLASS = re.compile(r"员工|人员|岗位|部门|服务站")
_ONE_OF = re.compile(
    r"任一|任意一|其中一[个人名方项]|之一|一[个人方项]即可|一[个人方项]就(?:行|可)|只[有要需].{1,8}[也就即](?:可|行)"
)
_BOTH = "[和与及]|以及"
_EITHER = "或者?"
_ALWAYS = re.compile(r"一律|所有|全部|任何|全都|一概|始终|随时|不论|无论|不管(?=[\u4e00-\u9fff])|都要|都须|都应|都必须")
_EXCEPT = re.compile(r"(?<![删清排解消免扣])除|例外|另有|但(?!是否)|以外(?!的)")
_SHARE = re.compile(r"抽取|抽查|抽检|抽样|随机|部分|\d%")
_EVEN = re.compile(r"(?:包括|连同|即使|即便|哪怕|就算)(?P<case>[^,;。]{2,16})")
_ALONE_WORD = re.compile(r"直接|自行|单独|独自|一个人|可以决定")
_MANY = re.compile(r"多次|反复|不限次数|无限次|若干次")
_ALONE = re.compile(
    r"(?:直接|自行|单独|独自)(?P<deed>决定|批准|审批|处理|关闭|切换|修改|终止|升级|降级|调整|发布|答复|承诺|付款|退款|放行|挂断|结束)"
)
_CASE = re.compile(r"(?:的|时|者|后|期间)$|^(?:如果|如(?![^,]*·)|若|当|遇|因|经)|(?:批准|同意|授权|许可)[后,]?$")
_SURE_CASE = re.compile(r"的$|^(?:如果|如(?![^,]*·)|若)")
# A case of the sentence's own: it may be the evidence's in other words (打不通的话, 对结果不服的员工, 坏了要换).
_OWN_CASE = re.compile(
    r"(?:的话|的时候|时|了)$|的(?:人|员工|客户|顾客|部门|单位|情况下?)?$|^(?:如果|如(?![^,]*·)|若|要是|万一|一旦|只要|凡|遇到?|只有|没有?|未|倘若|假如|非[^,]{1,6}不可)|了(?=[就都要应须得])"
)
_ANY_CASE = re.compile(rf"{_OWN_CASE.pattern}|{_SURE_CASE.pattern}")
_TWO_PARTS = re.compile(r"(?:^|[,;。:或])(?P<one>[^,;。:或]{2,16})(?:并?且|同时)(?P<other>[^,;。:不]{2,20})的(?=[,;])")
_IN_A_ROW = re.compile(r"连续(?:[两三四五六]|\d+)\s*(?:个月|个季度|季度|年|周|天|次|餐)(?P<what>[^,;。]{2,24})")
_ROW_WORD = re.compile(r"连续|连着|接连|连[两三四五六\d]|一连")
_APPROVES = re.compile(
    r"(?<!经)由[^,;。]{2,10}(?:批准|同意|授权|许可)$"
)  # says who approves (II级由运营经理批准), is no case
_INNER_CASE = re.compile(
    r"^经(?P<who>[^,;。]{2,12}?)(?:批准|同意|授权|许可)|^(?P<whose>[^,;。]{2,12}?)[的者](?=可以?(?![能靠]))|^[^,;。]{2,40}的(?=[另须应由才报按免不])"
)
_COMMA = re.compile(r",")
_FINE = re.compile(r"[,;。!?\n]+")
_LABEL = re.compile(r"^[^:,]{1,12}:(?!\d\d(?!\d))")
_LIMIT = re.compile(r"(?<![不得])(?:超过|不到|不足|低于|未满)\d[^,;。的时]{0,3}$")
_ROLE_LABEL = re.compile(r"(?:专员|主管|经理|总监|站长|工程师|人员|人):$")
_SITUATION = re.compile(r"(?:^|;)情形:(?P<cell>[^;]*)")
_PIECE = re.compile(r",|:(?!\d\d(?!\d))")


def widened(said: str, source: Source, cut: Cut) -> str:
    """Return what is said of more than in the evidence, in one line; ``""`` if nothing."""
    return (
        _of_all(said, source, cut)
        or _even_then(said, source, cut)
        or _alone(said, source)
        or _another_kind(said, source, cut)
        or _one_of(said, source, cut)
        or _without_case(said, source, cut)
        or _half_a_case(said, source, cut)
    )


def _of_all(said: str, source: Source, cut: Cut) -> str:
    """Return what is said of all things, where the evidence speaks only of a kind of them (重大投诉)."""
    if _ANY.search("\n".join(source.blocks)) or _IN_FULL.search("\n".join(source.blocks)):
        return ""
    for found in _ALL.finditer(said):
        piece = next(part for part in _PIECE.split(said[found.start() :]))
        if force(piece) == "forbid" or denied(piece)[0] or _OF_THESE.match(said[found.start() :]):
            continue
        words = content(found["what"], cut)
        if words and (_only_a_kind(words[0], said, source, cut) or _only_some(words, source)):
            return f"所引条款没有说“{found[0]}{words[0]}”"
    return ""


def without_exception(said: str, source: Source, cut: Cut) -> str:
    """Return what is said to hold always, where the evidence makes an exception, or speaks of a share of it."""
    for piece in SENTENCE.split(said):
        always = _ALWAYS.search(piece)
        if not always or always[0] in source.text or _EXCEPT.search(said) or _IN_FULL.search("\n".join(source.blocks)):
            continue
        for sentence in (one for block in source.blocks for one in parted(block, SENTENCE)):
            if _same_matter(piece, sentence, cut) and _excepts(piece, sentence, cut):
                return f"所引条款没有说“{always[0]}”"
        for part in (one for block in source.blocks for one in _FINE.split(block)):
            if not denied(piece)[0] and any(what in piece for what in denials(part)):
                return f"所引条款另有规定：{part.strip()}"
    return ""


def _same_matter(piece: str, sentence: str, cut: Cut) -> bool:
    alike = coverage([word for word in content(piece, cut) if len(word) > 1], sentence)
    return alike >= SAME_SPEECH or (alike > 0 and bool(amounts(piece)) and _amounts_stand(piece, sentence))


def _excepts(piece: str, sentence: str, cut: Cut) -> bool:
    """Say whether ``sentence`` excepts something, or takes a share, of what ``piece`` says without either."""
    shared = bool(_SHARE.search(sentence)) and not _SHARE.search(piece)
    if (_EXCEPT.search(sentence) or shared) and not _ALWAYS.search(sentence):
        return True
    if denied(piece)[0] or _ANY.search(sentence):
        return False
    words = [word for word in content(piece, cut) if len(word) > 1]
    return any(denied(part)[0] and any(word in part for word in words) for part in _PIECE.split(sentence))


def _even_then(said: str, source: Source, cut: Cut) -> str:
    """Return a case that is said to make no difference (包括有未结投诉的), of which the evidence says something of its own."""
    if _EVEN.search("\n".join(source.blocks)):
        return ""
    sentences = [one for block in source.blocks for one in SENTENCE.split(block)]
    cases = [(part, sentence) for sentence in sentences for part in _PIECE.split(sentence) if _CASE.search(part)]
    for found in _EVEN.finditer(said):
        words = [word for word in content(found["case"], cut) if len(word) > 1]
        rest = content(said[: found.start()] + said[found.end() :], cut)
        for case, sentence in cases:
            if words and coverage(words, case) >= SAME_OUTCOME and coverage(rest, sentence) < SURELY_SAID:
                return f"所引条款对“{found['case'].strip()}”另有规定"
    return ""


def _alone(said: str, source: Source) -> str:
    """Return who is said to decide without others, where the evidence does not say so."""
    many = _MANY.search(said)
    if many and not _MANY.search(source.text):
        return f"所引条款没有说“{many[0]}”"
    found = _ALONE.search(said)
    if not found or _ALONE_WORD.search(source.text):
        return ""
    may = re.search(rf"可以?[^,;。]{{0,4}}{found['deed']}", source.text)
    return "" if may else f"所引条款没有说“{found[0]}”"


def _only_a_kind(thing: str, said: str, source: Source, cut: Cut) -> bool:
    """Say whether every place in the evidence that names ``thing`` says of which kind it is, in words not in ``said``."""
    kinds: list[bool] = []
    for block in source.blocks:
        label = _LABEL.match(block)
        words = list(cut(block[label.end() :] if label and _ROLE_LABEL.search(label[0]) else block))
        for at, word in enumerate(words):
            if thing in word:
                near = [one for one in words[max(0, at - 2) : at] if one != "的"]
                before = content(near[-1], cut) if near else []
                kinds.append(any(credit(one, said) < 0.5 for one in before) or (word != thing and word not in said))
    return all(kinds) if kinds else force(said) == "may"


def _another_kind(said: str, source: Source, cut: Cut) -> str:
    """Return a kind of thing of which is said what the evidence says of another kind (重大投诉 what holds for 一般投诉)."""
    sentences = [one for block in source.blocks for one in SENTENCE.split(block) if squeezed(one)]
    for piece in SENTENCE.split(said):
        words = content(piece, cut)
        stated = [one for one in sentences if _amounts_stand(piece, one)]
        best = max((coverage(words, one) for one in stated), default=0.0)
        nearest = [one for one in stated if coverage(words, one) >= best - 0.05]
        every = [word for word in cut(piece) if squeezed(word)]
        compounds = [(word[:-2], word[-2:]) for word in every if len(word) >= COMPOUND]
        for kind, thing in (*pairwise(every), *compounds):
            if len(kind) < 2 or len(thing) < 2 or not words or any(kind in one or thing not in one for one in nearest):
                continue
            elsewhere = any(re.search(f"{re.escape(kind)}.{{0,4}}{re.escape(thing)}", one) for one in sentences)
            if elsewhere and nearest and all(_other_kinds(thing, one, piece, cut) for one in nearest):
                return f"“{kind}{thing}”在所引条款中说的是另一件事"
    return ""


def _amounts_stand(piece: str, sentence: str) -> bool:
    given = amounts(sentence)
    return all(any(one.same(other) for other in given) for one in amounts(piece))


def _other_kinds(thing: str, sentence: str, said: str, cut: Cut) -> bool:
    """Say whether ``sentence`` names ``thing`` only as of kinds that ``said`` does not name."""
    words = [word for word in cut(sentence) if squeezed(word)]
    before = [words[at - 1] for at, word in enumerate(words) if word == thing and at]
    before += [word[: -len(thing)] for word in words if len(word) >= COMPOUND and word.endswith(thing)]
    return bool(before) and all(len(kind) > 1 and credit(kind, said) < 0.5 for kind in before)


def _only_some(words: Sequence[str], source: Source) -> bool:
    """Say whether the evidence lists some roles where all of a class (员工) are said."""
    named = next((word for word in words if _CLASS.fullmatch(word)), "")
    text = "\n".join(source.blocks)
    return bool(named) and named not in text and len({who for who, _ in roles(text, text)}) >= PAIR


def _one_of(said: str, source: Source, cut: Cut) -> str:
    """Return what is said of one of several, or of both, where the evidence says it the other way."""
    text = "\n".join(source.blocks)
    one = _ONE_OF.search(said)
    if one and not _ONE_OF.search(text) and not re.search(f"{_EITHER}|任[一意]|其中一", text):
        return f"“{one[0]}”不在所引条款中"
    for ours, theirs in ((_EITHER, _BOTH), (_BOTH, _EITHER)):
        for found in re.finditer(rf"(?P<left>[\u4e00-\u9fff]{{2}})(?:{ours})(?P<right>[\u4e00-\u9fff]{{2,4}})", said):
            piece = next(part for part in _PIECE.split(said[found.start() :]))
            if force(piece) == "forbid" or denied(piece)[0]:  # 不得A或B, 不得A和B
                continue
            if len(roles(said[max(0, found.start() - BESIDE) : found.end() + BESIDE], source.around)) < PAIR:
                continue
            left, right = re.escape(found["left"]), re.escape(found["right"][:2])
            other = re.search(rf"{left}(?:{theirs})[\u4e00-\u9fff]{{0,3}}?{right}", text)
            if other and not re.search(rf"{left}(?:{ours})[\u4e00-\u9fff]{{0,3}}?{right}", text):
                return f"“{found[0]}”与所引条款不同"
    return ""


def _without_case(said: str, source: Source, cut: Cut) -> str:
    """Return what is said without the case in which alone the evidence says it (合同有约定的, 经批准)."""
    for piece in SENTENCE.split(said):
        freed = force(piece) in {"may", "need_not"}
        own_case = any((_OWN_CASE if freed else _ANY_CASE).search(one) for one in _COMMA.split(piece))
        for outcome in (one for one in _COMMA.split(piece) if not _SURE_CASE.search(one)):
            for cases, part in _cases(source, freed=freed):
                if not _same_outcome(outcome, part, cut, freed=freed):
                    continue
                limited = any(one.direction for case in cases for one in amounts(case))
                if cases and (limited or not own_case) and not any(_mentions(said, case, part, cut) for case in cases):
                    return f"所引条款只在“{cases[-1].strip()}”时才这样说"
    return ""


def _half_a_case(said: str, source: Source, cut: Cut) -> str:
    """Return a case of two parts (连续两个月低于90%, 1分且涉及损失的) of which one is said and nothing of the other."""
    for block in source.blocks:
        for found in _TWO_PARTS.finditer(block):
            for own, other in ((found["one"], found["other"]), (found["other"], found["one"])):
                told = _told(own, said, cut)
                if told and not _told(other, said, cut) and not _mentions(said, other, own, cut):
                    return f"所引条款说的是“{found[0].strip()}”"
        for found in _IN_A_ROW.finditer(block):
            limits = [one for one in amounts(found["what"]) if one.direction]
            stated = any(one.same(two) for one in limits for two in amounts(said)) or (
                not amounts(found["what"]) and _told(found["what"], said, cut)
            )
            elsewhere = any(one.same(two) for one in limits for two in amounts(block.replace(found[0], " ")))
            if stated and not elsewhere and not _ROW_WORD.search(said):
                return f"所引条款说的是“{found[0].strip()}”"
    return ""


def _told(part: str, said: str, cut: Cut) -> bool:
    """Say whether ``said`` has an amount of ``part``, else most of its words."""
    if given := amounts(part):
        return any(one.same(two) for one in given for two in amounts(said))
    words = [word for word in content(part, cut) if len(word) > 1]
    return bool(words) and coverage(words, said) >= SURELY_SAID


def _cases(source: Source, *, freed: bool) -> Iterator[tuple[list[str], str]]:
    """Yield what the evidence says, with the cases before it of which one has to be given."""
    for block in source.blocks:
        row = _SITUATION.search(block)
        limited = [part for part in _COMMA.split(row["cell"]) if amounts(part)] if row else []
        for sentence in SENTENCE.split(block):
            parts = [part for part in _COMMA.split(_LABEL.sub("", sentence)) if squeezed(part)]
            for at, part in enumerate(parts):
                inner = _INNER_CASE.search(part)
                own = part[inner.end() :] if inner else part
                yield _before(parts[:at], _CASE if freed else _SURE_CASE), own
                if inner:
                    yield [inner[0]], own
                if row and limited and sentence not in row[0]:
                    yield limited, own


def _before(parts: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    """Return the cases among ``parts``; what stands before 或 is one too (要投诉,或涉及人身损失的)."""
    found = [
        at
        for at, part in enumerate(parts)
        if (pattern.search(part) or _LIMIT.search(part)) and not _APPROVES.search(part)
    ]
    found += [at - 1 for at in found if at and parts[at].startswith("或")]
    return [parts[at] for at in sorted(set(found))]


def _same_outcome(said: str, part: str, cut: Cut, *, freed: bool) -> bool:
    ours, theirs = content(said, cut), content(part, cut)
    return (bool(ours) and coverage(ours, part) >= SAME_OUTCOME) or (
        sum(map(len, theirs)) >= (OUTCOME_WORDS // 2 if freed else OUTCOME_WORDS)
        and coverage(theirs, said) >= SAME_OUTCOME
    )


def _mentions(said: str, case: str, outcome: str, cut: Cut) -> bool:
    """Say whether ``said`` names ``case``: its limit, or a word that is not the outcome's."""
    if any(one.same(other) for one in amounts(case) for other in amounts(said)):
        return True
    if any(one.direction for one in amounts(case)):
        return False
    if case.startswith("需要") or ("金额" in case and "元" in said):
        return True
    asked = [word for word in content(case, cut) if len(word) > 1 and credit(word, outcome) < MENTIONED]
    asked = asked[-1:] if len(asked) == PAIR else asked  # whom it happens to says less than what happens
    return not asked or any(credit(word, said) >= HINTED for word in asked)
