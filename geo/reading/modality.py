"""Say whether the text asserts an event: denied, planned, requested, threatened, or told as a fact.

The cues and their reach are the rule table ``modality``. A temporal preposition right before a noun
(``modality_stop``) ends every scope: what stands behind "during" and "after" is told as a fact.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo.arabic import Token
from geo.model import Modality
from geo.reading.inflection import Hit, Lexicon
from geo.reading.words import WordList

_LONGEST_REACH = 16
_PURPOSE = "\u0644"


def modality_of(
    tokens: Sequence[Token], trigger: Hit, first: int, light: Hit | None = None
) -> tuple[Modality, str]:
    """Return the modality of a trigger and the reason.

    Parameters
    ----------
    tokens : sequence of Token
    trigger : Hit
    first : int
        First token of the clause: no scope crosses it.
    light : Hit, optional
        The light verb or noun that carries the trigger; what denies or plans it, does so for the trigger.

    Returns
    -------
    tuple of (Modality, str)
        The reason is empty for an asserted event.
    """
    if trigger.form.kind == "purpose":
        return Modality.PLANNED, "told as a purpose (li- and subjunctive)"
    if trigger.form.kind == "future":
        return Modality.PLANNED, "a future verb"
    if light is not None and not trigger.article:
        carried = modality_of(tokens, light, first)
        if carried[0] is not Modality.ASSERTED:
            return carried
    if "#" in tokens[trigger.first].gap:
        return Modality.ASSERTED, ""
    if not trigger.finite and WordList.of_table("modality_stop").ending_at(tokens, trigger.first):
        return Modality.ASSERTED, ""
    lexicon = Lexicon.of_table("modality")
    scope = trigger.form.kind if trigger.finite else "noun"
    for index in range(trigger.first - 1, max(first, trigger.first - _LONGEST_REACH) - 1, -1):
        for cue in lexicon.at(tokens, index):
            if cue.last <= trigger.first and _governs(tokens, cue, trigger, scope):
                words = " ".join(token.raw for token in tokens[cue.first : cue.last])
                return Modality(cue.form.entry["kind"]), f"in the scope of {words!r}"
    if (
        not trigger.finite
        and trigger.prefix.endswith(_PURPOSE)
        and not trigger.article
        and _governed(tokens, trigger, first)
    ):
        return Modality.PLANNED, "told as a purpose (li- and noun)"
    return Modality.ASSERTED, ""


def _governs(tokens: Sequence[Token], cue: Hit, trigger: Hit, scope: str) -> bool:
    entry = cue.form.entry
    if trigger.first - cue.last >= entry["reach"] or scope not in entry["scope"]:
        return False
    stops = WordList.of_table("modality_stop")
    return not any(stops.at(tokens, index) for index in range(cue.last, trigger.first))


def _governed(tokens: Sequence[Token], trigger: Hit, first: int) -> bool:
    """Say whether li- marks a purpose here, and not the indirect object of "was exposed to"."""
    hosts = Lexicon.of_table("hosting_verb")
    return not any(hosts.at(tokens, index) for index in range(max(first, trigger.first - 8), trigger.first))
