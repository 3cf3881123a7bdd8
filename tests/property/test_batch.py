"""Many names at once: the same answers as name by name."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from geo.places import Gazetteer, search
from geo.places.batch import Questions, search_many

CONTEXTS: list[dict[str, Any]] = [
    {},
    {"country": "LY"},
    {"country": "SY"},
    {"country": ["EG", "SD"]},
    {"country": "YE", "near": (45.0, 12.8)},
    {"near": (36.3, 33.5)},
    {"country": "LY", "admin1": "77"},
    {"admin1": "EG.11"},
    {"fuzzy": False},
]
ODD = [
    "",
    " ",
    "؟",
    "و",
    "طرابلس، ليبيا",
    "Tripoli (Libya)",
    "مدينة درنة",
    "\ud800",
    "=1+1",
    "وبطرابلس",
    "x" * 300,
]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def names_of(gazetteer: Gazetteer, chance: random.Random, count: int) -> list[str]:
    """Return stored names of all scripts, some of them spelt in another way."""
    names = []
    while len(names) < count:
        place = gazetteer.place(chance.randrange(len(gazetteer)))
        name = chance.choice([place.name, place.name_ar or place.name])
        place_names = [row.name for row in gazetteer.names_of(place.id)]
        name = chance.choice([name, *place_names])
        match chance.randrange(6):
            case 0:
                name = name.replace("ة", "ه").replace("أ", "ا")
            case 1:
                name = "و" + name
            case 2:
                cut = chance.randrange(len(name))
                name = name[:cut] + name[cut + 1 :]
            case 3:
                name = name.upper()
        names.append(name)
    return names


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_names_get_the_answers_of_single_ones(seed: int, gazetteer: Gazetteer) -> None:
    chance = random.Random(seed)
    home = [
        "طرابلس",
        "عمان",
        "الجزائر",
        "السودان",
        "حلب",
        "ادلب",
        "Tripoli",
        "Sirte",
        "بنغازي",
        "المملكة",
        "عدن",
    ]
    names = [*home, *ODD, *names_of(gazetteer, chance, 250)]
    pairs = list({(name, chance.randrange(len(CONTEXTS))): None for name in names for _ in range(2)})
    context_of = np.array([context for _, context in pairs])
    answers = search_many(gazetteer, Questions([name for name, _ in pairs], context_of, CONTEXTS), limit=6)
    reasons = answers.reasons.to_pylist()
    for number, (name, context) in enumerate(pairs):
        alone = search(gazetteer, name, **CONTEXTS[context], limit=6)
        mine = np.flatnonzero(answers.question == number)
        assert [gazetteer.place(row).id for row in answers.place[mine].tolist()] == [
            m.place.id for m in alone
        ]
        assert answers.score[mine].tolist() == pytest.approx([match.score for match in alone])
        assert answers.kind[mine].tolist() == [str(match.kind) for match in alone]
        assert reasons[number] == (list(alone[0].reasons) if alone else [])
        assert answers.best[number] == (mine[0] if len(mine) else -1)


def test_the_order_of_the_names_does_not_matter(gazetteer: Gazetteer) -> None:
    names = names_of(gazetteer, random.Random(4), 60)
    names = list(dict.fromkeys(names))
    zeros = np.zeros(len(names), dtype=int)
    there = search_many(gazetteer, Questions(names, zeros, [{}]), limit=3)
    back = search_many(gazetteer, Questions(names[::-1], zeros, [{}]), limit=3)
    best = [there.place[hit] if hit >= 0 else -1 for hit in there.best.tolist()]
    assert best == [back.place[hit] if hit >= 0 else -1 for hit in back.best.tolist()][::-1]


def test_no_names_have_no_answers(gazetteer: Gazetteer) -> None:
    answers = search_many(gazetteer, Questions([], np.empty(0, dtype=int), [{}]), limit=3)
    assert len(answers.question) == len(answers.best) == len(answers.reasons) == 0
