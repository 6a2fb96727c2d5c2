"""Plots as SVG in the page itself: no script, no font, no file beside it, sharp on paper. Knows numbers and labels.

Text is the page's own, so Chinese shows wherever the page does; colours are the page's CSS variables.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

WIDTH = 640
_ROW = 26
_LABEL = 190
_HAN = 13.0  # width of a Han character at 13 px
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 16, 14, 40
_HEIGHT = 280


def bars(rows: Sequence[tuple[str, float, int]]) -> str:
    """Return horizontal bars, one a row: label, share in 0..1 and how many cases it is of."""
    room = WIDTH - _LABEL - 110
    parts: list[str] = []
    for at, (label, share, count) in enumerate(rows):
        y = at * _ROW + 4
        parts.append(
            f'<text class="label" x="{_LABEL - 8}" y="{y + 14}" text-anchor="end">{escape(_clipped(label))}'
            f"<title>{escape(label)}</title></text>"
            f'<rect class="track" x="{_LABEL}" y="{y}" width="{room}" height="18" rx="3"/>'
            f'<rect class="bar" x="{_LABEL}" y="{y}" width="{room * share:.1f}" height="18" rx="3"/>'
            f'<text class="value" x="{_LABEL + room + 8}" y="{y + 14}">{share:.0%}（{count} 题）</text>'
        )
    return _svg(len(rows) * _ROW + 8, parts)


def curve(
    points: Sequence[tuple[float, float]], *, x_label: str, y_label: str, mark: tuple[float, float, str] | None = None
) -> str:
    """Return a line through ``points`` (x and y in 0..1), and a named ``mark`` where one is given.

    The y axis ends at the next tenth above the highest point, so that small risks can be told apart.
    """
    high = max([y for _, y in points] + ([mark[1]] if mark else []), default=0.0)
    top = min(1.0, max(0.1, np.ceil(high * 10 + 1e-9) / 10))
    xs, ys = _scales(0.0, 1.0, 0.0, top)
    parts = _axes([0, 0.25, 0.5, 0.75, 1], [0, top / 2, top], xs, ys, x_label=x_label, y_label=y_label)
    line = " ".join(f"{xs(x):.1f},{ys(y):.1f}" for x, y in points)
    parts.append(f'<polyline class="line" points="{line}"/>')
    if mark:
        x, y, name = mark
        anchor = "end" if x > 0.6 else "start"
        shift = -9 if x > 0.6 else 9
        parts.append(
            f'<circle class="mark" cx="{xs(x):.1f}" cy="{ys(y):.1f}" r="5"/>'
            f'<text class="value" x="{xs(x) + shift:.1f}" y="{ys(y) - 8:.1f}" text-anchor="{anchor}">{escape(name)}</text>'
        )
    return _svg(_HEIGHT, parts)


def histogram(values: Sequence[float], *, x_label: str, y_label: str, bins: int = 20) -> str:
    """Return how often values of each size occur, from 0 to the 99th percentile; what is above joins the last bin."""
    end = float(np.percentile(values, 99)) or 1.0
    counts, edges = np.histogram(np.minimum(values, end), bins=bins, range=(0.0, end))
    top = int(counts.max()) or 1
    xs, ys = _scales(0.0, end, 0.0, float(top))
    parts = _axes(
        [round(end * step / 4, 1) for step in range(5)],
        sorted({0, top // 2, top}),
        xs,
        ys,
        x_label=x_label,
        y_label=y_label,
        percent=False,
    )
    for count, left, right in zip(counts, edges[:-1], edges[1:], strict=True):
        if count:
            parts.append(
                f'<rect class="bar" x="{xs(left) + 1:.1f}" y="{ys(count):.1f}" width="{xs(right) - xs(left) - 2:.1f}"'
                f' height="{ys(0) - ys(count):.1f}"><title>{left:.0f}–{right:.0f}：{count}</title></rect>'
            )
    return _svg(_HEIGHT, parts)


class _Scale:
    """A linear scale from numbers to pixels."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._start = low, start
        self._factor = (end - start) / ((high - low) or 1.0)

    def __call__(self, value: float) -> float:
        return self._start + (value - self._low) * self._factor


def _scales(left: float, right: float, bottom: float, top: float) -> tuple[_Scale, _Scale]:
    return _Scale(left, right, _LEFT, WIDTH - _RIGHT), _Scale(bottom, top, _HEIGHT - _BOTTOM, _TOP)


def _axes(
    x_ticks: Sequence[float],
    y_ticks: Sequence[float],
    xs: _Scale,
    ys: _Scale,
    *,
    x_label: str,
    y_label: str,
    percent: bool = True,
) -> list[str]:
    def word(value: float) -> str:
        return f"{value:.0%}" if percent else f"{value:g}"

    parts: list[str] = []
    for y in y_ticks:
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{ys(y):.1f}" y2="{ys(y):.1f}"/>'
            f'<text class="tick" x="{_LEFT - 6}" y="{ys(y) + 4:.1f}" text-anchor="end">{word(y)}</text>'
        )
    parts += [
        f'<text class="tick" x="{xs(x):.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{word(x)}</text>'
        for x in x_ticks
    ]
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    parts.append(
        f'<text class="tick" x="{middle:.0f}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text class="tick" x="{_LEFT}" y="10">{escape(y_label)}</text>'
    )
    return parts


def _clipped(label: str) -> str:
    """Return ``label`` as long as the column is wide; a Han character takes two columns of Latin ones."""
    width = 0.0
    for at, character in enumerate(label):
        width += _HAN if ord(character) > 0x2E7F else _HAN * 0.55
        if width > _LABEL - 12:
            return label[: max(1, at - 1)] + "…"
    return label


def _svg(height: float, parts: Sequence[str]) -> str:
    body = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" role="img">{body}</svg>'
