"""Private networks (黑石私有网络相关接口)."""
