"""A table in parts: one at a time is looked at, and the title names them all with how many rows each has."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.screens.desk import Desk
from cloutui.screens.table_view import Listing, TableView

if TYPE_CHECKING:
    from cloutui.model.table import Answer


class PartedView(TableView):
    """`tab` in a link names the part."""

    NAME: ClassVar[str]
    """Of the screen."""
    FIRST: ClassVar[str]
    """The part that is shown when nothing is said, and that no link needs to name."""

    def __init__(self, desk: Desk, listing: Listing) -> None:
        """`listing`: of the first part."""
        self.part = self.FIRST
        self._totals: dict[str, int] = {}
        super().__init__(desk, self.NAME, listing)

    def crumbs(self) -> list[str]:
        """The screen."""
        return [self.NAME]

    @abstractmethod
    def parts(self) -> Sequence[str]:
        """Those that the reader may see."""

    @abstractmethod
    def turn_to(self, part: str) -> None:
        """Look at another part. One that there is not leads nowhere new."""

    @abstractmethod
    async def total_of(self, part: str) -> int:
        """How many rows another part has. Raises: CloutuiError."""

    def link_query(self) -> dict[str, str]:
        """With the part."""
        return {**super().link_query(), **({} if self.part == self.FIRST else {"tab": self.part})}

    def show(self, link: Link, place: Any = None) -> None:
        """The part that the link names."""
        self.turn_to(link.query.get("tab", self.FIRST))
        super().show(link, place)

    def prepare(self) -> None:
        """The parts stand in the title."""
        super().prepare()
        self.name_parts()

    def entitle(self, note: str) -> None:
        """What was found is said beside the name of the part; what waits stands in the title."""
        waits = "new, r shows" in note
        self.table.entitle(title=f"{self.NAME}   {note.partition('   ')[0]}" if waits else self.NAME)

    def name_parts(self) -> None:
        """Each with its rows, as far as they are known."""
        names = self.parts()
        said = [f"{name} {formats.count(self._totals[name])}" if name in self._totals else name for name in names]
        self.table.name_parts(said, names.index(self.part) if self.part in names else 0)

    def _show(self, answer: Answer, *, anew: bool) -> None:
        self._totals[self.part] = answer.total
        super()._show(answer, anew=anew)
        self.name_parts()

    async def _load(self, *, anew: bool) -> None:
        """The rows, and afterwards how many the other parts have."""
        await super()._load(anew=anew)
        for part in self.parts():
            if part == self.part:
                continue
            try:
                self._totals[part] = await self.total_of(part)
            except CloutuiError:
                continue  # said when the part is looked at; here it has no number
            self.name_parts()
