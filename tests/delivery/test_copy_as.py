import csv
import json
import shlex
import unicodedata
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.cli.report import report as report_group
from cloutui.delivery import copy_as
from cloutui.delivery.copy_as import AdminCommand, cell, command_line, dsmadmc_line, json_text, tsv
from cloutui.delivery.heading import Heading
from cloutui.delivery.part import marked_part, part
from cloutui.model.question import Marked
from cloutui.model.safe_text import safe
from cloutui.model.secret import Secret
from cloutui.model.table import Column, Kind
from tests.delivery.answers import MATRIX_PLAIN, PLAIN, a_matrix, an_answer, exported, of_every_kind, texts

A_PASSWORD = "correct-horse-battery"


def test_a_cell_is_copied_in_full_and_exactly() -> None:
    assert cell(of_every_kind(), 0, "bytes") == "4529984118"
    assert cell(of_every_kind(), 0, "time") == "2026-11-21 01:04:07Z"
    assert cell(of_every_kind(), 1, "bytes") == ""
    assert cell(a_matrix(), 1, "2026-10-31") == "missed"
    assert cell(texts("-x\x1b[2J"), 0, "text") == "-x¿"


def test_rows_are_copied_as_cells_between_tabs() -> None:
    with_heads = list(csv.reader(StringIO(tsv(of_every_kind(), has_heads=True)), delimiter="\t"))
    assert with_heads[0] == list(PLAIN[0])
    assert with_heads[1:] == [["" if value is None else str(value) for value in row.values()] for row in PLAIN]
    assert tsv(part(a_matrix(), rows=[1])) == "ACME-FS02\tmissed\tokwarn\tunknown\t1\n"


def test_a_tab_or_a_line_break_of_a_server_makes_no_cell_and_no_row() -> None:
    assert tsv(texts("a\tb\nc")) == "a b c\n"


def test_rows_are_copied_as_json() -> None:
    assert json.loads(json_text(of_every_kind())) == PLAIN
    assert json.loads(json_text(a_matrix())) == MATRIX_PLAIN


def test_a_part_has_the_marked_rows_and_the_visible_columns_in_their_order() -> None:
    marked = part(of_every_kind(), rows=[2, 0], columns=["bytes", "text"])
    assert json.loads(json_text(marked)) == [
        {"bytes": 0, "text": PLAIN[2]["text"]},
        {"bytes": 4_529_984_118, "text": "ACME-SQL01"},
    ]
    assert ("Rows", "2 of 3") in exported(marked).lines()
    assert part(a_matrix(), columns=["node", "bad"]).days == ()
    assert part(a_matrix(), columns=["days"]).days == a_matrix().days


def test_marked_rows_are_found_by_what_tells_them_apart() -> None:
    answer = an_answer(
        [Column(name="job", kind=Kind.TEXT), Column(name="server", kind=Kind.TEXT)],
        [{"job": "a", "server": "1"}, {"job": "a", "server": "2"}, {"job": "b", "server": "1"}],
    )

    def jobs(*marked: Marked) -> list[list[str]]:
        return [list(row.values()) for one in marked for row in marked_part(answer, one).rows.to_pylist()]

    assert jobs(Marked(("job", "server"), {("b", "1"), ("a", "2"), ("gone", "9")})) == [["a", "2"], ["b", "1"]]
    assert jobs(Marked(("job",), ["a"])) == [["a", "1"], ["a", "2"]]
    assert jobs(Marked(("job",), [])) == []
    assert marked_part(answer, Marked(("job",), ["b"])).total == 3, "an export tells what it leaves out"


def test_a_part_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        part(of_every_kind(), columns=["no-such"])
    with pytest.raises(IndexError):
        part(of_every_kind(), rows=[3])


VIEW = Heading(
    report="jobs",
    unit="Fjord Retail/Acme's ApS",
    parameters={"first": date(2026, 11, 21), "node": "ACME-SQL01", "server": None},
    filter="-ack status:failed",
    sort=("-bytes", "node"),
)


def test_a_view_is_copied_as_the_command_that_asks_for_it_again() -> None:
    assert command_line(VIEW) == (
        "cloutui report jobs --unit 'Fjord Retail/Acme'\"'\"'s ApS' --from 2026-11-21 --node ACME-SQL01 "
        "--filter='-ack status:failed' --sort=-bytes --sort node"
    )


def _understood(line: str) -> dict[str, object]:
    """What our own command line makes of it, by way of a shell's splitting."""
    name, *options = shlex.split(line)[2:]
    return report_group.get_command(None, name).make_context(name, options).params  # type: ignore[arg-type]


def test_the_command_means_what_was_seen() -> None:
    understood = _understood(command_line(VIEW))
    assert understood["unit"] == VIEW.unit
    assert understood["first"] == "2026-11-21"
    assert understood["node"] == "ACME-SQL01"
    assert understood["filter"] == VIEW.filter
    assert understood["sort"] == VIEW.sort
    assert understood["server"] is None


@given(words=st.text(min_size=1))
def test_over_ssh_the_other_side_reads_the_same_words(words: str) -> None:
    line = command_line(replace(VIEW, filter=words), ssh_host="backup.example")
    program, host, *rest = shlex.split(line)
    assert (program, host) == ("ssh", "backup.example")
    joined = " ".join([*rest, "--format", "csv"])  # as ssh sends it
    assert _understood(f"cloutui {joined}")["filter"] == safe(words)
    assert command_line(Heading(report="units"), ssh_host="backup.example") == "ssh backup.example report units"


@given(unit=st.text(min_size=1), node=st.text(min_size=1), words=st.text(min_size=1))
def test_no_text_ends_its_word_on_the_command_line(unit: str, node: str, words: str) -> None:
    line = command_line(replace(VIEW, unit=unit, parameters={"node": node}, filter=words, sort=()))
    assert [char for char in line if unicodedata.category(char)[0] == "C"] == []
    understood = _understood(line)
    assert (understood["unit"], understood["node"], understood["filter"]) == (safe(unit), safe(node), safe(words))


def test_without_quotes_the_same_text_would_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_as, "_quoted", str)
    line = command_line(replace(VIEW, unit="x; reboot", filter="", sort=()))
    assert ";" in list(shlex.shlex(line, posix=True, punctuation_chars=True))


def test_the_servers_own_commands_are_copied_when_the_product_names_them() -> None:
    event = AdminCommand(server="SPA01", administrator="OP1", pieces=["query event * * nodes=ACME-SQL01"])
    server, command = dsmadmc_line(event).split(" -dataonly=yes ")
    assert server == 'dsmadmc -se=SPA01 -id=OP1 -password="$PASSWORD"'
    assert command == "'query event * * nodes=ACME-SQL01'"
    assert dsmadmc_line(replace(event, server=None)).startswith("dsmadmc -id=OP1 -password=")


def test_a_secret_is_copied_as_a_variable() -> None:
    pieces = ["update node X ", Secret(A_PASSWORD), " f=y"]
    line = dsmadmc_line(AdminCommand(server="S", administrator="A", pieces=pieces))
    assert A_PASSWORD not in line
    assert line.endswith("""'update node X '"$PASSWORD"' f=y'""")
    ours = command_line(replace(VIEW, parameters={"node": Secret(A_PASSWORD)}))
    assert A_PASSWORD not in ours
    assert '--node "$PASSWORD"' in ours


def test_what_is_only_said_or_not_is_a_word_of_its_own() -> None:
    def line(archived: bool) -> str:
        return copy_as.command_line(Heading(report="business-units", unit="Acme", parameters={"archived": archived}))

    assert line(True) == "cloutui report business-units --unit Acme --archived"
    assert line(False) == "cloutui report business-units --unit Acme"
