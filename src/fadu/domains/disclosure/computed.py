"""Amounts of the disclosure domain that conditions cannot say: facts in, value out."""

from collections.abc import Mapping
from typing import Any

_FREE_ITEMS, _FLAT_ITEMS, _FREE_PAGES = 10, 30, 30
_PAGE_RATES = ((30, 100, 10), (100, 200, 20), (200, None, 40))  # above, up to, yuan a page


def disclosure_fee(facts: Mapping[str, Any]) -> int | None:
    """The fee in yuan from `fee_method` and `fee_count`; None while the count is unknown (GKI-FEE 3-5).

    By item the count says which request of the applicant in the calendar month this is; by page, how many pages.
    """
    count = facts.get("fee_count")
    if not isinstance(count, int):
        return None
    return _by_page(count) if facts.get("fee_method") == "per_page" else _by_item(count)


def _by_item(nth: int) -> int:
    """1-10 free, 11-30 100 yuan, then every band of ten 100 yuan more."""
    if nth <= _FREE_ITEMS:
        return 0
    return 100 if nth <= _FLAT_ITEMS else 100 * ((nth - _FLAT_ITEMS - 1) // 10 + 2)


def _by_page(pages: int) -> int:
    """Progressive on the excess only: up to 30 pages free."""
    return sum(rate * max(min(pages, last or pages) - above, 0) for above, last, rate in _PAGE_RATES)
