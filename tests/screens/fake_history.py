"""The made-up fleet's frozen days, and whether they are what they were."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cloutui.model.status import Status
from cloutui.records.history_check import HistoryCheck
from tests.screens.fake_session import TODAY, FakeNode, FakeSession

ALL_WELL = HistoryCheck(files=12, days=48, dropped=1, litter=0, problems=())
_UNITS = {1: "Nordhavn Backup", 2: "Fjord Retail", 3: "Acme ApS"}


class HistoryRows(FakeSession):
    """Answers the reports on what is frozen."""

    checked: HistoryCheck = ALL_WELL

    async def verify_history(self) -> HistoryCheck:
        if "verify-history" in self.failing:
            raise self.failing["verify-history"]
        return self.checked

    def _rows_of_history(self, nodes: list[FakeNode], *, days: int) -> list[dict[str, Any]]:
        frozen = []
        for back in range(1, min(days, 13)):
            day = TODAY - timedelta(days=back)
            worst = Status.ERROR if back % 3 else Status.WARNING
            told: dict[str, Any] = {"day": day, "status": worst, "nodes": len(nodes), "late": int(back == 4)}
            at = datetime(day.year, day.month, day.day, 11) + timedelta(days=1)  # noqa: DTZ001 - UTC, as the cache has it
            frozen.append({**told, "units": 3, "frozen": at, "kept": "dropped" if back == 12 else "yes"})
        return frozen

    def _rows_of_history_day(self, nodes: list[FakeNode], *, day: str) -> list[dict[str, Any]]:
        counted = Counter(node.unit_id for node in nodes)
        return [
            {
                "status": Status.ERROR if unit_id == 2 else Status.OK,
                "unit": _UNITS.get(unit_id, f"Unit {unit_id}"),
                "revision": 1,
                "nodes": number,
                "frozen": datetime(2026, 11, 22, 11),  # noqa: DTZ001 - UTC, as the cache has it
                "hash": sha256(f"{day} {unit_id}".encode()).hexdigest(),
                "file": sha256(day.encode()).hexdigest(),
                "state": "in force",
                "unit_id": unit_id,
            }
            for unit_id, number in sorted(counted.items())
        ]
