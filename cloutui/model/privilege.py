"""Privileges: what a role may allow, as `resource.operation`. Every report and every action names the one it needs."""

from __future__ import annotations

from enum import StrEnum


class Privilege(StrEnum):
    """One right. The value is stored in roles and shown to people, so it is never changed, only added to."""

    UNIT_VIEW = "unit.view"
    UNIT_CREATE = "unit.create"
    UNIT_EDIT = "unit.edit"
    UNIT_DELETE = "unit.delete"
    NODE_VIEW = "node.view"
    NODE_EDIT = "node.edit"
    JOB_VIEW = "job.view"
    SERVER_VIEW = "server.view"
    SERVER_CREATE = "server.create"
    SERVER_EDIT = "server.edit"
    SERVER_DELETE = "server.delete"
    RULE_VIEW = "rule.view"
    RULE_EDIT = "rule.edit"
    SETTING_VIEW = "setting.view"
    SETTING_EDIT = "setting.edit"
    ACTIVITY_VIEW = "activity.view"
    USER_VIEW = "user.view"
    USER_CREATE = "user.create"
    USER_EDIT = "user.edit"
    USER_DELETE = "user.delete"
    ROLE_VIEW = "role.view"
    ROLE_CREATE = "role.create"
    ROLE_EDIT = "role.edit"
    ROLE_DELETE = "role.delete"
    SESSION_VIEW = "session.view"
    SESSION_DELETE = "session.delete"
    COMMENT_VIEW = "comment.view"
    COMMENT_CREATE = "comment.create"
    COMMENT_EDIT = "comment.edit"
    PROBLEM_EDIT = "problem.edit"
    """Say how a problem is handled: acknowledged, resolved, ignored."""
    SEVERITY_VIEW = "severity.view"
    SEVERITY_EDIT = "severity.edit"
    TAG_VIEW = "tag.view"
    TAG_EDIT = "tag.edit"
    SLA_VIEW = "sla.view"
    SLA_EDIT = "sla.edit"
    HISTORY_VIEW = "history.view"
    HISTORY_EDIT = "history.edit"
    ACCOUNT_EDIT = "account.edit"
    """One's own password, keys, second factor and preferences. Every role has it."""

    @property
    def resource(self) -> str:
        """What it is about: `unit`, `node`, ..."""
        return self.value.partition(".")[0]

    @property
    def operation(self) -> str:
        """What may be done with it: `view`, `create`, `edit`, `delete`, later `approve` and `run`."""
        return self.value.partition(".")[2]
