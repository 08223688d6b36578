"""Finding anything by a part of its name: units, nodes, servers, schedules, users, tags, and words in comments.

One report with one privilege, and each kind needs another one beside it: what the reader may not see is not looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from cloutui.errors import Invalid
from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

KINDS: Mapping[str, Privilege] = {
    "unit": Privilege.UNIT_VIEW,
    "node": Privilege.NODE_VIEW,
    "server": Privilege.SERVER_VIEW,
    "schedule": Privilege.JOB_VIEW,
    "user": Privilege.USER_VIEW,
    "tag": Privilege.TAG_VIEW,
    "comment": Privilege.COMMENT_VIEW,
}
"""What can be found, in the order in which things that fit equally well are told, and the right that each needs."""


LONGEST = 100
"""Characters that are looked for."""

_BREAKS = "-_. "
_NO_BREAKS = str.maketrans("", "", _BREAKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for."""

    text: str = field(metadata={"help": "A part of a name, in any case of letters."})
    kind: str | None = field(default=None, metadata={"help": f"Only of this kind: {', '.join(KINDS)}."})


def _bind(parameters: Sought, context: Mapping[str, object]) -> Mapping[str, object]:
    """Raises: Invalid for nothing to look for, and for a kind that there is not."""
    sought, rights = parameters.text.strip().lower(), cast("frozenset[Privilege]", context["rights"])
    if not sought:
        raise Invalid("There is nothing to look for.", hint="Give a part of a name.")
    if len(sought) > LONGEST:
        raise Invalid(f"{len(sought)} characters, {LONGEST} are looked for at most.", hint="Give a shorter part.")
    if parameters.kind is not None and parameters.kind not in KINDS:
        raise Invalid(f"There is no kind “{parameters.kind}”.", hint=f"There are: {', '.join(KINDS)}.")
    allowed = [kind for kind, needs in KINDS.items() if needs in rights and parameters.kind in {None, kind}]
    return {"sought": sought, "joined": sought.translate(_NO_BREAKS) or sought, "kinds": allowed}


def _joined(name: str) -> str:
    """Without what stands between words: `acmesql` finds ACME-SQL01. Three times the work of looking at the name."""
    return f"contains(translate(lower({name}), '{_BREAKS}', ''), $joined)"


def _kind(kind: str, columns: str, tables: str, name: str, also: str = "false") -> str:
    """The rows of one kind. A kind that is not wanted costs nothing: what is constant is looked at first."""
    fits = f"(contains(lower({name}), $sought) OR {also})"
    return f"SELECT '{kind}' AS kind, {columns} FROM {tables} WHERE list_contains($kinds, '{kind}') AND {fits}"


_ROWS = " UNION ALL ".join(
    (
        _kind(
            "unit",
            "u.name, above.name AS unit, NULL AS detail, u.unit_id, NULL AS node_id, NULL AS server, NULL AS day",
            "scoped_unit AS u LEFT JOIN scoped_unit AS above ON above.unit_id = u.parent_id",
            "u.name",
            also=_joined("u.name"),
        ),
        _kind(
            "node",
            "n.node, n.unit, n.domain, n.unit_id, n.node_id, n.server, NULL",
            "scoped_named_node AS n",
            "n.node",
            also=_joined("n.node"),
        ),
        _kind(
            "server",
            "s.name, u.name, s.product, u.unit_id, NULL, s.name, NULL",
            "(SELECT * FROM scoped_server WHERE NOT is_removed) AS s"
            " LEFT JOIN scoped_unit AS u ON u.unit_id = s.unit_id",
            "s.name",
        ),
        """
        SELECT 'schedule', c.schedule, NULL, c.domain || ', ' || count(*) || if(count(*) = 1, ' node', ' nodes'),
               NULL, NULL, NULL, NULL
        FROM scoped_named_schedule AS c
        WHERE list_contains($kinds, 'schedule') AND contains(lower(c.schedule), $sought)
        GROUP BY c.schedule, c.domain
        """,
        _kind("user", "r.name, r.unit, r.full_name, r.unit_id, NULL, NULL, NULL", "scoped_found_user AS r", "r.name",
              also="contains(lower(r.full_name), $sought)"),
        _kind("tag", "t.tag, t.unit, NULL, t.unit_id, NULL, NULL, NULL", "scoped_tag AS t", "t.tag"),
        _kind("comment", "r.text, r.unit, r.node || ', ' || r.author, r.unit_id, r.node_id, r.server, r.day",
              "scoped_found_comment AS r", "r.text"),
    )
)  # fmt: skip

_ORDER = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))

FIND = register(
    Report(
        name="find",
        needs=Privilege.UNIT_VIEW,
        summary="Units, nodes, servers, schedules, users, tags and comments by a part of their name.",
        params=Sought,
        bind=_bind,
        columns=(
            Column(name="kind", kind=Kind.TEXT),
            Column(name="name", kind=Kind.TEXT),
            Column(name="unit", kind=Kind.TEXT, priority=2),
            Column(name="detail", kind=Kind.TEXT, priority=4),
            Column(name="server", kind=Kind.TEXT, priority=3),
            Column(name="day", kind=Kind.DAY, priority=6),
            Column(name="fit", kind=Kind.COUNT, priority=9),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
            Column(name="node_id", kind=Kind.COUNT, priority=9),
        ),
        # How well it fits: 0 is that name, 1 begins so, 2 has a word that begins so, 3 has it anywhere, 4 has it when
        # one overlooks what stands between its words.
        sql=f"""
            WITH found AS ({_ROWS}),
            placed AS (SELECT *, strpos(lower(name), $sought) AS begins FROM found)
            SELECT kind, name, unit, detail, server, day,
                   CASE WHEN lower(name) = $sought THEN 0 WHEN begins = 1 THEN 1
                        WHEN begins > 1 AND NOT regexp_matches(name[begins - 1], '[\\pL\\pN]') THEN 2
                        WHEN begins > 1 THEN 3 ELSE 4 END AS fit,
                   unit_id, node_id
            FROM placed
            ORDER BY fit, CASE kind {_ORDER} END, length(name), name, server, unit_id, node_id
        """,
    )
)
