"""Charts that Word draws itself (DrawingML): a Pareto of bars with its cumulated line, and a trend. No picture, no library.

Knows numbers and labels. The values stand in the chart's own XML, so they are sharp on paper and can be restyled in Word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from assistant.plan.model import Evidence
from assistant.word_document import clean

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_RELATION = f"{_R}/chart"
_CM = 360000  # English metric units in a centimetre
WIDTH, HEIGHT = 15.5, 7.0


def add_charts(document: Any, evidence: Evidence) -> int:  # noqa: ANN401 (a docx document)
    """Add what can be drawn of ``evidence`` and return how many charts there are."""
    drawn = 0
    if evidence.trend:
        points = [(one.period, one.value) for one in evidence.trend]
        drawn += 1
        _add(document, drawn, f"{evidence.trend_name}趋势", _line(points, evidence.trend_name))
    if evidence.pareto:
        bars = [(one.name, one.count) for one in evidence.pareto]
        shares = [(one.name, one.cumulated) for one in evidence.pareto]
        drawn += 1
        _add(document, drawn, f"{evidence.pareto_name}帕累托图", _pareto(bars, shares))
    return drawn


def _add(document: Any, number: int, title: str, plot: str) -> None:  # noqa: ANN401
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    part = Part(
        PackURI(f"/word/charts/chart{number}.xml"), _TYPE, _space(title, plot).encode("utf-8"), document.part.package
    )
    relation = document.part.relate_to(part, _RELATION)
    run = document.add_paragraph().add_run()
    wp = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    run._r.append(
        parse_xml(
            '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f'<wp:inline xmlns:wp="{wp}" distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{int(WIDTH * _CM)}" cy="{int(HEIGHT * _CM)}"/>'
            f'<wp:docPr id="{900 + number}" name="图表{number}" descr="{_attribute(title)}"/>'
            f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_C}">'
            f'<c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{relation}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
    )


def _attribute(text: str) -> str:
    return escape(clean(text), {'"': "&quot;"})


def _space(title: str, plot: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" xmlns:r="{_R}"><c:roundedCorners val="0"/><c:chart>'
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr>'
        '<a:r><a:rPr lang="zh-CN" sz="1100" b="1"/>'
        f'<a:t>{escape(clean(title))}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
        f'<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{plot}</c:plotArea>'
        '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend><c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    )


def _pareto(bars: Sequence[tuple[str, float]], shares: Sequence[tuple[str, float]]) -> str:
    return (
        '<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'{_series(0, "数量", bars, "4472C4", "General", line=False)}<c:gapWidth val="60"/>'
        '<c:axId val="11"/><c:axId val="12"/></c:barChart>'
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{_series(1, "累计占比", shares, "ED7D31", "0%", line=True)}<c:marker val="1"/>'
        '<c:axId val="13"/><c:axId val="14"/></c:lineChart>'
        f"{_category(11, 12)}{_values(12, 11, 'l', 'General', 'autoZero')}{_category(13, 14, hidden=True)}"
        f"{_values(14, 13, 'r', '0%', 'max', top=1.0)}"
    )


def _line(points: Sequence[tuple[str, float]], name: str) -> str:
    return (
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{_series(0, name, points, "4472C4", "General", line=True)}<c:marker val="1"/>'
        '<c:axId val="11"/><c:axId val="12"/></c:lineChart>'
        f"{_category(11, 12)}{_values(12, 11, 'l', 'General', 'autoZero')}"
    )


def _series(at: int, name: str, points: Sequence[tuple[str, float]], colour: str, form: str, *, line: bool) -> str:
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    look = f'<a:ln w="28575">{fill}</a:ln>' if line else fill
    labels = "".join(f'<c:pt idx="{n}"><c:v>{escape(clean(label))}</c:v></c:pt>' for n, (label, _) in enumerate(points))
    values = "".join(f'<c:pt idx="{n}"><c:v>{value:g}</c:v></c:pt>' for n, (_, value) in enumerate(points))
    count = f'<c:ptCount val="{len(points)}"/>'
    marker = (
        '<c:marker><c:symbol val="circle"/><c:size val="5"/></c:marker>' if line else '<c:invertIfNegative val="0"/>'
    )
    shown = (
        '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    return (
        f'<c:ser><c:idx val="{at}"/><c:order val="{at}"/><c:tx><c:strRef><c:f>x!A{at + 1}</c:f><c:strCache>'
        '<c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(clean(name))}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:spPr>{look}</c:spPr>'
        f"{marker}{shown}"
        f"<c:cat><c:strRef><c:f>x!A1</c:f><c:strCache>{count}{labels}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>x!B1</c:f><c:numCache><c:formatCode>{form}</c:formatCode>{count}{values}</c:numCache></c:numRef></c:val>"
        f"{'<c:smooth val=' + chr(34) + '0' + chr(34) + '/>' if line else ''}</c:ser>"
    )


def _category(own: int, other: int, *, hidden: bool = False) -> str:
    return (
        f'<c:catAx><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="{int(hidden)}"/>'
        f'<c:axPos val="b"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:crossAx val="{other}"/><c:crosses val="autoZero"/></c:catAx>'
    )


def _values(own: int, other: int, side: str, form: str, crosses: str, *, top: float | None = None) -> str:
    limit = f'<c:max val="{top:g}"/><c:min val="0"/>' if top is not None else ""
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/>{limit}</c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{side}"/><c:numFmt formatCode="{form}" sourceLinked="0"/><c:majorTickMark val="out"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:crossAx val="{other}"/><c:crosses val="{crosses}"/></c:valAx>'
    )
