"""Look names up: the command `geo lookup`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from geo.cli.session import Session, checked, open_gazetteer

if TYPE_CHECKING:
    from geo.model import Place
    from geo.places import Gazetteer, Match


class _Numbers(click.ParamType[tuple[float, ...]]):
    """Read numbers separated by commas."""

    def __init__(self, *names: str) -> None:
        self.name = ",".join(names)
        self._count = len(names)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """Return the numbers, or fail with what was expected."""
        try:
            numbers = tuple(float(part) for part in value.split(","))
        except ValueError:
            numbers = ()
        if len(numbers) != self._count:
            self.fail(f"{value!r} is not {self.name}", param, ctx)
        return numbers


@click.command("lookup")
@click.argument("names", nargs=-1, required=True)
@click.option("--country", help="Only places of these countries (ISO alpha-2: LY or LY,TN).")
@click.option("--admin1", help="Only places of this province: GeoNames code (LY.77), place id or name.")
@click.option("--class", "feature_class", help="Only places of these GeoNames classes (P,A).")
@click.option("--code", "feature_code", help="Only places of these GeoNames codes (PPLA,AIRB).")
@click.option(
    "--bbox", type=_Numbers("WEST", "SOUTH", "EAST", "NORTH"), help="Only places in this box, degrees."
)
@click.option("--within", help="Only places in the place of this id (geonames:163843).")
@click.option("--near", type=_Numbers("LON", "LAT"), help="Places near this point first.")
@click.option(
    "--fuzzy/--no-fuzzy", default=None, help="Take similar names too, or never; where else is known, or not."
)
@click.option("--lang", type=click.Choice(["ar", "en"]), help="Say where the place lies, in this language.")
@click.option("--limit", default=5, show_default=True, help="Most places per name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@checked
def lookup_command(
    session: Session, names: tuple[str, ...], lang: str | None, limit: int, as_json: bool, **options: Any
) -> None:
    """Look place names up in the gazetteer, in Arabic or Latin script.

    A name may carry what contains it ("Tripoli, Libya") and its kind ("Idlib Governorate").
    """
    from geo.places.search import near_misses, search

    gazetteer = open_gazetteer(session)
    filters = _filters(options)
    for name in names:
        found = search(gazetteer, name, limit=limit, **filters)
        if not found:
            session.reject(f"{name}: no place of this name; try another spelling, or fewer filters")
            for miss in near_misses(gazetteer, name, limit=limit, **filters):
                session.say(f"  close: {miss.name} ({_address(gazetteer, miss.place, lang)}): {miss.reason}")
        for match in found:
            click.echo(_json_line(gazetteer, name, match) if as_json else _line(gazetteer, match, lang))


def _filters(options: dict[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments of a search from the options of the command."""
    bbox, within = options.pop("bbox"), options.pop("within")
    if bbox and within:
        raise click.UsageError("give --bbox or --within, not both")
    for name in ("country", "feature_class", "feature_code"):
        if options[name]:
            options[name] = options[name].split(",")
    return {**options, "within": bbox or within}


def _address(gazetteer: Gazetteer, place: Place, lang: str | None) -> str:
    """Return the names of a place and what contains it."""
    from geo.places.hierarchy import hierarchy

    return hierarchy(gazetteer, place).address(lang or "en")


def _json_line(gazetteer: Gazetteer, name: str, match: Match) -> str:
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
        "distance": match.distance,
        "containers": [above.id for above in gazetteer.containers(place)],
        "reasons": match.reasons,
    }
    return json.dumps(row, ensure_ascii=False)


def _line(gazetteer: Gazetteer, match: Match, lang: str | None) -> str:
    place = match.place
    where = f"{place.country or '--':<3} {place.feature_code:<6} {place.lon:10.5f} {place.lat:9.5f}"
    named = _address(gazetteer, place, lang) if lang else f"{place.name}  {place.name_ar}"
    return f"{place.id:<20} {where}  {match.score:.2f} {match.kind!s:<9}  {named}"
