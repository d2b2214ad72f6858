"""Tags of devices (标签相关接口)."""
