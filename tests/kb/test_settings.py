"""Settings: where they come from, and one Chinese line with the place of whatever is wrong."""

import re
from pathlib import Path

import pytest

from kb.errors import SettingsInvalid
from kb.settings import load_settings

ENGLISH = re.compile(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[search]\nstore = 'oracle'\n",
            "设置项 search.store 不正确：只能是 'faiss'、'chroma'。请改 .*settings.toml 第 2 行",
        ),
        ("[serch]\nstore = 'faiss'\n", "没有这个设置项，是不是 search？.*第 1 行"),
        ("[search]\n\nstor = 'faiss'\n", "没有这个设置项，是不是 store？.*第 3 行"),
        ("[limits]\npages = 0\n", "设置项 limits.pages 不正确：应该不小于 1.*第 2 行"),
        ("[limits]\npages = 'viele'\n", "应该是整数"),
        ("[search]\ndense_weight = 3\n", "应该不大于 1"),
        ("search = 5\n", "应该是一个小节.*第 1 行"),
        ("# 说明\n[embedding]\nmodel = bge-m3\n", "settings.toml 第 3 行写法不对：model = bge-m3。文字要用英文引号"),
        ("[search]\nstore = 'faiss'\nstore = 'chroma'\n", "第 3 行写法不对.*写了两次"),
        ("[embedding\n", "第 1 行写法不对"),
    ],
)
def test_wrong_file_names_line_and_reason(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match=says) as raised:
        load_settings(tmp_path)
    assert "\n" not in str(raised.value)
    assert not ENGLISH.search(str(raised.value))


def test_file_that_is_no_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"[search]\n" + "# 说明\n".encode("gb18030"))
    with pytest.raises(SettingsInvalid, match="第 2 行不是 UTF-8"):
        load_settings(tmp_path)


def test_wrong_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUCE_SEARCH__STORE", "oracle")
    with pytest.raises(SettingsInvalid, match="请改 环境变量 SHOUCE_SEARCH__STORE"):
        load_settings(tmp_path)


def test_byte_order_mark_of_windows_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[limits]\npages = 7\n", encoding="utf-8-sig")
    assert load_settings(tmp_path).limits.pages == 7


def test_empty_home_variable_means_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHOUCE_HOME", "")
    assert load_settings().home == tmp_path / ".shouce"


def test_chat_model_is_set_by_short_variables_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text('[chat]\nmodel = "qwen"\nbase_url = "http://a/v1"\n', encoding="utf-8")
    monkeypatch.setenv("SHOUCE_CHAT_MODEL", "deepseek")
    monkeypatch.setenv("SHOUCE_CHAT_API_KEY", "secret")
    chat = load_settings(tmp_path).chat
    assert (chat.model, chat.base_url, chat.api_key, chat.configured) == ("deepseek", "http://a/v1", "secret", True)
    assert "secret" not in repr(chat)


def test_no_chat_model_is_configured_by_itself(tmp_path: Path) -> None:
    assert not load_settings(tmp_path).chat.configured
