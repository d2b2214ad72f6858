"""How a world is filled: from fixture files, and with a generated fleet."""
