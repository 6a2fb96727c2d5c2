from pathlib import Path

import pytest

from kb.glossary import mine, pairs_of, read
from kb.synonyms import parse


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("流程再造（Process Reengineering）：重新设计", [("流程再造", "process reengineering")]),
        ("例如引入精益管理(LeanManagement)", [("精益管理", "lean management"), ("精益管理", "leanmanagement")]),
        ("标准作业文件（Standard Operating Procedure, SOP）", [
            ("标准作业文件", "standard operating procedure"),
            ("标准作业文件", "sop"),
        ]),
        ("客户服务中心（以下简称“中心”）负责", [("客户服务中心", "中心")]),
        ("满意度提升（见附录）", []),
    ],
)  # fmt: skip
def test_names_are_read_as_the_text_gives_them(text: str, pairs: list[tuple[str, str]]) -> None:
    assert pairs_of(text) == pairs


def test_the_term_that_is_mostly_given_is_kept() -> None:
    texts = ["平衡计分卡（BSC）"] * 5 + ["大家都要看懂平衡计分卡片（BSC）"]
    assert mine(texts) == [("平衡计分卡", "bsc")]


def test_a_damaged_file_gives_no_names(tmp_path: Path) -> None:
    (tmp_path / "glossary.json").write_text("[[", encoding="utf-8")
    assert read(tmp_path) == []


def test_mined_names_join_the_file() -> None:
    joined = parse("投诉, 客诉").joined([("流程再造", "process reengineering")])
    assert joined.expand("What is process reengineering?") == {"process reengineering": ("流程再造",)}
    assert joined.expand("客诉怎么处理")["客诉"] == ("投诉",)
