"""`python -m estran.cli`."""

import sys

from estran.cli import main

sys.exit(main())
