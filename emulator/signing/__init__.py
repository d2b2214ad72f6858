"""Signatures, and what is wrong with a wrong one."""
