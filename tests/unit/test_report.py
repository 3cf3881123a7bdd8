"""What is told of a table of names: counts, names not found with what came close, names of several places."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import InputError
from geo.geocoding import geocode, report
from geo.places import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def test_counts_and_names_not_found(gazetteer: Gazetteer) -> None:
    names = ["سرت", "سرت", "طرابلس", "xyzzyx", "xyzzyx", "xyzzyx", None]
    countries = ["SD", "SD", None, None, None, None, None]
    told = report(geocode(names, country=countries, gazetteer=gazetteer), gazetteer=gazetteer)
    assert told.counts.to_dict() == {"found": 0, "ambiguous": 1, "similar": 0, "none": 5, "empty": 1}
    assert told.missing["query"].tolist() == ["xyzzyx", "سرت"], "the most frequent first"
    assert told.missing["rows"].tolist() == [3, 2]
    assert told.missing["near_misses"].iloc[1][0] == "سرت (LY): it lies in LY, not in SD"
    assert "in SD" in told.missing["reason"].iloc[1]
    assert told.ambiguous["name"].tolist() == ["Tripoli"]
    assert "Tripoli (LB)" in told.ambiguous["others"].iloc[0]
    text = str(told)
    assert "5   71.4 %  none" in text
    assert "'xyzzyx' (3 rows)" in text


def test_similar_names_are_counted_and_listed_apart(gazetteer: Gazetteer) -> None:
    told = report(geocode(["طربلس", "سرت", "طربلس"], country="LY", gazetteer=gazetteer), gazetteer=gazetteer)
    assert told.counts.to_dict() == {"found": 1, "ambiguous": 0, "similar": 2, "none": 0, "empty": 0}
    [row] = told.similar.to_dict("records")
    assert (row["query"], row["rows"], row["name"], row["country"]) == ("طربلس", 2, "Tripoli", "LY")
    assert 0 < row["score"] < 1
    assert row["reason"].startswith("the name is only similar: ")
    assert "'طربلس' (2 rows): Tripoli (LY), score" in str(told)


def test_a_frame_that_has_such_columns_already(gazetteer: Gazetteer) -> None:
    frame = pd.DataFrame({"name": ["سرت", "xyzzyx"], "country": ["LY", "LY"], "status": ["old", "new"]})
    told = report(geocode(frame, country="country", gazetteer=gazetteer), gazetteer=gazetteer)
    assert told.counts.to_dict() == {"found": 1, "ambiguous": 0, "similar": 0, "none": 1, "empty": 0}
    assert told.missing["asked_country"].tolist() == ["LY"]


def test_nothing_and_no_more_than_wanted(gazetteer: Gazetteer) -> None:
    empty = report(geocode([], gazetteer=gazetteer), gazetteer=gazetteer)
    assert empty.counts.sum() == 0
    assert len(empty.missing) == len(empty.ambiguous) == len(empty.similar) == 0
    told = report(geocode(["سرت", "درنة"], country="SD", gazetteer=gazetteer), most=1, gazetteer=gazetteer)
    assert [bool(near) for near in told.missing["near_misses"]] == [True, False]


def test_another_table_is_refused() -> None:
    with pytest.raises(InputError, match=r"give what geo\.geocode returned"):
        report(pd.DataFrame({"name": ["x"]}))
