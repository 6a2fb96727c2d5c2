"""What changed between two versions, clause by clause and word by word."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kb.clause_changes import SectionChange, changes, counts
from kb.model import Block, Section
from kb.word_changes import pieces_of


def section(number: str, title: str, *items: str, path: tuple[str, ...] = ()) -> Section:
    blocks, body = [], ""
    for at, text in enumerate(items, 1):
        start = len(body) + 3
        body += f"{at}. {text}\n"
        blocks.append(Block(f"{number}-{at}", "item", text, start, start + len(text), ordinal=f"{at}."))
    return Section(number, title, 2, number.partition(".")[0], (*path, title), body, tuple(blocks))


BEFORE = (
    section("5.1", "投诉受理", "客服专员在30分钟内登记工单。", "一般投诉24小时内答复客户。", "重大投诉报值班经理。"),
    section("5.2", "回访", "办结后48小时内回访客户，记录满意度。", "未接通的，次日再打一次。"),
    section("5.3", "归档", "工单保存3年。"),
)


def described(found: tuple[SectionChange, ...]) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    return [
        (one.kind, one.number, [(clause.kind, clause.before, clause.after) for clause in one.clauses]) for one in found
    ]


def test_same_version_has_no_changes() -> None:
    assert changes(BEFORE, BEFORE) == ()
    assert changes((), ()) == ()


def test_changed_added_and_removed_clauses_are_told() -> None:
    after = (
        section("5.1", "投诉受理", "客服专员在15分钟内登记工单。", "先安抚客户情绪。", "重大投诉报值班经理。"),
        *BEFORE[1:],
    )
    found = changes(BEFORE, after)
    assert described(found) == [
        ("changed", "5.1", [("changed", "5.1-1", "5.1-1"), ("added", "", "5.1-2"), ("removed", "5.1-2", "")])
    ]
    (changed,) = (clause for clause in found[0].clauses if clause.kind == "changed")
    assert [(piece.kind, piece.text) for piece in changed.pieces] == [
        ("same", "客服专员在"),
        ("removed", "30"),
        ("added", "15"),
        ("same", "分钟内登记工单。"),
    ]
    assert counts(found) == {"added": 1, "removed": 1, "changed": 1, "moved": 0}


def test_inserted_section_changes_none_of_those_after_it() -> None:
    after = (
        BEFORE[0],
        section("5.2", "升级", "超时的投诉升级到运营经理。"),
        replace(BEFORE[1], number="5.3"),
        replace(BEFORE[2], number="5.4"),
    )
    assert [(one.kind, one.before_number, one.number) for one in changes(BEFORE, after)] == [
        ("added", "", "5.2"),
        ("moved", "5.2", "5.3"),
        ("moved", "5.3", "5.4"),
    ]


def test_removed_section_stands_where_it_stood() -> None:
    found = changes(BEFORE, (BEFORE[0], BEFORE[2]))
    assert described(found) == [("removed", "5.2", [("removed", "5.2-1", ""), ("removed", "5.2-2", "")])]
    both = changes(BEFORE, (section("5.3", "归档", "工单保存5年。"),))
    assert [one.number for one in both] == ["5.1", "5.2", "5.3"]


def test_renamed_section_is_followed_by_its_words() -> None:
    after = (replace(BEFORE[0], title="投诉的受理与登记", path=("投诉的受理与登记",)), *BEFORE[1:])
    (found,) = changes(BEFORE, after)
    assert (found.kind, found.before_title, found.title, found.clauses) == (
        "renamed",
        "投诉受理",
        "投诉的受理与登记",
        (),
    )


def test_clause_that_stands_elsewhere_now_has_moved() -> None:
    after = (
        section("5.1", "投诉受理", *(block.text for block in BEFORE[0].blocks[:2])),
        section("5.2", "回访", *(block.text for block in BEFORE[1].blocks), "重大投诉报值班经理。"),
        BEFORE[2],
    )
    assert described(changes(BEFORE, after)) == [("changed", "5.2", [("moved", "5.1-3", "5.2-3")])]


def test_clause_that_has_grown_much_is_still_itself() -> None:
    grown = (
        BEFORE[2].blocks[0].text
        + "客户档案、录音和照片一并保存，到期后由质量主管监督销毁，销毁记录永久保存，并抄送运营总监备案。"
    )
    (found,) = changes(BEFORE, (*BEFORE[:2], section("5.3", "归档", grown)))
    assert [(clause.kind, clause.pieces[0].text) for clause in found.clauses] == [("changed", "工单保存3年。")]


def test_positions_without_a_printed_number_are_no_change() -> None:
    before = (section("§1", "目的", "为规范服务。"), section("§2", "范围", "适用于全公司。"))
    after = (
        section("§1", "背景", "公司成立十年了。"),
        replace(before[0], number="§2"),
        replace(before[1], number="§3"),
    )
    assert [(one.kind, one.number) for one in changes(before, after)] == [("added", "§1")]


texts = st.text(alphabet="投诉处理24小时内答复客户，。abc \n", max_size=40)


@given(before=texts, after=texts)
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = pieces_of(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert all(piece.text for piece in pieces)


sections = st.lists(
    st.builds(
        section,
        st.sampled_from(["1.1", "1.2", "1.3", "2.1", "2.2"]),
        st.sampled_from(["投诉", "回访", "归档", "投诉受理"]),
        st.sampled_from(["登记工单。", "24小时内答复。", "48小时内答复客户。", "报经理。"]),
        st.sampled_from(["登记工单。", "保存3年。", "保存5年以上。"]),
    ),
    max_size=5,
    unique_by=lambda one: one.number,
)


@given(before=sections, after=sections)
def test_every_clause_is_kept_changed_moved_added_or_removed(before: list[Section], after: list[Section]) -> None:
    told = [clause for one in changes(before, after) for clause in one.clauses]
    ids = {block.clause for one in after for block in one.blocks}
    olds = {block.clause for one in before for block in one.blocks}
    assert {clause.after for clause in told if clause.after} <= ids
    assert {clause.before for clause in told if clause.before} <= olds
    kept = len(ids) - sum(bool(clause.after) for clause in told)
    assert kept == len(olds) - sum(bool(clause.before) for clause in told)
    assert changes(after, after) == ()
