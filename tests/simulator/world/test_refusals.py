"""What is refused, and with which code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.simulator.answer import Refused
from cloutui.simulator.server import Server


@pytest.mark.parametrize(
    ("select", "code", "message"),
    [
        ("SELECT * FROM NODES WHERE NODE_NAME = 'NOBODY'", 11, "ANR2034E"),
        ("SELECT * FROM NODESVIEW", 28, "ANR2940E The reference 'NODESVIEW' is an unknown SQL table name."),
        ('SELECT * FROM "nodes"', 28, "ANR2940E The reference 'nodes'"),
        ("SELECT NOD_NAME FROM NODES", 26, "ANR2938E The column 'NOD_NAME'"),
        ("SELECT NODE_NAME FROM NODES WHERE STAT = 1", 26, "ANR2938E The column 'STAT'"),
        ("SELECT N.STAT FROM NODES N", 26, "ANR2938E The column 'STAT'"),
        ("SELECT NODE_NAME FROM NODES, ASSOCIATIONS", 26, "SQL0203N"),
        ("SELECT DOMAIN_NAME, COUNT(*) FROM NODES", 26, "SQL0119N"),
        ("SELECT 1/0 FROM STATUS", 26, "SQL0801N"),
        ("SELECT * FROM EVENTS WHERE SCHEDULED_START > 'soon'", 26, "SQL0180N"),
        ("SELECT FROM NODES WHERE", 3, "SQL0104N"),
        ("SELECT A B C FROM NODES", 3, "SQL0104N"),
        ("SELECT 'x FROM NODES", 3, "SQL0104N"),
        ("", 3, "SQL0104N"),
        ("SELECT 1 FROM STATUS; SELECT 2 FROM STATUS", 3, "SQL0104N"),
    ],
)
def test_a_bad_select_has_its_code(server: Server, select: str, code: int, message: str) -> None:
    with pytest.raises(Refused) as refused:
        server.select(select)
    assert refused.value.return_code == code
    assert message in str(refused.value)


def test_a_bar_stands_under_the_place(server: Server) -> None:
    with pytest.raises(Refused) as refused:
        server.select("SELECT *\nFROM NODESVIEW")
    statement, marker, *_ = refused.value.messages
    assert statement[marker.index("|") :] == "NODESVIEW"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE NODES",
        "DELETE FROM NODES",
        "INSERT INTO spoken VALUES (1)",
        "UPDATE NODES SET LOCKED = 'YES'",
        "COPY NODES TO '/tmp/nodes.csv'",
        "ATTACH 'x.db'",
        "PRAGMA database_list",
        "SET VARIABLE seed = 3",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM node",
        "SELECT * FROM occurrence",
        "SELECT * FROM raw.events",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables",
        "SELECT getvariable('seed') FROM STATUS",
        "SELECT getenv('HOME') FROM STATUS",
        "SELECT db2_char(1) FROM STATUS",
        "SELECT STATUS.read_text('/etc/hostname') FROM STATUS",
        "SELECT 1 FROM STATUS WHERE EXISTS (SELECT * FROM glob('*'))",
        "WITH X AS (DELETE FROM NODES RETURNING *) SELECT * FROM X",
        "SELECT [1, 2][1] FROM STATUS",
        "WITH OCCURRENCE AS (SELECT * FROM occurrence) SELECT * FROM OCCURRENCE",
        "WITH A AS (SELECT * FROM node), NODE AS (SELECT 1 FROM STATUS) SELECT * FROM A",
        "SELECT * FROM node, (WITH NODE AS (SELECT 1 FROM STATUS) SELECT * FROM NODE) X",
    ],
)
def test_only_selects_over_the_servers_own_tables_run(server: Server, statement: str) -> None:
    with pytest.raises(Refused):
        server.select(statement)


@given(st.text(alphabet="SELECT*FROMNODES ,.()'\"=<>0123456789abc-+/|%_;\n", max_size=60))
def test_any_text_is_answered_or_refused(server: Server, text: str) -> None:
    assert code_of(server, f"SELECT {text}") in (0, 3, 26, 28)


def code_of(server: Server, select: str) -> int:
    try:
        server.query(select)
    except Refused as refused:
        return refused.return_code
    return 0
