"""Made-up rows behind the screen of business units."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cloutui.model.status import Status
from cloutui.model.unit_setting import UNIT_SETTINGS, shown
from tests.screens.fake_access import row_of
from tests.screens.fake_session import NOW, FakeNode, Fleet, _stand

if TYPE_CHECKING:
    from collections.abc import Sequence

ARCHIVED = (90, "Gammel Havn")


class UnitRows:
    """A part of `ViewsSession`."""

    fleet: Fleet
    asked: list[tuple[str, dict[str, object]]]

    def _rows_of_business_units(self, nodes: list[FakeNode], *, archived: bool = False) -> list[dict[str, Any]]:
        scope = self.asked[-1][1]["unit"]
        top = self.fleet.units[0][0] if scope is None else scope
        inside = self.fleet.below(top if isinstance(top, int) else None)
        depths: dict[int, int] = {}
        rows = []
        for unit_id, parent_id, name in self.fleet.units:
            if unit_id in inside:
                depths[unit_id] = depths[parent_id] + 1 if parent_id in depths and parent_id is not None else 0
                rows.append(self._unit(unit_id, parent_id, name, depths[unit_id], nodes))
        if archived:
            rows.append(self._unit(ARCHIVED[0], top, ARCHIVED[1], 1, ()) | {"state": "archived"})
        return rows

    def _unit(
        self, unit_id: int, parent_id: object, name: str, depth: int, nodes: Sequence[FakeNode]
    ) -> dict[str, Any]:
        below = self.fleet.below(unit_id)
        statuses = [_stand(node) for node in nodes if node.unit_id in below]
        return row_of(
            "business-units",
            status=max(statuses, default=Status.NONE),
            place="  " * depth + name,
            nodes=len(statuses),
            own_nodes=sum(node.unit_id == unit_id for node in nodes),
            problems=sum(status >= Status.WARNING for status in statuses),
            servers=6 if depth == 0 else 0,
            settings=2 if depth == 0 else int(unit_id % 4 == 0),
            created=NOW - timedelta(days=400 - unit_id),
            state="in use",
            unit=name,
            unit_id=unit_id,
            parent_id=parent_id,
        )

    def _rows_of_unit_settings(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        told: dict[str, dict[str, Any]] = {
            "time_zone": {"value": "Europe/Copenhagen", "source": "inherited", "set_on": "Nordhavn Backup"},
            "pool_full_percent": {"value": "80", "source": "own", "from": date(2026, 3, 1)},
        }
        return [
            row_of("unit-settings", key=key.name, help=key.help, inheritance=key.inheritance.value)
            | told.get(key.name, {"value": shown(key.default), "source": "default"})
            for key in UNIT_SETTINGS.values()
        ]

    def _rows_of_rules(self, nodes: list[FakeNode]) -> list[dict[str, Any]]:
        if not nodes:
            return []
        return [
            row_of("rules", position=1, unit="Acme ApS", unit_id=3, name="ACME-*", nodes=19, rule_id=4),
            row_of("rules", position=2, unit="Fjord Retail", unit_id=2, server="SPA01", domain="PD_SQL", nodes=1),
        ]
