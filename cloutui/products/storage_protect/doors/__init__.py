"""Doors: the ways to reach a server's administrative client.

`local` runs `dsmadmc` on this host, `ssh` on another one; both under a terminal, because the password is asked there.
The Operations Center's REST interface is the third: one question a request, no login to share, JSON instead of text.
It gets a module of its own here, and a conversation of its own beside `conversation`, when it is built.
"""
