"""Where enter leads from each block of the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloutui.model.link import Link

if TYPE_CHECKING:
    from cloutui.screens.overview import Overview
    from cloutui.widgets.lines import Lines


def link_of(view: Overview, block: Lines) -> Link | None:
    """The screen that tells more of it, with the same filter. None: nothing is chosen."""
    unit = view.desk.unit
    if block is view.jobs:
        chosen = view.jobs.chosen
        return Link(unit=unit, screen="jobs", query={"filter": f"status:{chosen.key}" if chosen else ""})
    if block is view.days and view.days.day is not None:
        return Link(unit=unit, screen="matrix", query={"day": view.days.day.day.isoformat()})
    if block is view.sla:
        return Link(unit=unit, screen="sla")
    if block is view.servers and view.servers.chosen is not None:
        return Link(unit=unit, screen="servers", query={"at": view.servers.chosen["server"]})
    if block is view.capacity and view.capacity.chosen is not None:
        return Link(unit=unit, screen="servers", query={"at": view.capacity.chosen["server"]})
    row = view.attention.chosen if block is view.attention else None
    if row is None:
        return None
    if row["kind"] == "node":
        # On the day that it stands badly for: today may have nothing to tell yet.
        return Link(unit=unit, screen="daily", query={"at": str(row["node_id"]), "day": row["day"].isoformat()})
    return Link(unit=unit, screen="servers", query={"at": row["server"]})
