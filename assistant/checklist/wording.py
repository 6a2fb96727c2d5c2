"""From one order to the fields of a check: who, when, how often, in which case, to what standard, with what proof.

Every field is a slice of the order. Nothing is made up, and no word of the order is lost: what is not moved to a field
of its own stays in the action.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.checklist.measures import limits_in
from assistant.checklist.model import Limits, Method
from assistant.checklist.parts import segments
from assistant.checklist.split import case_within, is_case, only_tells_when, opening_case
from assistant.checklist.timing import deadline_in, deadline_span, frequency_in, frequency_span
from assistant.checklist.units import Unit
from assistant.checklist.words import (
    FORM,
    PHOTO,
    PROHIBITION,
    PROOF,
    SIGNATURE,
    STANDARD,
    VERB,
    role_at_start,
    role_by,
)

_TOPIC = re.compile(r"(?:后|前|以内|满[^，]{1,6}|不[^，]{2,8}的[^，]{1,6}|未[^，]{1,10})$")
# Whom a manual addresses as a whole: 企业应建立… is an order to nobody in particular.
_ORGANISATION = re.compile(
    r"^(?:企业内部|企业|公司|本公司|服务团队|各部门)?(?:均|都)?(?:应当|应该|必须|应|须|需)(?=[^用急对求要])"
)
_BUT = re.compile(r"^但|除外$")
_OWN = re.compile(r"[^，]{2,12}(?:必须|应当|须|应)")
_WHEN = re.compile(r"(?:途中|期间|过程中|[天周月季年]|之前|之后|[时前后内]|结束|完毕)$")
_BOUND = re.compile(r"(?:不[少低高大小超]|至少|最多|应?为)")
_ALONE = 4
_TELLS = re.compile(r"电话|通知|发送|联系|派|由|再|并?报")
# Characters up to which a ban is told with the part before it, and the same where that part is an order itself.
_SHORT_PROHIBITION, _BARE = 12, 6
_FORM_END = "(?:登记|记录|交接|点检|巡视|检查|确认)?(?:表|单|本|簿|卡|册|台账|日志|报告|记录)"
_PUT_DOWN = re.compile(
    rf"在((?:[^，、在上]{{1,8}})?{_FORM_END})[上中里内]?(?=签|写|记|填|登|注|标|打)"
    rf"|(?:填写?报?|记入|记在|写入|登记在|出具|提交|递交)((?!完)[^，、《》在]{{1,10}}?{_FORM_END})(?=$|[，、并后])"
)
# What a record has to say is its standard; what opens so is done, whatever it counts (启动名录中的第三家).
_CONTENT = re.compile(r"(?:均|都|须|应)?(?:至少)?(?:写[明清]|注明|列明|讲[明清])(?!以下|下列|如下)")
_DOES = re.compile(r"启动|打开|通知|补[发签]|转|提前|停|加[巡派收]")
_LOOKS_AT = re.compile(r"(?:核对|比对|对照|调阅|查阅|查看|翻看|检查)[^，后在并]{0,8}(?:照片|录像|截图|签字|签名|盖章)")
_JOINS = re.compile(r"^(?:并且|并(?![行排列联案发入])|但是?|而且|且|然后)(?=[一-龥])")
_RULES = re.compile(r"(?:SOP|规程|制度|办法|规定|标准|手册|指南|规范|细则|流程|方案)》$")
_AWAY = re.compile(r"都在忙|不在|缺|未到|离岗|请假|休假")


@dataclass(frozen=True)
class Wording:
    """The fields of a check, as far as the order states them."""

    action: str
    condition: str | None = None
    standard: str | None = None
    role: str | None = None
    deadline: str | None = None
    frequency: str | None = None
    method: Method = "yes_no"
    evidence: str | None = None
    limits: Limits | None = None


def wording(unit: Unit, *, known: frozenset[str] = frozenset(), inherited: str | None = None) -> Wording:
    """Return the fields of ``unit``; ``inherited`` is who the order before it in the same clause is for."""
    if unit.kind == "prohibition":
        return _prohibition(unit, known)
    case, main = _cases(unit, known)
    parts_of = segments(unit.text)
    by = next((found for part in main if (found := role_by(part, known))), None)
    # 外来人员入库由档案员陪同
    through = by and main and not main[0].startswith("由") and role_by(main[0], known)
    role, main = (by, main) if through else _subject(main, known)
    role = role or by
    role = role or next(
        (found for part in case if (found := role_at_start(part, known)) and not _AWAY.search(part)), None
    )
    # What has a duty has a subject of its own (加药间门口须张贴…).
    if not role and inherited and main and (VERB.match(main[0]) or _timed(main[0])) and not _OWN.match(main[0]):
        role = inherited
    source, main = _source(main)
    main = [_JOINS.sub("", _ORGANISATION.sub("", main[0])), *main[1:]] if main else main
    moment = main[0] if len(main) > 1 and re.search(r"(?:当[日天]|次日|[日天]前)$", main[0]) else None
    if moment:  # 方案执行完毕的当日，专员上传凭证
        main = main[1:]
        role, main = (role, main) if role else _subject(main, known)
    deadline, frequency, main = _times(main)
    deadline = moment or deadline
    if main and len(main[0]) < _ALONE and not unit.block.term:
        main = [_whole_head(parts_of, main[0]), *main[1:]]
    action, standard, proof = _sorted(main)
    standard = [*source, *standard]
    text = unit.text
    method, limits = _method(main, proof)
    named = f"{unit.block.term}：" if unit.block.term and unit.block.term not in action[:1] else ""
    return Wording(
        action=f"{named}{'，'.join(action)}" if action else text,
        condition="，".join(case) or None,
        standard="，".join(standard) or None,
        role=role,
        deadline=deadline,
        frequency=frequency,
        method=method,
        evidence="，".join(proof) or None,
        limits=limits,
    )


def forbidden(text: str, lead: str) -> str:
    """Return an action for what a lead sentence forbids: 严禁 + 出售客户信息."""
    if PROHIBITION.search(text):
        return text
    word, said = PROHIBITION.search(lead), lead.rstrip("：:，。 ")
    return f"{word[0]}{text}" if word else f"{text}（{said}）" if said else text


def _prohibition(unit: Unit, known: frozenset[str]) -> Wording:
    parts = segments(unit.text)
    first = next((number for number, part in enumerate(parts) if PROHIBITION.search(part)), 0)
    case, before = parts[:first], []
    if case and not (is_case(case[-1]) or opening_case(parts, known) or _TOPIC.search(case[-1])):
        case, before = [], case
    if unit.case and not case:
        case = [unit.case]
    body = [*before, *parts[first:]]
    text = "，".join(body)
    upto = next((at for at, part in enumerate(body) if PROHIBITION.search(part)), 0)
    role = next((found for part in body[: upto + 1] if (found := role_at_start(part, known))), None)
    told = VERB.match(unit.before) or role_at_start(unit.before, known) or role_by(unit.before, known)
    short = _BARE if told else _SHORT_PROHIBITION
    if len(text) < short and unit.before and not before and unit.before not in case:
        text = f"{unit.before}，{text}"
    named = f"{unit.block.term}：" if unit.block.term and not text.startswith(unit.block.term) else ""
    return Wording(action=f"{named}{text}", condition="，".join(case) or None, role=role)


def _cases(unit: Unit, known: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the parts that say when it applies (its sentence's opening case included), and the rest; never everything."""
    parts = segments(unit.text)
    count = max(opening_case(parts, known), min(unit.led, len(parts) - 1))
    case, main = parts[:count], parts[count:]
    inline = case_within(main[0]) if main else ""
    if inline:
        case, main = [*case, inline], [main[0][len(inline) :], *main[1:]]
    told = [unit.case] if unit.case and unit.case not in "，".join(case) else []
    return [*told, *case], main


def _whole_head(parts: list[str], head: str) -> str:
    """Return the part that ``head`` (授权) is the end of, with its subject and time: a word alone cannot be ticked."""
    return next((part for part in parts if part.endswith(head)), head)


def _source(parts: list[str]) -> tuple[list[str], list[str]]:
    """Return the standard an order refers to (按照《…》), and the order without it.

    What an order only leans on (根据《某指南》) is no standard of doing it; the quote still has it.
    """
    if len(parts) > 1 and (led := re.match(r"(根据|按照|依据|参照|依照)(?:《|[A-Z/\d]{2,})", parts[0])):
        return (parts[:1] if led[1] in ("按照", "依照") else []), parts[1:]
    return [], parts


def _subject(parts: list[str], known: frozenset[str]) -> tuple[str | None, list[str]]:
    if not parts:
        return None, parts
    by = 1 if parts[0].startswith("由") else 0
    role = role_at_start(parts[0][by:], known)
    rest = parts[0][by + len(role) :]
    if not role:
        return None, parts
    if _BOUND.match(rest):  # 作业人员不少于2人 speaks of them
        return role, parts
    return role, [rest, *parts[1:]] if rest else parts[1:]


def _timed(text: str) -> bool:
    span = deadline_span(text)
    return span is not None and span[0] <= 1


def _times(parts: list[str]) -> tuple[str | None, str | None, list[str]]:
    """Return time limit and frequency, and the parts without a time that only opens its part."""
    deadline = next((found for part in parts if (found := deadline_in(part))), None)
    frequency = next((found for part in parts if (found := frequency_in(part))), None)
    if not parts:
        return deadline, frequency, parts
    head = parts[0]
    span = deadline_span(head)
    rest = head
    if span and span[0] <= 1 and re.search(r"\d|[一二三四五六七八九十半两]|^(?:[在于每].*|.{1,4})前$", head[: span[1]]):
        rest = head[span[1] :]
    else:
        often = frequency_span(head)
        if often and often[0] == 0 and not re.search(r"次$", head[: often[1]]):
            rest = head[often[1] :]
    rest = re.sub(r"^(?:之?内|须|应当?|必须|需|要|就)?(?=[^\s])", "", rest) if rest != head else rest
    rest = rest.lstrip("，、 ")
    if len(rest) < 2:
        return deadline, frequency, parts
    return deadline, frequency, [rest, *parts[1:]]


def _sorted(parts: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the parts as action, standard and proof.

    Only what stands at the end is moved, so that the order of things done is never changed; forms named on the way are
    repeated as proof.
    """
    action, standard, proof = list(parts), list[str](), list[str]()
    # 行车途中 and 发现缺料 alone are nothing to do
    while len(action) > 1 and not (
        len(action) == 2 and (_WHEN.search(action[0]) or only_tells_when(action[0], frozenset()))
    ):
        part = action[-1]
        if _BUT.search(part) or role_by(part) or frequency_in(part):
            break
        if _CONTENT.match(part):
            standard.insert(0, action.pop())
        elif PROOF.search(part) and not _TELLS.match(part):
            proof.insert(0, action.pop())
        elif STANDARD.search(FORM.sub("", part)) and not _TELLS.match(part) and not _DOES.match(part):
            standard.insert(0, action.pop())
        else:
            break
    if not proof:
        proof = list(dict.fromkeys(found for part in action for found in _forms(part)))
    return action, standard, proof


def _forms(text: str) -> list[str]:
    """Return where a part that says so itself is put down (在交接本上签收, 填报不良事件表)."""
    named = [one for one in FORM.findall(text) if not _RULES.search(one)] if PROOF.search(text) else []
    return named or [found[1] or found[2] for found in _PUT_DOWN.finditer(text)]


def _method(parts: list[str], proof: list[str]) -> tuple[Method, Limits | None]:
    text = "，".join(part for part in parts if not _LOOKS_AT.search(part))
    if PHOTO.search(text):
        return "photo", None
    if SIGNATURE.search(text):
        return "signature", None
    for part in parts:
        limits = limits_in(part)
        if limits:
            return "number", limits
    return "yes_no", None


def with_role(found: Wording, role: str | None) -> Wording:
    """Return ``found`` with ``role`` where it names none."""
    return replace(found, role=role) if role and not found.role else found
