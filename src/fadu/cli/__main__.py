"""`python -m fadu.cli` is `fadu`."""

import sys

from fadu.cli import main

sys.exit(main())
