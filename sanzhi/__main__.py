"""The program `sanzhi`, also as ``python -m sanzhi``."""

from sim.cli import main

if __name__ == "__main__":
    main()
