"""Tags of devices (标签相关接口)."""

from emulator.call import Body, Call
from emulator.chapters.registry import action
from emulator.chapters.tags.records import stored_key, tag_keys, tag_values


@action("DescribeTagKeyList")
def describe_tag_key_list(call: Call) -> Body:
    """List the keys in use, sorted (标签相关接口/查询标签键列表.md)."""
    return {"data": {"tagKeyList": tag_keys(call.world, call.account_id, call.get("searchKey"))}}


@action("DescribeTagValueList")
def describe_tag_value_list(call: Call) -> Body:
    """List the values of keys, sorted (标签相关接口/查询标签值.md); a key that is not in use has none."""
    rows = [
        {
            "tagKey": stored_key(call.world, call.account_id, key),
            "tagValueList": tag_values(call.world, call.account_id, key),
        }
        for key in call["tagKeyList"]
    ]
    return {"data": rows}
