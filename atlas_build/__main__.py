"""`python -m atlas_build` is the same as `misalignment-atlas`."""

import sys

from atlas_build.cli import main

if __name__ == "__main__":
    sys.exit(main())
