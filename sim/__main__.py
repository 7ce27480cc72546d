"""`python -m sim` is `blocsim`."""

from __future__ import annotations

from sim.cli import main

if __name__ == "__main__":
    main()
