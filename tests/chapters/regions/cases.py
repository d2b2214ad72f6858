"""Regions: parameters that the action accepts. Its page documents no error."""

from support.cases import Case, Params

GOOD: dict[str, Params] = {"DescribeRegions": {}}
CASES: list[Case] = []
