"""Elastic IPs: their rows, and the addresses that can be applied for."""
