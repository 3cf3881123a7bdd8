"""Read the script: rule tables, look-up keys with a way back to the text, words and numbers."""

from __future__ import annotations

from geo.arabic.clitics import Split, article, clitic_relations, clitic_splits, conjunctions, has_shape
from geo.arabic.normalize import (
    Folded,
    Token,
    Tokenized,
    fold,
    foreign_letters,
    loose_key,
    strict_key,
    tokenize,
    undiacritised,
)
from geo.arabic.order import visual_order
from geo.arabic.rules import table

__all__ = [
    "Folded",
    "Split",
    "Token",
    "Tokenized",
    "article",
    "clitic_relations",
    "clitic_splits",
    "conjunctions",
    "fold",
    "foreign_letters",
    "has_shape",
    "loose_key",
    "strict_key",
    "table",
    "tokenize",
    "undiacritised",
    "visual_order",
]
