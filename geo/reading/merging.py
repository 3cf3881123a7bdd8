"""Make one event of what is told twice: by two words of a clause, by its casualties, by a hashtag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geo.arabic import Tokenized
from geo.model import TimeExpression
from geo.reading.attach import Attacher
from geo.reading.clauses import find_headings
from geo.reading.dating import names_known_event
from geo.reading.triggers import Trigger

_AND = "\u0648"
_LIST_REACH = 8


def known_left_out(
    doc: Tokenized, triggers: Sequence[Trigger], times: Mapping[int, Sequence[TimeExpression]]
) -> list[Trigger]:
    """Leave out nouns that only date something by an event told before, and what is told anyway.

    Told anyway are the events of a hashtag and of a heading whose type the running text has as well.

    Parameters
    ----------
    doc : Tokenized
    triggers : sequence of Trigger
    times : Mapping from int to sequence of TimeExpression
        The date phrases of each sentence.

    Returns
    -------
    list of Trigger
    """
    headings = find_headings(doc)
    told = {t.type for t in triggers if not _tagged(doc, t) and not _heads(doc, t, headings)}
    kept: list[Trigger] = []
    seen: set[str] = set()
    for trigger in triggers:
        start, end = doc.tokens[trigger.first].start, doc.tokens[trigger.last - 1].end
        here = times.get(doc.tokens[trigger.first].sentence, ())
        anchored = names_known_event(start, end, here) is not None
        tagged = _tagged(doc, trigger)
        if _heads(doc, trigger, headings) and trigger.type in told:
            continue
        if (trigger.type in seen and (anchored or tagged)) or (tagged and trigger.type in told):
            continue
        seen.add(trigger.type)
        kept.append(trigger)
    return kept


def _heads(doc: Tokenized, trigger: Trigger, headings: frozenset[int]) -> bool:
    return doc.tokens[trigger.first].sentence in headings


def _tagged(doc: Tokenized, trigger: Trigger) -> bool:
    return "#" in doc.tokens[trigger.first].gap


def one_each(doc: Tokenized, attacher: Attacher, triggers: Sequence[Trigger]) -> list[Trigger]:
    """Merge the triggers that tell the same event.

    Triggers of one type in one clause are one event unless each has a place of its own; casualties belong
    to the event that caused them; "attacked" gives way to the attack told beside it.

    Parameters
    ----------
    doc : Tokenized
    attacher : Attacher
        Knows the place of each trigger; learns which one lends its place to which.
    triggers : sequence of Trigger

    Returns
    -------
    list of Trigger
        In text order.
    """
    kept: list[Trigger] = []
    here: dict[str, int] = {}
    for trigger in _causes(doc, attacher, triggers):
        if kept and kept[-1].clause != trigger.clause:
            here.clear()
        twin = here.get(trigger.type)
        if (
            twin is None
            or kept[twin].modality is not trigger.modality
            or _placed(attacher, kept[twin], trigger)
        ):
            here[trigger.type] = len(kept)
            kept.append(trigger)
        elif trigger.licensed and not kept[twin].licensed:
            attacher.lend(trigger, kept[twin])
            kept[twin] = trigger
        else:
            attacher.lend(kept[twin], trigger)
    return kept


def _placed(attacher: Attacher, *triggers: Trigger) -> bool:
    return all(attacher.own(trigger) is not None for trigger in triggers)


def _causes(doc: Tokenized, attacher: Attacher, triggers: Sequence[Trigger]) -> list[Trigger]:
    """Fold casualties into the event that caused them, and "attacked" into the attack told beside it."""
    kept: list[Trigger] = []
    for number, trigger in enumerate(triggers):
        before = triggers[max(0, number - 1) : number]
        if trigger.entry.get("result") and trigger.outcome and _cause_before(doc, before, trigger):
            continue
        if before and _goes_on(doc, before[0], trigger):
            attacher.lend(before[0], trigger)
            continue
        near = [*before, *triggers[number + 1 : number + 2]]
        beside = [t for t in near if t.clause == trigger.clause and t.modality is trigger.modality]
        violent = [t for t in beside if t.type != trigger.type and t.entry.get("force")]
        folded = trigger.entry.get("result") and any(
            attacher.hang_together(trigger, other) for other in violent
        )
        generic = trigger.entry.get("generic") and violent and attacher.own(trigger) is None
        if not folded and not generic:
            kept.append(trigger)
    return kept


def _goes_on(doc: Tokenized, before: Trigger, trigger: Trigger) -> bool:
    """Say whether casualties are listed on ("three were killed and five wounded")."""
    listed = trigger.entry.get("result") and trigger.hit.prefix == _AND and not trigger.outcome
    same = doc.tokens[before.first].sentence == doc.tokens[trigger.first].sentence
    casualties = bool(before.entry.get("result")) and before.modality is trigger.modality
    return bool(listed and same and casualties and trigger.first - before.last <= _LIST_REACH)


def _cause_before(doc: Tokenized, before: Sequence[Trigger], trigger: Trigger) -> bool:
    """Say whether the sentence told just before what the casualties behind "led to" come from."""
    sentence = doc.tokens[trigger.first].sentence
    return any(t.entry.get("force") and doc.tokens[t.first].sentence == sentence for t in before)
