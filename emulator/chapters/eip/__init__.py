"""Elastic IPs (chapter eip)."""
