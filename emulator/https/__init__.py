"""For clients whose hosts are compiled in: an authority of its own, a proxy, and the environment that leads there."""


class AuthorityError(Exception):
    """A folder that cannot be used for certificates, with what to do about it."""
