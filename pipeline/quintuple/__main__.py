"""Lets `python -m quintuple` do what `quintuple` does."""

from quintuple.cli.app import main

if __name__ == "__main__":
    main()
