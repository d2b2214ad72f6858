"""What takes time with load balancers, their listeners, rules and backends."""

from emulator.chapters.lb.work import backends, balancers, listeners, rules

__all__ = ["backends", "balancers", "listeners", "rules"]
