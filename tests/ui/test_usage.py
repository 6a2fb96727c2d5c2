"""Wrong usage: one Chinese line that says what is wrong and what was perhaps meant."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer

from ui.cli import app
from ui.usage import usage_message

USAGE: type[Exception] = typer.BadParameter.__bases__[0]
ENGLISH = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,} [A-Za-z]{2,}")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--bogus"], "没有 --bogus 这个选项"),
        (["aks", "问"], "没有 aks 这个命令，是不是 ask？"),
        (["客户投诉来了怎么处理？"], 'shouce ask "客户投诉来了怎么处理？"'),
        (["ask"], "少写了参数：问题。"),
        (["remove"], "少写了参数：文档。"),
        (["show"], "少写了参数：章节号，如 5.5、附录A。"),
        (["ask", "问", "--conv", "x"], "是不是 --conversation？"),
        (["eval", "--datset", "x"], "是不是 --dataset？"),
        (["show", "5", "--jsn"], "是不是 --json？"),
        (["search", "词", "-k", "0"], "选项 --limit 不能小于 1"),
        (["search", "词", "-k", "abc"], "选项 --limit 应该是整数"),
        (["serve", "--port", "99999"], "选项 --port 不能大于 65535"),
        (["search", "词", "-k"], "选项 -k 后面要写它的值"),
        (["show", "5", "--json=1"], "选项 --json 后面不能写值"),
        (["ask", "客户", "投诉"], "多写了 投诉；内容里有空格时请用引号括起来"),
        (["ingest", ""], "文件路径是空的"),
        (["outline", "甲", "-d", "乙"], "文档写了两次"),
    ],
)
def test_wrong_usage_is_said_in_chinese(arguments: list[str], says: str) -> None:
    with pytest.raises(USAGE) as raised:
        app(arguments, standalone_mode=False)
    message = usage_message(raised.value)
    assert says in message
    assert message.startswith("用法不对：")
    assert re.search(r"用 shouce( \w+)? --help 查看用法$", message)
    assert "\n" not in message
    assert not ENGLISH.search(message)


@pytest.mark.parametrize("arguments", [("--home", "", "outline"), ("--home=", "outline"), ("nonsense",)])
def test_wrong_usage_exits_with_two_and_makes_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run(
        [sys.executable, "-m", "ui.start", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seconds", [0.15, 0.3, 0.6, 1.0])
def test_interrupt_while_starting_is_one_line(seconds: float, tmp_path: Path) -> None:
    """Whatever is being loaded just then; the interpreter itself has come up by the time that it says so."""
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # ignored where a job is in the background
    code = f"{heard}; print(flush=True); from ui.start import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--home", str(tmp_path), "ask", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout
    process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == "已中断；已保存的内容不受影响\n"
