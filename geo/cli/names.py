"""Look names up: the command `geo lookup`."""

from __future__ import annotations

import json
from typing import Any

import click

from geo.cli.session import Session, checked, open_gazetteer


@click.command("lookup")
@click.argument("names", nargs=-1, required=True)
@click.option("--country", help="Only places of this country (ISO alpha-2: LY).")
@click.option("--limit", default=5, show_default=True, help="Most places per name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@checked
def lookup_command(
    session: Session, names: tuple[str, ...], country: str | None, limit: int, as_json: bool
) -> None:
    """Look place names up in the gazetteer, in Arabic or Latin script."""
    from geo.places.search import search

    gazetteer = open_gazetteer(session)
    for name in names:
        found = search(gazetteer, name, country=country.upper() if country else None, limit=limit)
        if not found:
            session.reject(f"{name}: no place of this name; try another spelling, or leave --country out")
        for match in found:
            click.echo(_json_line(name, match) if as_json else _text_line(match))


def _json_line(name: str, match: Any) -> str:
    place = match.place
    row = {
        "query": name,
        "id": place.id,
        "name": place.name,
        "name_ar": place.name_ar,
        "feature": place.feature_code,
        "country": place.country,
        "admin1": place.admin1,
        "lon": round(place.lon, 6),
        "lat": round(place.lat, 6),
        "match": str(match.kind),
        "score": round(match.score, 4),
    }
    return json.dumps(row, ensure_ascii=False)


def _text_line(match: Any) -> str:
    place = match.place
    where = f"{place.country or '--':<3} {place.feature_code:<6} {place.lon:10.5f} {place.lat:9.5f}"
    return f"{place.id:<20} {where}  {match.score:.2f} {match.kind!s:<9}  {place.name}  {place.name_ar}"
