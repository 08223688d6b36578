"""Answers on their way out: as files and, later, as mail."""
