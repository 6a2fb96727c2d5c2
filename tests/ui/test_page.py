"""What the page draws: safe HTML, the cited clause, the first screen. In a browser: tests/ui/browser."""

from pathlib import Path
from typing import Any

import pytest

from assistant.ask import Assistant
from kb.errors import NotThere
from kb.knowledge import KnowledgeBase
from kb.records.shapes import Topic, UnansweredQuestion
from kb.search import HybridSearcher
from ui.page import lens, reader, render, texts, topics, turns
from ui.page.texts import CHINESE, ENGLISH, words_for
from ui.page.turns import Turn

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&[1]"


def _answer(**values: Any) -> dict[str, Any]:
    citation = {"marker": 1, "document": "d", "section": "5.5", "path": ["反馈"], "clause": "5.5-2", "quote": "先分类"}
    return {"answer": "先分类。[1]", "status": "answered", "citations": [citation], **values}


def test_answer_is_drawn_with_its_status_and_chips() -> None:
    html = turns.turn_html(Turn(3, "？", _answer()), {"d": "手册"}, CHINESE)
    assert 'class="status" data-status="answered"' in html
    assert 'class="citation" data-document="d" data-section="5.5" data-clause="5.5-2"' in html
    assert 'data-turn="3"' in html


@pytest.mark.parametrize("place", ["question", "answer", "clause", "title", "path", "followup", "nearest"])
def test_what_people_and_documents_say_is_text(place: str) -> None:
    answer = _answer(status="partial", followups=["f"], nearest=[{"document": "d", "section": "1", "title": "t"}])
    question, titles = "q", {"d": "手册", "e": "其他"}
    if place == "question":
        question = HOSTILE
    elif place == "title":
        titles["d"] = HOSTILE
    elif place == "answer":
        answer["answer"] = HOSTILE
    elif place in {"clause", "path"}:
        answer["citations"][0][place] = [HOSTILE] if place == "path" else HOSTILE
    elif place == "followup":
        answer["followups"] = [HOSTILE]
    else:
        answer["nearest"][0]["title"] = HOSTILE
    html = turns.turn_html(Turn(1, question, answer), titles, CHINESE)
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_a_message_on_the_page_names_no_command_to_look_it_up() -> None:
    assert "没有 9.9 这一节</div>" in render.notice("没有 9.9 这一节，可用 shouce outline 查看目录")
    assert "shouce sample" in render.notice("知识库还是空的：请先运行 shouce sample")


@pytest.mark.parametrize(("missing", "offered"), [(["班车"], True), ([], False)])
def test_only_a_question_is_handed_over(missing: list[str], *, offered: bool) -> None:
    html = turns.turn_html(Turn(1, "？", _answer(status="not_found", missing=missing, citations=[])), {}, CHINESE)
    assert ('class="hand-over"' in html) is offered


def test_a_wording_asked_often_is_one_line_of_a_topic() -> None:
    said = ("班车几点？", "班车几点？", "班车在哪？")
    asked = [
        UnansweredQuestion(at, text, "not_found", (), "", f"2026-11-30T08:0{at}:00+00:00")
        for at, text in enumerate(said)
    ]
    html = topics.asked_html(Topic(1, "班车", "open", "", "", 0, "", "", tuple(asked)), {}, CHINESE)
    seen, _, folded = html.partition("<details>")
    assert [seen.count(text) for text in dict.fromkeys(said)] == [1, 1]
    assert folded.count("班车几点？") == 1
    assert "还有 1 次" in folded


def test_invisible_controls_are_left_out() -> None:
    assert render.shown("发票\u202efdp.exe\x00") == "发票fdp.exe"


def test_members_of_a_list_keep_their_ordinals_and_terms() -> None:
    html = render.line_html("   - 核对：看<单>[1]", {"1": "<i>"})
    assert html == (
        '<div class="line member nested"><span class="ordinal">•</span><div><b>核对：</b>看&lt;单&gt;<i></div></div>'
    )


def test_reader_marks_the_cited_clause_and_draws_tables(sample: KnowledgeBase) -> None:
    answer = Assistant(sample, HybridSearcher(sample)).ask("抽检的一票否决项有哪些？", record=False)
    cited = answer.citations[0]
    html = reader.section_html(sample, cited.document, cited.section, words=CHINESE, clause=cited.clause)
    assert html.count(" cited") == 1
    assert f'cited" data-clause="{cited.clause}"' in html
    table = next(
        (d.id, s.number) for d in sample.documents() for s in sample.sections(d.id) if any(b.cells for b in s.blocks)
    )
    assert "<table>" in reader.section_html(sample, *table, words=CHINESE)


def test_a_chapter_is_read_with_everything_under_it(sample: KnowledgeBase) -> None:
    document, chapter, below = next(
        (d.id, s.parent, s.heading) for d in sample.documents() for s in sample.sections(d.id) if s.parent and s.blocks
    )
    assert render.shown(below) in reader.section_html(sample, document, chapter, words=CHINESE)


def test_a_link_names_a_clause_or_a_section(sample: KnowledgeBase) -> None:
    document, section, clause = next(
        (d, s.number, s.blocks[0].clause) for d in sample.documents() for s in sample.sections(d.id) if s.blocks
    )
    assert reader.locate(sample, document.title, clause) == (document.id, section, clause)
    assert reader.locate(sample, document.id, section) == (document.id, section, "")
    with pytest.raises(NotThere):
        reader.locate(sample, document.id, "99.9-9")


def test_every_role_gets_examples_that_the_corpus_can_answer(sample: KnowledgeBase) -> None:
    assistant = Assistant(sample, HybridSearcher(sample))
    by_role = {role: lens.examples(sample, role) for role in lens.ROLES}
    assert all(len(examples) == lens.EXAMPLES for examples in by_role.values())
    assert len({tuple(examples) for examples in by_role.values()}) == len(lens.ROLES)
    asked = [question for examples in by_role.values() for question in examples]
    answered = [assistant.ask(question, record=False).status for question in asked]
    assert answered.count("answered") >= len(asked) - 1


def test_a_role_changes_the_tone_and_nothing_else() -> None:
    turn = Turn(1, "问", _answer(citations=_answer()["citations"] * 2))
    plain, spoken = (turns.turn_html(turn, {}, CHINESE, role=role) for role in ("", "经理"))
    assert spoken.replace("<span class=tone>原文依据如下。</span>", "") == plain


@pytest.mark.parametrize(
    ("accepted", "words"),
    [("zh-CN,zh;q=0.9,en", CHINESE), ("en-US,en;q=0.9,zh", ENGLISH), ("fr,en;q=0.5", ENGLISH), ("", CHINESE)],
)
def test_the_browser_decides_the_language(accepted: str, words: texts.Words) -> None:
    assert words_for(accepted) is words


def test_nothing_is_loaded_from_elsewhere() -> None:
    folder = Path(render.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix in {".css", ".js"})
    assert "http" not in sources.replace("HttpOnly", "")


def test_the_page_opens_on_the_home_that_make_run_fills(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ui import first_run
    from ui.page import app

    served: list[tuple[str, int, int]] = []
    monkeypatch.setenv("SHOUCE_HOME", str(sample_home))
    monkeypatch.setattr(
        app, "serve", lambda session, host, port: served.append((host, port, len(session.knowledge.documents())))
    )
    first_run.first_run(["--port", "7999"])
    assert served == [("127.0.0.1", 7999, 11)]
