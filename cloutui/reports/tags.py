"""Tags: those that are seen from a unit, what each is on, and which may be put on some nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichTags:
    """Which of the tags."""

    show: Literal["all", "own", "assigned", "available"] = field(
        default="all",
        metadata={
            "help": "own: of the unit and those below. assigned: on something in it. available: to be put on the unit."
        },
    )


# A tag of a unit far above is on nodes of many: counted is what is in sight.
_COUNTED = """
    on_node AS (SELECT tag_id, count(*) AS nodes FROM scoped_node_tag GROUP BY tag_id),
    on_unit AS (SELECT tag_id, count(*) AS units FROM scoped_unit_tag GROUP BY tag_id)
"""

TAGS = register(
    Report(
        name="tags",
        needs=Privilege.TAG_VIEW,
        summary="Tags with their owner, the units and nodes that have them, and what asks for them.",
        params=WhichTags,
        columns=(
            Column(name="tag", kind=Kind.TEXT),
            Column(name="owner", kind=Kind.TEXT, priority=2),
            Column(name="inherit", kind=Kind.TEXT, title="handed down", priority=3),
            Column(name="units", kind=Kind.COUNT, priority=2),
            Column(name="nodes", kind=Kind.COUNT),
            Column(name="used_in", kind=Kind.TEXT, title="used in", priority=4),
            Column(name="place", kind=Kind.TEXT, priority=7),
            Column(name="tag_id", kind=Kind.COUNT, priority=9),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
        ),
        # Filters and promises name a text, so every tag of that text is used by them.
        sql=f"""
            WITH {_COUNTED},
            named AS (SELECT tag, count(*) AS filters FROM scoped_filter_tag GROUP BY tag),
            promised AS (
                SELECT tag, bool_or(is_only) AS only_these, bool_or(NOT is_only) AS not_these
                FROM (
                    SELECT unnest(string_split(tags_only, ' ')) AS tag, true AS is_only
                    FROM scoped_unit_sla WHERE tags_only <> '' AND valid_from <= $today AND valid_to > $today
                    UNION ALL
                    SELECT unnest(string_split(tags_without, ' ')), false
                    FROM scoped_unit_sla WHERE tags_without <> '' AND valid_from <= $today AND valid_to > $today
                ) GROUP BY tag
            )
            SELECT t.tag, t.unit AS owner, if(t.is_inheritable, 'yes', 'no') AS inherit,
                   coalesce(on_unit.units, 0) AS units, coalesce(on_node.nodes, 0) AS nodes,
                   nullif(concat_ws(', ', if(promised.only_these, 'SLA +', NULL), if(promised.not_these, 'SLA -', NULL),
                                    named.filters || if(named.filters = 1, ' filter', ' filters')), '') AS used_in,
                   CASE WHEN NOT t.is_below THEN 'above' WHEN t.unit_id = $scope_unit THEN 'own' ELSE 'below' END
                     AS place,
                   t.tag_id, t.unit_id
            FROM scoped_tag AS t
            LEFT JOIN on_node ON on_node.tag_id = t.tag_id
            LEFT JOIN on_unit ON on_unit.tag_id = t.tag_id
            LEFT JOIN named ON named.tag = t.tag
            LEFT JOIN promised ON promised.tag = t.tag
            WHERE CASE $show
                    WHEN 'own' THEN t.is_below
                    WHEN 'assigned' THEN on_node.nodes > 0 OR on_unit.units > 0
                    WHEN 'available' THEN t.unit_id = $scope_unit OR (t.is_inheritable AND NOT t.is_below)
                    ELSE true END
            ORDER BY t.tag, t.unit NULLS FIRST, t.tag_id
        """,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTag:
    """Which tag."""

    tag_id: int = field(metadata={"help": "Its id, as the report `tags` numbers it."})


TAG_USES = register(
    Report(
        name="tag-uses",
        needs=Privilege.TAG_VIEW,
        summary="The units that have a tag, and the nodes that have it by themselves or from their units.",
        params=OneTag,
        columns=(
            Column(name="kind", kind=Kind.TEXT),
            Column(name="name", kind=Kind.TEXT),
            Column(name="unit", kind=Kind.TEXT, priority=2),
            Column(name="how", kind=Kind.TEXT, priority=3),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
            Column(name="node_id", kind=Kind.COUNT, priority=9),
        ),
        sql="""
            SELECT 'unit' AS kind, u.name, above.name AS unit, 'put on it' AS how, u.unit_id,
                   NULL::INTEGER AS node_id
            FROM scoped_unit_tag AS t
            JOIN scoped_unit AS u ON u.unit_id = t.unit_id
            LEFT JOIN scoped_unit AS above ON above.unit_id = u.parent_id
            WHERE t.tag_id = $tag_id
            UNION ALL
            SELECT 'node', n.node, u.name, if(t.is_own, 'put on it', 'from its unit'), n.unit_id, n.node_id
            FROM scoped_node_tag AS t
            JOIN scoped_node AS n ON n.node_id = t.node_id
            JOIN scoped_unit AS u ON u.unit_id = n.unit_id
            WHERE t.tag_id = $tag_id
            ORDER BY kind DESC, how DESC, name, unit
        """,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TheseNodes:
    """Which nodes."""

    nodes: tuple[int, ...] = field(metadata={"help": "Their ids."})


def _bind(parameters: TheseNodes, _context: Mapping[str, object]) -> Mapping[str, object]:
    return {"nodes": list(parameters.nodes)}


NODE_TAGS = register(
    Report(
        name="node-tags",
        needs=Privilege.TAG_VIEW,
        summary="The tags that may be put on some nodes or are on them, and on how many.",
        params=TheseNodes,
        bind=_bind,
        is_internal=True,
        columns=(
            Column(name="tag", kind=Kind.TEXT),
            Column(name="owner", kind=Kind.TEXT, priority=2),
            Column(name="has", kind=Kind.COUNT),
            Column(name="inherits", kind=Kind.COUNT),
            Column(name="usable", kind=Kind.COUNT),
            Column(name="of", kind=Kind.COUNT),
            Column(name="tag_id", kind=Kind.COUNT, priority=9),
        ),
        # `has`: put on the node itself. `inherits`: it has it from its unit or from above.
        sql="""
            WITH target AS (
                SELECT n.node_id, n.unit_id, u.lo
                FROM scoped_node AS n JOIN scoped_unit AS u ON u.unit_id = n.unit_id
                WHERE list_contains($nodes, n.node_id)
            ),
            usable AS (
                SELECT t.tag_id, count(*) AS nodes
                FROM scoped_tag AS t
                LEFT JOIN scoped_unit AS o ON o.unit_id = t.unit_id
                JOIN target AS n ON n.unit_id = t.unit_id
                  OR (t.is_inheritable AND (NOT t.is_below OR (n.lo >= o.lo AND n.lo < o.hi)))
                GROUP BY t.tag_id
            ),
            held AS (
                SELECT t.tag_id, count(*) FILTER (t.is_own) AS has, count(*) FILTER (NOT t.is_own) AS inherits
                FROM scoped_node_tag AS t JOIN target AS n ON n.node_id = t.node_id GROUP BY t.tag_id
            )
            SELECT t.tag, t.unit AS owner, coalesce(held.has, 0) AS has, coalesce(held.inherits, 0) AS inherits,
                   coalesce(usable.nodes, 0) AS usable, (SELECT count(*) FROM target) AS "of", t.tag_id
            FROM scoped_tag AS t
            LEFT JOIN held ON held.tag_id = t.tag_id
            LEFT JOIN usable ON usable.tag_id = t.tag_id
            WHERE usable.nodes > 0 OR held.has > 0
            ORDER BY t.tag, t.unit NULLS FIRST, t.tag_id
        """,
    )
)

TAGS_OF_NODES = """
    (SELECT node_id, array_to_string(list_sort(list(tag)), ', ') AS tags FROM scoped_node_tag GROUP BY node_id)
"""
"""The tags of each node that has some, as one text: joined to a report's rows by `node_id`.

An ordered `string_agg` takes four times as long.
"""
