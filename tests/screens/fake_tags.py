"""The made-up fleet's tags, and what is found in it by a part of a name."""

from __future__ import annotations

from typing import Any

from tests.screens.fake_session import FakeNode, FakeSession

TAGS = ("vip", None, "db, vip", None, "test")
"""Of the nodes, in turn."""

_OWNERS: dict[str, tuple[int, str | None, str | None, str]] = {
    "db": (1, "Nordhavn Backup", "1 filter", "own"),
    "gold": (4, None, None, "above"),
    "test": (2, "Fjord Retail", None, "below"),
    "vip": (3, "Nordhavn Backup", "2 filters", "own"),
}
"""By text: id, owner as far as the reader sees it, what names it, and where the owner stands."""


def tags_of(node: FakeNode) -> str | None:
    return TAGS[node.node_id % len(TAGS)]


def _has(name: str, text: str) -> bool:
    return text.lower() in name.lower() or text.lower() in name.lower().replace("-", "")


class TagRows(FakeSession):
    """Answers the reports on tags, and the one that finds."""

    def _rows_of_tags(self, nodes: list[FakeNode], *, show: str = "all") -> list[dict[str, Any]]:
        rows = []
        for text, (tag_id, owner, used_in, place) in _OWNERS.items():
            have = [node for node in nodes if text in (tags_of(node) or "").split(", ")]
            fits = {"own": place != "above", "assigned": bool(have), "available": place != "below", "all": True}
            if fits[show]:
                row: dict[str, Any] = {"tag": text, "owner": owner, "inherit": "no" if text == "test" else "yes"}
                row |= {"units": int(text == "gold"), "nodes": len(have), "used_in": used_in, "place": place}
                rows.append({**row, "tag_id": tag_id, "unit_id": 1 if owner else None})
        return rows

    def _rows_of_tag_uses(self, nodes: list[FakeNode], *, tag_id: int) -> list[dict[str, Any]]:
        text = next(text for text, told in _OWNERS.items() if told[0] == tag_id)
        unit: dict[str, Any] = {"kind": "unit", "name": "Fjord Retail", "how": "put on it", "node_id": None}
        unit["unit"] = "Nordhavn Backup"
        return [
            {**unit, "unit_id": 2},
            *(
                {**unit, "kind": "node", "name": node.name, "unit_id": node.unit_id, "node_id": node.node_id}
                for node in nodes
                if text in (tags_of(node) or "").split(", ")
            ),
        ]

    def _rows_of_node_tags(self, fleet: list[FakeNode], *, nodes: tuple[int, ...]) -> list[dict[str, Any]]:
        meant = [node for node in fleet if node.node_id in nodes]
        rows = []
        for text, (tag_id, owner, _, _) in _OWNERS.items():
            has = sum(text in (tags_of(node) or "").split(", ") for node in meant)
            usable = 0 if text == "test" else len(meant)
            if usable or has:
                told = {"tag": text, "owner": owner, "has": has, "inherits": int(text == "gold"), "tag_id": tag_id}
                rows.append({**told, "usable": usable, "of": len(meant)})
        return rows

    def _rows_of_find(self, nodes: list[FakeNode], *, text: str, kind: str | None = None) -> list[dict[str, Any]]:
        none = {"unit": None, "detail": None, "server": None, "day": None, "unit_id": None, "node_id": None}
        known: list[dict[str, Any]] = [
            {**none, "kind": "node", "name": node.name, "server": node.server, "node_id": node.node_id}
            | {"unit": next(name for unit_id, _, name in self.fleet.units if unit_id == node.unit_id)}
            for node in nodes
        ]
        known += [{**none, "kind": "unit", "name": name, "unit_id": unit_id} for unit_id, _, name in self.fleet.units]
        known += [{**none, "kind": "server", "name": name, "server": name} for name in self.fleet.freshness]
        known += [{**none, "kind": "schedule", "name": "DAILY_SQL", "detail": "PD_SQL, 12 nodes"}]
        known += [{**none, "kind": "tag", "name": tag, "unit": told[1]} for tag, told in _OWNERS.items()]
        known += [{**none, "kind": "user", "name": "op-01", "unit": "Nordhavn Backup", "detail": "Operator"}]
        found = [row for row in known if _has(row["name"], text) and kind in {None, row["kind"]}]
        fits = ((0 if row["name"].lower() == text.lower() else 1, row) for row in found)
        return [{**row, "fit": fit} for fit, row in sorted(fits, key=lambda pair: pair[0])]
