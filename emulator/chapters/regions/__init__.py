"""Regions and their zones (地域相关接口)."""
