"""When a server is silent and whose limits its pools have: said once, for every report that needs it."""

from __future__ import annotations

IS_SILENT = """
    (coalesce(s.collected_at < $now - INTERVAL 30 MINUTE, false)
     OR (s.code <> '' AND (s.collected_at IS NULL OR s.failing_since > s.collected_at)))
"""
"""Over `scoped_server AS s`: it does not answer, or nobody has asked it for so long that nothing is known of now."""

OF_ITS_UNIT = """
    l.unit_id = s.unit_id AND l.valid_from <= $today AND l.valid_to > $today
"""
"""Joins the `scoped_unit_limit AS l` of now to `scoped_server AS s`: a pool is full where its server's unit says so."""
