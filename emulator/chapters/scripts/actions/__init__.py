"""The actions on scripts (自定义脚本相关接口)."""
