"""Print the page of hard Arabic cases: how many are met in each category, and which are not met yet.

Run ``python evaluation/arabic_cases.py > docs/arabic-cases.md`` after a change of
``tests/fixtures/arabic_cases.tsv``. Whether a case is met is not decided here: the cases run as tests, and a
case whose ``status`` does not tell the truth breaks the run.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

CASES = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "arabic_cases.tsv"
HEAD = """# Hard cases of Arabic text

Proclitics, run-on words, everyday words that are also towns, adjectives, governments, relations, dates
and numbers: each case is a short text with what should be read in it. The cases stand in
`tests/fixtures/arabic_cases.tsv`; `tests/golden/test_arabic_cases.py` explains the checks and runs them.
A row is met when all its cases are. This page is written by `evaluation/arabic_cases.py`.
"""


def rows() -> list[dict[str, str]]:
    """Read the cases, one mapping a line."""
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def page() -> str:
    """Return the whole page."""
    cases = rows()
    unmet = [case for case in cases if case["status"]]
    parts = [HEAD, _counts(cases, unmet)]
    parts.append(_unmet(unmet) if unmet else "All cases are met.\n")
    return "\n".join(parts)


def _counts(cases: list[dict[str, str]], unmet: list[dict[str, str]]) -> str:
    """Count rows and cases of each category."""
    every = Counter(case["category"] for case in cases)
    open_cases = Counter(case["category"] for case in unmet)
    row_of = {case["case"][:3]: case["category"] for case in cases}
    every_row = Counter(row_of.values())
    open_row = Counter(row_of[number] for number in {case["case"][:3] for case in unmet})
    lines = ["| category | rows | rows met | cases | cases met |", "|---|---:|---:|---:|---:|"]
    for name, count in every.items():
        rows_met, cases_met = every_row[name] - open_row[name], count - open_cases[name]
        lines.append(f"| {name} | {every_row[name]} | {rows_met} | {count} | {cases_met} |")
    rows_met, cases_met = every_row.total() - open_row.total(), len(cases) - len(unmet)
    lines.append(f"| all | {every_row.total()} | {rows_met} | {len(cases)} | {cases_met} |")
    return "\n".join(lines) + "\n"


def _unmet(unmet: list[dict[str, str]]) -> str:
    """List what is not met, and why."""
    lines = ["## Not met yet", "", "| case | category | text | expected | why not |", "|---|---|---|---|---|"]
    for case in unmet:
        text, expected = (case[name].replace("|", "\\|") for name in ("text", "expected"))
        why, text = case["status"].removeprefix("todo: "), text or case["input"]
        lines.append(f"| {case['case']} | {case['category']} | {text} | {expected} | {why} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
