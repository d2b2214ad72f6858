"""Private networks (私有网络相关接口): VPCs, subnets, addresses, interfaces, NAT gateways, SSL VPN."""
