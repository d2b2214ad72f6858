"""A call in Python: as a test of the pytest plugin, and as a script without any package."""

from emulator.console.snippets.sending_call import SendingCall, lines, quoted


def test(call: SendingCall) -> str:
    """It expects the code that was seen, or where a signature or a fault made that, another one."""
    own = {name: value for name, value in call.parameters.items() if name not in ("Region", "SignatureMethod")}
    sent = "".join(f"\n        {quoted(name)}: {quoted(value)}," for name, value in own.items())
    given = f", **{{{sent}\n    }}" if own else ""
    expected = f'answer["code"] == {quoted(call.code)}'
    note = ""
    if call.reason:
        had = "no code" if call.code is None else call.code
        note = f"    # it was answered with {had}: {call.reason}\n"
        expected = '"code" in answer' if call.code is None else f'answer["code"] != {quoted(call.code)}'
    return f"""def test_{_snake(call.action)}(bm_world):
{note}    answer = bm_world.call({quoted(call.action)}{given})
    assert {expected}
"""


def script(call: SendingCall) -> str:
    """It prints the answer."""
    sends = (
        f'    {quoted(call.url)} + "?" + urllib.parse.urlencode(parameters),\n    headers='
        if call.method == "GET"
        else f"    {quoted(call.url)},\n    urllib.parse.urlencode(parameters).encode(),\n    "
    )
    timestamp = quoted(call.timestamp) if call.timestamp else "str(int(time.time()))"
    return f"""import base64, hashlib, hmac, json, random, time, urllib.parse, urllib.request

parameters = {{
    "Action": {quoted(call.action)},
    "Nonce": str(random.randrange(2**31)),
    "Timestamp": {timestamp},
    "SecretId": {quoted(call.secret_id)},
{lines(call, "    {name}: {value},")}}}
query = "&".join(f"{{name}}={{value}}" for name, value in sorted(parameters.items()))
text = "{call.signed_to}" + query
digest = hmac.new({quoted(call.secret_key)}.encode(), text.encode(), hashlib.{call.digest}).digest()
parameters["Signature"] = base64.b64encode(digest).decode()
request = urllib.request.Request(
{sends}{{"Host": {quoted(call.host)}}},
)
print(json.dumps(json.load(urllib.request.urlopen(request)), ensure_ascii=False, indent=4))
"""


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
