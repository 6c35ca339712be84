"""The walked cases: situations of every shipped procedure, with dates, stages, lights and refusals."""

from typing import Any

import pytest

from fadu.definitions import library
from tests.domains.walk import Walk, case_files

ALL = [(name, case) for name, document in case_files().items() for case in document["cases"]]


@pytest.mark.parametrize(("name", "case"), ALL, ids=[f"{name}-{case['case'].split(' | ')[-1]}" for name, case in ALL])
def test_a_walked_case_goes_as_written(name: str, case: dict[str, Any]) -> None:
    document = case_files()[name]
    city = case.get("overlay", "").removeprefix("overlay-")
    procedure = max((p for p in library(city).versions.values() if p.key == name), key=lambda p: len(p.overlays))
    walk = Walk(procedure, document["cast"], city)
    for step in case["steps"]:
        try:
            walk.take(step)
        except AssertionError as error:
            raise AssertionError(f"{step['day']} {step.get('by', '')} {step.get('do', 'expects')}: {error}") from None
