"""Counts that stop at a cap say so."""

from fadu.cases.listing import CAP


def counted(number: int) -> str:
    """`498`, `1,000+`."""
    return f"{CAP:,}+" if number > CAP else f"{number:,}"
