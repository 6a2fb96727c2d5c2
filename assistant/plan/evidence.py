"""Figures out of an uploaded table (complaints, KPIs): a trend by month and a Pareto, computed, never guessed.

Knows xlsx and csv with one heading row. Which column is the date, which the reason and which the value is told by what
stands in it and by its heading; what cannot be told is left out and said.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from assistant.plan.model import Evidence, Point, Share
from assistant.workbook import is_workbook, sheets
from kb.errors import SourceTooLarge, SourceUnreadable
from kb.home import reason_of

MOST_ROWS = 200_000
LARGEST = 50 * 1024 * 1024
LONGEST_NAME = 60  # characters of a sent file's name
BARS = 10
_DATE = re.compile(r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?\s*日?")
_DATE_NAME = re.compile(r"日期|时间|月份|年月|date|month", re.IGNORECASE)
_REASON_NAME = re.compile(r"原因|类型|类别|分类|问题|项目|环节|品类|reason|type|category", re.IGNORECASE)
_VALUE_NAME = re.compile(
    r"数量|件数|次数|单量|满意度|得分|评分|率|金额|时长|分钟|小时|成本|费用|值|count|score|value", re.IGNORECASE
)
_AVERAGED = re.compile(r"度|率|分|均|时长|分钟|小时|score|rate", re.IGNORECASE)
# A length of time beside the reason of each case: how many cases there are tells more.
_LASTS = re.compile(r"时长|分钟|小时|用时|耗时")
COUNT = "件数"
_MANY = 40  # different words from which on a column names things, not reasons
_MOSTLY = 0.6

Column = Sequence[object]
Table = tuple[list[str], list[list[object]]]


def read_evidence(path: Path) -> Evidence:
    """Return what the table in ``path`` shows.

    Raises:
        SourceUnreadable: it is no table with a heading row and two rows at least.
        SourceTooLarge: it is larger than what is read.
    """
    header, rows = _table(path)
    if len(rows) < 2:
        raise SourceUnreadable(f"{path.name}：没有读到数据，第一行应是列名，下面每行一条记录")
    columns = [[row[at] if at < len(row) else None for row in rows] for at in range(len(header))]
    dates = _best(header, columns, _DATE_NAME, lambda column: _share(column, _day))
    values = _best(header, columns, _VALUE_NAME, lambda column: _share(column, _number), but=dates)
    reasons = _best(header, columns, _REASON_NAME, _as_reason, but=dates)
    lasts = reasons is not None and values is not None and bool(_LASTS.search(header[values]))
    shown = None if lasts else values
    trend = _trend(columns, dates, shown, header)
    pareto = _pareto(columns, reasons, values, header)
    more = _trend_words(header, _trend(columns, dates, values, header), values, "") if lasts else []
    unit = "%" if shown is not None and _share(columns[shown], _percent) >= _MOSTLY else ""
    sentences = [*_trend_words(header, trend, shown, unit), *more, *_pareto_words(header, pareto, reasons)]
    if not sentences:
        raise SourceUnreadable(f"{path.name}：没有认出日期列或原因列，请给列写上“日期”“原因”“数量”这样的列名")
    return Evidence(
        file=path.name,
        rows=len(rows),
        trend_name=_trend_name(header, shown) if trend else "",
        unit=unit,
        trend=trend,
        pareto_name=header[reasons] if pareto and reasons is not None else "",
        pareto=pareto,
        sentences=tuple(sentences),
    )


def evidence_in(name: str, content: bytes) -> Evidence:
    """Return what the table in a file that was sent shows; only the plain part of its ``name`` is used.

    Raises:
        SourceUnreadable: it is no table with a heading row and two rows at least.
        SourceTooLarge: it is larger than what is read.
    """
    plain = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable()).strip(". ") or "数据"
    with TemporaryDirectory(prefix="shouce-data-") as folder:
        path = Path(folder) / f"{PurePath(plain).stem[:LONGEST_NAME]}{PurePath(plain).suffix.lower()[:10]}"
        path.write_bytes(content)
        return read_evidence(path)


def _table(path: Path) -> Table:
    try:
        if path.stat().st_size > LARGEST:
            raise SourceTooLarge(f"{path.name}：超过 {LARGEST // 1024 // 1024} MB，请只留下需要的列和行")
        data = path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(f"{path}：读不了（{reason_of(error)}）") from error
    rows = _sheet(data, path.name) if is_workbook(data) else _csv(data, path.name)
    filled = [row for row in rows if any(cell not in (None, "") for cell in row)]
    first = next(
        (at for at, row in enumerate(filled) if sum(isinstance(c, str) and bool(c.strip()) for c in row) >= 2), None
    )
    if first is None:
        return [], []
    return [str(cell or "").strip() for cell in filled[first]], filled[first + 1 :]


def _sheet(data: bytes, name: str) -> list[list[object]]:
    read = sheets(data, name, rows=MOST_ROWS)
    return [list(row) for row in read[0][1]] if read else []


def _csv(data: bytes, name: str) -> list[list[object]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SourceUnreadable(f"{name}：文字编码认不出来，请另存为 UTF-8 的 csv 或 xlsx")
    if "\0" in text:
        raise SourceUnreadable(f"{name}：不是表格，请给 xlsx 或 csv 文件")
    dialect = "\t" if text.count("\t") > text.count(",") else ","
    try:
        return [
            list(row)
            for row, _ in zip(csv.reader(io.StringIO(text), delimiter=dialect), range(MOST_ROWS), strict=False)
        ]
    except csv.Error as error:
        raise SourceUnreadable(f"{name}：不是能读的 csv（{error}）") from error


def _best(
    header: Sequence[str],
    columns: Sequence[Column],
    named: re.Pattern[str],
    fits: Callable[[Column], float],
    *,
    but: int | None = None,
) -> int | None:
    """Return the column that fits best: by its content first, its heading decides among those."""
    fitting = [(bool(named.search(header[at])), fits(column), -at) for at, column in enumerate(columns) if at != but]
    good = [one for one in fitting if one[1] >= _MOSTLY]
    return -max(good)[2] if good else None


def _share(column: Column, read: Callable[[object], object]) -> float:
    given = [cell for cell in column if cell not in (None, "")]
    return sum(read(cell) is not None for cell in given) / len(given) if given else 0.0


def _as_reason(column: Column) -> float:
    words = [
        str(cell).strip() for cell in column if cell not in (None, "") and _number(cell) is None and _day(cell) is None
    ]
    different = len(set(words))
    repeated = 1 < different <= _MANY and (different < len(words) or len(words) <= _MANY)
    return len(words) / max(len(column), 1) if repeated else 0.0


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.match(str(cell)) if isinstance(cell, str) else None
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None


def _number(cell: object) -> float | None:
    if isinstance(cell, (bool, datetime, date)):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*(?:%|％)?\s*", str(cell)) if isinstance(cell, str) else None
    return float(found[1]) if found else None


def _trend(
    columns: Sequence[Column], dates: int | None, values: int | None, header: Sequence[str]
) -> tuple[Point, ...]:
    if dates is None:
        return ()
    months: defaultdict[str, list[float]] = defaultdict(list)
    for at, cell in enumerate(columns[dates]):
        day = _day(cell)
        value = 1.0 if values is None else _number(columns[values][at])
        if day and value is not None:
            months[f"{day.year}-{day.month:02d}"].append(value)
    mean = values is not None and bool(_AVERAGED.search(header[values]))
    points = [
        Point(month, round(sum(one) / len(one) if mean else sum(one), 2)) for month, one in sorted(months.items())
    ]
    return tuple(points) if len(points) > 1 else ()


def _pareto(
    columns: Sequence[Column], reasons: int | None, values: int | None, header: Sequence[str]
) -> tuple[Share, ...]:
    if reasons is None:
        return ()
    counted: defaultdict[str, float] = defaultdict(float)
    amounts = None if values is None or _AVERAGED.search(header[values]) else columns[values]
    for at, cell in enumerate(columns[reasons]):
        if cell in (None, ""):
            continue
        value = 1.0 if amounts is None else (_number(amounts[at]) or 0.0)
        counted[str(cell).strip()] += value
    total = sum(counted.values())
    if total <= 0 or len(counted) < 2:
        return ()
    first = sorted(counted.items(), key=lambda one: -one[1])[:BARS]
    rest = total - sum(count for _, count in first)
    bars = [*first, *([("其他", rest)] if rest > 0 else [])]
    shares, so_far = [], 0.0
    for name, count in bars:
        so_far += count
        shares.append(Share(name, round(float(count), 2), round(so_far / total, 4)))
    return tuple(shares)


def _trend_name(header: Sequence[str], values: int | None) -> str:
    return header[values] if values is not None else COUNT


def _percent(cell: object) -> str | None:
    return cell if isinstance(cell, str) and cell.strip().endswith(("%", "％")) else None


def _trend_words(header: Sequence[str], trend: Sequence[Point], values: int | None, unit: str) -> list[str]:
    if not trend:
        return []
    first, last = trend[0], trend[-1]
    name = _trend_name(header, values)
    how = "月均" if values is not None and _AVERAGED.search(header[values]) else "每月合计"
    worst = max(trend, key=lambda point: point.value)
    lowest = min(trend, key=lambda point: point.value)
    return [
        f"{first.period} 至 {last.period}，{name}（{how}）由 {first.value:g}{unit} 变为 {last.value:g}{unit}，"
        f"最高在 {worst.period}（{worst.value:g}{unit}），最低在 {lowest.period}（{lowest.value:g}{unit}）"
    ]


def _pareto_words(header: Sequence[str], pareto: Sequence[Share], reasons: int | None) -> list[str]:
    if not pareto or reasons is None:
        return []
    named = [one for one in pareto if one.name != "其他"]
    upto = next((at for at, one in enumerate(named, start=1) if one.cumulated >= 0.8), len(named))
    top = named[: min(upto, 3)]
    said = "、".join(f"{one.name}（{one.count:g}）" for one in top)
    return [f"按“{header[reasons]}”统计，前 {len(top)} 项是{said}，合计占 {top[-1].cumulated:.0%}"]
