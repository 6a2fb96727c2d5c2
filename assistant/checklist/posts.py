"""The posts a document itself names: in its tables of duties, in columns for who does it, and where it gives one a duty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.checklist.parts import pieces, segments
from assistant.checklist.words import NOBODY
from kb.model import Section

_ROLE_COLUMN = re.compile(
    r"^(?:谁做?|由谁做?|岗位|角色|责任岗位?|负责人|责任人|检查人|统计人|填写人|保管人|接报人|第一报告人|执行人|操作人|作业人)$"
)
TITLE_ROLE = re.compile(r"(?:岗位)?职责|工作要求|岗位要求")
# Who is given a duty at the start of a part: 育苗工须…, 照管员负责…, 由安全办决定.
_GIVEN = re.compile(
    r"^(?:.*?由(?P<by>[一-龥]{1,5}(?:员|工|师|卫|办))(?=[一-龥])|(?P<post>[一-龥]{1,5}(?:员|工|师|长|岗|卫|办|科|组|班))(?=接[单报警]|应|须|必须|每|填写|检查|核对|登记|记录|清点|巡|不得|负责|立即|当场|每[天日周月班季年]|\d|在\d|对|将|把|按|审|决|会同))"
)
_NO_POST = re.compile(
    r"^(?:会|学|成|动|队|社|党|演|官|店|职|人|全|各|本|该|此|每|一|两|三)(?:员|工)|[施加手完竣开停复动返义职民]工$|[上下当交接夜早中晚白全每本值顶换倒跟代加训]班$|[增延时总全身周成特家年]长$"
    r"|[上离到在顶换脱待转下返]岗$|[承主督代协举开]办$|小组$|.由|经(?![理办营济纪])|^(?:委托|指定|通知|联系|督促|协助|安排|组织|召集|提醒|要求|陪同|派|请|让|报|由)"
)


def role_names(sections: Sequence[Section]) -> frozenset[str]:
    """Return the posts a document names."""
    names = {name for section in sections for name in (*_listed(section), *_given(section))}
    return frozenset(name for name in names if 2 <= len(name) <= 10 and not re.search(r"\d|待填|系统$|客户$", name))


def _listed(section: Section) -> Iterator[str]:
    for block in section.blocks:
        for header, cell in zip(block.header, block.cells, strict=False):
            if _ROLE_COLUMN.match(header):
                yield from (one.strip() for one in re.split(r"[、/；;，或]|非投诉类由", cell))
        if block.term and TITLE_ROLE.search(section.title):
            yield block.term


def _given(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if block.kind == "row":
            continue
        for piece in pieces(block.text):
            for part in segments(piece.text):
                found = _GIVEN.match(part)
                post = (found["by"] or found["post"]) if found else ""
                if post and post not in NOBODY and not _NO_POST.search(post):
                    yield post
