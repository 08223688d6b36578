"""Which columns a field means, and what is said where a report has none of that name."""

from __future__ import annotations

import pytest

from cloutui.model.filter.fields import ALIASES, Field, field_words, find_field
from cloutui.model.filter.problem import BadFilter, Place
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import all_reports, find_report

HERE = Place(2, 5)


@pytest.mark.parametrize(
    ("report", "word", "names"),
    [
        ("nodes", "node", ("node",)),
        ("nodes", "NODE", ("node",)),
        ("nodes", "name", ("node",)),
        ("units", "name", ("name",)),
        ("servers", "name", ("server",)),
        ("units", "unit", ("name",)),
        ("nodes", "unit", ("unit",)),
        ("nodes", "bytes", ("stored",)),
        ("jobs", "bytes", ("bytes",)),
        ("jobs", "stored", ("bytes",)),
        ("jobs", "rc", ("result",)),
        ("jobs", "msg", ("message",)),
        ("servers", "msg", ("problem",)),
        ("jobs", "job", ("schedule",)),
        ("jobs", "started", ("start",)),
        ("jobs", "age", ("start", "scheduled_start")),
        ("nodes", "age", ("last_ok",)),
        ("servers", "age", ("collected",)),
        ("nodes", "os", ("platform",)),
        ("nodes", "client", ("client_version",)),
        ("jobs", "scheduled", ("scheduled_start",)),
        ("jobs", "server_says", ("server_status",)),
        ("jobs-matrix", "id", ("node_id",)),
    ],
)
def test_a_field_works_by_its_name_its_head_and_its_other_words(report: str, word: str, names: tuple[str, ...]) -> None:
    assert find_field(word, find_report(report).filterable, HERE).names == names


def test_a_field_that_the_report_lacks_is_answered_with_the_fields_there_are() -> None:
    with pytest.raises(BadFilter) as caught:
        find_field("statsu", find_report("units").filterable, HERE)
    assert caught.value.at == HERE
    assert caught.value.nearest == "status"
    assert caught.value.hint == ("Did you mean “status”? Fields: unit_id, parent_id, name, status, problems, nodes.")


def test_nothing_near_is_said_when_nothing_is() -> None:
    with pytest.raises(BadFilter) as caught:
        find_field("qqq", find_report("units").filterable, HERE)
    assert caught.value.nearest == ""
    assert caught.value.hint.startswith("Fields: ")


@pytest.mark.parametrize("name", ["days", "run"])
def test_what_a_shape_makes_is_no_field(name: str) -> None:
    with pytest.raises(BadFilter, match=f"no field “{name}”"):
        find_field(name, find_report("jobs-matrix").filterable, HERE)


def test_every_word_that_is_offered_means_something() -> None:
    for report in all_reports():
        words = field_words(report.filterable)
        assert len(words) == len(set(words))
        for word in words:
            assert find_field(word, report.filterable, HERE).names


def test_every_other_word_works_in_some_report_or_waits_for_its_column() -> None:
    waiting = {"dur"}
    working = {word for report in all_reports() for word in field_words(report.filterable)}
    assert set(ALIASES) - working <= waiting


def test_the_columns_of_one_field_are_of_one_kind() -> None:
    for report in all_reports():
        kinds = {column.name: column.kind for column in report.columns}
        for word in field_words(report.filterable):
            found = find_field(word, report.filterable, HERE)
            assert {kinds[name] for name in found.names} == {found.kind}


def test_a_column_comes_before_another_word_for_something_else() -> None:
    columns = (Column(name="server", kind=Kind.TEXT), Column(name="name", kind=Kind.COUNT))
    assert find_field("name", columns, HERE) == Field(Kind.COUNT, ("name",))
