"""``shouce quiz`` and ``shouce bank``: the contract's JSON, files, and one line for what cannot be."""

import json
from pathlib import Path

import pytest

from tests.ui.test_cli import CITATION, one_line, output, shouce

QUESTION = {"id", "type", "stem", "options", "answer", "explanation", "points", "difficulty", "bloom", "citation"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quiz")
    source = folder / "门店规范.md"
    source.write_text(
        "# 门店投诉处理规范\n\n## 1 受理\n\n1. 店员在接到投诉后10分钟内登记，写明时间、地点和经过。\n"
        "2. 店长在30分钟内复核投诉级别，在系统中签字。\n3. 店员在2小时内回复客户，告知处理进度和负责人。\n"
        "4. 店长每周抽查5张投诉单，结果记入台账。\n\n## 2 红线\n\n1. 严禁私下用现金了结投诉。\n"
        "2. 严禁删除投诉录音和原始登记。\n3. 严禁把客户电话透露给第三方。\n",
        encoding="utf-8",
    )
    assert shouce("ingest", str(source), home=folder / "home").returncode == 0
    return folder / "home"


def test_json_keeps_the_contract(home: Path) -> None:
    made = output("quiz", "-n", "8", "--seed", "1", "--json", home=home)
    assert set(made) >= {"title", "questions"}
    assert len(made["questions"]) == 8
    texts = {number: output("show", number, "--json", home=home)["text"] for number in ("1", "2")}
    for one in made["questions"]:
        assert set(one) >= QUESTION
        assert set(one["citation"]) >= CITATION - {"marker"}
        assert "".join(one["citation"]["quote"].split()) in "".join(texts[one["citation"]["section"]].split())


def test_types_have_the_answers_of_the_contract(home: Path) -> None:
    kinds = {"single": list, "true_false": bool, "short_answer": list}
    for kind, of in kinds.items():
        made = output("quiz", "-n", "2", "--types", kind, "--json", home=home)
        assert {one["type"] for one in made["questions"]} == {kind}
        assert all(isinstance(one["answer"], of) for one in made["questions"])


def test_a_file_is_written_and_chinese_names_of_types_are_known(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "卷.docx"
    result = shouce("quiz", "投诉登记", "-n", "4", "--types", "单选,判断", "-o", str(target), home=home)
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""
    assert target.stat().st_size > 2000


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--section", "9.9"], "9.9"),
        (["--format", "docx"], "-o"),
        (["--format", "exe"], "exe"),
        (["--blueprint", "没有.toml"], "没有.toml"),
    ],
)
def test_what_cannot_be_is_one_line(home: Path, arguments: list[str], told: str) -> None:
    assert told in one_line(shouce("quiz", *arguments, home=home))


def test_wrong_usage_exits_with_two(home: Path) -> None:
    for arguments in (["--types", "essay"], ["-n", "0"]):
        assert shouce("quiz", *arguments, home=home).returncode == 2


def test_an_empty_home_says_what_to_do(tmp_path: Path) -> None:
    assert "shouce ingest" in one_line(shouce("quiz", home=tmp_path / "leer"))


def test_the_bank_keeps_imports_and_retires(home: Path, tmp_path: Path) -> None:
    assert shouce("quiz", "-n", "4", "--seed", "2", "--keep", "--json", home=home).returncode == 0
    items = output("bank", "--json", home=home)["items"]
    assert len(items) == 4
    assert not any(one["stale"] or one["problems"] for one in items)
    assert shouce("bank", "--retire", items[0]["id"], home=home).returncode == 0
    assert len(output("bank", "--json", home=home)["items"]) == 3
    gift = tmp_path / "旧题.gift"
    gift.write_text("店员接到投诉后，应在多长时间内登记？{~5分钟 =10分钟 ~20分钟 ~30分钟}\n", encoding="utf-8")
    imported = json.loads(shouce("bank", "--import", str(gift), "--json", home=home).stdout)["items"]
    assert imported[0]["citation"]["clause"] == "1-1"
    assert imported[0]["problems"] == []
