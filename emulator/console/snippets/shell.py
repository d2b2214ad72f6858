"""A call from a shell: with curl and openssl, and with the vendor's command line."""

import json
import shlex

from emulator.console.snippets.sending_call import SendingCall
from emulator.contract import load


def curl(call: SendingCall) -> str:
    """The parameters are signed in the order of their names, as they are, and encoded when they are sent."""
    texts = {"Action": call.action, "SecretId": call.secret_id, **call.parameters}
    words = {name: _quoted(f"{name}={value}") for name, value in texts.items()}
    words |= {"Nonce": '"Nonce=$nonce"', "Timestamp": '"Timestamp=$timestamp"'}
    lines = "\n".join(f"  {words[name]}" for name in sorted(words))
    get = " -G" if call.method == "GET" else ""
    return f"""# for bash; needs openssl
nonce=$RANDOM$RANDOM timestamp={call.timestamp or "$(date +%s)"}
parameters=(
{lines}
)
text() (IFS='&'; printf %s "{call.signed_to}${{parameters[*]}}")
signature=$(text | openssl dgst -{call.digest} -hmac {shlex.quote(call.secret_key)} -binary | base64)
fields=()
for parameter in "${{parameters[@]}}" "Signature=$signature"; do fields+=(--data-urlencode "$parameter"); done
curl -sS{get} {shlex.quote(call.url)} -H {shlex.quote(f"Host: {call.host}")} "${{fields[@]}}"
"""


def _quoted(text: str) -> str:
    """A word of bash; with escapes where a browser would change what is copied."""
    if "\r" not in text:
        return shlex.quote(text)
    return "$'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r").replace("\n", "\\n") + "'"


def qcloudcli(call: SendingCall) -> str:
    """The command line takes an array as JSON."""
    module = next((action.module for action in load() if action.name == call.action), "bm")
    nested: dict[str, object] = {}
    for name, value in call.parameters.items():
        if name != "SignatureMethod":
            _put(nested, ["RegionId"] if name == "Region" else name.split("."), value)
    words = [module, call.action]
    for name, given in nested.items():
        shown = given if isinstance(given, str) else json.dumps(_arrays(given), ensure_ascii=False)
        words += [f"--{name}", shown]
    needs = "# the emulator has to serve with --proxy-port 8388"
    return f'eval "$(bm-emulator env)"  {needs}\nqcloudcli {shlex.join(words)}\n'


def _put(nested: dict[str, object], path: list[str], value: str) -> None:
    for part in path[:-1]:
        below = nested.setdefault(part, {})
        if not isinstance(below, dict):
            return
        nested = below
    nested[path[-1]] = value


def _arrays(value: object) -> object:
    """Numbered parameters as a list."""
    if not isinstance(value, dict):
        return value
    if all(name.isdecimal() for name in value):
        return [_arrays(value[name]) for name in sorted(value, key=int)]
    return {name: _arrays(one) for name, one in value.items()}
