"""The owner's desk (待解问题): what was not answered well, gathered by meaning, most wanted first, and what becomes of it.

Knows the records and a knowledge base's embedding model. Gathering happens when somebody looks, so that asking costs
nothing for it; what is gathered is kept, so that a topic keeps its number, its note and its state. Nothing here writes
answers: ``ingest/faq.py`` does.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.alike import UNRELATED, gather, unrelated_cosine
from kb.errors import EntryInvalid, HomeBusy, HomeUnusable
from kb.fold import fold
from kb.records.shapes import Topic, TopicState, UnansweredQuestion

if TYPE_CHECKING:
    from kb.knowledge import KnowledgeBase

_COMPARED = 12  # different wordings of a topic that a new question is compared with, latest first


class Desk:
    """The desk of one knowledge base; safe from several threads."""

    _gathering = threading.Lock()

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._questions = knowledge.records.questions

    def topics(self, state: TopicState | None = "open", *, search: str = "") -> tuple[Topic, ...]:
        """Return the topics in that state (None: in all), most wanted first: by people, then by times, then latest.

        Args:
            state: ``open``, ``answered`` or ``dismissed``.
            search: only topics with all these words in title, wordings, note or comments.
        """
        words = fold(search).split()
        found = [
            topic
            for topic in self._gathered()
            if state in (None, topic.state)
            and (topic.questions or topic.entry)
            and all(word in _text(topic) for word in words)
        ]
        return tuple(sorted(found, key=lambda topic: (topic.people, topic.times, topic.last_asked), reverse=True))

    def topic(self, topic: int) -> Topic:
        """Return one topic.

        Raises:
            NotThere: there is none of that number.
        """
        return self._questions.topic(topic)

    def rename(self, topic: int, title: str, *, by: str = "") -> None:
        """Give a topic a title; raises NotThere, EntryInvalid for an empty one, HomeUnusable, like all that follow."""
        title = " ".join(title.split())
        if not title:
            raise EntryInvalid("标题是空的，请写上问题")
        self._questions.change(topic, {"title": title}, by=by)

    def dismiss(self, topic: int, *, by: str = "", note: str = "") -> None:
        """Close a topic without an answer; it stays closed however often it is asked again."""
        self._questions.change(topic, {"state": "dismissed", **({"note": note} if note.strip() else {})}, by=by)

    def reopen(self, topic: int, *, by: str = "") -> None:
        """Open a dismissed or answered topic again."""
        self._questions.change(topic, {"state": "open"}, by=by)

    def mark_answered(self, topic: int, entry: int, *, by: str = "") -> None:
        """Close a topic that entry number ``entry`` answers; it opens by itself when it is asked in vain again."""
        self._questions.change(topic, {"state": "answered", "entry": entry}, by=by)

    def keep_draft(self, topic: int, entry: int, *, by: str = "") -> None:
        """Remember the draft that is being written for a topic, which stays open."""
        self._questions.change(topic, {"entry": entry}, by=by)

    def assign(self, topic: int, assignee: str, *, by: str = "") -> None:
        """Say who is to answer."""
        self._questions.change(topic, {"assignee": assignee}, by=by)

    def write_note(self, topic: int, note: str, *, by: str = "") -> None:
        """Keep a note beside a topic."""
        self._questions.change(topic, {"note": note}, by=by)

    def merge(self, topic: int, into: int) -> None:
        """Put two topics that mean the same together under ``into``."""
        self._questions.merge(topic, into)

    def split(self, question: int) -> int:
        """Give a question that means something else a topic of its own; return that."""
        return self._questions.move(question, 0)

    def forget(self, question: int) -> None:
        """Take one question off the desk for good."""
        self._questions.forget(question)

    def _gathered(self) -> tuple[Topic, ...]:
        """Return every topic once the new questions are under one; for this look only where nothing can be written."""
        with self._gathering:
            topics = self._questions.topics()
            new = [one for one in reversed(self._questions.all()) if one.topic == 0]
            if not new:
                return topics
            groups = self._group(topics, new)
            try:
                self._questions.gather([(topic, title, ids) for topic, title, ids in groups])
            except (HomeBusy, HomeUnusable):
                return _for_now(topics, new, groups)
            return self._questions.topics()

    def _group(self, topics: Sequence[Topic], new: Sequence[UnansweredQuestion]) -> list[tuple[int, str, list[int]]]:
        """Return (topic or 0, title, question ids) for the new questions."""
        model = self._knowledge.embeddings
        words = [list(topic.wordings[:_COMPARED]) for topic in topics]
        texts = [text for some in words for text in some]
        groups: list[list[int]] = []
        for some in words:
            start = sum(map(len, groups))
            groups.append(list(range(start, start + len(some))))
        asked = list(dict.fromkeys(one.question for one in new))
        vectors = self._questions.vectors(model, [*texts, *asked])
        unrelated = unrelated_cosine(self._questions.vectors(model, UNRELATED))
        grown = gather([*texts, *asked], vectors, groups, unrelated=unrelated)
        ids: dict[str, list[int]] = {}
        for one in new:
            ids.setdefault(one.question, []).append(one.id)
        found: list[tuple[int, str, list[int]]] = []
        for at, group in enumerate(grown):
            fresh = [asked[place - len(texts)] for place in group if place >= len(texts)]
            if fresh:
                topic = topics[at].id if at < len(topics) else 0
                found.append((topic, fresh[0], [key for text in fresh for key in ids[text]]))
        return found


def _for_now(
    topics: Sequence[Topic], new: Sequence[UnansweredQuestion], groups: Sequence[tuple[int, str, list[int]]]
) -> tuple[Topic, ...]:
    """Return the topics as they would be, new ones under numbers below 0."""
    by_id = {one.id: one for one in new}
    added = {topic: tuple(by_id[key] for key in reversed(ids)) for topic, _, ids in groups if topic}
    kept = tuple(replace(one, questions=(*added.get(one.id, ()), *one.questions)) for one in topics)
    fresh = [(title, ids) for topic, title, ids in groups if not topic]
    return kept + tuple(
        Topic(-at, title, "open", "", "", 0, "", "", tuple(by_id[key] for key in reversed(ids)))
        for at, (title, ids) in enumerate(fresh, start=1)
    )


def _text(topic: Topic) -> str:
    comments = (question.comment for question in topic.questions)
    return fold("\n".join((topic.title, topic.note, topic.assignee, *topic.wordings, *comments)))
