"""How much Hypothesis searches: quickly by default, the same way every time in CI, at length with --hypothesis-profile=deep."""

import os

from hypothesis import HealthCheck, settings

# The machine may be busy with other work: a slow example is no fault of the code.
settings.register_profile("quick", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("quick"), derandomize=True, print_blob=True)
settings.register_profile("deep", parent=settings.get_profile("quick"), max_examples=5_000)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "quick")
