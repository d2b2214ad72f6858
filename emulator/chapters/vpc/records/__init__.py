"""VPCs, subnets and their addresses as rows."""
