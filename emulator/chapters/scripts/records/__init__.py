"""Scripts, their tasks and runs as rows."""
