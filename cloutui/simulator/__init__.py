"""Stand-in backup servers for the demo and the tests. Imports nothing of cloutui, and only `cli` imports it."""
