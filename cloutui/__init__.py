"""cloutui: the console of a backup provider, in a terminal."""

__version__ = "0.1.0"
