"""Write the sample corpus of the notebooks from its templates: the same articles every time.

Usage: ``python tools/corpus.py`` writes ``notebooks/samples/corpus/articles.jsonl``; ``--check`` says whether
it is what the templates give.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from generated import keep

CORPUS = Path(__file__).resolve().parents[1] / "notebooks" / "samples" / "corpus"
TARGET = CORPUS / "articles.jsonl"
ARTICLES = 300
SEED = 1


def articles(templates: dict[str, Any], number: int, seed: int) -> Iterator[dict[str, str]]:
    """Yield the rows of the corpus: id, text, date, title and publisher."""
    chance = random.Random(seed)
    first, last = (date(templates["years"][0], 1, 1), date(templates["years"][1], 12, 28))
    days = sorted(first + timedelta(chance.randrange((last - first).days)) for _ in range(number))
    for count, day in enumerate(days, 1):
        country = chance.choice(templates["country"])
        city, other = chance.sample(country["cities"], 2)
        genders = {side: gender for gender, sides in country["sides"].items() for side in sides}
        side, enemy = chance.sample(sorted(genders), 2)
        parts = [
            chance.choice(templates["openings"]),
            *chance.sample(templates["middles"], chance.randint(1, 3)),
            *chance.sample(templates["endings"], chance.randint(0, 2)),
        ]
        filling = {
            "city": city,
            "other": other,
            "side": side,
            "enemy": enemy,
            "seized": templates["seized"][genders[side]],
            "shelled": templates["shelled"][genders[side]],
            "capital": country["capital"],
            "adjective": country["adjective"],
            "date": f"{day.day} {templates['months'][day.month - 1]} {day.year}",
            "n": str(chance.randint(3, 9)),
            "km": str(chance.choice([5, 12, 20, 35, 50])),
            "wind": chance.choice(templates["winds"]),
        }
        yield {
            "id": f"sample-{count:03d}-{country['code'].lower()}",
            "text": "\n".join(part.format_map(filling) for part in parts),
            "date": (day + timedelta(5)).isoformat(),
            "title": f"خبر من {city}",
            "publisher": "مثال",
        }


def main() -> int:
    """Run the command line of this script."""
    templates = tomllib.loads((CORPUS / "templates.toml").read_text(encoding="utf-8"))
    rows = articles(templates, ARTICLES, SEED)
    return keep(TARGET, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), __doc__)


if __name__ == "__main__":
    raise SystemExit(main())
