"""The signature of a request, and the diagnosis of a wrong one."""
