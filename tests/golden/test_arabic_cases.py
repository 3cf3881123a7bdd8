"""Check the hard cases of Arabic place names, relations, dates and numbers, one by one.

``tests/fixtures/arabic_cases.tsv`` holds one case a line:

* ``case``: number of the row, and a letter where a row has several inputs;
* ``category``, ``input``, ``expected``, ``note``: the row in words;
* ``text``: a sentence that holds the input, where the bare input is no fair test of running text;
* ``check``: the row as checks, separated by `` ; ``, all of which must hold;
* ``status``: empty, or ``todo: reason`` for a case not met yet. Such a case must fail: one that
  starts to pass breaks the run until its status is taken away. ``docs/arabic-cases.md`` lists them.

``\\uXXXX`` stands for an invisible character. The text is read with the whole pipeline, as published on
2020-02-12, a Wednesday. A check is ``keyword``, ``keyword=value`` or ``keyword=value option=value ...``;
``a|b`` in a value means either.

=================  ============================================================================
check              holds if
=================  ============================================================================
key=X              the input has the strict key of X (``not_key``: has not)
loose=X            the input has the second-chance key of X
not_raw=X          the input without marks differs from X
core=X prefix=P    some cut of proclitics P from the first word leaves the key of X
mention=X          one mention has the surface X, and all options: ``reading``; ``country`` (ISO
                   alpha-2) and ``feature`` (class or code) of its place, ``none`` for no place;
                   ``name`` of the place; ``clitics`` (``-`` for none); ``span=first:last``;
                   ``contained_in`` (surface of a container)
no_mention=X       no mention has this surface
no_place           no mention is literal, metonymic or historical
no_town            no literal mention is resolved to an inhabited place, quarters apart
same_place=X       the input and X, each read alone, are the same place
block=X            X lies in a person's, a body's or an outlet's name; option ``reading``
relation=R         one footprint has the relation R, a geometry (no gloss has one), and all options:
                   ``bearing`` in degrees, ``distance`` in km, ``anchor`` (surface of an anchor)
no_relation        no footprint
event_at=X         an event is placed at the mention X (``no_event_at``: none is); option ``role``
date=D             one date is exactly D: a year, month, day, ``first..last`` or ``none``; options
                   ``precision``, ``relative``, ``offset``, ``tolerance`` in days
date_from=D        one date begins on D; option ``tolerance``
dates=N            there are N dates (``no_date``: none)
number=N           one number is N, or ``vague``; options ``hedge``, ``unit``
today=none         the text is read without a date of publication
=================  ============================================================================
"""

from __future__ import annotations

import calendar
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from geo.arabic import clitic_splits, loose_key, strict_key, tokenize, undiacritised
from geo.arabic.numbers import parse_number
from geo.model import Article, Document, Footprint, Mention, Reading, Role, TimeExpression
from geo.reading.blocks import find_blocks
from geo.reading.pipeline import Geoparser

ROOT = Path(__file__).resolve().parents[2]
TODAY = "2020-02-12"
ON_THE_MAP = (Reading.LITERAL, Reading.METONYMIC, Reading.HISTORICAL)
ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
OPTION = re.compile(r"(?:^|\s)([a-z_]+)=")


@dataclass(frozen=True)
class Case:
    """Hold one line of the fixture, escapes resolved; ``text`` falls back to the input."""

    case: str
    category: str
    input: str
    text: str
    expected: str
    check: str
    note: str
    status: str

    def terms(self) -> Iterator[dict[str, str]]:
        """Yield each check as a mapping; its first key is the keyword."""
        for term in self.check.split(" ; "):
            found = list(OPTION.finditer(term))
            ends = [match.start() for match in found[1:]] + [len(term)]
            values = [term[m.end() : end].strip() for m, end in zip(found, ends, strict=False)]
            yield dict(zip((m[1] for m in found), values, strict=True)) or {term.strip(): ""}

    def read(self) -> Document:
        """Read the text with the whole pipeline."""
        return _read(self.text, "" if "today=none" in self.check else TODAY)


def load_cases() -> list[Case]:
    """Read the fixture."""
    lines = (ROOT / "tests/fixtures/arabic_cases.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [ESCAPE.sub(lambda match: chr(int(match[1], 16)), line).split("\t") for line in lines]
    return [Case(*row[:3], row[3] or row[2], *row[4:]) for row in rows]


@cache
def _parser() -> Geoparser:
    return Geoparser()


@cache
def _read(text: str, today: str) -> Document:
    return _parser().parse(Article("case", text, today))


def _either(given: str, wanted: str) -> bool:
    return given in wanted.split("|")


def _mentions(document: Document) -> str:
    """Describe the mentions, for messages."""
    lines = []
    for mention in document.mentions:
        place = mention.place
        facts = (place.name, place.country, place.feature_code) if place else "no place"
        lines.append(f"[{mention.clitics}][{mention.text}] {mention.reading.value} {facts} {mention.reasons}")
    return "\n".join(lines) or "no mentions"


def _fits(mention: Mention, document: Document, wanted: dict[str, str]) -> bool:
    place = mention.place
    features = (place.feature_class, place.feature_code) if place else ("none", "none")
    inside = {document.mentions[index].text for index in mention.containers}
    tests: dict[str, Callable[[str], bool]] = {
        "mention": lambda value: _either(mention.text, value),
        "reading": lambda value: _either(mention.reading.value, value),
        "country": lambda value: _either(place.country if place else "none", value),
        "feature": lambda value: any(_either(feature, value) for feature in features),
        "name": lambda value: place is not None and any(name in place.name for name in value.split("|")),
        "clitics": lambda value: strict_key(mention.clitics) == (strict_key(value) if value != "-" else ""),
        "span": lambda value: value == f"{mention.start}:{mention.end}",
        "contained_in": lambda value: not inside.isdisjoint(value.split("|")),
    }
    return all(tests[name](value) for name, value in wanted.items())


def check_mention(case: Case, term: dict[str, str]) -> None:
    document = case.read()
    for mention in document.mentions:
        assert document.text[mention.start : mention.end] == mention.text
    assert any(_fits(mention, document, term) for mention in document.mentions), _mentions(document)


def check_no_mention(case: Case, term: dict[str, str]) -> None:
    assert all(m.text != term["no_mention"] for m in case.read().mentions), _mentions(case.read())


def check_no_place(case: Case, term: dict[str, str]) -> None:
    assert not [m.text for m in case.read().mentions if m.reading in ON_THE_MAP], _mentions(case.read())


def check_no_town(case: Case, term: dict[str, str]) -> None:
    document = case.read()
    places = [m.place for m in document.mentions if m.reading in ON_THE_MAP and m.place]
    assert not [p for p in places if p.feature_class == "P" and p.feature_code != "PPLX"], _mentions(document)


def check_same_place(case: Case, term: dict[str, str]) -> None:
    one, other = (_read(text, TODAY).mentions for text in (case.input, term["same_place"]))
    assert one, "no mentions"
    assert other, "no mentions"
    assert one[0].place is not None
    assert one[0].place == other[0].place


def check_block(case: Case, term: dict[str, str]) -> None:
    doc = tokenize(case.text)
    blocks = find_blocks(doc)
    start = case.text.index(term["block"])
    stop = start + len(term["block"])
    spans = [(doc.tokens[b.first].start, doc.tokens[b.last - 1].end, b.reading.value) for b in blocks]
    covering = [reading for first, last, reading in spans if first <= start and stop <= last]
    told = [(case.text[first:last], reading) for first, last, reading in spans]
    assert any(_either(reading, term.get("reading", reading)) for reading in covering), f"blocks {told}"


def check_event(case: Case, term: dict[str, str]) -> None:
    document = case.read()
    keyword, role = next(iter(term)), Role(term.get("role", "event"))
    texts: set[str] = set()
    for place in [event.location for event in document.events if event.location]:
        anchors = document.footprints[place.footprint].anchors if place.footprint is not None else ()
        indices = anchors if place.mention is None else (place.mention,)
        texts |= {document.mentions[index].text for index in indices if place.role is role}
    assert (term[keyword] in texts) == (keyword == "event_at"), f"{role} at {texts}\n{_mentions(document)}"


def _footprint_fits(footprint: Footprint, document: Document, wanted: dict[str, str]) -> bool:
    anchors = [document.mentions[index].text for index in footprint.anchors]
    assert footprint.text == document.text[footprint.start : footprint.end]
    return (
        _either(footprint.relation, wanted["relation"])
        and (footprint.geometry is not None or footprint.relation == "gloss")
        and ("anchor" not in wanted or any(_either(anchor, wanted["anchor"]) for anchor in anchors))
        and _equal(footprint.bearing_deg, wanted.get("bearing"), 0.5)
        and _equal(footprint.distance_km, wanted.get("distance"), 0.5)
    )


def _equal(given: float | None, wanted: str | None, tolerance: float) -> bool:
    return wanted is None or (given is not None and abs(given - float(wanted)) <= tolerance)


def check_relation(case: Case, term: dict[str, str]) -> None:
    document = case.read()
    found = [(f.text, f.relation, f.bearing_deg, f.distance_km, f.alternatives) for f in document.footprints]
    fitting = any(_footprint_fits(footprint, document, term) for footprint in document.footprints)
    assert fitting, f"footprints {found}\n{_mentions(document)}"


def check_no_relation(case: Case, term: dict[str, str]) -> None:
    assert not [(f.text, f.relation) for f in case.read().footprints]


def _interval(value: str) -> tuple[str, str] | None:
    """Return the first and last day of a year, month, day or range; ``None`` for ``none``."""
    if value == "none":
        return None
    first, _, last = value.partition("..")
    last = last or first
    if len(last) == 4:
        last += "-12"
    if len(last) == 7:
        last += f"-{calendar.monthrange(int(last[:4]), int(last[5:]))[1]}"
    return (first + "-01-01"[len(first) - 4 :] if len(first) < 10 else first), last


def _near(given: str | None, wanted: str, days: int) -> bool:
    return given is not None and abs((date.fromisoformat(given) - date.fromisoformat(wanted)).days) <= days


def _time_fits(time: TimeExpression, term: dict[str, str]) -> bool:
    days = int(term.get("tolerance", "0"))
    if "date_from" in term:
        return _near(time.date_start, term["date_from"], days)
    intervals = [_interval(value) for value in term["date"].split("|")]
    fits = any(
        (time.date_start is None and time.date_end is None)
        if each is None
        else _near(time.date_start, each[0], days) and _near(time.date_end, each[1], days)
        for each in intervals
    )
    return (
        fits
        and term.get("precision", str(time.precision)) == str(time.precision)
        and term.get("relative", time.relative_to) == time.relative_to
        and _either(time.offset, term.get("offset", time.offset))
    )


def check_date(case: Case, term: dict[str, str]) -> None:
    times = case.read().times
    assert any(_time_fits(time, term) for time in times), times


def check_dates(case: Case, term: dict[str, str]) -> None:
    times = case.read().times
    assert len(times) == int(term.get("dates", "0")), times


def check_number(case: Case, term: dict[str, str]) -> None:
    tokens = tokenize(case.text).tokens
    found, index = [], 0
    while index < len(tokens):
        number = parse_number(tokens, index)
        if number is not None:
            found.append(number)
        index = max(index + 1, number.end if number else 0)
    assert any(
        (n.vague and n.value is None if term["number"] == "vague" else n.value == float(term["number"]))
        and term.get("hedge", n.hedge) == n.hedge
        and term.get("unit", n.unit) == n.unit
        for n in found
    ), found


def check_key(case: Case, term: dict[str, str]) -> None:
    keyword, other = next(iter(term.items()))
    make = {"key": strict_key, "not_key": strict_key, "loose": loose_key, "not_raw": undiacritised}[keyword]
    assert (make(case.input) == make(other)) != keyword.startswith("not_")


def check_core(case: Case, term: dict[str, str]) -> None:
    splits = clitic_splits(tokenize(case.input).tokens[0].key)
    assert (strict_key(term["prefix"]), strict_key(term["core"])) in [(s.prefix, s.core) for s in splits]


CHECKS: dict[str, Callable[[Case, dict[str, str]], None]] = {
    "key": check_key,
    "not_key": check_key,
    "loose": check_key,
    "not_raw": check_key,
    "core": check_core,
    "mention": check_mention,
    "no_mention": check_no_mention,
    "no_place": check_no_place,
    "no_town": check_no_town,
    "same_place": check_same_place,
    "block": check_block,
    "event_at": check_event,
    "no_event_at": check_event,
    "relation": check_relation,
    "no_relation": check_no_relation,
    "date": check_date,
    "date_from": check_date,
    "dates": check_dates,
    "no_date": check_dates,
    "number": check_number,
    "today": lambda case, term: None,
}


def run(case: Case) -> None:
    """Run every check of a case."""
    for term in case.terms():
        CHECKS[next(iter(term))](case, term)


def _parameter(case: Case) -> object:
    todo = pytest.mark.xfail(reason=case.status, strict=True, raises=AssertionError)
    return pytest.param(case, id=f"{case.case}-{case.category}", marks=[todo] if case.status else [])


@pytest.mark.parametrize("case", [_parameter(case) for case in load_cases()])
def test_case(case: Case) -> None:
    run(case)


def test_fixture_is_whole_and_well_formed() -> None:
    cases = load_cases()
    assert {int(case.case[:3]) for case in cases} == set(range(1, 242))
    assert len({case.case for case in cases}) == len(cases)
    for case in cases:
        assert all(next(iter(term)) in CHECKS for term in case.terms()), case.check
        assert not case.status or re.fullmatch(r"todo: .{10,}", case.status), case.case


def test_sentences_keep_the_input() -> None:
    for case in load_cases():  # " + " and " ... " stand for words between, single letters for any names
        parts = [part for part in re.split(r"\s*(?:\+|\.{3})\s*", case.input) if part]
        assert "س وص وع" in case.input or all(part in case.text for part in parts), case.case


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("arabic_cases", ROOT / "evaluation/arabic_cases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_page_is_current() -> None:
    page = (ROOT / "docs/arabic-cases.md").read_text(encoding="utf-8")
    assert page == _script().page(), "run: python evaluation/arabic_cases.py > docs/arabic-cases.md"
