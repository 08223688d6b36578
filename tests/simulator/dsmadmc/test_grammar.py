"""The command grammar: abbreviations, keywords, quotes, dates and times."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.simulator.answer import Refused
from cloutui.simulator.dsmadmc.grammar import heads, masked, parse
from cloutui.simulator.dsmadmc.moments import NotAMoment, read_day, read_time
from cloutui.simulator.dsmadmc.options import shortest

NOW = datetime.fromisoformat("2026-11-21T12:30:15")


@pytest.mark.parametrize(
    ("text", "name", "positionals", "keywords"),
    [
        (
            "q ev * * begind=-1 endd=today f=d",
            "QUERY EVENT",
            ["*", "*"],
            {"BEGINDATE": "-1", "ENDDATE": "today", "FORMAT": "d"},
        ),
        ("Query ACTLOG search = 'two words' MSGNO =2017", "QUERY ACTLOG", [], {"SEARCH": "two words", "MSGNO": "2017"}),
        ('q act sea="say ""no"""', "QUERY ACTLOG", [], {"SEARCH": 'say "no"'}),
        ("upd n ACME contact='it''s = me'", "UPDATE NODE", ["ACME"], {"CONTACT": "it's = me"}),
        ("def assoc PD_SQL NIGHT A,B", "DEFINE ASSOCIATION", ["PD_SQL", "NIGHT", "A,B"], {}),
        ("reg n X secret", "REGISTER NODE", ["X", "secret"], {}),
        ("def sch d s", "DEFINE SCHEDULE", ["d", "s"], {}),
        ("del fi n fs", "DELETE FILESPACE", ["n", "fs"], {}),
        ("can pr 3", "CANCEL PROCESS", ["3"], {}),
        ("q se", "QUERY SESSION", [], {}),
        ("q occ", "QUERY OCCUPANCY", [], {}),
        ("q stg", "QUERY STGPOOL", [], {}),
        ("q st", "QUERY STATUS", [], {}),
        ("q stat", "QUERY STATUS", [], {}),
        ("q db", "QUERY DB", [], {}),
        ("q log", "QUERY LOG", [], {}),
        ("ba db devc=x", "BACKUP DB", [], {"DEVCLASS": "x"}),
        ("halt", "HALT", [], {}),
    ],
)
def test_a_command_is_understood(text: str, name: str, positionals: list[str], keywords: dict[str, str]) -> None:
    command = parse(text)
    assert (command.head.name, command.positionals, dict(command.keywords)) == (name, positionals, keywords)


@given(head=st.sampled_from(heads()), upper=st.booleans())
def test_every_head_is_known_spelled_out_and_in_its_shortest_form_by_some_command(head, upper: bool) -> None:
    full = " ".join(head.words)
    assert parse(full.upper() if upper else full.lower()).head.name == head.name
    short = " ".join(word[: shortest(word)] for word in head.words)
    assert parse(short).head.name.split()[0] in {other.words[0].upper() for other in heads()}


@given(head=st.sampled_from([head for head in heads() if head.keywords]), data=st.data())
def test_every_keyword_is_known_from_its_shortest_form_on(head, data: st.DataObject) -> None:
    keyword = data.draw(st.sampled_from(head.keywords))
    length = data.draw(st.integers(shortest(keyword), len(keyword)))
    keywords = parse(f"{' '.join(head.words)} {keyword[:length]}=x").keywords
    assert len(keywords) == 1
    assert next(iter(keywords)).startswith(keyword[:length].upper())


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("foo bar", 2, "ANR2000E Unknown command - FOO BAR."),
        ("q", 2, "ANR2000E Unknown command - Q."),
        ("q e", 2, "ANR2000E Unknown command - Q E."),
        ("q node colour=red", 3, "ANR2020E QUERY NODE: Invalid parameter - COLOUR."),
        ("q node f=", 3, "ANR2020E QUERY NODE: Invalid parameter - F."),
        ("q node 'ACME", 3, "ANR2020E Q: Invalid parameter - 'ACME."),
    ],
)
def test_what_is_wrong_is_refused_by_code(text: str, code: int, message: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text)
    assert (refused.value.return_code, refused.value.messages) == (code, (message,))


@given(text=st.text(max_size=60))
def test_any_text_is_understood_or_refused(text: str) -> None:
    with suppress(Refused):
        parse(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("reg n ACME hush dom=PD_SQL", "reg n ACME ?***? dom=PD_SQL"),
        ("upd admin boss 'hush hush' wrong=x", "upd admin boss '?***?' wrong=x"),
        ("set serverpa hush", "set serverpa ?***?"),
        ("def conn c pa=hush", "def conn c pa=?***?"),
        ("q node hush", "q node hush"),
        ("no command at all", "no command at all"),
    ],
)
def test_the_activity_log_shows_no_password(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11/05/2026", date(2026, 11, 5)),
        ("1/2/26", date(2026, 1, 2)),
        ("TODAY", date(2026, 11, 21)),
        ("today-3", date(2026, 11, 18)),
        ("-1", date(2026, 11, 20)),
        ("+2", date(2026, 11, 23)),
        ("EOLM", date(2026, 10, 31)),
        ("eolm-1", date(2026, 10, 30)),
        ("BOTM", date(2026, 11, 1)),
        ("BOTM+9", date(2026, 11, 10)),
    ],
)
def test_a_day_is_read(text: str, day: date) -> None:
    assert read_day(text, NOW.date()) == day


@pytest.mark.parametrize("text", ["", "yesterday", "21/11/2026", "2026-11-21", "TODAY-", "--1", "13/01/2026"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotAMoment):
        read_day(text, NOW.date())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("02:05", "2026-11-21T02:05:00"),
        ("23:59:30", "2026-11-21T23:59:30"),
        ("NOW", "2026-11-21T12:30:15"),
        ("now-01:30", "2026-11-21T11:00:15"),
        ("-13:00", "2026-11-20T23:30:15"),
        ("+00:10", "2026-11-21T12:40:15"),
    ],
)
def test_a_time_is_read(text: str, moment: str) -> None:
    assert read_time(text, NOW.date(), NOW) == datetime.fromisoformat(moment)


def test_a_time_relative_to_now_keeps_its_distance_on_another_day() -> None:
    assert read_time("NOW-01:00", date(2026, 11, 19), NOW) == datetime.fromisoformat("2026-11-19T11:30:15")


@pytest.mark.parametrize("text", ["", "noon", "25:00", "12", "-", "NOW-", "12:61"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NotAMoment):
        read_time(text, NOW.date(), NOW)
