"""What the 测验 tab draws: a paper to fill in, its result, the mistakes book, a person's attempts, the trainer's figures.

Knows the shapes of quizzes and the classes that ``quiz.js`` and ``quiz.css`` use. Knows no events and no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.quiz.attempts import Mistake, Result, Running
from assistant.quiz.grade import Grade, Response
from assistant.quiz.model import BLANK, Question
from assistant.quiz.statistics import ItemFigures, Tally
from kb.model import Citation
from kb.records.quizzes import AttemptRow
from ui.page.charts import plane_html
from ui.page.render import attributes, shown
from ui.page.texts import Words

Titles = Mapping[str, str]


def paper_html(running: Running, words: Words, *, paper: str = "", trainer: bool = False) -> str:
    """Return a paper as a form, with what was answered before already in it.

    A ``trainer`` may keep its items and hand out the link to ``paper``, its id.
    """
    printed = running.paper
    items = "".join(
        _item_html(number, one, running.responses.get(one.id), words) for number, one in enumerate(printed.questions, 1)
    )
    seconds = "" if running.seconds_left is None else str(running.seconds_left)
    return (
        f'<form class="paper"{attributes(attempt=running.id, seconds=seconds or None, left=words("quiz.left"))}>'
        f'<header><h2>{shown(printed.title)}</h2><p class="quiet">{len(printed.questions)} {words("quiz.items")} · '
        f"{printed.points:g} {words('quiz.points_word')}</p>{_trainers(running.id, paper, words) if trainer else ''}"
        f'<div class="tools"><span class="clock" role="timer"></span><span class="done-count"></span><span class="spring"></span>'
        f'<button type="button" class="link step-mode" aria-pressed="false">{words("quiz.stepwise")}</button></div></header>'
        f"<ol>{items}</ol>"
        f'<footer><button type="button" class="link back" hidden>{words("quiz.back")}</button>'
        f'<button type="button" class="link forth" hidden>{words("quiz.forth")}</button><span class="spring"></span>'
        f'<button type="submit" class="primary"{attributes(sure=words("quiz.sure"))}>{words("quiz.hand_in")}</button>'
        "</footer></form>"
    )


def act_button(mode: str, label: str, *, css: str = "link", **named: object) -> str:
    """Return a button that asks the tab for ``mode``."""
    return f'<button type="button" class="{css}"{attributes(act="select", mode=mode, **named)}>{label}</button>'


def _trainers(attempt: str, paper: str, words: Words) -> str:
    share = attributes(share="paper", id=paper, said=words("quiz.shared"))
    link = f'<button type="button" class="link"{share}>{words("quiz.share")}</button>' if paper else ""
    return f'<div class="tools">{act_button("bank-keep", words("bank.keep"), attempt=attempt)}{link}</div>'


def _item_html(number: int, one: Question, given: Response, words: Words) -> str:
    story = f'<p class="story">{shown(one.scenario)}</p>' if one.scenario else ""
    return (
        f"<li{attributes(item=one.id, type=one.type)}>"
        f'<div class="item-kind">{number} · {words(f"quiz.type.{one.type}")} · {one.points:g}</div>'
        f'{story}<p class="stem">{_stem_html(one, given)}</p>{_field_html(one, given, words)}</li>'
    )


def _stem_html(one: Question, given: Response) -> str:
    if one.type != "cloze":
        return shown(one.stem)
    said = list(given) if isinstance(given, (list, tuple)) else []
    parts = one.stem.split(BLANK)
    html = shown(parts[0])
    for at, part in enumerate(parts[1:]):
        value = shown(said[at]) if at < len(said) else ""
        html += f'<input class="blank" maxlength="40" aria-label="{at + 1}" value="{value}">{shown(part)}'
    return html


def _field_html(one: Question, given: Response, words: Words) -> str:
    if one.type in {"single", "multiple"}:
        kind = "radio" if one.type == "single" else "checkbox"
        chosen = set(given) if isinstance(given, (list, tuple)) else set()
        return "".join(
            f'<label class="option"><input type="{kind}" name="{shown(one.id)}" value="{option.key}"'
            f"{' checked' if option.key in chosen else ''}><b>{option.key}</b><span>{shown(option.text)}</span></label>"
            for option in one.options
        )
    if one.type == "true_false":
        return "".join(
            f'<label class="option"><input type="radio" name="{shown(one.id)}" value="{str(truth).lower()}"'
            f"{' checked' if given is truth else ''}><span>{words(f'quiz.truth.{str(truth).lower()}')}</span></label>"
            for truth in (True, False)
        )
    if one.type == "cloze":
        return ""
    text = shown(given) if isinstance(given, str) else ""
    return f'<textarea rows="4" maxlength="4000" aria-label="{shown(one.stem[:40])}">{text}</textarea>'


def result_html(result: Result, titles: Titles, words: Words) -> str:
    """Return the marks, and every item with what was answered, what is right, why, and a link to the clause."""
    by_id = {grade.question: grade for grade in result.grades}
    items = "".join(
        _graded_html(number, one, by_id[one.id], result.responses.get(one.id), titles, words)
        for number, one in enumerate(result.paper.questions, 1)
    )
    return (
        f'<section class="quiz-result"><h2>{shown(result.paper.title)}</h2>'
        f'<p class="score"><b>{result.score:g}</b> / {result.points:g}（{result.share:.0%}）</p>'
        f'<div class="tools">{act_button("mistakes", words("quiz.mistakes"))}{act_button("aimed", words("quiz.aimed"))}</div>'
        f"<ol>{items}</ol></section>"
    )


def _graded_html(number: int, one: Question, grade: Grade, given: Response, titles: Titles, words: Words) -> str:
    state = "right" if grade.right else "half" if grade.score else "wrong"
    said = _said(one, given, words) or words("quiz.nothing_said")
    # What was missed stands in the list of points.
    told = grade.feedback.partition("漏了")[0] if grade.marks else grade.feedback
    points = "".join(
        f'<li class="{"made" if mark.made else "missed"}">{shown(mark.point.text)}</li>' for mark in grade.marks
    )
    return (
        f'<li class="graded {state}">'
        f'<div class="item-kind">{number} · {words(f"quiz.type.{one.type}")} · {grade.score:g}/{grade.points:g}</div>'
        f"{_question_html(one)}"
        f'<p class="said">{words("quiz.said")}{shown(said)}</p><p>{shown(told)}</p>'
        f"{f'<ul class=points>{points}</ul>' if points else ''}"
        f'<p class="why">{shown(one.explanation)}</p>{clause_link(one.citation, titles)}</li>'
    )


def _question_html(one: Question) -> str:
    story = f'<p class="story">{shown(one.scenario)}</p>' if one.scenario else ""
    options = "".join(
        f'<div class="option{" key" if option.key in one.right else ""}"><b>{option.key}</b>'
        f"<span>{shown(option.text)}</span></div>"
        for option in one.options
    )
    return f'{story}<p class="stem">{shown(one.stem)}</p>{options}'


def _said(one: Question, given: Response, words: Words) -> str:
    if given is None:
        return ""
    if isinstance(given, bool):
        return words(f"quiz.truth.{str(given).lower()}")
    if isinstance(given, str):
        return given
    return "、".join(map(str, given)) if one.type == "cloze" else "".join(map(str, given))


def clause_link(citation: Citation, titles: Titles) -> str:
    """Return a link that opens the cited clause in the reader; nothing where an item has no clause."""
    if not citation.clause:
        return ""
    address = urlencode({"doc": citation.document, "clause": citation.clause})
    title = titles.get(citation.document, citation.document)
    named = attributes(document=citation.document, section=citation.section, clause=citation.clause)
    return f'<a class="citation" href="/?{shown(address)}"{named}>《{shown(title)}》{shown(citation.clause)}</a>'


def mistakes_html(mistakes: Sequence[Mistake], titles: Titles, words: Words) -> str:
    """Return the mistakes book (错题本)."""
    if not mistakes:
        return f'<div class="empty small"><p>{words("quiz.no_mistakes")}</p></div>'
    items = "".join(
        f'<li class="graded wrong"><div class="item-kind">{words(f"quiz.type.{one.question.type}")} · '
        f"{words('quiz.wrong')} {one.wrong}/{one.answered}</div>{_question_html(one.question)}"
        f'<p class="why">{shown(one.question.explanation)}</p>{clause_link(one.question.citation, titles)}</li>'
        for one in mistakes
    )
    return (
        f'<section class="quiz-result"><h2>{words("quiz.mistakes")}</h2>'
        f'<div class="tools">{act_button("aimed", words("quiz.aimed"), css="primary")}</div>'
        f"<ol>{items}</ol></section>"
    )


def mine_html(attempts: Sequence[AttemptRow], papers: Titles, words: Words) -> str:
    """Return what a person has open, and what they have handed in; ``papers`` are titles by id."""
    if not attempts:
        return f'<h4>{words("quiz.mine")}</h4><p class="quiet">{words("quiz.none_yet")}</p>'
    rows = []
    for one in attempts[:20]:
        title = shown(papers.get(one.paper, one.paper))
        done = bool(one.finished_at)
        told = f"{one.score:g}/{one.points:g}" if done else words("quiz.open")
        named = attributes(act="select", mode="result" if done else "resume", attempt=one.id)
        rows.append(f'<li><button type="button"{named}><span>{title}</span><small>{shown(told)}</small></button></li>')
    return f'<h4>{words("quiz.mine")}</h4><ul class="listed attempts">{"".join(rows)}</ul>'


@dataclass(frozen=True, slots=True)
class Figures:
    """What the answers tell: of people, of clauses, of items, and how many results fall into each tenth."""

    people: Sequence[Tally]
    clauses: Sequence[Tally]
    items: Sequence[ItemFigures]
    bars: Sequence[int]


def figures_html(figures: Figures, names: Titles, stems: Titles, titles: Titles, words: Words) -> str:
    """Return the trainer's figures: results by person, weak clauses, items worth a look, how results are spread."""
    if not figures.people:
        return f'<div class="empty small"><p>{words("quiz.no_answers")}</p></div>'
    highest = max(figures.bars) or 1
    chart = "".join(
        f'<i style="height:{round(70 * count / highest) + 2}px" title="{at * 10}–{at * 10 + 10}%：{count}">'
        f"<b>{count or ''}</b></i>"
        for at, count in enumerate(figures.bars)
    )
    guest = words("who.guest")
    people = [(names.get(one.key) or f"{guest} {one.key[-4:]}", one) for one in figures.people]
    clauses = [(_clause_name(one.key, titles), one) for one in figures.clauses[:12]]
    return (
        f'<section class="quiz-result"><h3>{words("quiz.spread")}</h3><div class="bars" role="img">{chart}</div>'
        f'<div class="ends"><span>0%</span><span>100%</span></div>'
        f"<h3>{words('quiz.plane')}</h3>{_plane(figures.items, stems, words)}"
        f"<h3>{words('quiz.people')}</h3>{_table(people)}<h3>{words('quiz.weak')}</h3>{_table(clauses)}"
        f"<h3>{words('quiz.item_figures')}</h3>{_items_table(figures.items, stems, words)}</section>"
    )


def _plane(items: Sequence[ItemFigures], stems: Titles, words: Words) -> str:
    points = [
        (stems.get(one.item, one.item)[:60], one.difficulty, one.discrimination)
        for one in items
        if one.discrimination is not None
    ]
    if not points:
        return f'<p class="quiet">{words("quiz.few")}</p>'
    return plane_html(points, x=words("quiz.facility"), y=words("quiz.discrimination"))


def _clause_name(key: str, titles: Titles) -> str:
    document, _, clause = key.rpartition("/")
    return f"《{titles.get(document, document)}》{clause}"


def _table(rows: Sequence[tuple[str, Tally]]) -> str:
    cells = "".join(
        f"<tr><td>{shown(name)}</td><td>{one.share:.0%}</td><td>{one.score:g}/{one.points:g}</td><td>{one.answers}</td></tr>"
        for name, one in rows
    )
    return f"<table>{cells}</table>"


def _items_table(items: Sequence[ItemFigures], stems: Titles, words: Words) -> str:
    told = [one for one in items if one.advice] or list(items)[:10]
    cells = "".join(
        f"<tr><td>{shown(stems.get(one.item, one.item)[:80])}</td><td>{one.answers}</td><td>{one.difficulty:.0%}</td>"
        f"<td>{'–' if one.discrimination is None else f'{one.discrimination:.2f}'}</td><td>{shown(one.advice)}</td></tr>"
        for one in told
    )
    head = "".join(
        f"<th>{words(f'quiz.{name}')}</th>" for name in ("item", "answers", "facility", "discrimination", "advice")
    )
    return f"<table><tr>{head}</tr>{cells}</table>"
