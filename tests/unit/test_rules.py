"""Rule tables: every entry documented, every example true, broken tables refused by name."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from gazetteer.tables import compile_rules
from geo.arabic import clitic_splits, loose_key, strict_key, table, tokenize
from geo.errors import RuleError

FOLDER = Path(__file__).resolve().parents[2] / "gazetteer" / "rules"
FILES = sorted(FOLDER.glob("*.toml"))
TABLES = compile_rules(FOLDER)
LETTERS = [(entry["level"], *pair) for entry in TABLES["letter"] for pair in entry["examples"]]
CLITICS = [
    (entry["letter"], *pair)
    for name in ("conjunction", "preposition")
    for entry in TABLES[name]
    for pair in entry["examples"]
]
DOCUMENTED = 'gloss = "g"\nexample = "e"\nsource = "s"\n'


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_every_entry_has_a_gloss_an_example_and_a_source(file: Path) -> None:
    for name, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
        for entry in entries:
            assert entry["gloss"].strip(), name
            assert entry["source"].strip(), name
            assert entry.get("example") or entry.get("examples"), name


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_every_file_says_what_it_is_for(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize(("level", "written", "name"), LETTERS)
def test_letter_examples_share_their_key(level: str, written: str, name: str) -> None:
    if level == "strict":
        assert strict_key(written) == strict_key(name)
    else:
        assert strict_key(written) != strict_key(name)
    assert loose_key(written) == loose_key(name)


@pytest.mark.parametrize(("prefix", "written", "name"), CLITICS)
def test_clitic_examples_split_as_said(prefix: str, written: str, name: str) -> None:
    splits = [(split.prefix, split.core) for split in clitic_splits(strict_key(written))]
    assert (strict_key(prefix), strict_key(name)) in splits


@pytest.mark.parametrize("name", sorted(TABLES))
def test_forms_are_words_that_can_be_found(name: str) -> None:
    """A form with no letters, or one that the tokenizer cuts in another way, would never be met in a text."""
    for entry in TABLES[name]:
        for field in ("forms", "plural", "adjectives"):
            for form in entry.get(field, ()):
                if isinstance(form, str) and form.strip():
                    assert strict_key(form).split() == [token.key for token in tokenize(form).tokens], form


def test_compiled_tables_are_those_of_the_rule_files() -> None:
    for name, entries in TABLES.items():
        assert [dict(entry) for entry in table(name)] == entries, f"{name}: run `make gazetteer`"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[word]\n", "not valid TOML"),
        ('word = "x"\n', "write [[word]]"),
        ("[word]\n" + DOCUMENTED, "write [[word]]"),
        ("word = [1]\n", "is no table"),
        ('[[word]]\nexample = "e"\nsource = "s"\n', "lacks gloss"),
        ('[[word]]\ngloss = "g"\nexample = "e"\n', "lacks source"),
        ('[[word]]\ngloss = "g"\nsource = "s"\n', "lacks example or examples"),
        ('[[word]]\ngloss = ""\nexample = "e"\nsource = "s"\n', "lacks gloss"),
    ],
)
def test_broken_files_are_refused_with_file_and_table(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "broken.toml").write_text(content, encoding="utf-8")
    with pytest.raises(RuleError, match=r"broken\.toml") as caught:
        compile_rules(tmp_path)
    assert told in str(caught.value)


def test_text_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_bytes(b'x = "\xff"')
    with pytest.raises(RuleError, match=r"broken\.toml"):
        compile_rules(tmp_path)


def test_entries_keep_the_order_of_files_and_lines(tmp_path: Path) -> None:
    for name, word in [("b", "second"), ("a", "first")]:
        (tmp_path / f"{name}.toml").write_text(f'[[word]]\nform = "{word}"\n{DOCUMENTED}', encoding="utf-8")
    assert [entry["form"] for entry in compile_rules(tmp_path)["word"]] == ["first", "second"]


def test_unknown_tables_are_named_with_those_there_are() -> None:
    with pytest.raises(RuleError, match=r"no rule table 'lettre'.*letter"):
        table("lettre")
