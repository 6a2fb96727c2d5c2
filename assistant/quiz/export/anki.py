"""Papers as an Anki package: a deck a paper, a note an item. The same item keeps its note when it is imported again.

Blanks become real clozes; everything else is a card with the question in front and answer, explanation and clause behind.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.quiz.export.html_text import to_html
from assistant.quiz.export.record import tags_of
from assistant.quiz.export.wording import OPEN, answer_words, one_line, reference
from assistant.quiz.model import BLANK, TYPE_WORDS, Paper, Question

# Anki knows a note's form by this number; another one would make a second form beside the first
_CARD_MODEL, _CLOZE_MODEL = 1_607_392_101, 1_607_392_102
_STYLE = """
.card { font-family: "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; font-size: 18px; line-height: 1.6;
  text-align: left; color: #222; background: #fff; max-width: 40em; margin: 0 auto; padding: 0.5em; }
.kind { color: #777; font-size: 14px; } .story { background: #f4f6f8; padding: 0.5em 0.8em; }
.answer { color: #0a6b3d; font-weight: bold; } .where { color: #777; font-size: 14px; }
.cloze { color: #0a6b3d; font-weight: bold; }
.nightMode .card { color: #ddd; background: #2c2c2c; } .nightMode .story { background: #3a3a3a; }
"""
_BACK = """
<div class="answer">{{答案}}</div>{{#解析}}<p>{{解析}}</p>{{/解析}}{{#出处}}<div class="where">依据：{{出处}}</div>{{/出处}}
"""


def render(papers: Sequence[Paper], titles: Mapping[str, str]) -> bytes:
    """Return the papers as one ``.apkg``."""
    import genanki

    models = _models()
    decks = []
    for paper in papers:
        deck = genanki.Deck(_number(f"deck {paper.title}"), one_line(paper.title).replace("::", "：") or "试卷")
        for at, question in enumerate(paper.questions, 1):
            deck.add_note(_note(at, question, models, titles))
        decks.append(deck)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "deck.apkg"
        genanki.Package(decks).write_to_file(str(target))
        return target.read_bytes()


def _models() -> dict[str, Any]:
    import genanki

    front = '<div class="kind">{{题型}}</div><div>{{题干}}</div><div>{{选项}}</div>'
    card = genanki.Model(
        _CARD_MODEL,
        "手册助手·问答",
        fields=[{"name": name} for name in ("题号", "题型", "题干", "选项", "答案", "解析", "出处")],
        templates=[{"name": "卡片", "qfmt": front, "afmt": "{{FrontSide}}<hr id=answer>" + _BACK}],
        css=_STYLE,
    )
    cloze = genanki.Model(
        _CLOZE_MODEL,
        "手册助手·填空",
        fields=[{"name": name} for name in ("题干", "题号", "答案", "解析", "出处")],
        templates=[{"name": "填空", "qfmt": "{{cloze:题干}}", "afmt": "{{cloze:题干}}<hr id=answer>" + _BACK}],
        css=_STYLE,
        model_type=genanki.Model.CLOZE,
    )
    return {"card": card, "cloze": cloze}


def _note(
    at: int,
    question: Question,
    models: Mapping[str, Any],
    titles: Mapping[str, str],
) -> Any:  # noqa: ANN401 (a genanki note)
    import genanki

    why, where = to_html(question.explanation), to_html(reference(question, titles))
    tags = ["_".join(one_line(tag).split()) for tag in tags_of(question)]
    key = genanki.guid_for("shouce", question.id, question.citation.document, question.citation.clause, question.stem)
    if question.type == "cloze" and question.blanks:
        fields = [_clozes(question), str(at), to_html(answer_words(question)), why, where]
        return genanki.Note(model=models["cloze"], fields=fields, guid=key, tags=tags)
    story = f'<div class="story">{to_html(question.scenario)}</div>' if question.scenario else ""
    options = "<br>".join(f"{to_html(option.key)}. {to_html(option.text)}" for option in question.options)
    fields = [
        str(at),
        TYPE_WORDS[question.type],
        story + to_html(question.stem),
        options,
        _answer(question),
        why,
        where,
    ]
    return genanki.Note(model=models["card"], fields=fields, guid=key, tags=tags)


def _answer(question: Question) -> str:
    """Return the right answer; of a choice with the words of the right options, of an open item with its points."""
    if question.type in OPEN:
        points = "".join(f"<li>{to_html(one_line(point.text))}</li>" for point in question.points_required)
        return f"<ol>{points}</ol>" if points else ""
    right = [option for option in question.options if option.key in question.right]
    return "<br>".join(f"{to_html(option.key)}. {to_html(option.text)}" for option in right) or answer_words(question)


def _clozes(question: Question) -> str:
    """Return the stem with each blank as a deletion of its own card; no brace or colon of the text can end one."""
    stem = question.stem
    parts = [_inert(part) for part in stem.split(BLANK)]
    whole = parts[0]
    for place, after in enumerate(parts[1:]):
        known = place < len(question.blanks) and question.blanks[place].accepted
        words = _inert(question.blanks[place].accepted[0]) if known else BLANK
        whole += f"{{{{c{place + 1}::{words}}}}}{after}"
    return whole


def _inert(text: str) -> str:
    return to_html(text).replace("{", "&#123;").replace("}", "&#125;").replace("::", "&#58;&#58;")


def _number(words: str) -> int:
    """Return a number for ``words`` that stays the same, in the range Anki takes for a deck."""
    return (1 << 30) + int.from_bytes(hashlib.sha256(words.encode("utf-8", "replace")).digest()[:4]) % (1 << 30)
