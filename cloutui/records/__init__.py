"""Records: what people decided. SQLite with SQLAlchemy Core, migrations, and the activity log's hash chain.

This package loads nothing by itself: `cloutui.records.store` loads SQLAlchemy, and is imported when records are opened.
"""
