"""A small played city: the demo's, with a share of its year."""

from datetime import datetime

import pytest

from fadu.replay import demo

TODAY = datetime(2026, 10, 14, 15, 30)  # a Wednesday


@pytest.fixture
def yunzhou(db: None) -> datetime:
    """The demo city on a working afternoon; the moment it was built for."""
    demo.build(TODAY, share=0.08)
    return TODAY
