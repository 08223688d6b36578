"""Run as a program in a pseudo-terminal: a console whose names and messages are the texts given.

Arguments: the texts (a JSON list), and the defences to switch off, for the negative controls: `safe`, `gate`.
"""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import replace


def main(payloads: list[str], off: list[str]) -> None:
    from cloutui.model import safe_text
    from cloutui.widgets import gate

    if "safe" in off:
        # The gate has taken the real one by name; whoever is imported from here on takes this.
        safe_text.safe = lambda text: text
    if "gate" in off:
        gate.Gate.apply = lambda self, segments, background: segments  # type: ignore[method-assign]
    from tests.screens.console import console_app
    from tests.screens.fake_session import FakeSession, fleet

    made = fleet(nodes=len(payloads))
    names = itertools.cycle(payloads)
    made.units = [(unit_id, parent, next(names)) for unit_id, parent, _ in made.units]
    made.nodes = [
        replace(node, name=payload, server=payload) for node, payload in zip(made.nodes, payloads, strict=True)
    ]
    made.schedule = made.message = payloads[0]
    made.log = [(payload, "E", payload) for payload in payloads]
    some = next(iter(made.freshness.values()))
    made.freshness = {text: replace(some, server=text, problem=text, hint=text) for text in payloads}
    console_app(FakeSession(made)).run()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
