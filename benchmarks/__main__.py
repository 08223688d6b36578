"""Runs every `bench_*` module here, prints one table, writes `latest.json`: one object a figure."""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent


def main() -> int:
    """Returns 1 when one of them failed: the others are measured all the same, and written."""
    names = sys.argv[1:] or sorted(path.stem for path in HERE.glob("bench_*.py"))
    figures: list[dict[str, object]] = []
    failed: list[str] = []
    for name in names:
        started = perf_counter()
        try:
            found = import_module(f"benchmarks.{name}").measure()
        except Exception:  # whatever one breaks down of says nothing of the others
            traceback.print_exc()
            failed.append(name)
            continue
        figures += found
        print(f"\n{name}, {perf_counter() - started:.0f} s")
        for figure in found:
            print(_line(figure), flush=True)
    machine = {"cores": os.cpu_count(), "load": os.getloadavg()[0]}
    written = {"machine": machine, "failed": failed, "figures": figures}
    (HERE / "latest.json").write_text(json.dumps(written, indent=1))
    print(f"\n{len(figures)} figures in benchmarks/latest.json; load when it ended {machine['load']:.1f}")
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def _line(figure: dict[str, object]) -> str:
    peer = ""
    if figure.get("peer"):
        peer = f"{figure['peer']} {_number(figure['peer_value'])} {figure['unit']}, ratio {figure['ratio']:.2f}"
    rows = f"{figure['rows']:,} rows" if figure.get("rows") else ""
    return f"  {figure['name']:44} {_number(figure['value']):>12} {figure['unit']:8} {rows:>18}  {peer}"


def _number(value: object) -> str:
    assert isinstance(value, int | float)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"


if __name__ == "__main__":
    sys.exit(main())
