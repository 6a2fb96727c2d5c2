"""Where material stands: a section of a document, how to name it in a stem, and how to cite a slice of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.model import Block, Citation, Section

# Titles that name no subject of their own: they are said with the document's or the chapter's.
_GENERAL = re.compile(
    r"^(?:总则|附则|目的|目的与范围|范围|适用范围.*|术语.*|名词.*|定义|几个常用说法|职责.*|岗位职责|角色分工|概述|前言|引言|附录.*"
    r"|第.{1,4}条|其他|说明|红线|.{0,4}红线|记录.*|表单.*|修订记录|.{0,2}指标|审批|执行|评审|检查|考核|步骤|流程|要求)$"
)
_KIND = re.compile(r"(手册|SOP|规定|规范|制度|办法|规程|标准|指南|程序|细则)(?=[（(\s]|$)")
_EDITION = re.compile(r"[（(][^）)]*[）)]\s*$")


@dataclass(frozen=True)
class Place:
    """One section with body of one document; ``alone`` says that it is the only document of the knowledge base."""

    document: str
    document_title: str
    section: Section
    alone: bool

    @property
    def book(self) -> str:
        """What a stem calls the document: its title in title marks, without its edition; 手册 where it is one, and alone."""
        if self.alone and self.kind == "手册":
            return self.kind
        return f"《{_EDITION.sub('', self.document_title).strip() or self.document_title}》"

    @property
    def subject(self) -> str:
        """What the document is about: its title without edition and kind (客户投诉处理)."""
        title = _EDITION.sub("", self.document_title).strip()
        return _KIND.sub("", title).strip() or title

    @property
    def kind(self) -> str:
        """What the document calls itself: 手册, SOP, 规定 …, else 文件."""
        found = _KIND.search(self.document_title)
        return found[1] if found else "文件"

    @property
    def title(self) -> str:
        """The section's title; its parent's where it is only a number (第八条)."""
        section = self.section
        return "".join(section.path[-2:-1]) if section.title == section.number else section.title

    @property
    def general(self) -> bool:
        """Say whether the title alone names no subject."""
        return bool(_GENERAL.match(self.title))

    @property
    def name(self) -> str:
        """What the section is about, in words that stand alone beside the document's title."""
        parents = [name for name in self.section.path[:-1] if not _GENERAL.match(name) and name != self.document_title]
        if self.general and parents and parents[-1] != self.title:
            return f"{parents[-1]}（{self.title}）" if len(parents[-1]) < 14 else self.title
        return self.title

    @property
    def chapter(self) -> str:
        """The number of the chapter the section belongs to: the first part of a printed number, else its own."""
        number = self.section.number
        return number.split(".")[0] if re.match(r"§?\d", number) else number

    def cite(
        self, first: Block, last: Block | None = None, *, start: int | None = None, end: int | None = None
    ) -> Citation:
        """Return the citation of the slice from ``first`` to ``last`` of the section's body (or its own ``start:end``)."""
        last = last or first
        section = self.section
        begin = first.start if start is None else start
        stop = last.end if end is None else end
        return Citation(
            document=self.document,
            section=section.number,
            title=section.title,
            path=section.path,
            clause=first.clause,
            quote=section.body[begin:stop],
            repaired=first.repaired or last.repaired,
        )
