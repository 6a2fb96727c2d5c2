from assistant.verify import quote_stands, unsupported_lines
from kb.model import Citation

BODY = "1.首次响应：客服专员须在2小时内致电客户。\n2.办结：3个工作日内办结。"


def cite(quote: str, marker: int = 1) -> Citation:
    return Citation("d", "4", "投诉分级", ("投诉分级",), "4-1", quote, marker=marker)


def check(text: str, *citations: Citation) -> list[str]:
    return [reason for _, reason in unsupported_lines(text, citations, lambda _: BODY)]


def test_quote_stands_modulo_white_space() -> None:
    assert quote_stands(cite("客服专员须在 2小时内\n致电客户"), BODY)
    assert not quote_stands(cite("客服专员须在3小时内致电客户"), BODY)
    assert not quote_stands(cite(""), BODY)


def test_line_with_its_quote_stands() -> None:
    assert check("客服专员须在2小时内致电客户。[1]", cite("客服专员须在2小时内致电客户")) == []


def test_changed_number_falls() -> None:
    assert check("客服专员须在3小时内致电客户。[1]", cite("客服专员须在2小时内致电客户")) == ["数字不在引文中"]


def test_marker_without_citation_falls() -> None:
    assert check("须在2小时内致电客户。[9]", cite("客服专员须在2小时内致电客户")) == ["引用不存在"]


def test_invented_quote_falls() -> None:
    assert check("可以不回电话。[1]", cite("可以不回电话")) == ["引文不在原文中"]


def test_list_ordinal_is_no_number_of_the_source() -> None:
    assert check("7. 3个工作日内办结。[1]", cite("3个工作日内办结")) == []
