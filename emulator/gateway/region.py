"""The parameter Region: whether there is such a region, and which zones a call may see.

    note   any Region is accepted; the explanation tells of an unknown one, and of a device of another region (default)
    check  an unknown one is refused with 4000 as well (the live gateway did so; the default of the profile observed)
    scope  besides, a call sees the servers and networks of its Region alone: lists leave the others out, their ids do
           not exist, and BuyDevice sells in the Region's zones; NAT gateways and load balancers are where their VPC is

Without Region, or with an empty one, a call sees everything, as the gateway accepted calls without it; what is in a
zone that no region of the catalogue has is seen only so. Known are the regions of the catalogue by their setName, both
alone and with `-bls` behind it, and the short codes and names of the service's other regions, which have no servers
here. The printed examples send gz and bj for servers of one account, and `none`: so nothing is scoped by default.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from emulator.checking.words import meant
from emulator.gateway.common_errors import malformed
from emulator.world.catalogue import Region

RegionMode = Literal["note", "check", "scope"]
_CODES = {
    "gz": "ap-guangzhou",
    "sh": "ap-shanghai",
    "bj": "ap-beijing",
    "cq": "ap-chongqing",
    "cd": "ap-chengdu",
    "hk": "ap-hongkong",
    "sg": "ap-singapore",
    "kr": "ap-seoul",
    "in": "ap-mumbai",
    "th": "ap-bangkok",
    "jp": "ap-tokyo",
    "ca": "na-toronto",
    "usw": "na-siliconvalley",
    "use": "na-ashburn",
    "de": "eu-frankfurt",
    "ru": "eu-moscow",
    "shjr": "ap-shanghai-fsi",
    "szjr": "ap-shenzhen-fsi",
    "gzopen": "ap-guangzhou-open",
}
_BARE_METAL = "-bls"
_LONGEST_SHOWN = 40


class Regions:
    """The regions that a call may name."""

    def __init__(self, regions: Iterable[Region], mode: RegionMode) -> None:
        zones = {region.set_name: frozenset(zone.id for zone in region.zones) for region in regions}
        self._set_names = {zone: name for name, found in zones.items() for zone in found}
        for code, name in _CODES.items():
            zones[code] = zones.setdefault(name, frozenset())
        self._zones: Mapping[str, frozenset[int]] = zones | {f"{name}{_BARE_METAL}": zones[name] for name in zones}
        self._mode = mode
        self._unknown_like = lru_cache(maxsize=256)(self._tell_unknown)

    def zones(self, sent: str | None) -> frozenset[int] | None:
        """The zones that a call is limited to; None: it is not limited. Raises CommonRefusal 4000 [region]."""
        if self._mode == "note" or not sent:
            return None
        found = self._zones.get(sent)
        if found is None:
            raise malformed("region", why=self._unknown(sent))
        return found if self._mode == "scope" else None

    def unknown(self, sent: str | None) -> Sequence[str]:
        """A line that tells of a Region that nothing knows, quoting it."""
        return [self._unknown(sent)] if sent and sent not in self._zones else ()

    def elsewhere(self, sent: str | None, named: Mapping[str, int]) -> Sequence[str]:
        """A line that tells of things in another region. `named`: the zone of each that the call names, by its name."""
        own = self._zones.get(sent) if sent else None
        if own is None or own.issuperset(named.values()):
            return ()
        strange = [(name, zone) for name, zone in named.items() if zone not in own]
        name, zone = strange[0]
        more = f", and {len(strange) - 1} more of what it names stand elsewhere too" if len(strange) > 1 else ""
        where = self._set_names.get(zone, f"the zone {zone}")
        return [f"the call names Region {sent}, but the {name} stands in {where}{more}"]

    def _unknown(self, sent: str) -> str:
        return self._unknown_like(sent[:_LONGEST_SHOWN])

    def _tell_unknown(self, sent: str) -> str:
        known = ", ".join(sorted(set(self._set_names.values())))
        told = f"{known}, their short codes (gz, sh, bj, …) and …{_BARE_METAL}{meant(sent.strip(), self._zones)}"
        return f"Region {sent!r} is not known: {told}"
