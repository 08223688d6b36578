"""When a server is silent and when a pool is full: said once, for every report that needs it."""

from __future__ import annotations

IS_SILENT = """
    (coalesce(s.collected_at < $now - INTERVAL 30 MINUTE, false)
     OR (s.code <> '' AND (s.collected_at IS NULL OR s.failing_since > s.collected_at)))
"""
"""Over `scoped_server AS s`: it does not answer, or nobody has asked it for so long that nothing is known of now."""

FULL_PERCENT = 90
"""From here on a pool is a warning. Fixed until units can set limits of their own."""
