"""Access control lists of elastic IPs."""
