"""Small charts as SVG: a trend, a Pareto, points in a plane. Numbers in, safe HTML out; colours are the page's own."""

from __future__ import annotations

from collections.abc import Sequence

from ui.page.render import shown

WIDTH, HEIGHT = 420, 180
_LEFT, _TOP, _BOTTOM = 34, 12, 26


def trend_html(name: str, points: Sequence[tuple[str, float]]) -> str:
    """Return a line through (period, value), every point labelled where there is room."""
    if len(points) < 2:
        return ""
    values = [value for _, value in points]
    low, high = min(values), max(values)
    room = (high - low) or 1.0
    step = (WIDTH - _LEFT - 16) / (len(points) - 1)
    deep = HEIGHT - _TOP - _BOTTOM - 12
    places = [
        (_LEFT + step * at, _TOP + 14 + deep * (1 - (value - low) / room)) for at, (_, value) in enumerate(points)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    every = max(1, len(points) // 8)
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{shown(period)}：{value:g}</title></circle>'
        + (
            f'<text x="{x:.1f}" y="{y - 8:.1f}" class="value">{value:g}</text>'
            f'<text x="{x:.1f}" y="{HEIGHT - 8}">{shown(period[-5:])}</text>'
            if at % every == 0
            else ""
        )
        for at, ((period, value), (x, y)) in enumerate(zip(points, places, strict=True))
    )
    return _figure(name, f'<polyline points="{line}"/>{marks}')


def pareto_html(name: str, bars: Sequence[tuple[str, float, float]]) -> str:
    """Return bars of (name, count, cumulated share), largest first, as lines that can be read on a phone."""
    if not bars:
        return ""
    most = max(count for _, count, _ in bars) or 1.0
    rows = "".join(
        f'<div class="pareto-row"><span>{shown(label)}</span><i style="width:{100 * count / most:.1f}%"></i>'
        f"<b>{count:g}</b><small>{share:.0%}</small></div>"
        for label, count, share in bars
    )
    return f'<figure class="plot"><figcaption>{shown(name)}</figcaption><div class="pareto">{rows}</div></figure>'


def plane_html(
    points: Sequence[tuple[str, float, float]], *, x: str, y: str, low: float = -0.5, high: float = 1.0
) -> str:
    """Return points (name, x of 0..1, y of ``low``..``high``); under zero they are marked as doubtful."""
    wide, deep = WIDTH - _LEFT - 24, HEIGHT - _TOP - _BOTTOM

    def across(value: float) -> float:
        return _LEFT + wide * min(1.0, max(0.0, value))

    def down(value: float) -> float:
        return _TOP + deep * (1 - (min(high, max(low, value)) - low) / (high - low))

    marks = "".join(
        f'<circle cx="{across(one):.1f}" cy="{down(other):.1f}" r="4" class="{"bad" if other < 0 else ""}">'
        f"<title>{shown(name)}</title></circle>"
        for name, one, other in points
    )
    axes = (
        f'<line x1="{_LEFT}" x2="{WIDTH - 12}" y1="{down(0):.1f}" y2="{down(0):.1f}"/>'
        f'<line x1="{_LEFT}" x2="{_LEFT}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}"/>'
    )
    ticks = "".join(
        f'<text x="{across(value):.1f}" y="{HEIGHT - 8}">{value:.0%}</text>' for value in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    ticks += "".join(
        f'<text x="{_LEFT - 6}" y="{down(value) + 4:.1f}" class="left">{value:g}</text>' for value in (0, high)
    )
    return _figure(f"{x} → / {y} ↑", axes + marks + ticks)


def _figure(name: str, inside: str) -> str:
    return (
        f'<figure class="plot"><figcaption>{shown(name)}</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{inside}</svg></figure>'
    )
