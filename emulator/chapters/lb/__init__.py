"""Load balancers (chapter lb): so far the balancers themselves; their listeners answer 6100."""
