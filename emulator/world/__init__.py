"""The engine under every chapter: a world's database, clock, ids, work and faults. It knows no kind of thing."""
