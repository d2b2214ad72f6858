"""Regions (地域相关接口)."""

from emulator.call import Body, Call
from emulator.chapters.registry import action
from emulator.world.catalogue import Region


@action("DescribeRegions")
def describe_regions(call: Call) -> Body:
    """List regions and their zones (地域相关接口/查询地域以及可用区.md); with regionId that one alone."""
    wanted = call.get("regionId")
    found = [region for region in call.world.catalogue.regions if wanted in (None, region.id)]
    return {"data": {str(region.id): _region(region) for region in found}}


def _region(region: Region) -> Body:
    zones = {
        str(zone.id): {"zoneId": str(zone.id), "zoneName": zone.name, "zoneEname": zone.ename} for zone in region.zones
    }
    return {"regionId": str(region.id), "regionName": region.name, "setName": region.set_name, "zones": zones}
