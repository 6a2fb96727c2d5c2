import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

from eval import plots
from eval.compare import compare_runs
from eval.judged import load
from eval.report.page import page, write_report
from eval.why import KINDS, reasons
from tests.eval.judged_cases import good, invented, poor, refused

RUN = [good(1), poor(2), invented(3), refused(4), good(5, source="draft")]


def svgs(text: str) -> list[ET.Element]:
    return [ET.fromstring(found) for found in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]


def test_report_is_one_page_that_needs_nothing_beside_it(tmp_path: Path) -> None:
    path = write_report(tmp_path / "报告", "我们的题", RUN, about={"向量模型": "x"})
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=|@import|url\(|<script", text)
    assert len(svgs(text)) == 4  # by type, by chapter, risk-coverage, latency
    assert load(tmp_path / "报告") == RUN
    assert json.loads((tmp_path / "报告" / "summary.json").read_text(encoding="utf-8"))["cases"] == 5


def test_report_shows_failures_with_what_was_found_and_why() -> None:
    text = page("x", RUN, about={})
    failure = re.search(r"<details><summary><b>g2.*?</details>", text, re.DOTALL)
    assert failure
    for words in (
        "正确章节排在第 2",
        "答案里没有：两天",
        "《投诉SOP》5.1 受理",
        '<tr class="gold">',
        "两天内查清。[1]",
        "0.880",
    ):
        assert words in failure[0]
    assert "手册没有写却答了（1 题）" in text
    assert "<b>g1" not in text


def test_report_says_how_made_up_questions_mislead() -> None:
    assert "1 题是程序照着知识库" in page("x", RUN, about={})
    assert "题目由人编写" in page("x", RUN[:4], about={})


def test_report_compares_two_runs() -> None:
    ours = [good(at) for at in range(12)]
    theirs = [poor(at) if at < 10 else good(at) for at in range(12)]
    text = page("x", ours, about={}, compared=compare_runs(ours, theirs))
    assert "变好" in text
    assert "这次答好的：g0 g1" in text


def test_what_stands_in_answers_cannot_break_the_page() -> None:
    text = page("<x>", [poor(1, question="<script>1</script>", answer="</pre><b>")], about={"a": "<i>"})
    assert "<script" not in text
    assert "</pre><b>" not in text
    assert "<i>" not in text


def test_empty_run_makes_a_page() -> None:
    assert "0 题" in page("x", [], about={})


def test_every_reason_is_of_a_known_kind_and_failures_have_one() -> None:
    unsure = poor(1, status="not_found", probability=0.41)
    assert "0.41" in reasons(unsure)["refused"]
    lost = poor(2, found=())
    partly = good(3, values={**good().values, "completeness": 0.5, "citation_valid": 0.0})
    assert set(reasons(partly)) == {"incomplete", "quote"}
    for one in (unsure, lost, partly, poor(4), invented(5)):
        assert one.failed
        assert set(reasons(one)) <= set(KINDS)
        assert reasons(one)
    assert reasons(good(1)) == {}


def test_bars_are_as_long_as_their_share() -> None:
    picture = ET.fromstring(plots.bars([("客户投诉处理流程规定细则附录说明甲乙丙丁", 0.5, 4), ("b", 1.0, 2)]))
    widths = [float(bar.get("width", "")) for bar in picture.iter() if bar.get("class") == "bar"]
    assert widths[0] * 2 == widths[1]


def test_histogram_counts_every_value() -> None:
    picture = ET.fromstring(plots.histogram([1.0, 1.0, 2.0, 500.0], x_label="毫秒", y_label="题"))
    titles = [one.text or "" for one in picture.iter() if one.tag.endswith("title")]
    assert sum(int(title.rpartition("：")[2]) for title in titles) == 4


def test_curve_scales_its_axis_to_the_risk() -> None:
    picture = ET.fromstring(plots.curve([(0.5, 0.02), (1.0, 0.04)], x_label="x", y_label="y", mark=(0.9, 0.03, "现在")))
    ticks = {one.text for one in picture.iter() if one.get("class") == "tick"}
    assert {"0%", "5%", "10%", "100%"} <= ticks
