"""`python -m followupd` is the command line."""

import sys

from followupd.cli import main

if __name__ == "__main__":
    sys.exit(main())
