"""What an action is called on titles and buttons: verb and object, made from its name unless that reads badly."""

from __future__ import annotations

from collections.abc import Mapping

from cloutui.actions.action import ActionSpec
from cloutui.model.action_class import ActionClass

_TITLES: Mapping[str, str] = {
    "account.add-key": "Add an SSH key",
    "account.password": "Set your password",
    "account.prefer": "Set a preference",
    "account.recovery-codes": "Make new recovery codes",
    "account.remove-key": "Remove an SSH key",
    "account.second-factor": "Set up your second factor",
    "node.assign": "Assign nodes",
    "problem.handle": "Say how a problem stands",
    "problem.mute": "Mute nodes",
    "problem.unmute": "End the mute of nodes",
    "problem.round": "Note a round through problems",
    "rule.set": "Set assignment rule",
    "rule.remove": "Remove assignment rule",
    "session.read": "End write mode",
    "session.write": "Begin write mode",
    "severity.clear": "Take the rule back",
    "severity.set": "Set a severity rule",
    "unit.set": "Set a setting of a unit",
    "user.first": "Make the first administrator",
    "user.invite": "Invite user anew",
    "user.role": "Give user another role",
    "view.save": "Save columns",
}

_CONSEQUENCES: Mapping[ActionClass, str] = {
    ActionClass.SERVICE: "Somebody may notice. It can be taken back by its opposite.",
    ActionClass.DESTROY: "It cannot be taken back.",
}


def title_of(spec: ActionSpec) -> str:
    """Such as `Rename unit`."""
    noun, _, verb = spec.name.partition(".")
    return _TITLES.get(spec.name) or f"{verb.replace('-', ' ').capitalize()} {noun.replace('-', ' ')}"


def consequence_of(spec: ActionSpec) -> str:
    """What is to be known before; nothing for what the next edit undoes."""
    return _CONSEQUENCES.get(spec.action_class, "")


def label_of(parameter: str) -> str:
    """Such as `Time zone`."""
    return parameter.replace("_", " ").capitalize()
