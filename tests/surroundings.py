"""What is set before Django reads its settings: a data folder of the tests' own, never that of the person who runs them.

The database is chosen by DATABASE_URL as everywhere: PostgreSQL when it is set, else SQLite (see scripts/test).
"""

import os
import tempfile
from pathlib import Path


def own_home() -> tempfile.TemporaryDirectory[str]:
    """A new folder; that of a parallel worker lies in the folder of its controller, which removes both."""
    controller = os.environ.get("FADU_HOME") if "PYTEST_XDIST_WORKER" in os.environ else None
    return tempfile.TemporaryDirectory(prefix="fadu-tests-", dir=controller, ignore_cleanup_errors=True)


HOME = own_home()
os.environ["FADU_HOME"] = str(Path(HOME.name).resolve())
os.environ.pop("FADU_DEMO", None)
