"""Columns of lists laid out flat, so that they are packed and read like any other columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from types import NoneType
from typing import Any


@dataclass(frozen=True)
class Nested:
    """A column of which each cell is a list, or empty.

    Attributes
    ----------
    counts : list of int
        Items of each row plus one; 0 where the cell is empty.
    items : list, or dict of str to list
        The items of all rows one after the other: plain values, or, where the items are dicts, a column for
        each of their keys, with None where an item has not the key.
    """

    counts: list[int]
    items: list[Any] | dict[str, list[Any]]

    def rows(self) -> list[list[Any] | None]:
        """Return the cells as lists.

        Examples
        --------
        >>> Nested([3, 0], {"id": ["a", "b"], "score": [0.5, None]}).rows()
        [[{'id': 'a', 'score': 0.5}, {'id': 'b'}], None]
        """
        if isinstance(self.items, dict):
            names, columns = list(self.items), list(self.items.values())
            length = sum(self.counts) - sum(map(bool, self.counts))
            cells = zip(*columns, strict=True) if columns else [()] * length
            items: list[Any] = [
                {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
                for row in cells
            ]
        else:
            items = self.items
        following = iter(items)
        return [[next(following) for _ in range(count - 1)] if count else None for count in self.counts]


def flattened(cells: Sequence[Any]) -> Nested | None:
    """Lay a column of lists out flat; None if its cells are anything else, or their items of several kinds.

    Parameters
    ----------
    cells : sequence
        Lists, with None where a cell is empty. In a dict among the items None is as good as no value.

    Returns
    -------
    Nested or None

    Examples
    --------
    >>> flattened([["x"], None, []])
    Nested(counts=[2, 0, 1], items=['x'])
    >>> flattened([{"x": 1}]) is None
    True
    """
    if not set(map(type, cells)) <= {list, NoneType}:
        return None
    items = list(chain.from_iterable(filter(None, cells)))
    counts = [0 if cell is None else len(cell) + 1 for cell in cells]
    kinds = set(map(type, items))
    if dict not in kinds:
        return Nested(counts, items)
    if len(kinds) > 1:
        return None
    names: dict[str, None] = dict.fromkeys(chain.from_iterable(items))
    if not set(map(type, names)) <= {str}:
        return None
    return Nested(counts, {name: [item.get(name) for item in items] for name in names})
