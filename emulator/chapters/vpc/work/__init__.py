"""What takes time in private networks: making and deleting VPCs, joining subnets, NAT gateways."""

from emulator.chapters.vpc.work import containers, interfaces, kafka, nat, vpcs

__all__ = ["containers", "interfaces", "kafka", "nat", "vpcs"]
