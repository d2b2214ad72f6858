"""Code that sends a call to this emulator: ready to paste, signed by itself, with what each language brings along."""

import json
import shlex
from typing import NamedTuple

from emulator.console.page import Visit
from emulator.console.sending import key_pair
from emulator.contract import load
from emulator.request import PATH, Pairs, canonical
from emulator.signing.calls import host_of

LANGUAGES = {
    "test": "pytest",
    "curl": "curl",
    "python": "Python",
    "node": "Node.js",
    "php": "PHP",
    "go": "Go",
    "qcloudcli": "qcloudcli",
}


class _Call(NamedTuple):
    endpoint: str
    host: str
    action: str
    parameters: dict[str, str]
    """By name as they are signed."""
    secret_id: str
    secret_key: str
    digest: str
    """sha1 or sha256."""


def snippet(visit: Visit, language: str, world: str, action: str, host: str | None, parameters: Pairs) -> str:
    """The code, in one of LANGUAGES."""
    own = {canonical(name): value for name, value in parameters}
    url = visit.request.url
    pair = key_pair(visit, world)
    digest = "sha256" if own.get("SignatureMethod") == "HmacSHA256" else "sha1"
    call = _Call(f"{url.scheme}://{url.netloc}", host or host_of(action), action, own, *pair, digest)
    return {
        "test": _test,
        "curl": _curl,
        "python": _python,
        "node": _node,
        "php": _php,
        "go": _go,
        "qcloudcli": _qcloudcli,
    }[language](call)


def _test(call: _Call) -> str:
    own = {name: value for name, value in call.parameters.items() if name not in ("Region", "SignatureMethod")}
    sent = "".join(f"\n        {json.dumps(name)}: {_quoted(value)}," for name, value in own.items())
    given = f"**{{{sent}\n    }}" if own else ""
    return f"""def test_{_snake(call.action)}(bm_world):
    answer = bm_world.call({json.dumps(call.action)}{", " if given else ""}{given})
    assert answer["code"] == 0
"""


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def _curl(call: _Call) -> str:
    """The parameters are signed in the order of their names, as they are, and encoded when they are sent."""
    texts = {"Action": call.action, "SecretId": call.secret_id, **call.parameters}
    words = {name: shlex.quote(f"{name}={value}") for name, value in texts.items()}
    words |= {"Nonce": '"Nonce=$nonce"', "Timestamp": '"Timestamp=$timestamp"'}
    lines = "\n".join(f"  {words[name]}" for name in sorted(words))
    return f"""# for bash; needs openssl
nonce=$RANDOM$RANDOM timestamp=$(date +%s)
parameters=(
{lines}
)
text=$(IFS='&'; printf %s "POST{call.host}{PATH}?${{parameters[*]}}")
signature=$(printf %s "$text" | openssl dgst -{call.digest} -hmac {shlex.quote(call.secret_key)} -binary | base64)
fields=()
for parameter in "${{parameters[@]}}" "Signature=$signature"; do fields+=(--data-urlencode "$parameter"); done
curl -sS {shlex.quote(call.endpoint + PATH)} -H {shlex.quote(f"Host: {call.host}")} "${{fields[@]}}"
"""


def _python(call: _Call) -> str:
    return f"""import base64, hashlib, hmac, json, random, time, urllib.parse, urllib.request

parameters = {{
    "Action": {_quoted(call.action)},
    "Nonce": str(random.randrange(2**31)),
    "Timestamp": str(int(time.time())),
    "SecretId": {_quoted(call.secret_id)},
{_lines(call, "    {name}: {value},")}}}
query = "&".join(f"{{name}}={{value}}" for name, value in sorted(parameters.items()))
text = "POST{call.host}{PATH}?" + query
digest = hmac.new({_quoted(call.secret_key)}.encode(), text.encode(), hashlib.{call.digest}).digest()
parameters["Signature"] = base64.b64encode(digest).decode()
request = urllib.request.Request(
    {_quoted(call.endpoint + PATH)},
    urllib.parse.urlencode(parameters).encode(),
    {{"Host": {_quoted(call.host)}}},
)
print(json.dumps(json.load(urllib.request.urlopen(request)), ensure_ascii=False, indent=4))
"""


def _node(call: _Call) -> str:
    module = call.endpoint.partition(":")[0]
    return f'''const crypto = require("crypto"), client = require("{module}");

const parameters = {{
  Action: {_quoted(call.action)},
  Nonce: String(crypto.randomInt(2 ** 31)),
  Timestamp: String(Math.floor(Date.now() / 1000)),
  SecretId: {_quoted(call.secret_id)},
{_lines(call, "  {name}: {value},")}}};
const query = Object.keys(parameters).sort().map((name) => `${{name}}=${{parameters[name]}}`).join("&");
const text = "POST{call.host}{PATH}?" + query;
parameters.Signature = crypto.createHmac("{call.digest}", {_quoted(call.secret_key)}).update(text).digest("base64");
const headers = {{ Host: {_quoted(call.host)}, "Content-Type": "application/x-www-form-urlencoded" }};
client
  .request({_quoted(call.endpoint + PATH)}, {{ method: "POST", headers }}, (answer) => answer.pipe(process.stdout))
  .end(new URLSearchParams(parameters).toString());
'''


def _php(call: _Call) -> str:
    return f"""<?php
$parameters = [
    'Action' => {_single(call.action)},
    'Nonce' => (string) random_int(0, 2 ** 31),
    'Timestamp' => (string) time(),
    'SecretId' => {_single(call.secret_id)},
{"".join(f"    {_single(name)} => {_single(value)},{chr(10)}" for name, value in call.parameters.items())}];
ksort($parameters, SORT_STRING);
$pairs = array_map(fn($name, $value) => "$name=$value", array_keys($parameters), $parameters);
$text = 'POST{call.host}{PATH}?' . implode('&', $pairs);
$parameters['Signature'] = base64_encode(hash_hmac('{call.digest}', $text, {_single(call.secret_key)}, true));
$curl = curl_init({_single(call.endpoint + PATH)});
curl_setopt_array($curl, [
    CURLOPT_POSTFIELDS => http_build_query($parameters),
    CURLOPT_HTTPHEADER => [{_single(f"Host: {call.host}")}],
    CURLOPT_RETURNTRANSFER => true,
]);
echo curl_exec($curl), "\\n";
"""


def _single(text: str) -> str:
    """A PHP text in single quotes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _go(call: _Call) -> str:
    hashing = call.digest
    return f"""package main

import (
	"crypto/hmac"
	"crypto/{hashing}"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"time"
)

func main() {{
	parameters := map[string]string{{
		"Action":    {_quoted(call.action)},
		"Nonce":     fmt.Sprint(rand.Int31()),
		"Timestamp": fmt.Sprint(time.Now().Unix()),
		"SecretId":  {_quoted(call.secret_id)},
{_lines(call, "		{name}: {value},")}	}}
	pairs, form := []string{{}}, url.Values{{}}
	for name, value := range parameters {{
		pairs = append(pairs, name+"="+value)
		form.Set(name, value)
	}}
	sort.Slice(pairs, func(i, j int) bool {{
		return strings.SplitN(pairs[i], "=", 2)[0] < strings.SplitN(pairs[j], "=", 2)[0]
	}})
	keyed := hmac.New({hashing}.New, []byte({_quoted(call.secret_key)}))
	keyed.Write([]byte("POST{call.host}{PATH}?" + strings.Join(pairs, "&")))
	form.Set("Signature", base64.StdEncoding.EncodeToString(keyed.Sum(nil)))
	request, err := http.NewRequest("POST", {_quoted(call.endpoint + PATH)}, strings.NewReader(form.Encode()))
	if err != nil {{
		panic(err)
	}}
	request.Host = {_quoted(call.host)}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {{
		panic(err)
	}}
	io.Copy(os.Stdout, answer.Body)
}}
"""


def _qcloudcli(call: _Call) -> str:
    """The command line takes an array as JSON."""
    module = next((action.module for action in load() if action.name == call.action), "bm")
    nested: dict[str, object] = {}
    for name, value in call.parameters.items():
        if name not in ("Region", "SignatureMethod"):
            _put(nested, name.split("."), value)
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


def _lines(call: _Call, form: str) -> str:
    return "".join(
        form.format(name=_quoted(name), value=_quoted(value)) + "\n" for name, value in call.parameters.items()
    )
