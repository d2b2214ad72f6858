"""Load balancers, their listeners, what these forward, the servers behind them, and certificates."""
