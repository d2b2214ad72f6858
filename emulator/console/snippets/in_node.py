"""A call in JavaScript, for Node.js without any package."""

from emulator.console.snippets.sending_call import SendingCall, lines, quoted


def script(call: SendingCall) -> str:
    """It prints the answer."""
    module = call.endpoint.partition(":")[0]
    timestamp = quoted(call.timestamp) if call.timestamp else "String(Math.floor(Date.now() / 1000))"
    form = "new URLSearchParams(parameters).toString()"
    url, body = (f'{quoted(call.url)} + "?" + {form}', "") if call.method == "GET" else (quoted(call.url), form)
    return f'''const crypto = require("crypto"), client = require("{module}");

const parameters = {{
  Action: {quoted(call.action)},
  Nonce: String(crypto.randomInt(2 ** 31)),
  Timestamp: {timestamp},
  SecretId: {quoted(call.secret_id)},
{lines(call, "  {name}: {value},")}}};
const query = Object.keys(parameters).sort().map((name) => `${{name}}=${{parameters[name]}}`).join("&");
const text = "{call.signed_to}" + query;
parameters.Signature = crypto.createHmac("{call.digest}", {quoted(call.secret_key)}).update(text).digest("base64");
const headers = {{ Host: {quoted(call.host)}, "Content-Type": "application/x-www-form-urlencoded" }};
client
  .request({url}, {{ method: "{call.method}", headers }}, (answer) => answer.pipe(process.stdout))
  .end({body});
'''
