from pathlib import Path

import pytest

from kb.errors import SettingsInvalid
from kb.synonym_file import problems
from kb.synonyms import FILE_NAME, idle_lines, load_synonyms, parse, start_set


def test_expand_finds_both_directions() -> None:
    synonyms = parse("投诉, 客诉  # 客户部的说法\n平衡计分卡、BSC")
    assert synonyms.expand("客诉怎么办") == {"客诉": ("投诉",)}
    assert synonyms.expand("什么是bsc？") == {"bsc": ("平衡计分卡",)}


def test_expand_matches_latin_words_whole() -> None:
    assert parse("AI, 人工智能").expand("email") == {}


def test_expand_prefers_the_longest_word() -> None:
    synonyms = parse("计分卡, 得分表\n平衡计分卡, BSC")
    assert synonyms.expand("平衡计分卡") == {"平衡计分卡": ("bsc",)}


def test_parse_ignores_comments_and_lonely_words() -> None:
    assert parse("# 说明\n\n投诉\n").groups == ()


def test_start_set_holds_service_words() -> None:
    assert "bsc" in parse(start_set()).by_word["平衡计分卡"]


def test_own_file_replaces_the_start_set(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("师傅,现场工程师", encoding="utf-8")
    assert load_synonyms(tmp_path).groups == (("师傅", "现场工程师"),)


def test_unreadable_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes("投诉,客诉".encode("gb18030"))
    with pytest.raises(SettingsInvalid, match="另存为 UTF-8"):
        load_synonyms(tmp_path)


def test_line_that_is_no_utf8_is_numbered(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes("投诉,客诉\n# 说明\n".encode() + "回访,复访".encode("gb18030"))
    with pytest.raises(SettingsInvalid, match="第 3 行"):
        load_synonyms(tmp_path)


def test_folder_in_the_place_of_the_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(SettingsInvalid, match=r"无法读取：[^a-z]+$"):
        load_synonyms(tmp_path)


def test_lines_without_a_pair_are_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("投诉 客诉\n# 说明\n回访、复访\n", encoding="utf-8")
    assert idle_lines(tmp_path) == [1]
    assert idle_lines(tmp_path / "没有") == []


def test_one_way_line_leads_from_what_people_say_to_what_is_written() -> None:
    synonyms = parse("挂了, 崩了 => 故障, 中断\n派活 → 派单")
    assert synonyms.expand("系统挂了") == {"挂了": ("故障", "中断")}
    assert synonyms.expand("派活") == {"派活": ("派单",)}
    assert synonyms.expand("故障和中断") == {}
    assert synonyms.joined([("客诉", "投诉")]).expand("崩了") == {"崩了": ("故障", "中断")}


def test_one_way_line_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("挂了, 崩了 =>\n挂了 => 故障\n", encoding="utf-8")
    assert idle_lines(tmp_path) == [1]


def test_what_a_line_lacks_is_said_to_its_editor() -> None:
    said = [
        (one.line, one.message[:5], one.grave)
        for one in problems("投诉\n挂了, 崩了 =>\n => 故障\n# 说明\n\n挂了 => 故障")
    ]
    assert said == [(1, "只有一个词", False), (2, "箭头的两边", False), (3, "只有一个词", False)]
