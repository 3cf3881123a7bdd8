"""Write the sample corpus of the notebooks from its templates: the same articles every time.

Usage: ``python tools/corpus.py`` writes ``notebooks/samples/corpus/articles.jsonl``; ``--check`` says whether
it is what the templates give.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the corpus is stale")
    check = parser.parse_args().check
    templates = tomllib.loads((CORPUS / "templates.toml").read_text(encoding="utf-8"))
    rows = articles(templates, ARTICLES, SEED)
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if check:
        fresh = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == content
        if not fresh:
            print(f"{TARGET.name} is stale: run `python tools/corpus.py`", file=sys.stderr)
        return 0 if fresh else 1
    temporary = TARGET.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(content, encoding="utf-8", newline="\n")
    os.replace(temporary, TARGET)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
