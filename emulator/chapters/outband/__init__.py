"""Out-of-band access (带外相关接口)."""
