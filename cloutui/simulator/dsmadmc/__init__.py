"""A stand-in for `dsmadmc`, the administrative command-line client of IBM Storage Protect.

`session` runs one invocation from its arguments to its exit status; everything below it is a value or a pure function.
The client does what the real one does on its side (options, prompts, shapes, exit status); `commands` does what the
server does on its side (grammar, QUERY, SELECT, routing). What is known only from memory, or not at all, says so.
"""
