"""The way back and forward."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloutui.screens.history import LONGEST, History


def test_back_and_forward_again() -> None:
    history: History[int] = History()
    history.leave(1)
    history.leave(2)
    assert history.back(3) == 2
    assert history.back(2) == 1
    assert history.back(1) is None
    assert history.forward(1) == 2
    assert history.forward(2) == 3
    assert history.forward(3) is None


def test_somewhere_new_ends_the_way_forward() -> None:
    history: History[int] = History()
    history.leave(1)
    assert history.back(2) == 1
    assert history.can_go_forward
    history.leave(1)
    assert not history.can_go_forward


@given(st.lists(st.sampled_from(["leave", "back", "forward"]), max_size=300))
def test_it_stays_bounded_and_forward_undoes_back(steps: list[str]) -> None:
    history: History[int] = History()
    here = new = 0
    for step in steps:
        if step == "leave":
            history.leave(here)
            new += 1
            here = new
        elif step == "back" and (gone := history.back(here)) is not None:
            assert history.forward(gone) == here
            assert history.back(here) == gone
            here = gone
        elif step == "forward" and (next_one := history.forward(here)) is not None:
            here = next_one
    back = 0
    while (gone_to := history.back(here)) is not None:
        here, back = gone_to, back + 1
    assert back <= LONGEST
