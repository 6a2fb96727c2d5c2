"""``shouce plan`` and ``shouce runs``: options, exit codes, what goes where."""

import json
from pathlib import Path

import pytest

from tests.ui.test_cli import one_line, output, shouce

PROBLEM = "客户满意度从92%降到85%，投诉集中在响应慢"


def test_plan_prints_json_and_writes_files(sample_home: Path, tmp_path: Path) -> None:
    made = output("plan", PROBLEM, "--framework", "8d", "--start", "2026-12-01", "--json", home=sample_home)
    assert made["framework"] == "8d"
    assert made["phases"][0]["name"].startswith("D1")
    target = tmp_path / "方案.docx"
    done = shouce("plan", PROBLEM, "--start", "2026-12-01", "-o", str(target), home=sample_home)
    assert (done.returncode, done.stdout) == (0, "")
    assert target.stat().st_size > 10_000
    draft = done.stderr.partition("--draft ")[2].split()[0]
    again = output("plan", "--draft", draft, "--json", home=sample_home)
    assert (again["draft"], again["framework"]) == (draft, "pdca")
    assert "没有编号" in one_line(shouce("plan", "--draft", "ab12", home=sample_home))
    listed = output("plan", "--drafts", "--json", home=sample_home)["drafts"]
    assert listed[0].keys() == {"draft", "kind", "title", "documents", "made_by", "made_at"}
    assert draft in shouce("plan", "--drafts", home=sample_home).stdout
    assert draft not in {one["draft"] for one in output("checklist", "--drafts", "--json", home=sample_home)["drafts"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--framework", "六西格玛"), "pdca"),
        (("--start", "明天"), "2026-12-01"),
        (("--format", "docx"), "-o"),
        (("--data", "没有.xlsx"), "没有.xlsx"),
    ],
)
def test_what_cannot_be_is_one_line(sample_home: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in one_line(shouce("plan", PROBLEM, *arguments, home=sample_home))


def test_a_checklist_is_kept_run_and_closed(own_home: Path, tmp_path: Path) -> None:
    home = own_home
    saved = output("runs", "save", "附录B", "-d", "服务中断应急响应SOP", "--repeat", "daily", "--json", home=home)
    assert saved["stale"] == []
    assert [one["template"]["id"] for one in output("runs", "due", "--json", home=home)["due"]] == [saved["id"]]
    run = output("runs", "start", saved["id"], "--place", "东站", "--by", "张三", "--json", home=home)
    ticked = output(
        "runs",
        "tick",
        run["id"],
        "-n",
        "3",
        "--result",
        "fail",
        "--note",
        "打不通",
        "--by",
        "李四",
        "--json",
        home=home,
    )
    assert (ticked["done"], ticked["failed"]) == (1, [3])
    assert "没有查" in one_line(shouce("runs", "finish", run["id"], home=home))
    sheet = tmp_path / "记录.csv"
    assert "-o" in one_line(shouce("runs", "export", run["id"], home=home))
    assert shouce("runs", "export", run["id"], "-o", str(sheet), home=home).returncode == 0
    assert "打不通；记录：李四" in sheet.read_text(encoding="utf-8-sig")
    closed = shouce("runs", "finish", run["id"], "--incomplete", home=home)
    assert "shouce plan" in closed.stderr
    assert json.loads(shouce("runs", "due", "--json", home=home).stdout) == {"due": []}
    assert "没有编号" in one_line(shouce("runs", "show", "x", home=home))
