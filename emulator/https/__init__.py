"""HTTPS for clients with hard-coded hosts.

A private certificate authority, a forward proxy, and the environment variables that route traffic to it.
"""


class AuthorityError(Exception):
    """A folder is unusable for certificates. The message says what to do about it."""
