"""The local cache (DuckDB) and the archive it can always be rebuilt from.

The archive may never be lost; the cache may. So every batch is written to the archive first.
"""
