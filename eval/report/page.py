"""The report as one HTML page: the verdict, the numbers with intervals, plots, failures, all cases. Knows no searching."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from eval import plots
from eval.compare import Compared
from eval.judged import CASES, Judged, save
from eval.report import cases as case_parts
from eval.report.words import BIAS, BIAS_WRITTEN, METRICS, TYPES
from eval.summary import by, curve_of, summary, values_of
from kb.errors import SourceUnreadable
from kb.home import reason_of

PAGE = "index.html"
NUMBERS = "summary.json"


def write_report(
    folder: Path,
    dataset: str,
    judged: Sequence[Judged],
    *,
    about: Mapping[str, str] | None = None,
    compared: Compared | None = None,
) -> Path:
    """Write the page, all cases and the numbers into ``folder`` and return the page's path.

    Args:
        folder: is made where it is missing.
        dataset: what the run is called.
        judged: all cases.
        about: what was measured, name → words (documents, model).
        compared: the comparison with another run, if there is one.

    Raises:
        SourceUnreadable: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save(folder / CASES, judged)
        numbers = {key: value for key, value in summary(dataset, judged).items() if key != "failures"}
        (folder / NUMBERS).write_text(json.dumps(numbers, ensure_ascii=False, indent=2), encoding="utf-8")
        text = page(dataset, judged, about=about or {}, compared=compared)
        (folder / PAGE).write_text(text, encoding="utf-8")
    except OSError as error:
        raise SourceUnreadable(f"{folder}：报告无法写出（{reason_of(error)}），请换一个文件夹") from error
    return folder / PAGE


def page(dataset: str, judged: Sequence[Judged], *, about: Mapping[str, str], compared: Compared | None = None) -> str:
    """Return the page."""
    body = "\n".join(_parts(dataset, judged, about, compared))
    style = files("eval.report").joinpath("page.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>评测报告 · {escape(dataset)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head>\n<body>\n{body}\n</body></html>\n'
    )


def _parts(
    dataset: str, judged: Sequence[Judged], about: Mapping[str, str], compared: Compared | None
) -> Iterator[str]:
    told = summary(dataset, judged)
    today = dt.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    yield f"<h1>评测报告 · {escape(dataset)}</h1>"
    extra = "　".join(f"{escape(name)}：{escape(words)}" for name, words in about.items())
    yield f'<p class="soft">{today}　共 {len(judged)} 题　{extra}</p>'
    yield f'<p class="headline">{_headline(judged, told["metrics"])}</p>'
    drafted = sum(one.source == "draft" for one in judged)
    yield f'<p class="bias">{BIAS.format(drafted=drafted) if drafted else BIAS_WRITTEN}</p>'
    yield "<h2>指标</h2>"
    yield _metrics(judged, told)
    if compared:
        yield "<h2>与另一次评测相比</h2>"
        yield _comparison(compared)
    yield "<h2>按题型</h2>"
    yield "<p class='soft'>没有问题的题所占的比例</p>"
    yield plots.bars(_rows(judged, [TYPES.get(one.type, one.type or "未分类") for one in judged]))
    placed = [one for one in judged if one.place]
    if placed:
        yield "<h2>按章节</h2>"
        yield "<p class='soft'>问到各章的题里，没有问题的比例</p>"
        yield plots.bars(_rows(placed, [one.place.replace("§", "") for one in placed]))
    yield from _risk(judged)
    if judged:
        yield "<h2>耗时</h2>"
        times = [one.milliseconds for one in judged]
        yield plots.histogram(times, x_label="一问的毫秒数", y_label="题数")
    yield f"<h2>要看的题（{sum(one.failed for one in judged)} 题）</h2>"
    yield "<p class='soft'>点开看答案、引用，以及检索到了什么、各得多少分</p>"
    yield from case_parts.failures(judged)
    yield "<h2>全部题目</h2>"
    yield f'<p class="soft">同样的内容在旁边的 {CASES} 里，一行一题，可用 shouce eval --compare 与别的评测比较</p>'
    yield f"<details><summary>展开 {len(judged)} 题</summary>{case_parts.table(judged)}</details>"


def _headline(judged: Sequence[Judged], metrics: Mapping[str, float | None]) -> str:
    good = sum(not one.failed for one in judged)
    parts = [f"{len(judged)} 题中 {good} 题没有问题（{good / max(1, len(judged)):.0%}）"]
    for name, words in (
        ("answered", "手册里有的答了 {:.0%}"),
        ("refused", "手册里没有的如实拒答 {:.0%}"),
        ("facts", "关键事实给出 {:.0%}"),
        ("citation_valid", "引文逐字属实 {:.0%}"),
    ):
        value = metrics[name]
        if value is not None:
            parts.append(words.format(value))
    return "；".join(parts) + "。"


def _metrics(judged: Sequence[Judged], told: Mapping[str, Any]) -> str:
    rows: list[str] = []
    for name, (title, words) in METRICS.items():
        value = told["metrics"].get(name)
        if value is None:
            continue
        span = told["intervals"].get(name)
        interval = f"{span[0]:.3f} – {span[1]:.3f}" if span else ""
        count = len(values_of(name, judged)) if span else len(judged)
        number = f"{value:.3f}" if value <= 1 and not name.endswith(("_ms", "_p50", "_p95")) else f"{value:g}"
        rows.append(
            f"<tr><td>{title} <span class='soft'>{name}</span></td><td class='number'>{number}</td>"
            f"<td class='number'>{interval}</td><td class='number'>{count}</td><td class='soft'>{words}</td></tr>"
        )
    head = "<th>指标</th><th>数值</th><th>95% 区间</th><th>题数</th><th>含义</th>"
    note = "<p class='soft'>区间由自助法（重抽题目 2000 次）得出：题目换一批，数字多半仍落在其中。</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{note}"


def _comparison(compared: Compared) -> str:
    rows: list[str] = []
    for name, one in compared.differences.items():
        verdict = "偶然波动之内" if one.better or one.worse else "没有变化"
        if one.significant:
            verdict = "<b class='good'>变好</b>" if one.mean > 0 else "<b class='bad'>变差</b>"
        rows.append(
            f"<tr><td>{METRICS[name][0]} <span class='soft'>{name}</span></td><td class='number'>{one.mean:+.3f}</td>"
            f"<td class='number'>{one.interval.low:+.3f} – {one.interval.high:+.3f}</td><td class='number'>{one.p:.3f}</td>"
            f"<td class='number'>{one.better} / {one.worse}</td><td>{verdict}</td></tr>"
        )
    head = "<th>指标</th><th>这次 − 那次</th><th>95% 区间</th><th>p</th><th>变好 / 变差（题）</th><th></th>"
    changed = "".join(
        f"<p>{words}：{escape(' '.join(ids))}</p>"
        for words, ids in (("这次答好的", compared.won), ("这次答坏的", compared.lost))
        if ids
    )
    note = "<p class='soft'>同一批题逐题相减；区间由自助法、p 由置换检验得出。</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{changed}{note}"


def _rows(judged: Sequence[Judged], groups: Sequence[str]) -> list[tuple[str, float, int]]:
    return [(group, float(row["good"]), int(row["cases"])) for group, row in by(judged, groups).items()]


def _risk(judged: Sequence[Judged]) -> Iterator[str]:
    found = curve_of(judged)
    if not found.coverage:
        return
    replied = [one for one in judged if one.answered]
    mark = None
    if replied:
        wrong = sum(not one.right for one in replied) / len(replied)
        mark = (len(replied) / len(judged), wrong, "现在")
    yield "<h2>风险与覆盖</h2>"
    yield (
        "<p class='soft'>从最有把握的题答起，答到多大比例（横轴），其中有多少最好的段落不在正确章节里（纵轴）。"
        f"曲线越低越好；错误不超过 5% 时能答 {found.at(0.05):.0%} 的题，不超过 10% 时能答 {found.at(0.10):.0%}。</p>"
    )
    yield plots.curve(
        list(zip(found.coverage, found.risk, strict=True)),
        x_label="回答的题所占比例（覆盖）",
        y_label="其中答错的比例（风险）",
        mark=mark,
    )
