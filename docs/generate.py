"""The parts of the documents that are made from the code: `make docs`. `tests/test_docs.py` fails when one is stale.

A document holds `<!-- begin NAME -->` and `<!-- end NAME -->` on lines of their own; what stands between them is
written by the function of that name in `SECTIONS`. Everything else is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click

from cloutui.actions.proof import is_own
from cloutui.actions.registry import all_actions
from cloutui.cli.program import program
from cloutui.cli.report import report as report_group
from cloutui.collectors.pace import paces
from cloutui.model.installation_setting import INSTALLATION_SETTINGS
from cloutui.model.privilege import Privilege
from cloutui.model.role import BUILTIN_ROLES
from cloutui.model.status import Status
from cloutui.model.unit_setting import UNIT_SETTINGS, shown
from cloutui.products.observation import KINDS
from cloutui.products.storage_protect.job_status import of_event
from cloutui.reports.registry import Report, all_reports
from cloutui.screens.key_map import bindings_by_pane
from cloutui.screens.key_names import key_name
from cloutui.screens.key_presets import PRESETS
from cloutui.settings import CollectSettings, Settings
from cloutui.simulator.dsmadmc.queries import QUERIES
from cloutui.simulator.faults import FAULTS
from cloutui.widgets.glyphs import glyphs_for

DOCS = Path(__file__).parent

_MARKED = re.compile(r"(?P<begin><!-- begin (?P<name>[a-z-]+) -->\n).*?(?P<end><!-- end (?P=name) -->\n)", re.DOTALL)


def settings() -> Iterator[str]:
    """The keys of the configuration file, section by section."""
    hints = get_type_hints(Settings)
    for section in fields(Settings):
        kind = hints[section.name]
        _, _, summary = (kind.__doc__ or "").partition("` ")
        yield f"### `{section.name}:`\n\n{summary[:1].upper()}{summary[1:]}\n"
        types = get_type_hints(kind)
        yield from _table(
            ("key", "default", "values", "what it does"),
            (
                (f"`{key.name}`", _default(key.default), _values(types[key.name]), key.metadata["help"])
                for key in fields(kind)
            ),
        )


def installation_settings() -> Iterator[str]:
    """Settings that `setting.set` changes."""
    return _table(
        ("key", "default", "what it does"),
        ((f"`{key.name}`", f"`{key.default}`", key.help) for key in INSTALLATION_SETTINGS.values()),
    )


def unit_settings() -> Iterator[str]:
    """Settings that `unit.set` changes."""
    return _table(
        ("key", "default", "what it does"),
        ((f"`{key.name}`", f"`{shown(key.default)}`", key.help) for key in UNIT_SETTINGS.values()),
    )


def actions() -> Iterator[str]:
    """Every action, with its parameters."""
    for action in all_actions():
        spec = action.spec
        needed = () if is_own(spec) else spec.action_class.needs
        given = ", ".join(sorted(part.value for part in needed)) or "nothing"
        yield f"### `{spec.name}`\n\n{spec.summary}\n"
        yield (
            f"Needs the right `{spec.needs}`. Class {spec.action_class.value} ({spec.action_class.name.lower()}): "
            f"asks for {given}.\n"
        )
        yield from _table(
            ("parameter", "must be given", "what it is"),
            (
                (f"`{parameter.name}`", "yes" if parameter.required else "no", parameter.help)
                for parameter in spec.parameters
            ),
        )


def reports() -> Iterator[str]:
    """Every report that the command line offers, with its options and columns."""
    for report in all_reports():
        if not report.is_internal:
            yield f"### `{report.name}`\n\n{report.summary} Needs the right `{report.needs}`.\n"
            options = list(_report_options(report))
            yield from _table(("option", "what it does"), options) if options else ("It has no options of its own.\n",)
            yield from _table(
                ("column", "kind"), ((f"`{column.name}`", column.kind.value) for column in report.columns)
            )


def privileges() -> Iterator[str]:
    """Every right, and what may be asked and done with it."""
    for privilege in Privilege:
        asked = [report.name for report in all_reports() if report.needs is privilege and not report.is_internal]
        done = [action.spec for action in all_actions() if action.spec.needs is privilege]
        yield f"### `{privilege}`\n"
        if asked:
            yield f"Reports: {', '.join(f'[`{name}`](reports.md#{name})' for name in asked)}.\n"
        if done:
            links = [(spec, spec.name.replace(".", "")) for spec in done]
            yield from _table(
                ("action", "class", "what it does"),
                (
                    (f"[`{spec.name}`](actions.md#{anchor})", f"{spec.action_class.value}", spec.summary)
                    for spec, anchor in links
                ),
            )
        if not asked and not done:
            yield "What the console shows to who has it; no report of the command line and no action needs it yet.\n"


def role_privileges() -> Iterator[str]:
    """The rights of the roles that are built in."""
    roles = list(BUILTIN_ROLES.values())
    return _table(
        ("right", *(role.name for role in roles)),
        (
            (f"`{privilege}`", *("yes" if privilege in role.privileges else "" for role in roles))
            for privilege in Privilege
        ),
    )


def statuses() -> Iterator[str]:
    """The ten statuses, worst first."""
    full, plain = glyphs_for("full").status, glyphs_for("ascii").status
    return _table(
        ("status", "word", "sign", "ASCII sign", "letter"),
        (
            (f"`{status.key}`", status.word, full[status], _code(plain[status]), _code(status.letter))
            for status in sorted(Status, reverse=True)
        ),
    )


def status_map() -> Iterator[str]:
    """What the server's word for an event becomes."""
    said: list[tuple[str, int | None, bool]] = [
        *(("Completed", result, False) for result in (None, 0, 4, 8, 12, 1)),
        *((word, None, False) for word in ("Failed", "Failed - no restart", "Missed")),
        *(("Severed", None, is_open) for is_open in (True, False)),
        *((word, None, False) for word in ("Started", "In Progress", "Restarted", "Pending", "Future")),
        *((word, None, False) for word in ("Cancelled", "Skipped", "Uncertain", "Any other word")),
    ]
    return _table(
        ("the server says", "result", "here"),
        (
            (
                word + {True: ", window open", False: ", window closed"}[is_open] * (word == "Severed"),
                {None: "", 1: "any other"}.get(result, str(result)),
                f"`{of_event(word, result, is_window_open=is_open).status.key}`",
            )
            for word, result, is_open in said
        ),
    )


def kinds() -> Iterator[str]:
    """What is collected at which pace."""
    by_pace = {kind.name: pace for pace in paces(CollectSettings()) for kind in pace.kinds}
    return _table(
        ("kind", "pace", "every", "how it is asked", "columns"),
        (
            (
                f"`{kind.name}`",
                by_pace[kind.name].name,
                _every(by_pace[kind.name].every.total_seconds()),
                "a whole list" if kind.is_listing else "a window of time",
                ", ".join(name for name, _ in kind.columns),
            )
            for kind in KINDS.values()
        ),
    )


def keys() -> Iterator[str]:
    """Every key, by what takes it."""
    glyphs = glyphs_for("full")
    for title, bindings in bindings_by_pane():
        yield f"### {title}\n"
        yield from _table(
            ("keys", "what they do", "id"),
            (
                (
                    " ".join(dict.fromkeys(_code(key_name(binding, glyphs)) for binding in of_one)),
                    of_one[0].description,
                    f"`{binding_id}`",
                )
                for binding_id, of_one in bindings.items()
            ),
        )


def key_presets() -> Iterator[str]:
    """What each set of keys has instead."""
    for name, keys in PRESETS.items():
        if keys:
            yield f"### `{name}`\n"
            yield from _table(("id", "keys"), ((f"`{binding_id}`", f"`{taken}`") for binding_id, taken in keys.items()))


def faults() -> Iterator[str]:
    """What can go wrong with a simulated server."""
    return _table(("fault", "what happens"), ((f"`{fault.name}`", fault.explanation) for fault in FAULTS.values()))


def queries() -> Iterator[str]:
    """The QUERY commands that are simulated."""
    return _table(
        ("command", "parameters"),
        (
            (
                f"`{query.head}`" + (f" with `{'='.join(query.chosen_by)}`" if query.chosen_by else ""),
                ", ".join(
                    [f"*{word.name}*" for word in query.positionals]
                    + [f"`{keyword}`" for keyword in query.keywords]
                    + (["`BEGINDATE`, `BEGINTIME`, `ENDDATE`, `ENDTIME`"] if query.window else [])
                )
                or "none",
            )
            for query in QUERIES
        ),
    )


def commands() -> Iterator[str]:
    """The help of every command."""
    for context in _contexts(program, None):
        yield f"## `{context.command_path}`\n\n```text\n{context.get_help()}\n```\n"


SECTIONS: Mapping[str, Callable[[], Iterable[str]]] = {
    "settings": settings,
    "installation-settings": installation_settings,
    "unit-settings": unit_settings,
    "actions": actions,
    "reports": reports,
    "privileges": privileges,
    "role-privileges": role_privileges,
    "statuses": statuses,
    "status-map": status_map,
    "kinds": kinds,
    "faults": faults,
    "queries": queries,
    "commands": commands,
    "keys": keys,
    "key-presets": key_presets,
}


def rendered(document: str) -> str:
    """The document with every marked part made anew. Raises: KeyError for a name that nothing makes."""

    def made(found: re.Match[str]) -> str:
        made_of_code = "\n".join(SECTIONS[found["name"]]()).rstrip()
        return f"{found['begin']}\n{made_of_code}\n\n{found['end']}"

    return _MARKED.sub(made, document)


def main() -> None:
    """Write every document whose marked parts have changed."""
    for path in sorted(DOCS.glob("*.md")):
        before = path.read_text(encoding="utf-8")
        after = rendered(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            sys.stdout.write(f"{path.name} was written\n")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        cells = [cell.replace("|", r"\|") for cell in row]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _report_options(report: Report) -> Iterator[tuple[str, str]]:
    shared = {"--unit", "--format", "--output", "--force", "--raw", "--filter", "--sort", "--limit"}
    for option in report_group.get_command(click.Context(report_group), report.name).params:
        assert isinstance(option, click.Option)
        if not shared.intersection(option.opts):
            spelled = " ".join(filter(None, (option.opts[0], option.metavar)))
            yield f"`{spelled}`", option.help or ""


def _contexts(command: click.Command, parent: click.Context | None, name: str = "cloutui") -> Iterator[click.Context]:
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=100, max_content_width=100, **command.context_settings
    )
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _contexts(found, context, below)


def _values(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    if get_origin(kind) is dict:
        return "`key: value`"
    options = [option for option in get_args(kind) if option is not type(None)]
    if options:
        return _values(options[0])
    assert not is_dataclass(kind)
    return {int: "a whole number", float: "a number", str: "a text", bool: "`true`, `false`"}[kind]


def _default(value: object) -> str:
    assert value is not MISSING
    if value is None:
        return "none"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def _code(sign: str) -> str:
    return f"`{sign}`" if sign.strip() else "blank"


def _every(seconds: float) -> str:
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            number = int(seconds // size)
            return word if number == 1 else f"{number} {word}s"
    return f"{seconds:g} s"


if __name__ == "__main__":
    main()
