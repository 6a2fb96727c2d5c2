"""Numbers of files and standards, with blanks and years as texts write them."""

import pytest

from assistant.asked import names_code
from assistant.codes import codes, of_documents, without_year
from kb.fold import fold


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ISO 9001:2015", ("iso9001", "2015")),
        ("GB/T 38581-2020", ("gb", "t38581", "2020")),
        ("BD-KF-01-08", ("bd", "kf", "01", "08")),
        ("V1.4", ("v1", "4")),
    ],
)
def test_a_number_is_its_parts(text: str, parts: tuple[str, ...]) -> None:
    assert codes(fold(f"按照{text}执行")) == {parts}


def test_a_count_behind_letters_is_no_number() -> None:
    assert codes(fold("SOP1年评审1次")) == set()
    assert of_documents(fold("P2以上事件")) == []


@pytest.mark.parametrize(
    ("question", "text", "named"),
    [
        ("ISO9001讲什么？", "参照ISO 9001:2015的要求", 1.0),
        ("ISO 9001:2015讲什么？", "参照ISO9001的要求", 1.0),
        ("KF-01是什么表？", "表单编号：BD-KF-01-08", 0.7),
        ("ISO14001讲什么？", "参照ISO9001:2015的要求", 0.0),
        ("投诉谁处理？", "参照ISO9001:2015的要求", 0.5),
    ],
)
def test_a_question_names_a_number_whatever_its_blanks_and_year(question: str, text: str, named: float) -> None:
    assert names_code(question, fold(text)) == named


def test_the_year_is_not_the_standard() -> None:
    assert without_year(("iso9001", "2015")) == ("iso9001",)
    assert without_year(("2015",)) == ("2015",)
