"""How storage pools grow and how long they last, as SQL: said once, for the reports of one server and of all.

The slope is that of Theil and Sen: the median of the slopes between all pairs of days. One day on which much came or
went does not bend it, as it bends a line of least squares. What was used is looked at in bytes, so a pool that was made
larger does not look as if it had shrunk. Source: Sen, Estimates of the Regression Coefficient Based on Kendall's Tau,
JASA 63 (1968).
"""

from __future__ import annotations

from cloutui.model.table import Column, Kind

DAYS = 90
"""That are looked at."""
STEP = 3
"""Every so many days: thirty points tell as much of a slope as ninety, with a ninth of the pairs."""
LEAST_DAYS = 7
"""That are known: before, a week has not shown its weekend."""
LONGEST_DAYS = 3_650
"""A pool that lasts longer is said not to grow: ten years of one slope are no forecast."""
METHOD = "Theil-Sen"

GROWTH_COLUMNS = (
    Column(name="growth", kind=Kind.BYTES, title="growth a day", priority=5),
    Column(name="runway", kind=Kind.COUNT, title="days left", priority=3),
    Column(name="basis", kind=Kind.TEXT, priority=7),
    Column(name="history", kind=Kind.TEXT, title="90 days", priority=6),
)
"""`growth` in bytes a day; `runway` in days until the pool is full; `basis`: how both were found, or why they were not;
`history`: percent used, every sixth day of ninety, the oldest first, with blanks between."""

POOL_GROWTH = f"""
    -- By itself: of a cross join beside another DuckDB makes a comma when it writes SQL out, which binds otherwise.
    pool_back AS (SELECT server_id, pool, unnest(range(0, {DAYS}, {STEP})) AS back FROM scoped_pool),
    pool_level AS (
        SELECT k.server_id, k.pool, k.back, h.capacity_bytes * h.used_percent / 100 AS used, h.used_percent
        FROM pool_back AS k ASOF JOIN scoped_pool_day AS h
          ON h.server_id = k.server_id AND h.pool = k.pool AND h.day <= $today::DATE - k.back::INTEGER
    ),
    pool_slope AS (
        SELECT a.server_id, a.pool, median((a.used - b.used) / (b.back - a.back)) AS growth
        FROM pool_level AS a JOIN pool_level AS b
          ON b.server_id = a.server_id AND b.pool = a.pool AND a.back < b.back
        WHERE a.used IS NOT NULL AND b.used IS NOT NULL
        GROUP BY a.server_id, a.pool
    ),
    pool_known AS (
        SELECT server_id, pool, least({DAYS}, $today::DATE - min(day) + 1) AS days FROM scoped_pool_day
        WHERE used_percent IS NOT NULL GROUP BY server_id, pool
    ),
    pool_past AS (
        SELECT server_id, pool, string_agg(printf('%.1f', used_percent), ' ' ORDER BY back DESC) AS history
        FROM pool_level WHERE back % {2 * STEP} = 0 AND used_percent IS NOT NULL GROUP BY server_id, pool
    ),
    pool_growth AS (
        SELECT p.server_id, p.pool, coalesce(k.days, 0) AS days, past.history,
               if(k.days >= {LEAST_DAYS}, s.growth, NULL)::BIGINT AS growth,
               if(k.days >= {LEAST_DAYS} AND s.growth > 0,
                  p.capacity_bytes * (100 - p.used_percent) / 100 / s.growth, NULL) AS runway
        FROM scoped_pool AS p
        LEFT JOIN pool_known AS k ON k.server_id = p.server_id AND k.pool = p.pool
        LEFT JOIN pool_slope AS s ON s.server_id = p.server_id AND s.pool = p.pool
        LEFT JOIN pool_past AS past ON past.server_id = p.server_id AND past.pool = p.pool
    )
"""
"""Common tables, the last of which has a row for each pool of the scope."""

RUNWAY = f"if(g.runway <= {LONGEST_DAYS}, floor(g.runway), NULL)::BIGINT"
"""Whole days, over `pool_growth AS g`."""

BASIS = f"""
    CASE WHEN p.capacity_bytes IS NULL OR p.used_percent IS NULL THEN 'no size told'
         WHEN g.days < {LEAST_DAYS} THEN g.days || ' of {LEAST_DAYS} days known'
         WHEN g.runway IS NULL OR g.runway > {LONGEST_DAYS} THEN 'does not grow (' || g.days || ' days)'
         ELSE '{METHOD} over ' || g.days || ' days' END
"""
"""Over `scoped_pool AS p` and `pool_growth AS g`."""
