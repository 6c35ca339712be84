"""A long text as numbered paragraphs, and the rows of a list that were drawn from them."""

from collections.abc import Iterator, Mapping
from typing import Any

from fadu.kernel.definition import Field


def paragraphs(text: str) -> list[str]:
    """The lines of a text that hold something; paragraph 1 is the first."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def out_of_text(field: Field, data: Mapping[str, Any]) -> Iterator[int | float]:
    """The paragraphs that rows of a list name and its text does not have."""
    known = range(1, len(paragraphs(str(data.get(field.draws_from) or ""))) + 1)
    numbers = (row.get("paragraph") for row in data.get(field.key) or [])
    return (number for number in numbers if number is not None and number not in known)
