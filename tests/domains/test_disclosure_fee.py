"""The fee for processing information, by the bands of GKI-FEE 3-5."""

import pytest

from fadu.definitions import functions

FEE = functions()["disclosure_fee"]


@pytest.mark.parametrize(
    ("nth", "yuan"), [(1, 0), (10, 0), (11, 100), (30, 100), (31, 200), (40, 200), (41, 300), (50, 300), (51, 400)]
)
def test_the_nth_request_of_a_month_costs_its_band(nth: int, yuan: int) -> None:
    assert FEE({"fee_method": "per_item", "fee_count": nth}) == yuan


@pytest.mark.parametrize(
    ("pages", "yuan"), [(1, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740), (300, 6700)]
)
def test_pages_are_charged_on_the_excess_only(pages: int, yuan: int) -> None:
    assert FEE({"fee_method": "per_page", "fee_count": pages}) == yuan


def test_nothing_is_computed_before_the_count_is_known() -> None:
    assert FEE({"fee_method": "per_item"}) is None
    assert set(functions()) == {"disclosure_fee"}
