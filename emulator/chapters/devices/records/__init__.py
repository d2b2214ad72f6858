"""Devices as rows: tables, look-up, lists, stock, and what may be set by hand."""
