"""The command line as `python -m baocha`."""

from baocha.cli import main

if __name__ == "__main__":
    main()
