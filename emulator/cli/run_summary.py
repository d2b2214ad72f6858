"""What `bm-emulator run` prints at its end: the calls, why some were refused, and what to check if there was none."""

from collections import Counter

from emulator.testing import WorldClient

_MAX_CALLS = 100_000
_MAX_EXPLANATIONS = 10
_ROUTED = """\
  The command called none of the API's hosts, or not by the way that `run` prepares for it. Check that it
  - calls the API at all, and at one of the hosts that `bm-emulator actions ACTION` prints, or at BM_EMULATOR_ENDPOINT
  - takes its proxy from the environment: http_proxy and https_proxy; JAVA_TOOL_OPTIONS, NODE_OPTIONS
  - trusts the authority that SSL_CERT_FILE and the like name
"""
_UNISOLATED = "  A program that does none of this may have called the real service. On Linux, --isolated prevents it."
_ISOLATED = "  It was isolated: whatever it called, it reached nothing else than the emulator."


def summary(world: WorldClient, *, started: bool, isolated: bool) -> str:
    """How often each action was called with which result, in the order of the first calls.

    `started`: whether the command ran at all; only then it is worth checking why it made no call.
    """
    calls = world.journal.calls(limit=_MAX_CALLS)
    dropped = f", {world.journal.dropped} dropped" if world.journal.dropped else ""
    lines = [f"bm-emulator: {len(calls)} {'call' if len(calls) == 1 else 'calls'}{dropped}"]
    if not calls and started:
        return f"{lines[0]}\n{_ROUTED}{_ISOLATED if isolated else _UNISOLATED}"
    for (action, code), number in Counter((call["action"], call["code"]) for call in calls).items():
        lines.append(f"  {number:5}  {action or '(no Action)'}: {'no answer' if code is None else code}")
    explained = [call for call in calls if call["explanation"]]
    lines += [f"  {call['action']}: {'; '.join(call['explanation'])}" for call in explained[:_MAX_EXPLANATIONS]]
    if len(explained) > _MAX_EXPLANATIONS:
        lines.append(f"  and {len(explained) - _MAX_EXPLANATIONS} more explanations")
    return "\n".join(lines)
