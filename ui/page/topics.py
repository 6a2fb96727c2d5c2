"""The owner's desk as HTML: topics by demand, one topic with how it was asked, and the answers that were written."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from assistant.desk import Desk
from ingest.faq import Faq
from ui.page.render import attributes, nearest_html, shown, status_word
from ui.page.talks import day_of
from ui.page.texts import Words

if TYPE_CHECKING:
    from kb.records.shapes import Entry, Topic, TopicState, UnansweredQuestion
    from ui.session import Session

MOST_ASKED = 30  # questions of a topic that are listed
MOST_OTHERS = 200  # topics that one can be merged into
PLACES = 400  # sections that a new clause can be put behind


def list_html(session: Session, state: str, search: str, words: Words) -> str:
    """Return the topics in ``state``, most wanted first."""
    wanted: TopicState = "answered" if state == "answered" else "dismissed" if state == "dismissed" else "open"
    found = Desk(session.knowledge).topics(wanted, search=(search or "").strip())
    if not found:
        return (
            f'<div class="empty small"><p>{words("desk.nothing")}</p><small>{words("desk.nothing_more")}</small></div>'
        )
    return f'<div class="topics">{"".join(_row(topic, words) for topic in found)}</div>'


def _row(topic: Topic, words: Words) -> str:
    submitted = any(question.submitted for question in topic.questions)
    disliked = any(question.status == "disliked" for question in topic.questions)
    tags = "".join(
        f'<em class="{css}">{words(label)}</em>'
        for yes, css, label in ((submitted, "handed", "desk.handed"), (disliked, "disliked", "desk.disliked"))
        if yes
    )
    asked = words("desk.asked").format(topic.times, topic.people)
    return (
        f'<button type="button" class="topic"{attributes(act="select", id=topic.id)}><b>{topic.times}</b>'
        f"<span>{shown(topic.title)}{tags}<small>{asked} · {shown(day_of(topic.last_asked))}</small></span></button>"
    )


def choose_html(words: Words) -> str:
    """Return what stands beside the list while no topic is chosen."""
    return f'<div class="empty small"><p>{words("desk.choose")}</p></div>'


def topic_html(session: Session, topic: Topic, words: Words) -> str:
    """Return one topic: every way it was asked, who asked, what they wrote, and the nearest sections."""
    names = session.knowledge.records.people.names([question.person for question in topic.questions])
    near = [{"document": one.document, "section": one.section, "title": one.title} for one in topic.nearest]
    places = f'<p class="near">{words("ask.nearest")}：{nearest_html(near, session.titles)}</p>' if near else ""
    return (
        f'<section class="panel"><h3>{shown(topic.title)}</h3>{asked_html(topic, names, words)}{places}'
        f"{_merging(session, topic, words)}</section>"
    )


def asked_html(topic: Topic, names: dict[str, str], words: Words) -> str:
    """Return every wording of a topic once, as it was asked last; how often else it was said folded away behind them."""
    latest: dict[str, UnansweredQuestion] = {}
    for question in topic.questions:
        latest.setdefault(question.question.strip(), question)
    again = [question for question in topic.questions if question not in latest.values()]

    def rows(some: Iterable[UnansweredQuestion]) -> str:
        listed = "".join(_asked(one, topic.id, names, words) for one in islice(some, MOST_ASKED))
        return f'<ul class="asked-so">{listed}</ul>'

    repeated = f"<summary>{words('desk.again').format(len(again))}</summary>{rows(again)}" if again else ""
    return rows(latest.values()) + (f"<details>{repeated}</details>" if repeated else "")


def _merging(session: Session, topic: Topic, words: Words) -> str:
    """Return what puts this topic under another one that is not closed; nothing where there is none."""
    others = [one for one in Desk(session.knowledge).topics(None) if one.id != topic.id and one.state != "dismissed"]
    if not others:
        return ""
    choices = "".join(f'<option value="{one.id}">{shown(one.title[:60])}</option>' for one in others[:MOST_OTHERS])
    act = attributes(act="apply", topic=topic.id, sure=words("desk.merge_sure"))
    return (
        f'<div class="merging" data-together><label>{words("desk.same_as")} <select name="into">{choices}</select></label>'
        f'<button type="button" class="link"{act}>{words("desk.merge")}</button></div>'
    )


def _asked(question: UnansweredQuestion, topic: int, names: dict[str, str], words: Words) -> str:
    name = names.get(question.person) or words("who.guest")
    told = [name, day_of(question.asked_at), _status(question.status, words), question.comment]
    split = attributes(act="expand", id=question.id, topic=topic)
    forget = attributes(act="delete", id=question.id, topic=topic, sure=words("know.sure"))
    return (
        f"<li><span>{shown(question.question)}</span><small>{shown(' · '.join(filter(None, told)))}</small>"
        f'<button type="button" class="link"{split}>{words("desk.split")}</button>'
        f'<button type="button" class="link danger"{forget}>{words("desk.forget")}</button></li>'
    )


def _status(status: str, words: Words) -> str:
    return words("desk.disliked") if status == "disliked" else status_word(status, words)


def places(session: Session, topic: Topic) -> list[tuple[str, str]]:
    """Return the sections a new clause can be put behind, the nearest to the topic first, as (what is shown, value)."""
    titles = session.titles
    near = [(one.document, one.section) for one in topic.nearest if one.document in titles]
    others = [
        (document.id, section.number)
        for document in session.knowledge.documents()
        for section in session.knowledge.sections(document.id)
    ]
    chosen = list(dict.fromkeys([*near, *others]))[:PLACES]
    headings = {(d, n): session.knowledge.section(d, n).heading for d, n in chosen}
    return [
        (f"《{titles[document]}》{headings[document, number]}", f"{document}\n{number}") for document, number in chosen
    ]


def entries_html(session: Session, words: Words) -> str:
    """Return the answers that the owner has written, drafts first."""
    entries = sorted(Faq(session.knowledge).entries(), key=lambda one: (one.state != "draft", -one.number))
    if not entries:
        return ""
    written = "".join(_entry(one, words) for one in entries)
    return f'<h3 class="entries-head">{words("desk.entries")}</h3><div class="entries">{written}</div>'


def _entry(one: Entry, words: Words) -> str:
    draft = one.state == "draft"
    approve = (
        f'<button type="button" class="link"{attributes(act="apply", id=one.number)}>{words("desk.publish")}</button>'
    )
    publish, state = (approve, f" <em>{words('desk.is_draft')}</em>") if draft else ("", "")
    remove = attributes(act="delete", id=one.number, sure=words("know.sure"))
    kind = words("desk.as_clause" if one.kind == "clause" else "desk.as_answer")
    return (
        f'<article class="entry"><h4>{shown(one.question)}{state}</h4>'
        f"<p>{shown(one.answer)}</p><small>{kind} · {shown(one.author)} · {shown(one.written_at[:10])}</small>{publish}"
        f'<button type="button" class="link danger"{remove}>{words("talk.delete")}</button></article>'
    )
