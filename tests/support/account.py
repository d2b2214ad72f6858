"""The world that most tests of a chapter begin with, as the text of a fixture file.

An account with two credentials and two VPCs, and functions for what a test adds to it. What TOML calls keys of the
account (`balance = 100`, `scripts = […]`) comes straight after HEAD; devices, servers and faults follow.
"""

from zlib import crc32

APP_ID = "1251001002"
OWNER = ("AKIDowner", "ownerkey")
LIMITED = ("AKIDlimited", "limitedkey")
"""A credential of the same account that may call no action."""

HEAD = f"""
[[accounts]]
app_id = "{APP_ID}"
credentials = [
    {{secret_id = "{OWNER[0]}", secret_key = "{OWNER[1]}"}},
    {{secret_id = "{LIMITED[0]}", secret_key = "{LIMITED[1]}", actions = []}},
]
vpcs = [
    {{id = 1025, un_id = "vpc-8e0ypm3z", name = "beijing", cidr = "10.6.0.0/16"}},
    {{id = 70, un_id = "vpc-6t44o010", name = "v", cidr = "10.10.0.0/16"}},
]
subnets = [
    {{id = 4, un_id = "subnet-34xt45as", vpc = "vpc-8e0ypm3z", name = "hadoop", cidr = "10.6.10.0/24"}},
    {{id = 5, un_id = "subnet-small005", vpc = "vpc-8e0ypm3z", name = "small", cidr = "10.6.11.0/30"}},
    {{id = 6, un_id = "subnet-single06", vpc = "vpc-8e0ypm3z", name = "single", cidr = "10.6.12.1/32"}},
    {{id = 80, un_id = "subnet-fa1lzxhz", vpc = "vpc-6t44o010", name = "s", cidr = "10.10.2.0/24"}},
    {{id = 81, un_id = "subnet-small081", vpc = "vpc-6t44o010", name = "s", cidr = "10.10.3.0/30"}},
]
"""

LAN_IP = 'lan_ip = "10.6.10.67"\n'
PLACE = LAN_IP + 'vpc = "vpc-8e0ypm3z"\nsubnet = "subnet-34xt45as"\n'
PASSWORD = "old12345"
FIRST = "cpm-aaaaaaaa"


def device(instance_id: str = FIRST, more: str = "", *, alias: str = "", place: str | None = None) -> str:
    """A device of the account. Without an alias it is called by its id, and each has an address of its own."""
    if place is None:
        place = PLACE if instance_id == FIRST else PLACE.replace(".67", f".{70 + crc32(instance_id.encode()) % 180}")
    names = f'instance_id = "{instance_id}"\nalias = "{alias or instance_id}"\npassword = "{PASSWORD}"\n'
    return f"[[accounts.devices]]\n{names}{place}{more}\n"


def hosted_server(instance_id: str = "chm-gr9wprj0", more: str = "") -> str:
    """A hosted server of the account, not yet bound."""
    return f'[[accounts.hosted]]\ninstance_id = "{instance_id}"\npassword = "password"\n{more}\n'


def fault(action: str, code: int) -> str:
    """A fault rule: each call of the action that would succeed is answered with this error."""
    return f'\n[[faults]]\naction = "{action}"\nerror = {code}\n'
