"""``shouce eval`` from end to end, on one small document of our own with a small model."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingest.pipeline import ingest
from kb.knowledge import KnowledgeBase
from kb.settings import load_settings
from tests.eval.test_bench_sets import SET
from tests.fakes import HashEmbeddings
from ui.cli import app

TEXT = """# 退款与保修规定

## 退款流程

1. 客户在小程序提交退款申请单。
2. 客服专员在2小时内核对订单。
3. 财务专员在7个工作日内退回原支付渠道。

## 保修范围

- 整机：自安装之日起保修12个月。
- 配件：自更换之日起保修90天。
- 人为损坏：不在保修之列，按收费标准报价。

## 投诉受理

客服专员接到投诉后先登记姓名和电话，再在30分钟内回电。
"""
ROWS = [
    {"id": "1", "type": "howto", "question": "退款怎么走流程？", "gold_sections": ["§1.1"], "facts": [["7个工作日"]]},
    {"id": "2", "type": "oos", "question": "食堂几点开饭？", "answerable": False},
    {
        "id": "3",
        "type": "fact",
        "question": "配件保修多久？",
        "gold_sections": ["§1.2"],
        "facts": [["90天"]],
        "approved": False,
    },
]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("kb.knowledge.open_embeddings", lambda settings: HashEmbeddings())
    monkeypatch.setattr("eval.bench_sets.open_embeddings", lambda settings: HashEmbeddings())
    (tmp_path / "规定.md").write_text(TEXT, encoding="utf-8")
    with KnowledgeBase.open(load_settings(tmp_path / "home")) as knowledge:
        assert [one.status for one in ingest([tmp_path / "规定.md"], knowledge)] == ["added"]
    return tmp_path / "home"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "题.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    return path


def shouce(home: Path, *arguments: object, code: int = 0) -> tuple[str, str]:
    """Return standard output and standard error of ``shouce eval``."""
    result = CliRunner().invoke(app, ["--home", str(home), "eval", *map(str, arguments)])
    if code == 0 and result.exception:
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


def test_only_approved_cases_are_asked_unless_all_are_wanted(home: Path, questions: Path) -> None:
    out, notes = shouce(home, "--dataset", questions, "--json")
    assert json.loads(out)["cases"] == 2
    assert "1 题还没有人工确认" in notes
    out, notes = shouce(home, "--dataset", questions, "--unapproved", "--json")
    assert json.loads(out)["cases"] == 3
    assert "人工确认" not in notes


def test_questions_of_an_evaluation_are_not_the_owners(home: Path, questions: Path) -> None:
    out, _ = shouce(home, "--dataset", questions, "--json")
    assert json.loads(out)["metrics"]["refused"] == 1
    with KnowledgeBase.open(load_settings(home)) as knowledge:
        assert not knowledge.records.unanswered()


def test_questions_about_sections_that_are_not_there_are_told(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "旧题.jsonl"
    path.write_text('{"id":"k7","question":"退款？","gold_sections":["9.9"]}', encoding="utf-8")
    _, notes = shouce(home, "--dataset", path)
    assert "1 题的正确章节在知识库里找不到（k7）" in notes


def test_report_comparison_and_gate_in_one_run(home: Path, questions: Path, tmp_path: Path) -> None:
    gate, folder = tmp_path / "gate.json", tmp_path / "报告"
    shouce(home, "--dataset", questions, "--report", folder, "--save-gate", gate)
    assert (folder / "index.html").exists()
    out, notes = shouce(home, "--dataset", questions, "--compare", folder, "--gate", gate, "--json")
    told = json.loads(out)
    assert told["gate"] == {"passed": True, "fell": []}
    assert told["comparison"]["unmatched"] == 0
    assert "基线守住了" in notes


def test_a_fallen_gate_exits_with_one_and_a_line_a_metric(home: Path, questions: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate.json"
    shouce(home, "--dataset", questions, "--save-gate", gate)
    stored = json.loads(gate.read_text(encoding="utf-8"))
    stored["cases"]["gone"] = {"hit@1": 1.0}
    gate.write_text(json.dumps(stored), encoding="utf-8")
    out, notes = shouce(home, "--dataset", questions, "--gate", gate, code=1)
    assert out.startswith("题：2 题")
    assert [line for line in notes.splitlines() if line.startswith("未过基线：")] != []


def test_a_draft_is_built_edited_and_asked(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "自拟.jsonl"
    out, _ = shouce(home, "--build", path, "--count", 12)
    assert "approved" in out
    result = CliRunner().invoke(app, ["--home", str(home), "eval", "--dataset", str(path)])
    assert "没有可以评测的题" in str(result.exception)
    path.write_text(path.read_text(encoding="utf-8").replace('"approved": false', '"approved": true'), encoding="utf-8")
    out, _ = shouce(home, "--dataset", path, "--report", tmp_path / "r", "--json")
    assert json.loads(out)["cases"] == 12
    assert "12 题是程序照着知识库" in (tmp_path / "r" / "index.html").read_text(encoding="utf-8")


def test_public_sets_are_run_beside_the_plain_pipeline(home: Path, tmp_path: Path) -> None:
    from eval.beir import save_set

    save_set(tmp_path / "bench" / "own", SET)
    out, _ = shouce(home, "--bench", tmp_path / "bench", "--cache", tmp_path / "cache", "--json")
    (row,) = json.loads(out)["sets"]
    assert row["queries"] == 12
    assert set(row["plain"]) == set(row["product"])


def test_a_run_is_exported_as_ragas_reads_it(home: Path, questions: Path, tmp_path: Path) -> None:
    path = tmp_path / "ragas.jsonl"
    shouce(home, "--dataset", questions, "--export", "ragas", path)
    answered, refused = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert answered["user_input"] == answered["question"] == "退款怎么走流程？"
    assert answered["response"] == answered["answer"]
    assert any("7个工作日" in context for context in answered["retrieved_contexts"])
    assert answered["reference"] == answered["ground_truth"] == "7个工作日"
    assert "没有写到" in refused["reference"]
    shouce(home, "--dataset", questions, "--export", "deepeval", path, code=2)
