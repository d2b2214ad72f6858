"""What is remembered of each call."""
