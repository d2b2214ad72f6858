"""Traffic mirrors (chapter traffic_mirror)."""
