import pytest
from hypothesis import given
from hypothesis import strategies as some

from kb.lookup import find_document, match_number, normal_number
from kb.model import Document


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("5.5", "5.5"),
        ("５．５", "5.5"),
        (" 5 . 5 ", "5.5"),
        ("5。5", "5.5"),
        ("5.5.", "5.5"),
        ("5.5节", "5.5"),
        ("第5.5节", "5.5"),
        ("第5章", "5"),
        ("第五章", "5"),
        ("第十章", "10"),
        ("第十二章", "12"),
        ("第二十章", "20"),
        ("第二十三条", "23"),
        ("一、", "1"),
        ("附录 a", "附录A"),
        ("附录Ａ", "附录A"),
        ("§2.1", "§2.1"),
        ("", ""),
    ],
)
def test_number_has_one_spelling(typed: str, normal: str) -> None:
    assert normal_number(typed) == normal


@given(some.text(max_size=12))
def test_number_takes_any_text(text: str) -> None:
    assert isinstance(normal_number(text), str)


@given(some.from_regex(r"(附录)?[A-Z1-9](\.[1-9][0-9]?){0,3}", fullmatch=True))
def test_number_in_its_normal_spelling_stays(number: str) -> None:
    assert normal_number(number) == number


def test_exact_name_wins_over_a_loose_one() -> None:
    documents = [Document("a", "SOP", "one.txt", 1, "c"), Document("b", "sop", "two.txt", 1, "c")]
    assert find_document(documents, "sop").id == "b"
    assert find_document(documents, "SOP").id == "a"
    assert find_document(documents, "ONE").id == "a"


def test_position_is_found_without_its_sign() -> None:
    assert match_number("13", ["5", "§13", "§13.1"]) == ["§13"]
    assert match_number("13.1", ["5", "§13", "§13.1"]) == ["§13.1"]
    assert match_number("第十三章", ["§13"]) == ["§13"]


def test_printed_number_wins_over_a_position() -> None:
    assert match_number("13", ["13", "§13"]) == ["13"]
    assert match_number("§13", ["13", "§13"]) == ["§13"]
