"""Documents to tables: fixed columns and dtypes, derived codes, and what must stay null."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest

from geo.errors import InputError
from geo.model import Document, Role
from geo.tables import EVENTS, MENTIONS, TABLES, Schema, to_geodataframe
from geo.tables.frame import geo_precision, time_precision
from geo.tables.schema import reference


def dtypes(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(dtype) for dtype in frame.dtypes]


@pytest.mark.parametrize("schema", TABLES, ids=lambda schema: schema.name)
def test_columns_and_dtypes_do_not_depend_on_the_rows(schema: Schema, document: Document) -> None:
    expected = [column.kind.dtype for column in schema.columns]
    for documents in ([], [document], [replace(document, events=(), mentions=())]):
        frame = to_geodataframe(documents, table=schema.name)
        assert list(frame.columns) == schema.names
        assert dtypes(frame) == expected
        assert frame.crs.to_epsg() == 4326
        assert frame.geometry.name == "geometry"


def test_events(document: Document) -> None:
    frame = to_geodataframe([document])
    assert list(frame["event_id"]) == ["e1", "e2", "e3"]
    strike, ship, signing = (frame.iloc[number] for number in range(3))
    assert (strike.geometry.x, strike.geometry.y) == (36.633931, 35.930621)
    assert (strike.place_text, strike["name"], strike.name_ar, strike.country) == (
        "إدلب",
        "Idlib",
        "إدلب",
        "SY",
    )
    assert (strike.plover, strike.plover_mode) == ("ASSAULT", "aerial")
    assert (strike.acled, strike.acled_sub) == ("Explosions/Remote violence", "Air/drone strike")
    assert (strike.date_precision, strike.time_precision, strike.where_prec, strike.geo_precision) == (
        4,
        3,
        1,
        1,
    )
    assert strike.date_start == pd.Timestamp("2014-03-01")
    assert strike.candidates[0]["id"] == "geonames:169389"
    assert strike.reasons == ["trigger", "place in the clause", "literal by hand"]
    assert strike.confidence == pytest.approx(0.9)
    assert pd.isna(strike.merged_into)
    assert (ship.rel_type, ship.rel_anchor_id, ship.rel_bearing_deg) == (
        "direction",
        "geonames:146669",
        180.0,
    )
    assert pd.isna(ship.country), "the sea south of Cyprus is in no country"
    assert pd.isna(ship.place_id)
    assert ship.footprint.geom_type == "Polygon"
    assert ship.footprint.contains(ship.geometry)
    assert signing.geometry is None
    assert pd.isna(signing.where_prec)
    assert pd.isna(signing.conf_place)
    assert signing.quote.startswith("وقالت موسكو")


def test_a_relative_place_on_land_has_its_anchors_country(document: Document) -> None:
    location = replace(document.events[1].location, where_prec=2)
    changed = replace(document, events=(replace(document.events[1], location=location),))
    row = to_geodataframe([changed]).iloc[0]
    assert row.country == "CY"
    assert row.geo_precision == 2


def test_offsets_slice_back(document: Document) -> None:
    for table, parts in (("events", ("quote", "trigger", "place")), ("mentions", ("quote",))):
        frame = to_geodataframe([document], table=table)
        for part in parts:
            name = part if part == "quote" else f"{part}_text"
            known = frame[frame[name].notna()]
            found = [
                document.text[start:end]
                for start, end in zip(known[f"{part}_start"], known[f"{part}_end"], strict=True)
            ]
            assert found == list(known[name])
            assert found


def test_mentions(document: Document) -> None:
    frame = to_geodataframe(document, table="mentions")
    assert list(frame["text"]) == ["إدلب", "قبرص", "موسكو"]
    assert list(frame["role"]) == ["event", "mentioned", "mentioned"]
    assert list(frame["reading"]) == ["literal", "literal", "metonymic"]
    assert frame["mention_id"].is_unique
    assert frame["doc_date"].eq(pd.Timestamp("2014-04-02")).all()
    assert list(frame["quote"]) == [event.quote.text for event in document.events]


def test_a_mention_outside_every_quote_gets_its_sentence(document: Document) -> None:
    frame = to_geodataframe(replace(document, events=()), table="mentions")
    assert frame["quote"].iloc[1] == "وأبحرت سفينة جنوبي قبرص."
    assert frame["quote"].iloc[0] == "قصف الطيران مدينة إدلب في آذار 2014."


def test_the_strongest_role_wins(document: Document) -> None:
    event = document.events[0]
    weaker = replace(event, id="e0", location=replace(event.location, role=Role.ORIGIN))
    for events in ((weaker, event), (event, weaker)):
        frame = to_geodataframe(replace(document, events=events), table="mentions")
        assert frame["role"].iloc[0] == "event"


def test_documents_are_read_one_by_one(document: Document) -> None:
    alive = []

    def stream() -> Iterator[Document]:
        for number in range(4):
            alive.append(number)
            yield replace(document, article=replace(document.article, id=f"d{number}"))

    frame = to_geodataframe(stream(), table="mentions")
    assert len(frame) == 12
    assert list(frame["doc_id"].unique()) == ["d0", "d1", "d2", "d3"]


def test_order_of_documents_does_not_matter(document: Document) -> None:
    other = replace(document, article=replace(document.article, id="other"))
    one = to_geodataframe([document, other], table="mentions")
    two = to_geodataframe([other, document], table="mentions")
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.sort_values("mention_id", ignore_index=True)),
        pd.DataFrame(two.sort_values("mention_id", ignore_index=True)),
    )


def test_misuse_is_told() -> None:
    with pytest.raises(InputError, match="'events' or 'mentions'"):
        to_geodataframe([], table="places")
    with pytest.raises(InputError, match="parse the text first"):
        to_geodataframe(["نص"])  # type: ignore[list-item]


def test_derived_codes_cover_the_whole_scale() -> None:
    assert [time_precision(code) for code in (None, 1, 2, 3, 4, 5)] == [None, 1, 2, 2, 3, 3]
    assert [geo_precision(code) for code in (None, 1, 2, 3, 4, 5, 6, 7)] == [None, 1, 2, 3, 3, 3, 3, 3]


def test_schema_is_sound() -> None:
    for schema in (EVENTS, MENTIONS):
        assert len(set(schema.names)) == len(schema.names)
        assert schema.key in schema.names
        assert all(column.meaning and not column.meaning.endswith(".") for column in schema.columns)


def test_the_reference_page_is_made_from_the_schema(root) -> None:
    page = (root / "docs" / "reference" / "tables.md").read_text(encoding="utf-8")
    assert page == reference(), "run: python tools/reference.py"
