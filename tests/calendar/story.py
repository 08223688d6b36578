"""An installation whose days close: what the tests of frozen days begin with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

from sqlalchemy import insert, update

from cloutui.calendar.freezing import freezer_of
from cloutui.delivery.formats import FORMATS
from cloutui.delivery.headed import as_it_was, heading_of
from cloutui.delivery.heading import Export
from cloutui.model.question import Question
from cloutui.model.severity import RuleValue, stored_value
from cloutui.model.status import Status
from cloutui.model.table import Answer
from cloutui.records import schema
from cloutui.records.daily_tables import severity_rule
from cloutui.records.history_check import check
from tests.world import NOON, World, a_job, a_node, jobs, nodes

DAY = date(2026, 11, 21)
CLOSED = NOON + timedelta(hours=1)
FORMATS_OF_TEXT = ("csv", "json", "ndjson", "html", "table")


def furnish(folder: Path) -> None:
    """Fjord Retail has Acme ApS below it; a node each, one of them failed."""
    world = World(folder)
    server = world.server()
    fjord = world.unit("Fjord Retail")
    acme = world.unit("Acme ApS", fjord)
    world.nodes(server, "ACME-SQL01", "FJORD-FS01")
    world.assign("ACME-SQL01", acme)
    world.assign("FJORD-FS01", fjord)
    world.cache.store(server, nodes(a_node("ACME-SQL01"), a_node("FJORD-FS01")), NOON)
    world.cache.store(server, jobs(a_job(said="Failed", result=12), a_job("FJORD-FS01")), NOON)
    world.swept(server)
    world.close()


class Story:
    """A furnished world, and what freezes its days."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.server = 1
        self.fjord, self.acme = 2, 3
        self.now = CLOSED
        self.world.records.clock = lambda: self.now
        self.runner = self.world.runner(now=lambda: self.now)
        self.freezer = freezer_of(self.world.records, self.world.cache.database, self.world.history, self.runner)

    def close(self, at: datetime = CLOSED) -> bool:
        self.now = at
        return self.freezer.close_days(at)

    def look_back(self, at: datetime) -> bool:
        self.now = at
        return self.freezer.look_back(at)

    def ask(self, report: str, unit: int | None = None, **given: object) -> Answer:
        return self.runner.run(report, self.world.principal(unit), given)

    def daily(self, unit: int | None = None, **given: object) -> Answer:
        return self.ask("daily", unit, **{"day": DAY, **given})

    def statuses(self, unit: int | None = None, **given: object) -> dict[str, tuple[Status, int]]:
        """By node: how it stood, and in which revision."""
        rows = self.daily(unit, **given).rows.to_pylist()
        return {row["node"]: (Status(row["status"]), row["revision"]) for row in rows}

    def exported(self, unit: int) -> dict[str, str]:
        """What exports of the day write in each format, as the faces make them."""
        question = Question(report="daily", parameters={"day": DAY}, unit=unit)
        answer = self.daily(unit)
        heading = as_it_was(heading_of(question, self.world.principal(unit), self.world.records.tree()), answer)
        written = {}
        for how in FORMATS_OF_TEXT:
            out = StringIO()
            FORMATS[how].write(Export(answer=answer, heading=heading), out)
            written[how] = out.getvalue()
        return written

    def decide_otherwise(self) -> None:
        """Names, units, assignments, settings and severity rules become others."""
        world = self.world
        world._change(update(schema.unit).where(schema.unit.c.unit_id == self.fjord).values(name="Fjord Group"))
        other = world.unit("Skov Transport")
        world.move_unit(self.acme, other)
        world.unit_setting(self.fjord, "time_zone", "America/Los_Angeles", date(2026, 11, 22))
        world._change(
            update(schema.assignment)
            .where(schema.assignment.c.unit_id == self.fjord)
            .values(unit_id=other, valid_from=None)
        )
        world._change(update(schema.server).values(name="SPA99"))
        always = stored_value(RuleValue(Status.ERROR, None, None))
        rule = {"unit_id": self.fjord, "product": "", "key": "status:ok", "value": always}
        world._change(insert(severity_rule).values(**rule, set_at=NOON, set_by="op"))

    def problems(self) -> list[str]:
        """What verifying finds."""
        with self.world.records.reading() as connection:
            return list(check(connection, self.world.history).problems)


@contextmanager
def opened(home: Path, folder: Path) -> Iterator[Story]:
    """A copy of a home."""
    shutil.copytree(home, folder)
    made = Story(folder)
    yield made
    made.world.close()
