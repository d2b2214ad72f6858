"""Values and files that people write, checked in one voice: the place, what was found, what is allowed, the nearest."""
