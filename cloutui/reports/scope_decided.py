"""The half of `scope` that is about what people decided and said: users, roles, the activity log, comments, history.

By the unit where they live or that was touched. A `record_...` is no table of the cache: the runner lays it beside them
for one question.
"""

from __future__ import annotations

DECIDED = {
    # Severity rules as they would be with another one at `$scope_unit`, or at `$node_id`, which is then the one node
    # that is looked at. Of each profile all stays but what is said of `$key`, and that too where somebody nearer says
    # it. Products may share a profile, and not what would be said.
    "scoped_severity_after": "SELECT * FROM record_severity_after",
    "scoped_planned_severity_profile": """
        SELECT p.unit_id, p.data_source_id, p.product, p.profile_id * r.places + r.place AS profile_id,
               p.profile_id AS present_id, r.is_said, r.grade, r.bound
        FROM scoped_severity_profile AS p JOIN scoped_severity_after AS r ON r.product = p.product
    """,
    "scoped_planned_severity": """
        WITH planned AS (
            SELECT DISTINCT profile_id, present_id, is_said, grade, bound FROM scoped_planned_severity_profile
        ),
        kept AS (
            SELECT p.profile_id, r.key, r.grade, r.bound
            FROM planned AS p JOIN severity AS r ON r.profile_id = p.present_id
            WHERE r.key <> $key OR if(
                $node_id IS NULL,
                r.data_source_id IS NOT NULL
                    OR (r.unit_id <> $scope_unit AND r.unit_id IN (SELECT unit_id FROM scoped_unit)),
                NOT p.is_said AND r.data_source_id IS NULL
            )
        ),
        -- What a node does not say itself any more, its unit of the day says.
        of_unit AS (
            SELECT own.profile_id, r.key, r.grade, r.bound
            FROM scoped_planned_severity_profile AS own
            JOIN owner AS o ON o.data_source_id = own.data_source_id AND o.unit_id = own.unit_id
             AND o.valid_from <= $day AND o.valid_to > $day
            JOIN scoped_severity_profile AS usual
              ON usual.unit_id = own.unit_id AND usual.product = own.product AND usual.data_source_id IS NULL
            JOIN severity AS r ON r.profile_id = usual.profile_id AND r.key = $key
            WHERE own.data_source_id = $node_id AND NOT own.is_said
        )
        FROM kept
        UNION ALL
        SELECT profile_id, $key, grade, bound FROM planned WHERE is_said
           AND profile_id NOT IN (SELECT profile_id FROM kept WHERE key = $key)
        UNION ALL
        FROM of_unit WHERE profile_id NOT IN (SELECT profile_id FROM kept WHERE key = $key)
    """,
    # What people decided. A `record_...` is no table of the cache: the runner lays it beside them for one question.
    "scoped_filter_tag": """
        SELECT r.* FROM record_filter_tag AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
    "scoped_found_user": """
        SELECT r.*, u.name AS unit FROM record_found_user AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
    "scoped_found_comment": """
        SELECT r.*, u.name AS unit, ds.native_key AS node, s.name AS server
        FROM record_found_comment AS r
        JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        JOIN data_source AS ds ON ds.data_source_id = r.node_id
        JOIN server AS s ON s.server_id = ds.server_id
    """,
    "scoped_user": """
        SELECT r.*, u.name AS unit FROM record_user AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
    "scoped_holder": """
        SELECT r.* FROM record_holder AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
    # Who asks, wherever in their own scope they ask.
    "scoped_self": """
        SELECT r.*, u.name AS unit FROM record_self AS r JOIN unit AS u ON u.unit_id = r.unit_id
        WHERE r.user_id = $self
    """,
    "scoped_user_key": """
        SELECT r.* FROM record_user_key AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
    "scoped_own_key": """
        SELECT r.* FROM record_own_key AS r WHERE r.user_id = $self
    """,
    "scoped_session": """
        SELECT r.*, u.name AS unit FROM record_session AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
    # A role is seen where it can be given: those handed down too, but not the name of the unit that hands them down.
    "scoped_role": """
        SELECT r.*, u.name AS unit
        FROM record_role AS r LEFT JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        WHERE u.unit_id IS NOT NULL OR (r.is_inheritable AND r.unit_id IN (
            SELECT above.unit_id FROM unit AS above, unit AS s
            WHERE s.unit_id = $scope_unit AND above.lo <= s.lo AND above.hi > s.lo
        ))
    """,
    # By the unit that was touched: what one's users did elsewhere is seen there. Whoever did it from above may have
    # named units that only they see, where a node came from or a path: then the line tells what was done to what.
    "scoped_activity": """
        SELECT r.* REPLACE (if(known.unit_id IS NULL, r.action || ': ' || r.target_name, r.sentence) AS sentence),
               u.name AS unit
        FROM record_activity AS r
        JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        LEFT JOIN scoped_unit AS known ON known.unit_id = r.actor_unit_id
    """,
    "scoped_activity_entry": """
        SELECT r.* REPLACE (
                   if(known.unit_id IS NULL, r.action || ': ' || r.target_name, r.sentence) AS sentence,
                   if(known.unit_id IS NULL, '{}', r.params) AS params,
                   if(known.unit_id IS NULL, '{}', r.before) AS before,
                   if(known.unit_id IS NULL, '{}', r.after) AS after
               ),
               u.name AS unit
        FROM record_activity_entry AS r
        JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        LEFT JOIN scoped_unit AS known ON known.unit_id = r.actor_unit_id
    """,
    # What is in force comes from above too; the unit that said so is named to those alone who see it.
    "scoped_unit_setting": """
        SELECT r.*, above.name AS set_on
        FROM record_unit_setting AS r
        JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        LEFT JOIN (
            SELECT a.unit_id, a.name FROM unit AS a, unit AS own
            WHERE own.unit_id = $own_unit AND a.lo >= own.lo AND a.lo < own.hi
        ) AS above ON above.unit_id = r.set_on_id
    """,
    "scoped_rule": """
        SELECT r.*, u.name AS unit, s.name AS server
        FROM record_rule AS r
        JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        LEFT JOIN scoped_server AS s ON s.server_id = r.server_id
    """,
    # On a node, a day or a job: seen by the unit that owned it then. For those alone who may read comments, whichever
    # report they stand in.
    "scoped_comment": """
        SELECT r.*, u.name AS unit, ds.native_key AS node
        FROM record_comment AS r
        JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        JOIN data_source AS ds ON ds.data_source_id = r.node_id
        WHERE $sees_comments
    """,
    # The newest of each day and job, unless it is open again.
    "scoped_handling": """
        SELECT r.* FROM record_handling AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
    "scoped_handling_line": """
        SELECT r.*, u.name AS unit, ds.native_key AS node
        FROM record_handling_line AS r
        JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        JOIN data_source AS ds ON ds.data_source_id = r.node_id
    """,
    # Rows of a day as they were when it closed, by the unit that had the node then. Comments are for those alone who
    # may read them; a unit further up that said what counts is named to those alone who see it.
    "scoped_frozen_row": """
        SELECT r.* REPLACE (
                   if($sees_comments, r.comments, 0) AS comments, if($sees_comments, r.comment, '') AS comment,
                   if(r.source_id IS NULL OR known.unit_id IS NOT NULL, r.source, 'above') AS source
               )
        FROM record_frozen_row AS r
        JOIN scoped_unit AS u ON u.unit_id = r.unit_id
        LEFT JOIN (
            SELECT a.unit_id FROM unit AS a, unit AS own
            WHERE own.unit_id = $own_unit AND a.lo >= own.lo AND a.lo < own.hi
        ) AS known ON known.unit_id = r.source_id
    """,
    # When these were closed, and what was known of the servers then, without what is said of the nodes.
    "scoped_frozen_mark": """
        SELECT r.day, r.unit_id, r.node_id, r.server, r.frozen_at, r.revision, r.path, r.collected_at, r.problem,
               r.hint, r.failing_since
        FROM record_frozen_row AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
    # Nobody's rows: only which nodes are not to be told of as they are now.
    "scoped_frozen_node": "SELECT node_id FROM record_frozen_node",
    # Added up where it was read, of the scope's units alone: of a large site there are 10,000 rows a day.
    "scoped_history_day": "SELECT * FROM record_history_day",
    "scoped_history_unit": """
        SELECT r.*, u.name AS unit FROM record_history_unit AS r JOIN scoped_unit AS u ON u.unit_id = r.unit_id
    """,
}
"""By name, each over those of `scope` and those before it."""
