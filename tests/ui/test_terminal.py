"""Progress where standard error is no terminal: few lines, but a long step is not silent."""

import time

import pytest

from ui import terminal
from ui.terminal import Progress, note


def test_counts_are_left_out_and_steps_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    for message in ("正在读取 手册.docx", "手册.docx：正在修复（第 2/5 步）", "手册.docx：已向量化 16/400 块"):
        progress(message)
    progress.close()
    assert capsys.readouterr().err == "正在读取 手册.docx\n"


def test_long_step_keeps_saying_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "TICK_SECONDS", 0.02)
    monkeypatch.setattr(terminal, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(terminal, "QUIET_SECONDS", 0.05)
    progress = Progress()
    progress("手册.docx：正在修复（第 2/5 步）")
    time.sleep(0.3)
    progress.close()
    said = capsys.readouterr().err.splitlines()
    assert said
    assert all(line.startswith("手册.docx：正在修复（第 2/5 步）（") for line in said)
    time.sleep(0.2)
    assert capsys.readouterr().err == ""


def test_note_on_a_terminal_clears_the_progress_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress = Progress()
    progress("已向量化 16/400 块")
    note("另一个进程正在写入")
    progress.close()
    assert "已向量化 16/400 块\r\x1b[K另一个进程正在写入\n" in capsys.readouterr().err
