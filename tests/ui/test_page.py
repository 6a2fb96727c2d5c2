from assistant.ask import Assistant
from kb.knowledge import KnowledgeBase
from kb.model import Answer, Citation
from kb.search import HybridSearcher
from ui.page import answer_html


def test_answer_is_drawn_with_its_status_and_chips() -> None:
    cited = Citation("d", "5.5", "反馈", ("反馈",), "5.5-2", "先分类", marker=1)
    html = answer_html(Answer("？", "先分类。[1]", "answered", (cited,)))
    assert 'class="status" data-status="answered"' in html
    assert '<span class="citation" data-clause="5.5-2">5.5-2</span>' in html


def test_what_a_document_contains_is_text() -> None:
    cited = Citation("d", "1", "t", ("t",), "1-1", "<script>", marker=1)
    html = answer_html(Answer("？", "<script>alert(1)</script>[1]", "answered", (cited,)))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_reader_marks_the_cited_clauses(sample: KnowledgeBase, sample_home: object) -> None:
    from pathlib import Path

    from ui.page import reader_html
    from ui.session import Session

    session = Session(Path(str(sample_home)))
    answer = Assistant(sample, HybridSearcher(sample)).ask("抽检的一票否决项有哪些？")
    html = reader_html(session, answer)
    assert 'class="cited" data-clause="5.2-1"' in html
