"""Settings of the whole installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import delete, insert, select

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.model.action_class import ActionClass
from cloutui.model.installation_setting import INSTALLATION_SETTINGS, setting_named
from cloutui.model.privilege import Privilege
from cloutui.records import schema


@register(name="setting.set", needs=Privilege.SETTING_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SetSetting(Change):
    """Set a setting of the whole installation."""

    key: Annotated[str, about(f"Which setting: {', '.join(INSTALLATION_SETTINGS)}.")]
    value: Annotated[str | None, about("Its value; nothing, to go back to the default.")] = None

    def target(self, desk: Desk) -> Target:
        """Everybody sees it, so it touches the top of the tree."""
        return Target(kind="setting", name=self.key, unit_ids=(next(iter(desk.tree)).unit_id,))

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for a value that is not of its kind."""
        setting = setting_named(self.key)
        value = setting.checked(self.value) if self.value else None
        table = schema.setting
        before = desk.connection.execute(select(table.c.value).where(table.c.key == setting.name)).scalar_one_or_none()
        desk.connection.execute(delete(table).where(table.c.key == setting.name))
        if value is not None:
            desk.connection.execute(insert(table).values(key=setting.name, value=value))
        return Done(
            sentence=f"{setting.name} is {value or setting.default}.", before={"value": before}, after={"value": value}
        )
