"""Compile: the obligations of sections into the lines of a checklist, red lines first, each with its checked quote.

Knows sections of one or more documents, in the order they are given. Which sections a topic wants is decided elsewhere
(``choose``). A line whose quote does not stand in its section is dropped: nothing without a source is ever listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from assistant.checklist.manner import speaks_in_orders
from assistant.checklist.model import Check, CheckKind, Checklist, Completeness
from assistant.checklist.nature import Nature, forbids, is_procedure, is_work_instruction, nature_of, share
from assistant.checklist.opening import opens_with_verb
from assistant.checklist.parts import segments
from assistant.checklist.posts import TITLE_ROLE, role_names
from assistant.checklist.tables import row_check
from assistant.checklist.telling import explains
from assistant.checklist.timing import deadline_in, frequency_in
from assistant.checklist.units import Unit, units
from assistant.checklist.wording import Wording, forbidden, wording
from assistant.checklist.words import DUTY, PROHIBITION, VERB, role_at_start, role_by
from assistant.sources import SourceVersion
from assistant.verify import quote_stands
from kb.model import Block, Citation, Document, Section

# Share of a section's items that order something in plain words, from which on all of them are taken as orders.
MOSTLY_ORDERS = 0.6
_BAN = re.compile(r"严禁|禁止|不得|不准")
# Characters up to which an item over others is their heading.
HEADING = 14
_CASE_LEAD = re.compile(
    r"(?:^|[。；])凡?(?:出现|发生|遇到?|有|存在|符合|属于)(?:下列|以下|下面|如下)[^：，]{0,6}(?:情形|情况|现象|问题|条件)(?:之一)?"
    r"[的时]?，?(?P<order>[^：:。]*)[：:]$"
)
_LEADS_ON = re.compile(r"[：:]$|如下|下列|以下|表\s*[A-Z]?\d+")
_ITEM_LEADS = re.compile(r"(?:如下|包括|以下[^，。]{0,6}|下列[^，。]{0,6})[：:]?$")
_PENALTY = re.compile(r"(?:按|给予|追究|记|扣|作|视)[^，]{0,16}(?:处理|处分|责任|事故|违纪|解除|罚款|[\d一二三]+分)$")
_ANSWERS = re.compile(r"^(?:答|A)[：:]")
# What a lead sentence asks to be done with what is named under it, and the longest name.
_ASKS = re.compile(
    r"(?P<verb>写[清明]|注明|列明|登记|记录|填写|询问|告知|说明|(?P<does>核对|检查|确认|清点|准备|携带))(?:以下|下列|如下)?(?:内容|项目|事项|信息|物品|材料)?[：:]?$"
)
_NAMED = 24
_CAPTION = re.compile(r"^表\s*[A-Z]?\d+")


@dataclass(frozen=True)
class Part:
    """A section to compile, with its document; ``roles`` are the names of posts the document itself uses.

    ``clauses``, where given, are the only ones of the section that are wanted; what is counted is still the whole section.
    ``orders`` says how the document speaks (``manner``); its title tells where that is None.
    """

    document: Document
    section: Section
    roles: frozenset[str]
    clauses: frozenset[str] | None = None
    orders: bool | None = None

    @property
    def instructs(self) -> bool:
        """Say whether the document is written in orders."""
        return is_work_instruction(self.document.title) if self.orders is None else self.orders

    def wants(self, clause: str) -> bool:
        """Say whether a clause, or the one it is nested in, is wanted."""
        return self.clauses is None or any(clause == one or clause.startswith(f"{one}.") for one in self.clauses)


def compile_checklist(title: str, parts: Sequence[Part], *, notes: Sequence[str] = ()) -> Checklist:
    """Return the checklist of ``parts``; empty of checks where they oblige to nothing."""
    checks: list[Check] = []
    completeness: list[Completeness] = []
    for part in parts:
        listed = list(section_checks(part))
        checks.extend(listed)
        counted = _completeness(part, listed)
        if counted:
            completeness.append(counted)
    ordered = [*(one for one in checks if one.red_line), *(one for one in checks if not one.red_line)]
    sources = {part.document.id: part.document for part in parts}
    return Checklist(
        title=title,
        checks=tuple(replace(one, number=number) for number, one in enumerate(ordered, start=1)),
        completeness=tuple(completeness),
        sources=tuple(SourceVersion(one.id, one.title, one.version) for one in sources.values()),
        notes=tuple(notes),
    )


def document_parts(document: Document, sections: Sequence[Section]) -> list[Part]:
    """Return every section of ``document`` in order, with what is known of the document as a whole."""
    roles, orders = role_names(sections), speaks_in_orders(document.title, sections)
    return [Part(document, section, roles, orders=orders) for section in sections]


def section_checks(part: Part) -> Iterator[Check]:
    """Yield the checks of one section in the source's order; ``number`` is not set yet."""
    nature = nature_of(part.section)
    lenient = _lenient(part, nature)
    lead = over = ""
    title_role = role_at_start(part.section.title, part.roles) if TITLE_ROLE.search(part.section.title) else ""
    blocks = part.section.blocks
    for block, after in zip_longest(blocks, blocks[1:]):
        if not part.wants(block.clause):
            lead = block.text if block.kind == "paragraph" else lead
            continue
        if block.kind == "row":
            yield from _row(part, block, lead, nature)
            continue
        if block.kind == "item" and after is not None and _heads(block, after):
            continue
        if block.kind == "item" and (case := _case(part, block, lead, nature)):
            yield case
            continue
        if block.kind == "paragraph":
            lead = f"{lead} {block.text}" if _CAPTION.match(block.text) else block.text
        for check in _block(part, block, nature, lead, lenient=lenient, title_role=title_role or None):
            yield _asked(check, over if block.level else lead) if block.kind == "item" else check
        over = over if block.level else block.text


def _asked(check: Check, over: str) -> Check:
    """Return a check with what its lead asks (写清以下内容：) before what only names something (物料名称、规格)."""
    asked = _ASKS.search(over)
    if not asked or check.red_line or len(check.action) > _NAMED:
        return check
    if asked["does"] and opens_with_verb(check.action):
        return check
    return replace(check, action=f"{asked['verb']}：{check.action}")


def _heads(block: Block, after: Block) -> bool:
    """Say whether an item only names what the items under it are about (发现溺水)."""
    under = after.kind == "item" and after.level > block.level
    return under and len(block.text) <= HEADING and not re.search(r"[，。；、]", block.text)


def _case(part: Part, block: Block, lead: str, nature: Nature) -> Check | None:
    """Return the order of a lead sentence (出现下列情形之一，须停机：) in the case that an item under it names."""
    found = _CASE_LEAD.search(lead)
    order = re.sub(r"^(?:就|都)?要", "", found["order"].strip("，, ")) if found else ""
    if forbids(lead) or not (DUTY.search(order) or PROHIBITION.search(order) or VERB.match(order)):
        return None
    role = role_at_start(order, part.roles)
    words = Wording(
        order[len(role) :] or order,
        condition=block.text.rstrip("。；;"),
        role=role or None,
        deadline=deadline_in(order),
    )
    kind: CheckKind = "prohibition" if PROHIBITION.search(order) else "obligation"
    return _check(part, block, block.text, kind, words, red=nature == "red")


def _block(
    part: Part, block: Block, nature: Nature, lead: str, *, lenient: bool, title_role: str | None
) -> Iterator[Check]:
    banned = block.kind == "item" and (forbids(lead) or (nature == "red" and _all_bare(part.section)))
    strict = block.kind == "paragraph" or not lenient
    loose = block.kind == "paragraph" and not part.instructs
    found = units(block, lenient=not strict, instructs=part.instructs, known=part.roles, forbidden=banned)
    role, last = None, None
    for unit in found:
        # Who does it holds on within a sentence, and within a step.
        if block.kind == "paragraph" and last and "。" in block.text[last.end : unit.start]:
            role = None
        last = unit
        if not _wanted(unit, nature, part.roles):
            continue
        # A manual's paragraphs speak in general; only who, when or a duty makes a line of one.
        if loose and unit.kind != "prohibition" and not _dated(unit, part.roles):
            continue
        words = wording(unit, known=part.roles, inherited=role or title_role)
        if unit.kind == "prohibition" and banned:
            # 严禁行为 over the list says it where its lead sentence does not.
            ban = None if PROHIBITION.search(lead) else _BAN.search(part.section.title)
            words = replace(words, action=forbidden(words.action, ban[0] if ban else lead))
        role = words.role or role
        check = _check(part, block, unit.text, unit.kind, words, red=nature == "red")
        if check:
            yield check


def _wanted(unit: Unit, nature: Nature, known: frozenset[str]) -> bool:
    """Say whether a unit of a section of this nature is a check: terms and background have to order in so many words."""
    text = unit.text
    if unit.block.kind == "paragraph" and (_CAPTION.match(text) or _leads_on(unit, known)):
        return False
    if unit.kind == "prohibition":
        apart = nature in ("terms", "background")
        return not apart or (bool(PROHIBITION.search(text)) and not _defines(unit.block, known))
    if nature == "red" and (
        _PENALTY.search(text) or re.match("以下|下列", text)
    ):  # what follows from breaking it is nothing to do
        return False
    if unit.block.kind == "item" and _ITEM_LEADS.search(unit.block.text) and not _dated(unit, known):
        return False
    if nature == "terms":
        return False
    if nature == "background":
        return strongly(unit, known) and (bool(DUTY.search(text)) or not _ANSWERS.match(unit.block.text))
    return True


def _defines(block: Block, known: frozenset[str]) -> bool:
    """Say whether an item says what its lead term means (DND：请勿打扰)."""
    told = block.kind == "item" and bool(block.term) and not re.search("[，。；].", block.text)
    return told and not role_at_start(block.term, known)


def _dated(unit: Unit, known: frozenset[str]) -> bool:
    """Say whether an order says who or when."""
    parts = segments(unit.text)
    who = any(role_at_start(one, known) or role_by(one, known) for one in parts)
    return who or bool(DUTY.search(unit.text) or frequency_in(unit.text) or any(deadline_in(one) for one in parts))


def _leads_on(unit: Unit, known: frozenset[str]) -> bool:
    """Say whether a paragraph's last sentence only introduces what follows; one with a duty of its own does not."""
    last = unit.end >= len(unit.block.text) - 1
    if not last or not _LEADS_ON.search(unit.block.text[unit.start :]):
        return False
    who = any(role_at_start(one, known) or role_by(one, known) for one in segments(unit.text))
    return not (DUTY.search(unit.text) and who)


def strongly(unit: Unit, known: frozenset[str]) -> bool:
    """Say whether a sentence orders something though its section does not exist for that: a duty, or a regular task."""
    text = unit.text
    if re.search(r"适用于|起施行|负责解释|制定本|本(?:文件|规定|制度|手册)", text):
        return bool(frequency_in(text))
    if DUTY.search(text):
        return True
    # An item with a lead term in such a section is a definition (回访：…由公司主动联系客户).
    return not unit.block.term and bool(role_by(text, known) or frequency_in(text) or deadline_in(text))


def _row(part: Part, block: Block, lead: str, nature: Nature) -> Iterator[Check]:
    if nature == "terms" or (nature == "records") or not block.header:
        return
    row = row_check(block, lead, part.section.title)
    if row and (check := _check(part, block, block.text, row.kind, row.wording, red=nature == "red")):
        yield check


def _check(part: Part, block: Block, quote: str, kind: CheckKind, words: Wording, *, red: bool) -> Check | None:
    section = part.section
    citation = Citation(
        document=part.document.id,
        section=section.number,
        title=section.title,
        path=section.path,
        clause=block.clause,
        quote=quote,
        repaired=block.repaired,
    )
    if not quote_stands(citation, section.body) or not words.action.strip():
        return None
    return Check(
        number=0,
        action=words.action,
        kind=kind,
        citation=citation,
        condition=words.condition,
        standard=words.standard,
        role=words.role,
        deadline=words.deadline,
        frequency=words.frequency,
        method=words.method,
        evidence=words.evidence,
        red_line=red or kind == "prohibition",
        limits=words.limits,
    )


def _lenient(part: Part, nature: Nature) -> bool:
    """Say whether the items of a section are orders unless they explain: a work instruction's, or mostly plain orders."""
    if nature in ("terms", "background"):
        return False
    if part.instructs or is_work_instruction(part.section.title):
        return True
    items = [block for block in part.section.blocks if block.kind == "item"]
    plain = [bool(units(block, lenient=False, known=part.roles)) for block in items]
    return is_procedure(part.section) and share(plain) >= MOSTLY_ORDERS


def _all_bare(section: Section) -> bool:
    """Say whether most items under a heading of red lines carry no forbidding word themselves."""
    items = [block for block in section.blocks if block.kind == "item"]
    return share([not PROHIBITION.search(block.text) for block in items]) > 0.5


def _completeness(part: Part, listed: Sequence[Check]) -> Completeness | None:
    """Count the section's own items and rows, and how many stand in the list; None where it has no order of work."""
    nature = nature_of(part.section)
    blocks = [block for block in part.section.blocks if block.kind != "paragraph" and block.level == 0]
    if not listed or not blocks or nature in ("terms", "background", "records"):
        return None
    clauses = {check.citation.clause for check in listed}
    rows = [block for block in blocks if block.kind == "row"]
    counted = [
        block for block in blocks if block.kind == "item" or any(row.clause in clauses for row in _table(rows, block))
    ]
    if not counted:
        return None
    done = [
        block for block in counted if any(one == block.clause or one.startswith(f"{block.clause}.") for one in clauses)
    ]
    return Completeness(
        document=part.document.id,
        section=part.section.number,
        title=part.section.title,
        steps=len(counted),
        listed=len(done),
        document_title=part.document.title,
    )


def _table(rows: Sequence[Block], row: Block) -> list[Block]:
    """Return the rows of the table ``row`` is in."""
    table = row.clause.rpartition(".")[0]
    return [one for one in rows if one.clause.rpartition(".")[0] == table]


def unlisted(part: Part, checks: Sequence[Check]) -> list[str]:
    """Return the clauses of a section's items that no check cites, for the reader's notes."""
    clauses = {check.citation.clause for check in checks if check.citation.document == part.document.id}
    return [
        block.clause
        for block in part.section.blocks
        if block.kind == "item" and block.level == 0 and block.clause not in clauses and not explains(block.text)
    ]
