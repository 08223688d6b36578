"""The read side: what a principal may ask, one module a report family."""
