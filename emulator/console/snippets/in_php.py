"""A call in PHP, with its curl extension."""

from emulator.console.snippets.sending_call import SendingCall


def script(call: SendingCall) -> str:
    """It prints the answer."""
    form = "http_build_query($parameters)"
    url = _single(call.url)
    sends = (
        f"curl_init({url} . '?' . {form});\ncurl_setopt_array($curl, ["
        if call.method == "GET"
        else f"curl_init({url});\ncurl_setopt_array($curl, [\n    CURLOPT_POSTFIELDS => {form},"
    )
    own = "".join(f"    {_single(name)} => {_single(value)},\n" for name, value in call.parameters.items())
    return f"""<?php
$parameters = [
    'Action' => {_single(call.action)},
    'Nonce' => (string) random_int(0, 2 ** 31),
    'Timestamp' => {_single(call.timestamp) if call.timestamp else "(string) time()"},
    'SecretId' => {_single(call.secret_id)},
{own}];
ksort($parameters, SORT_STRING);
$pairs = array_map(fn($name, $value) => "$name=$value", array_keys($parameters), $parameters);
$text = '{call.signed_to}' . implode('&', $pairs);
$parameters['Signature'] = base64_encode(hash_hmac('{call.digest}', $text, {_single(call.secret_key)}, true));
$curl = {sends}
    CURLOPT_HTTPHEADER => [{_single(f"Host: {call.host}")}],
    CURLOPT_RETURNTRANSFER => true,
]);
echo curl_exec($curl), "\\n";
"""


def _single(text: str) -> str:
    """A PHP text in single quotes; with escapes in double ones, where a browser would change what is copied."""
    if "\r" in text:
        for plain, escape in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\r", "\\r"), ("\n", "\\n")):
            text = text.replace(plain, escape)
        return f'"{text}"'
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
