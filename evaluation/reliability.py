"""Draw how often answers of a given confidence are right, as SVG: `train_readings.py --plot FILE` uses it.

A dot a bin of confidence: its mean confidence to the right, the share of right answers upwards, its area
after the number of answers, with the 95 % interval of Wilson (1927). On the diagonal a confidence means what
it says.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path

SIZE, LEFT, TOP = 320, 56, 40
DEVIATIONS = 1.96
SMALLEST, LARGEST = 3.0, 13.0
INK, GRID, DOT = "#222222", "#d9d9d9", "#1f6f8b"


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, JASA 22, 1927).

    Examples
    --------
    >>> [round(bound, 3) for bound in wilson(9, 10)]
    [0.596, 0.982]
    """
    share, square = right / count, DEVIATIONS**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = (
        DEVIATIONS * math.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    )
    return middle - half, middle + half


def draw(path: Path, bins: Sequence[Sequence[tuple[float, bool]]], title: str) -> None:
    """Write the picture.

    Parameters
    ----------
    path : Path
        Written whole or not at all.
    bins : sequence of sequence of (float, bool)
        Confidence (0 to 1) and whether the answer was right, a sequence a bin, none of them empty.
    title : str
        Plain text without markup characters.
    """
    most = max(len(each) for each in bins)
    parts = [*_frame(title), *(part for each in bins for part in _dot(each, most))]
    width, height = LEFT + SIZE + 24, TOP + SIZE + 52
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="12" fill="{INK}">'
    )
    ground = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    partial = path.with_suffix(".part")
    partial.write_text("\n".join([head, ground, *parts, "</svg>", ""]), encoding="utf-8")
    os.replace(partial, path)


def _x(value: float) -> float:
    return round(LEFT + value * SIZE, 1)


def _y(value: float) -> float:
    return round(TOP + (1 - value) * SIZE, 1)


def _frame(title: str) -> list[str]:
    """Return the title, the axes with their numbers, and the diagonal."""
    parts = [f'<text x="{LEFT}" y="22" font-size="13">{title}</text>']
    for tenth in range(0, 11, 2):
        value = tenth / 10
        parts.append(_line((_x(value), _y(0), _x(value), _y(1)), GRID))
        parts.append(_line((_x(0), _y(value), _x(1), _y(value)), GRID))
        parts.append(f'<text x="{_x(value)}" y="{_y(0) + 17}" text-anchor="middle">{value:.1f}</text>')
        parts.append(f'<text x="{_x(0) - 8}" y="{_y(value) + 4}" text-anchor="end">{value:.1f}</text>')
    parts.append(_line((_x(0), _y(0), _x(1), _y(1)), INK, dashed=True))
    middle = LEFT + SIZE / 2
    parts.append(f'<text x="{middle}" y="{_y(0) + 38}" text-anchor="middle">mean confidence</text>')
    turned = f'transform="rotate(-90 16 {_y(0.5)})"'
    parts.append(f'<text x="16" y="{_y(0.5)}" text-anchor="middle" {turned}>share that is right</text>')
    return parts


def _dot(answers: Sequence[tuple[float, bool]], most: int) -> list[str]:
    """Return the interval, the dot and the number of answers of one bin."""
    count, right = len(answers), sum(each for _, each in answers)
    x, share = _x(sum(confidence for confidence, _ in answers) / count), right / count
    low, high = wilson(right, count)
    radius = max(SMALLEST, LARGEST * math.sqrt(count / most))
    label = max(_y(low) + 14, _y(share) + radius + 12)
    return [
        _line((x, _y(low), x, _y(high)), DOT),
        f'<circle cx="{x}" cy="{_y(share)}" r="{radius:.1f}" fill="{DOT}" fill-opacity="0.75"/>',
        f'<text x="{x}" y="{label:.1f}" text-anchor="middle" font-size="10">{count}</text>',
    ]


def _line(ends: tuple[float, float, float, float], colour: str, *, dashed: bool = False) -> str:
    x1, y1, x2, y2 = ends
    dashes = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}"{dashes}/>'
