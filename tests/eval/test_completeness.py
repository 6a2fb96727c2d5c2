from eval.completeness import asked_list, completeness, runs
from eval.dataset import Case
from kb.model import Block, Section


def section(*lines: tuple[str, int, str]) -> Section:
    """Return a section of items: clause, level, text; the term is what stands before the colon."""
    blocks, body = [], ""
    for clause, level, text in lines:
        kind = "paragraph" if level < 0 else "item"
        term = text.partition("：")[0] if "：" in text else ""
        blocks.append(Block(clause, kind, text, len(body), len(body) + len(text), term=term, level=max(level, 0)))  # type: ignore[arg-type]
        body += text + "\n"
    return Section("5", "投诉", 1, "", ("投诉",), body, tuple(blocks))


STEPS = section(
    ("5-p1", -1, "处理步骤如下："),
    ("5-1", 0, "受理：登记诉求"),
    ("5-2", 0, "核查：两天内查清"),
    ("5-2.1", 1, "现场"),
    ("5-2.2", 1, "系统"),
    ("5-3", 0, "答复：告知结果"),
)


def case(*facts: str, kind: str = "howto", clauses: tuple[str, ...] = ()) -> Case:
    groups = tuple((fact,) for fact in facts)
    return Case("1", kind, "怎么处理", ("5",), groups, answerable=True, gold_clauses=clauses)


def test_lists_are_runs_of_siblings() -> None:
    assert [[block.clause for block in run] for run in runs(STEPS)] == [["5-2.1", "5-2.2"], ["5-1", "5-2", "5-3"]]


def test_rows_of_a_table_are_a_list_by_their_first_word() -> None:
    rows = tuple(
        Block(f"1-t1.r{at}", "row", f"序号：{at}；步骤：{word}", 0, 0, cells=(str(at), word))
        for at, word in enumerate(("受理申请", "复核凭证"), 1)
    )
    table = Section("1", "流程", 1, "", ("流程",), "", rows)
    asked = case("受理申请", "复核凭证", kind="list")
    assert completeness(asked, [table], "1. 先受理申请") == 0.5  # the number 2 is no name


def test_the_list_is_the_one_that_the_facts_are_spread_over() -> None:
    assert [block.clause for block in asked_list(case("登记诉求", "告知结果"), [STEPS])] == ["5-1", "5-2", "5-3"]


def test_share_of_items_given() -> None:
    asked = case("登记诉求", "告知结果")
    assert completeness(asked, [STEPS], "1. 受理：…\n2. 核 查：…\n3. 答復") == 1.0
    assert completeness(asked, [STEPS], "受理，然后答复") == 2 / 3


def test_facts_of_one_item_ask_for_no_list() -> None:
    assert completeness(case("登记", "诉求"), [STEPS], "") is None
    assert completeness(case("登记诉求", "告知结果", kind="fact"), [STEPS], "") is None
    assert completeness(case("登记诉求"), [STEPS], "") is None


def test_a_case_may_name_its_items() -> None:
    named = case(kind="colloquial", clauses=("5-2.1", "5-2.2"))
    assert completeness(named, [STEPS], "到现场看") == 0.5
