"""`python -m cloutui`."""

from cloutui.cli import main

main()
