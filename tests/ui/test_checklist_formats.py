"""``shouce checklist`` writes files: where to, in which form, and what it says when it cannot."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.ui.test_cli import one_line, output, shouce


def test_suffix_says_the_format(sample_home: Path, tmp_path: Path) -> None:
    target = tmp_path / "表.xlsx"
    done = shouce("checklist", "投诉处理", "-o", str(target), home=sample_home)
    assert load_workbook(target).sheetnames == ["检查表", "出处原文", "完整性"]
    assert (done.returncode, done.stdout) == (0, "")
    assert str(target) in done.stderr
    draft = done.stderr.partition("--draft ")[2].split()[0]
    again = output("checklist", "--draft", draft, "--json", home=sample_home)
    assert again == output("checklist", "投诉处理", "--json", home=sample_home)


def test_text_forms_go_to_standard_output(sample_home: Path) -> None:
    by_format = output("checklist", "投诉处理", "--format", "json", home=sample_home)
    assert by_format["items"]
    done = shouce("checklist", "投诉处理", "--format", "csv", home=sample_home)
    assert len(list(csv.reader(io.StringIO(done.stdout)))) == len(by_format["items"]) + 1
    assert json.loads(shouce("checklist", "投诉处理", "--json", home=sample_home).stdout) == by_format


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "pdf"), "json、md、xlsx、docx、csv"),
        (("--format", "docx"), "-o 检查表.docx"),
        (("-o", "没有的文件夹/表.csv"), "不存在"),
    ],
)
def test_what_cannot_be_is_one_line(sample_home: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in one_line(shouce("checklist", "投诉处理", *arguments, home=sample_home))
