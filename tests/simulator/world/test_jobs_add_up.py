"""What SUMMARY, EVENTS and ACTLOG say of one job agrees."""

from __future__ import annotations

import pytest

from cloutui.simulator.server import Server

NODE_OF_ENTITY = "CASE WHEN LOCATE(' (', ENTITY) > 0 THEN SUBSTR(ENTITY, 1, LOCATE(' (', ENTITY) - 1) ELSE ENTITY END"
SCHEDULED = f"(SELECT S.*, {NODE_OF_ENTITY} AS NODE FROM SUMMARY S WHERE SCHEDULE_NAME IS NOT NULL) S"
CLOSES = "CASE DURUNITS WHEN 'HOURS' THEN SCHEDULED_START + DURATION HOURS ELSE SCHEDULED_START + DURATION MINUTES END"
OF_EVENT = (
    "S.NODE = E.NODE_NAME AND S.SCHEDULE_NAME = E.SCHEDULE_NAME"
    " AND S.START_TIME >= E.ACTUAL_START AND S.END_TIME <= E.COMPLETED"
)


def test_every_job_that_ran_has_its_sessions(server: Server) -> None:
    answer = server.select(
        f"SELECT E.NODE_NAME, E.STATUS, E.RESULT, COUNT(S.NUMBER), SUM(S.FAILED), SUM(S.BYTES), SUM(S.EXAMINED)"
        f" FROM EVENTS E LEFT JOIN {SCHEDULED} ON {OF_EVENT}"
        " WHERE E.SCHEDULED_START > '2012-01-01' AND E.NODE_NAME IS NOT NULL AND E.COMPLETED IS NOT NULL"
        " GROUP BY E.NODE_NAME, E.SCHEDULE_NAME, E.SCHEDULED_START, E.STATUS, E.RESULT"
    )
    assert len(answer.rows) > 5_000
    for node, _, result, sessions, failed, sent, examined in answer.rows:
        assert sessions, node
        assert sent
        assert examined
        if result in (0, 8):
            assert failed == 0
        elif result is not None:
            assert failed


def test_every_scheduled_session_belongs_to_exactly_one_job(server: Server) -> None:
    ((sessions,),) = server.select("SELECT COUNT(*) FROM SUMMARY WHERE SCHEDULE_NAME IS NOT NULL").rows
    ((matched, distinct),) = server.select(
        f"SELECT COUNT(*), COUNT(DISTINCT S.NUMBER) FROM {SCHEDULED} JOIN EVENTS E ON {OF_EVENT}"
        " WHERE E.SCHEDULED_START > '2012-01-01'"
    ).rows
    ((running,),) = server.select(
        f"SELECT COUNT(*) FROM {SCHEDULED} JOIN EVENTS E ON S.NODE = E.NODE_NAME AND S.SCHEDULE_NAME = E.SCHEDULE_NAME"
        " AND S.START_TIME >= E.ACTUAL_START AND E.COMPLETED IS NULL WHERE E.SCHEDULED_START > '2012-01-01'"
    ).rows or ((0,),)
    assert matched == distinct
    assert matched + running == sessions


def test_producers_count_and_consumers_carry(server: Server) -> None:
    several = server.select(
        f"SELECT SUM(CASE WHEN EXAMINED > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN BYTES > 0 THEN 1 ELSE 0 END), COUNT(*)"
        f" FROM {SCHEDULED} WHERE SCHEDULE_NAME = 'DAILY_SQL' GROUP BY NODE, DATE(START_TIME) HAVING COUNT(*) > 2"
    )
    assert any(producers == 1 and consumers == whole - 1 for producers, consumers, whole in several.rows)


def test_the_statistics_in_the_log_are_those_of_summary(server: Server) -> None:
    logged = server.select(
        "SELECT NODENAME, SCHEDNAME, DATE_TIME, MESSAGE FROM ACTLOG WHERE MSGNO = 4952 AND SCHEDNAME = 'DAILY_LX'"
        " AND DATE_TIME > CURRENT_TIMESTAMP - 5 DAYS"
    )
    for node, schedule, at, message in logged.rows:
        ((examined,),) = server.select(
            f"SELECT SUM(EXAMINED) FROM {SCHEDULED} WHERE NODE = '{node}' AND SCHEDULE_NAME = '{schedule}'"
            f" AND END_TIME <= '{at}' AND START_TIME > TIMESTAMP('{at}') - 7 HOURS"
        ).rows
        assert f"inspected: {examined:,} " in str(message)


@pytest.mark.parametrize(
    ("number", "status", "moment"),
    [
        (2507, "Completed", "COMPLETED"),
        (2579, "Failed", "COMPLETED"),
        (2578, "Missed", CLOSES),
    ],
)
def test_each_outcome_has_its_line_in_the_log(server: Server, number: int, status: str, moment: str) -> None:
    events = server.select(
        "SELECT E.NODE_NAME, E.SCHEDULE_NAME, E.DOMAIN_NAME, E.RESULT, DATE_TIME FROM"
        f" (SELECT NODE_NAME, E.SCHEDULE_NAME, E.DOMAIN_NAME, RESULT, {moment} AS DATE_TIME FROM EVENTS E"
        " JOIN CLIENT_SCHEDULES C ON C.SCHEDULE_NAME = E.SCHEDULE_NAME AND C.DOMAIN_NAME = E.DOMAIN_NAME"
        f" WHERE SCHEDULED_START > '2012-01-01' AND STATUS = '{status}') E"
        " WHERE DATE_TIME >= CURRENT DATE - 20 DAYS AND DATE_TIME < CURRENT DATE"
    )
    lines = server.select(
        f"SELECT NODENAME, SCHEDNAME, DOMAINNAME, MESSAGE, DATE_TIME FROM ACTLOG WHERE MSGNO = {number}"
        " AND DATE_TIME >= CURRENT DATE - 20 DAYS AND DATE_TIME < CURRENT DATE"
    )
    assert {(*row[:3], row[4]) for row in lines.rows} == {(*row[:3], row[4]) for row in events.rows}
    if status == "Failed":
        told = {(*row[:3], row[4]): row[3] for row in lines.rows}
        assert all(f"(return code {row[3]})" in str(told[(*row[:3], row[4])]) for row in events.rows)


def test_a_job_with_failed_objects_says_which(server: Server) -> None:
    answer = server.select(
        "SELECT A.NODENAME FROM ACTLOG A WHERE A.MSGNO IN (4987, 4037, 4007, 4005) AND A.ORIGINATOR = 'CLIENT'"
        " AND A.SEVERITY = 'E' AND A.SESSION IS NOT NULL"
    )
    assert len(answer.rows) > 20


def test_virtual_machines_add_up_to_their_aggregate(server: Server) -> None:
    answer = server.select(
        "SELECT ENTITY, DATE(START_TIME), SUM(CASE SUB_ENTITY WHEN 'Aggregate' THEN BYTES ELSE 0 END),"
        " SUM(CASE SUB_ENTITY WHEN 'Aggregate' THEN 0 ELSE BYTES END) FROM SUMMARY_EXTENDED"
        " WHERE ACTIVITY_DETAILS = 'VMware' AND END_TIME < CURRENT DATE GROUP BY ENTITY, DATE(START_TIME)"
        " HAVING SUM(CASE SUB_ENTITY WHEN 'Aggregate' THEN 1 ELSE 0 END) = 1"
    )
    # A night that crosses midnight is two dates, so only most of them are whole.
    whole = [aggregate == machines for _, _, aggregate, machines in answer.rows]
    assert sum(whole) > len(whole) / 2


def test_a_database_backup_is_in_volhistory_and_db(server: Server) -> None:
    ((newest,),) = server.select("SELECT MAX(DATE_TIME) FROM VOLHISTORY WHERE TYPE = 'BACKUPFULL'").rows
    assert server.select("SELECT LAST_BACKUP_DATE FROM DB").rows == [(newest,)]
