"""The item bank as HTML: a search, its items with what is wrong with them, and one item in a form.

Knows banked items. Knows no events and no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.quiz.bank import Banked
from assistant.quiz.edit import form_of
from assistant.quiz.model import QUESTION_TYPES, Question, Rejected
from ui.page.quiz_html import act_button, clause_link
from ui.page.render import attributes, notice, shown
from ui.page.texts import Words

Titles = Mapping[str, str]
SHOWN = 60
_LONG = {"stem", "scenario", "explanation", "blanks", "required"}


def bank_html(
    found: Sequence[Banked],
    asked: Mapping[str, str],
    tags: Sequence[str],
    titles: Titles,
    words: Words,
    *,
    told: str = "",
) -> str:
    """Return the search with what it found; ``asked`` are the fields as they were, ``told`` what just happened."""
    items = "".join(_item(one, titles, words) for one in found[:SHOWN])
    usable = sum(one.usable for one in found)
    count = words("bank.count").format(len(found), usable)
    make, recheck = act_button("bank-paper", words("bank.paper")), act_button("bank-recheck", words("bank.recheck"))
    take_in = (
        f'<label class="link">{words("bank.import")}<input type="file" hidden accept=".gift,.txt,.xml,.xlsx,.json" '
        f'data-path="/quiz/bank"{attributes(failed=words("run.offline"))}></label><span class="said" role="alert"></span>'
    )
    return (
        f'<section class="quiz-result bank" data-together><h2>{words("bank.title")}</h2>{told}{_search(asked, tags, words)}'
        f'<div class="tools"><span class="quiet">{shown(count)}</span><span class="spring"></span>{make if usable else ""}'
        f"{recheck}{take_in}</div><ol>{items}</ol></section>"
    )


def _search(asked: Mapping[str, str], tags: Sequence[str], words: Words) -> str:
    types = [("", words("bank.all_types")), *((kind, words(f"quiz.type.{kind}")) for kind in QUESTION_TYPES)]
    states = [(name, words(f"bank.state.{name}")) for name in ("kept", "stale", "problem", "retired")]
    tagged = [("", words("bank.all_tags")), *((tag, tag) for tag in tags)]
    chosen = "".join(_select(name, some, asked) for name, some in (("type", types), ("state", states), ("tag", tagged)))
    search = act_button("bank", words("bank.search"), css="primary")
    return (
        f'<div class="fields bank-search"><input name="words" value="{shown(asked.get("words", ""))}" maxlength="60" '
        f'placeholder="{words("bank.words")}">{chosen}{search}</div>'
    )


def _select(name: str, choices: Sequence[tuple[str, str]], asked: Mapping[str, str]) -> str:
    options = "".join(
        f'<option value="{shown(value)}"{" selected" if asked.get(name, "") == value else ""}>{shown(label)}</option>'
        for value, label in choices
    )
    return f'<select name="{name}">{options}</select>'


def _item(one: Banked, titles: Titles, words: Words) -> str:
    question = one.question
    tags = "".join(f"<em>{shown(tag)}</em>" for tag in one.tags)
    problems = [words("bank.is_stale")] if one.stale else []
    problems += [reason for _, reason in one.problems]
    told = "".join(f'<p class="line-problem">{shown(problem)}</p>' for problem in problems)
    retired = one.state == "retired"
    edit = act_button("bank-edit", words("bank.edit"), item=question.id)
    act = "restore" if retired else "retire"
    state = act_button(f"bank-{act}", words(f"bank.{act}"), item=question.id)
    return (
        f'<li class="{"retired" if retired else ""}"><div class="item-kind">{words(f"quiz.type.{question.type}")} '
        f"{clause_link(question.citation, titles)} {tags}</div>"
        f'<p class="stem">{shown(question.stem)}</p><p class="quiet">{shown(_answer(question))}</p>{told}'
        f'<div class="tools">{edit}{state}</div></li>'
    )


def _answer(question: Question) -> str:
    if question.options:
        return "　".join(f"{'✓' if one.key in question.right else ''}{one.key} {one.text}" for one in question.options)
    if question.type == "true_false":
        return "✓" if question.truth else "✗"
    if question.type == "cloze":
        return "；".join("|".join(blank.accepted) for blank in question.blanks)
    return "；".join(point.text for point in question.points_required)


def edit_html(
    one: Banked, titles: Titles, words: Words, *, told: str = "", typed: Mapping[str, str] | None = None
) -> str:
    """Return one item in a form; ``typed`` is what was typed where it could not be taken."""
    question = one.question
    fields = {**form_of(question), **(typed or {})}
    drawn = "".join(_field(name, value, words) for name, value in fields.items() if not name.startswith("_"))
    problems = "".join(notice(reason) for _, reason in one.problems)
    stale = notice(words("bank.is_stale"), "hint") if one.stale else ""
    tags = "、".join(one.tags)
    save = act_button("bank-save", words("bank.save"), css="primary", item=question.id)
    back = act_button("bank", words("bank.back"))
    return (
        f'<section class="quiz-result bank" data-together><h2>{words("bank.edit")} · '
        f"{words(f'quiz.type.{question.type}')}</h2>{told}"
        f"{stale}{problems}<p class='quiet'>{clause_link(question.citation, titles)} {shown(question.citation.quote)}</p>"
        f'<div class="edit-fields">{drawn}<label>{words("bank.tags")}<input name="_tags" maxlength="200" value="{shown(tags)}">'
        f'</label></div><div class="tools">{save}{back}</div></section>'
    )


def _field(name: str, value: str, words: Words) -> str:
    label = name.removeprefix("option_") if name.startswith("option_") else words(f"bank.field.{name}")
    if name == "truth":
        options = "".join(
            f'<option value="{one}"{" selected" if one == value else ""}>{words(f"bank.{one}")}</option>'
            for one in ("true", "false")
        )
        return f'<label>{label}<select name="truth">{options}</select></label>'
    if name in _LONG:
        return f'<label>{label}<textarea name="{name}" rows="3" maxlength="4000">{shown(value)}</textarea></label>'
    return f'<label>{label}<input name="{shown(name)}" maxlength="500" value="{shown(value)}"></label>'


def rejected_html(rejected: Sequence[Rejected], words: Words) -> str:
    """Return what was drafted for a paper and turned down, with why."""
    if not rejected:
        return ""
    rows = "".join(f"<li>{shown(one.question.stem)}<small>{shown(one.reason)}</small></li>" for one in rejected[:SHOWN])
    return f"<details><summary>{words('bank.rejected')}（{len(rejected)}）</summary><ul class='turned-down'>{rows}</ul></details>"
