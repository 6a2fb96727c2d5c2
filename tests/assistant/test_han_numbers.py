import pytest

from assistant.amount import with_digits, within_range


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("补偿两万元", "补偿20000元"),
        ("三百块", "300块"),
        ("三千五谁批", "3500谁批"),
        ("第五天做什么", "第5天做什么"),
        ("第二十四条", "第二十四条"),
        ("十五分钟", "15分钟"),
        ("一般投诉", "一般投诉"),
    ],
)
def test_with_digits_reads_numbers_written_in_han(written: str, digits: str) -> None:
    assert with_digits(written) == digits


@pytest.mark.parametrize("question", ["补偿两万元谁批", "补偿1.5万谁审批", "赔6000要谁批准"])
def test_amounts_as_people_say_them_fall_into_their_range(question: str) -> None:
    assert within_range(question, "5000元以上至20000元；审批人：运营总监")
