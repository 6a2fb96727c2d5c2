from __future__ import annotations

import pytest

from ingest.repair import gloss
from tests.damage_plain import READINGS, add_glosses, corpus, to_traditional


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("（", "）")])
def test_gloss_of_every_document_is_removed_exactly(opening: str, closing: str) -> None:
    for document in corpus():
        turned = to_traditional(document)
        glossed = add_glosses(turned, opening=opening, closing=closing)
        assert gloss.damaged(glossed)
        assert gloss.strip(glossed) == (turned, sum(turned.count(character) for character in READINGS))


def test_gloss_of_a_short_note_is_damage() -> None:
    assert gloss.damaged("企業(yè)運營管理與服務手冊，數(shù)據(jù)驅動")


@pytest.mark.parametrize(
    "text",
    [
        "重(chóng)庆分公司和乐(yuè)清分公司负责西南片区和浙南片区的业务。亳(bó)州分公司暂停。",
        "普通话培训：质(zhì)量、处(chǔ)理、投(tóu)诉、客(kè)户、服(fú)务。",
        "流程再造(ProcessReengineering)、看板(Kanban)、精益(Lean)、指标(KPI)",
        "学(xué)习(xí)汉(hàn)语(yǔ)",
    ],
)
def test_gloss_that_teaches_or_translates_stays(text: str) -> None:
    assert not gloss.damaged(text)


def test_gloss_removal_keeps_english_terms() -> None:
    text = "流程再造(Lean)，企业(yè)"
    assert gloss.strip(text)[0] == "流程再造(Lean)，企业"


def test_clean_documents_have_no_glosses() -> None:
    assert not any(gloss.damaged(document) for document in corpus())
