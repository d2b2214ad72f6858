"""Tags: parameters that each action accepts, and a case for each documented error."""

from support.account import HEAD, fault
from support.cases import Case, Params

GOOD: dict[str, Params] = {
    "DescribeTagKeyList": {"serviceType": "bm"},
    "DescribeTagValueList": {"serviceType": "bm", "tagKeyList.0": "a"},
}
CASES = [
    *(Case(name, 9001, GOOD[name], HEAD + fault(name, 9001)) for name in GOOD),
    Case("DescribeTagKeyList", 10001, {"serviceType": "cvm"}),
    Case("DescribeTagValueList", 10001, {"serviceType": "bm"}),
]
