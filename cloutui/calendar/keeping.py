"""How long frozen reports are kept: older files go, and the activity log says which. Their hashes stay in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cloutui.model.formats import plural
from cloutui.model.installation_setting import KEEP_DAYS
from cloutui.model.principal import system_principal
from cloutui.records import history
from cloutui.records.history import DROP

if TYPE_CHECKING:
    from cloutui.records.frozen_files import FrozenFiles
    from cloutui.records.store import Records


class Keeper:
    """Drops what has been kept long enough."""

    def __init__(self, records: Records, files: FrozenFiles) -> None:
        self._records = records
        self._files = files

    def drop_old(self, now: datetime) -> bool:
        """What is older than the top of the tree wants it kept. Raises: Busy, Broken."""
        days = int(self._records.setting(KEEP_DAYS.name))
        if not days:
            return False
        first = (now - timedelta(days=days)).date()
        with self._records.reading() as connection:
            old = history.files_before(connection, first)
        if not old:
            return False
        files = sorted(file for _, file in old)
        before = f"{plural(len(files), 'file')} of days before {first.isoformat()}"
        with self._records.begin() as tx:
            history.drop(tx, files)
            root = self._records.root_unit_id
            told = {"before": first.isoformat(), "files": files}
            line = history.line(
                DROP, root, first.isoformat(), f"Dropped {before}, kept for {plural(days, 'day')}.", told
            )
            tx.append_activity(system_principal("calendar", root), line)
            tx.after_commit(lambda: self._files.remove(*files))
        return True
