"""The glossary holds every noun of Fadu and every title of the shipped definitions, each once a section."""

from pathlib import Path

import pytest

from tests.domains.glossary import SECTIONS, titles

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
NOUNS = (
    "procedure case entry clock gate unit role register publication figure report stage action outcome letter post turn overlay"
).split()


def rows(section: str) -> list[tuple[str, ...]]:
    text = GLOSSARY.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines][2:]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_holds_every_title_and_nothing_else(section: str) -> None:
    listed, wanted = rows(section), titles(section)
    missing = "\n".join(f"| {zh} | {en} |" for zh, en in sorted(wanted - set(listed)))
    assert not missing, f"paste into docs/glossary.md, {section}:\n{missing}"
    assert set(listed) == wanted, f"no longer used: {set(listed) - wanted}"
    assert len(listed) == len(set(listed))


def test_every_noun_is_explained_in_both_languages() -> None:
    nouns = {row[1]: row for row in rows("The nouns")}
    assert set(NOUNS) <= set(nouns)
    assert all(len(row) == 3 and all(row) for row in nouns.values())
