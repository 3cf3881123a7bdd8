"""A document shows itself in a notebook: marked, counted, and whatever the text holds, only text."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from geo.glance import document_html
from geo.model import Article, Document, Event, Mention, Modality, Reading, Span

KNOWN = {"div", "p", "strong", "mark", "span", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
ATTRIBUTES = {"style", "title", "dir", "aria-hidden"}


class Seen(HTMLParser):
    """Collect tags, attributes, and the words of the article without the signs."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):  # type: ignore[no-untyped-def]
        self.tags.append(tag)
        self.open.append("sign" if ("aria-hidden", "true") in attrs else tag)
        self.attributes += [name for name, _ in attrs]

    def handle_endtag(self, tag):  # type: ignore[no-untyped-def]
        self.open.pop()

    def handle_data(self, data):  # type: ignore[no-untyped-def]
        if "sign" not in self.open:
            self.words.append(data)


def seen(document: Document) -> Seen:
    parser = Seen()
    parser.feed(document_html(document))
    parser.close()
    return parser


def test_names_counts_and_events_are_shown(document: Document) -> None:
    shown = document._repr_html_()
    assert "3 place names, 3 events, 2 located, 1 date" in shown
    assert shown.count("<mark") == 3
    assert "title='metonymic: Moscow (RU); confidence 0.80'" in shown
    assert "south of Cyprus" in shown
    assert "not said" in shown
    assert "2014-03" in shown
    assert document.text in "".join(seen(document).words)


def test_what_people_changed_is_shown(document: Document) -> None:
    event = replace(document.events[0], status="rejected", modality=Modality.PLANNED)
    shown = replace(document, events=(event,), notes=("one & two",))._repr_html_()
    assert "strike (planned, rejected)" in shown
    assert "<li dir='auto'>one &amp; two</li>" in shown


def test_a_document_without_anything_is_shown() -> None:
    assert "no event" in Document(Article("a", ""))._repr_html_()


HOSTILE = st.text(st.sampled_from("<>&\"'`{}$\\/= \n\u202e\u2066\ud800aإدلب"), max_size=40)


@given(HOSTILE, HOSTILE, st.data())
def test_hostile_text_is_only_text(text: str, title: str, data: st.DataObject) -> None:
    cut = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    span = Span(cut[0], cut[1], text[cut[0] : cut[1]])
    event = Event("e", title, None, None, Modality.ASSERTED, span, Span(0, len(text), text), edtf=title)
    mention = Mention(span.start, span.end, span.text, Reading.MEDIA)
    document = Document(Article("a", text, title, "", title), (mention,), events=(event,), notes=(text,))
    found = seen(document)
    assert set(found.tags) <= KNOWN
    assert set(found.attributes) <= ATTRIBUTES
    plain = text.replace("\u202e", "[U+202E]").replace("\u2066", "[U+2066]").replace("\ud800", "?")
    assert plain in "".join(found.words)


def test_a_very_long_article_is_cut() -> None:
    assert len(document_html(Document(Article("a", "كلمة " * 20_000)))) < 60_000
