"""How a script's run ends."""
