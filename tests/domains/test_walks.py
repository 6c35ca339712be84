"""Random walks over every shipped procedure and register: whatever is tried, the invariants hold.

A quick look by default; with --hypothesis-profile=deep long walks that must meet every stage.
"""

from collections import Counter
from random import Random

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from fadu.definitions import CITIES, library
from tests.domains.wanderer import Wanderer

DEEP = settings.default is not None and settings.default.max_examples > 1000
WALKS, STEPS = (400, 150) if DEEP else (25, 60)
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # a smaller seed is no shorter walk
SHIPPED = [(name, "") for name in library().versions]
LOCAL = [
    (name, city.name) for city in sorted(CITIES.iterdir()) for name in library(city.name).versions if city.name in name
]


@pytest.mark.parametrize(("name", "city"), SHIPPED + LOCAL, ids=[name for name, _ in SHIPPED + LOCAL])
def test_whatever_is_tried_the_case_stays_lawful(name: str, city: str) -> None:
    procedure = library(city).versions[name]
    met: Counter[str] = Counter()

    @settings(max_examples=WALKS if not city or DEEP else 2, phases=UNSHRUNK)
    @given(seed=st.integers(0, 2**40))
    def walks(seed: int) -> None:
        wanderer = Wanderer(procedure, Random(seed), city)
        wanderer.walk(STEPS)
        met.update({stage: number for (key, stage), number in wanderer.seen.items() if key == procedure.key})
        for stage in sorted(stage for key, stage in wanderer.seen if key == procedure.key):
            event(stage)  # how many walks met it: --hypothesis-show-statistics

    walks()
    assert not DEEP or set(procedure.stages) == set(met), f"never met: {set(procedure.stages) - set(met)}"
