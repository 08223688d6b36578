"""The words of the field, as values. Nothing here opens a file, a socket or a database.

Sizes are bytes, moments are aware UTC, and an unknown is None, never 0 or an empty text.
"""
