"""The SSH face: who comes in, and a console for each of them, all in one process and on one event loop.

`server.Gateway` listens. Who somebody is, is asked of a `sign_in.Authenticator`; what they see is made by an
`OpenConsole`, and what `ssh host report ...` does by a `CommandRunner`: all three are given by the caller.
"""
