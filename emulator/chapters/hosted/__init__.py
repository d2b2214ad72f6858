"""Hosted servers (托管服务器相关接口)."""
