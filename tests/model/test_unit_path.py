"""Units named by people: by id or path, in their own scope, and never a word about what lies outside of it."""

from __future__ import annotations

import pytest

from cloutui.errors import Invalid, NotFound
from cloutui.model.unit_path import find_unit, path_text
from cloutui.model.unit_tree import build_tree

TREE = build_tree(
    [
        (1, None, "Nordhavn Backup"),
        (2, 1, "Fjord Retail"),
        (3, 2, "Acme ApS"),
        (4, 2, "Vest Revision A/S"),
        (5, 4, "Oslo"),
        (6, 1, "Skov Transport"),
        (7, 2, "A"),
        (8, 7, "S"),
        (9, 2, "A/S"),
        (10, 2, "12"),
        (11, 2, "Fjord Retail"),
    ]
)


@pytest.mark.parametrize(
    ("ref", "unit_id"),
    [
        (3, 3),
        ("3", 3),
        ("Fjord Retail/Acme ApS", 3),
        ("fjord retail / ACME aps", 3),
        ("Nordhavn Backup/Fjord Retail/Acme ApS", 3),
        ("Nordhavn Backup › Fjord Retail › Acme ApS", 3),
        ("Fjord Retail/Vest Revision A/S", 4),
        ("Fjord Retail/Vest Revision A/S/Oslo", 5),
        ("Fjord Retail/12", 10),
        (".", 1),
        ("", 1),
        ("Nordhavn Backup", 1),
    ],
)
def test_a_unit_is_found_by_id_and_by_path(ref: int | str, unit_id: int) -> None:
    assert find_unit(TREE, ref, within=1).unit_id == unit_id


def test_a_path_starts_at_what_one_sees() -> None:
    assert find_unit(TREE, "Acme ApS", within=2).unit_id == 3
    assert find_unit(TREE, ".", within=2).unit_id == 2
    assert path_text(TREE, 5, within=2) == "Vest Revision A/S/Oslo"
    assert path_text(TREE, 2, within=2) == "Fjord Retail"


def test_a_path_that_fits_two_units_is_refused_with_their_ids() -> None:
    with pytest.raises(Invalid, match="fits 2 units") as ambiguous:
        find_unit(TREE, "Fjord Retail/A/S", within=1)
    assert "8, 9" in ambiguous.value.hint
    # A child that is named as its parent makes the parent's own name fit both.
    with pytest.raises(Invalid):
        find_unit(TREE, "Fjord Retail", within=2)


@pytest.mark.parametrize("ref", [6, "6", 99, "Skov Transport", "Nordhavn Backup/Skov Transport", "Nordhavn Backup"])
def test_what_is_outside_and_what_does_not_exist_give_the_same_words(ref: int | str) -> None:
    with pytest.raises(NotFound) as refused:
        find_unit(TREE, ref, within=2)
    assert refused.value.what == NotFound("unit", str(ref)).what


@pytest.mark.parametrize("ref", [1, ".", "Fjord Retail", "x"])
def test_whoever_lost_their_unit_finds_nothing(ref: int | str) -> None:
    with pytest.raises(NotFound):
        find_unit(TREE, ref, within=4711)


def test_the_nearest_names_are_offered_from_what_one_sees_only() -> None:
    with pytest.raises(NotFound) as near:
        find_unit(TREE, "Fjord Retail/Acme Aps.", within=1)
    assert "Fjord Retail/Acme ApS" in near.value.hint
    with pytest.raises(NotFound) as hidden:
        find_unit(TREE, "Skov Transpor", within=2)
    assert "Skov" not in hidden.value.hint
