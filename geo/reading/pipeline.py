"""Compose the stages: one article in, one document out.

`Geoparser` holds the opened gazetteer and the stages; it reads and writes no files itself. The same object
serves one text, a stream of articles, and the workers of a pool (it pickles by the gazetteer's path).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sized
from copy import copy
from typing import Any

from geo.arabic import tokenize
from geo.errors import InputError
from geo.model import Article, Document, Mention
from geo.places import Gazetteer
from geo.places.shapes import Shapes
from geo.reading.corrected import correct_events, correct_mentions
from geo.reading.dates import find_dates, link_dates
from geo.reading.events import extract_events
from geo.reading.learned import LearnedRecognizer
from geo.reading.mentions import read_names
from geo.reading.reading_model import ReadingModel
from geo.reading.relations import find_footprints
from geo.reading.resolve import EvidenceResolver, Resolver
from geo.reading.toponyms import Recognizer
from geo.tables.corrections import Corrections, CorrectionSource


class Geoparser:
    """Read Arabic articles: which places they name, what happened there, and when.

    Parameters
    ----------
    gazetteer : Gazetteer, optional
        The shipped one if none is given.
    recognizer : Recognizer, optional
        Finds toponyms; the gazetteer and the trained tagger together by default.
    resolver : Resolver, optional
        Chooses among candidates; weighted evidence by default.
    shapes : Shapes, optional
        Land, sea and countries as polygons; the shipped ones by default.
    corrections : path, iterable of paths, Corrections, or None
        What people corrected before (`geo.review`), one log or several: it goes before what is read.

    Raises
    ------
    GazetteerError
        If the artefact is missing, damaged or of another version.

    Examples
    --------
    >>> document = Geoparser().parse("انفجرت عبوة ناسفة في مدينة أجدابيا.")
    >>> document.mentions[0].place.name
    'Ajdabiya'
    """

    def __init__(
        self,
        gazetteer: Gazetteer | None = None,
        *,
        recognizer: Recognizer | None = None,
        resolver: Resolver | None = None,
        shapes: Shapes | None = None,
        corrections: CorrectionSource | None = None,
    ) -> None:
        """Open what was not given."""
        self._corrections = Corrections.given(corrections)
        self._gazetteer = gazetteer or Gazetteer.open()
        self._shapes = shapes or Shapes.open()
        self._recognizer = recognizer or LearnedRecognizer(self._gazetteer)
        self._resolver = resolver or EvidenceResolver()
        self._readings = ReadingModel.open()

    @property
    def corrections(self) -> Corrections:
        """Return the corrections in force, of all documents."""
        return self._corrections

    def corrected_by(self, corrections: CorrectionSource | None) -> Geoparser:
        """Return the same parser with other corrections; nothing is opened again.

        Parameters
        ----------
        corrections : path, iterable of paths, Corrections, or None
        """
        other = copy(self)
        other._corrections = Corrections.given(corrections)
        return other

    @property
    def gazetteer(self) -> Gazetteer:
        """Return the gazetteer in use."""
        return self._gazetteer

    def parse(self, article: Article | str) -> Document:
        """Read one article.

        Parameters
        ----------
        article : Article or str
            A bare text gets the id ``text``.

        Returns
        -------
        Document

        Raises
        ------
        InputError
            If the argument is neither a text nor an article.
        """
        if isinstance(article, str):
            article = Article("text", article)
        if not isinstance(article, Article):
            raise InputError(
                f"expected a text or an Article, got {type(article).__name__}; wrap it in geo.model.Article"
            )
        doc = tokenize(article.text)
        names = read_names(doc, self._recognizer, self._resolver, self._gazetteer, self._readings.settle)
        records = self._corrections.of(article)
        mentions, notes = correct_mentions(article, names.mentions, records, self._gazetteer)
        footprints = find_footprints(doc, mentions, self._shapes, self._gazetteer)
        times = link_dates(find_dates(doc, document_date=article.date), doc)
        events = extract_events(doc, article, mentions, footprints, times, blocks=names.blocks)
        events, told = correct_events(article, events, mentions, footprints, records)
        return Document(
            article,
            tuple(mentions),
            tuple(footprints),
            tuple(times),
            tuple(events),
            self.versions(),
            (*notes, *told),
            self._sources(mentions),
        )

    def _sources(self, mentions: Iterable[Mention]) -> Mapping[str, Mapping[str, Any]]:
        """Return licence and attribution of the packs and corrections that places come from."""
        added = self._gazetteer.added_sources
        used = {mention.place.source for mention in mentions if mention.place} if added else set()
        fields = ("name", "licence", "attribution")
        return {key: {name: added[key][name] for name in fields} for key in sorted(used & added.keys())}

    def parse_many(self, articles: Iterable[Article | str], *, progress: bool = False) -> Iterator[Document]:
        """Read a stream of articles, one at a time, in order.

        Parameters
        ----------
        articles : iterable of Article or str
            Bare texts are numbered: ``text-1``, ``text-2`` ...
        progress : bool
            Whether to show a bar: in a notebook its own kind, elsewhere on standard error.

        Yields
        ------
        Document
        """
        for number, article in enumerate(_watched(articles) if progress else articles, start=1):
            yield self.parse(Article(f"text-{number}", article) if isinstance(article, str) else article)

    def versions(self) -> Mapping[str, str]:
        """Return the versions of code, gazetteer, rules and model that made a result."""
        from geo import __version__

        recognizer = getattr(self._recognizer, "version", type(self._recognizer).__name__)
        return {
            "code": __version__,
            "model": f"names {recognizer}, readings {self._readings.version}",
            **self._gazetteer.versions,
        }


def _watched(articles: Iterable[Article | str]) -> Iterable[Article | str]:
    """Return the articles under a progress bar."""
    from tqdm.auto import tqdm

    total = len(articles) if isinstance(articles, Sized) else None
    watched: Iterable[Article | str] = tqdm(articles, total=total, unit=" articles")
    return watched


def parse(
    text: str,
    *,
    id: str = "text",
    date: str = "",
    url: str = "",
    title: str = "",
    publisher: str = "",
    corrections: CorrectionSource | None = None,
) -> Document:
    """Read one Arabic text with the shipped gazetteer.

    Parameters
    ----------
    text : str
    id : str
        Identifier of the document.
    date : str
        ISO day of publication; anchors "yesterday" and "last week".
    url, title, publisher : str
        Kept as they are, as the source of every event.
    corrections : path, iterable of paths, Corrections, or None
        What people corrected before, one log or several (`geo.review` writes them). ``document.notes`` says
        where they and this reading differ.

    Returns
    -------
    Document

    Examples
    --------
    >>> parse("زار الوزير طرابلس").mentions[0].text == "طرابلس"
    True
    """
    return Geoparser(corrections=corrections).parse(Article(id, text, date, url, title, publisher))


def parse_many(
    articles: Iterable[Article | str],
    *,
    corrections: CorrectionSource | None = None,
    progress: bool = False,
) -> Iterator[Document]:
    """Read a stream of articles with the shipped gazetteer, opened once.

    Parameters
    ----------
    articles : iterable of Article or str
    corrections : path, iterable of paths, Corrections, or None
        What people corrected before, one log or several.
    progress : bool
        Whether to show a bar.

    Yields
    ------
    Document
        In input order, under the articles' ids.

    Examples
    --------
    >>> [document.id for document in parse_many(["طبرق", "حلب"])]
    ['text-1', 'text-2']
    """
    yield from Geoparser(corrections=corrections).parse_many(articles, progress=progress)
