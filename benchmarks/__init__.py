"""Figures beside peers, measured in the same run. `make bench` prints them and writes `benchmarks/latest.json`."""
