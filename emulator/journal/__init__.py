"""The journal: a record of each call, searched, and rendered as a story with its secrets masked."""
