"""The actions on servers (物理服务器相关接口)."""
