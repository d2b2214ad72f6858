"""`bm-emulator explain`: why a call was refused, or why a URL would be."""

from urllib.parse import urlsplit

import click

from emulator import contract
from emulator.call import Refusal
from emulator.chapters import BEHAVIOURS
from emulator.cli.groups import Choice
from emulator.cli.key_pairs import find_key_pair
from emulator.cli.options import control_options, fixture_option, option
from emulator.cli.target import Target
from emulator.clock import SystemClock
from emulator.contract import Action
from emulator.gateway import authentication as auth
from emulator.gateway.parameters import read_parameters
from emulator.gateway.routes import Routes
from emulator.journal.masking import Mask
from emulator.request import Limits, Request, UnreadableForm, parse_pairs
from emulator.settings import Settings
from emulator.signing.diagnosis import THOROUGH_WORK, explain_signature, first_difference
from emulator.signing.signature import sign_request
from emulator.testing.driver import path_segment
from emulator.world.accounts import Credential


@click.command()
@click.argument("what", metavar="URL|REQUEST-ID")
@control_options
@click.option("--method", type=Choice(["GET", "POST"]), default="GET", show_default=True)
@click.option("--data", default="", help="The form body, with --method POST.")
@click.option("--signed-text", help="The text that your client signed, to see where it differs from the right one.")
@option("--secret-key", help="The key of the URL's SecretId. Default: looked up in the fixtures.")
@fixture_option
def explain(
    what: str,
    endpoint: str,
    control_token: str | None,
    method: str,
    data: str,
    signed_text: str | None,
    secret_key: str | None,
    fixtures: tuple[str, ...],
) -> None:
    """Say why a call was refused.

    REQUEST-ID is the X-Emulator-Request-Id of an answer; the running emulator knows what became of it. A URL is
    examined here, with the key of its SecretId. Secrets are masked, except in what --signed-text shows. The exit code
    is 1 if something is wrong with the URL.
    """
    if "://" not in what:
        _print_story(Target(endpoint, control_token), what)
        return
    request = _request(what, method, data)
    _, key = find_key_pair(request.parameters.get("SecretId"), secret_key, fixtures)
    findings = _examine(request, key, signed_text)
    for finding in findings or ["nothing is wrong with it, as far as can be seen without the state of the emulator"]:
        click.echo(finding)
    if findings:
        raise SystemExit(1)


def _print_story(target: Target, request_id: str) -> None:
    story = target.ask("GET", f"/journal/{path_segment(request_id)}")
    explanation = story.pop("explanation")
    parameters = story.pop("parameters")
    operations = [f"{operation['kind']} {operation['about']}" for operation in story.pop("operations")]
    story |= {"operations": ", ".join(operations)} | {f"  {name}": value for name, value in parameters.items()}
    for name, value in story.items():
        if value not in (None, "", []):
            click.echo(f"{name:19}  {value}")
    for line in explanation:
        click.echo(line)


def _request(url: str, method: str, data: str) -> Request:
    parts = urlsplit(url)
    form = data if method == "POST" else parts.query
    try:
        pairs = parse_pairs(form.encode(), "body" if method == "POST" else "query string", Limits())
    except UnreadableForm as error:
        raise click.ClickException(str(error)) from error
    return Request(method, parts.path, parts.netloc, pairs)


def _examine(request: Request, key: str, signed_text: str | None) -> list[str]:
    """What is wrong, in the order of the gateway's stages.

    A wrong host, signature or Timestamp does not end the examination; any other refusal does.
    """
    findings: list[str] = []
    routes = Routes(contract.load(), BEHAVIOURS)
    mask = Mask(contract.load())
    try:
        auth.require_parameters(request)
        action = _action(routes, request, findings)
        hosts = auth.signing_hosts(request, action)
        findings += _signature_findings(request, action, hosts, key, mask, signed_text)
        findings += _time_findings(request)
        read_parameters(action, request.parameters)
    except Refusal as refusal:
        findings.append(refusal.why)
    return findings


def _action(routes: Routes, request: Request, findings: list[str]) -> Action:
    """The action of the request. If it belongs to another host, that is a finding and the examination continues."""
    try:
        return routes.find(request).action
    except Refusal as refusal:
        endpoint = routes.named(request.parameters.get("Action"))
        if endpoint is None:
            raise
        findings.append(refusal.why)
        return endpoint.action


def _signature_findings(
    request: Request, action: Action, hosts: tuple[str, ...], key: str, mask: Mask, signed_text: str | None
) -> list[str]:
    if auth.has_valid_signature(request, hosts, key):
        return []
    secret_id = request.parameters["SecretId"]
    credential = Credential(secret_id, key, 0, "", None)
    findings = [explain_signature(request, action, hosts, credential, {}, mask, work=THOROUGH_WORK)]
    if signed_text is not None:
        right = sign_request(request.method, hosts[0], request.pairs, key)[0]
        findings.append(first_difference(right, signed_text) or "the texts are the same: the key or the digest is not")
    return findings


def _time_findings(request: Request) -> list[str]:
    timestamp = auth.whole_number("Timestamp", request.parameters["Timestamp"])
    auth.whole_number("Nonce", request.parameters["Nonce"])
    now = SystemClock().now() // 1000
    if abs(now - timestamp) <= Settings.window_seconds:
        return []
    return [auth.clock_difference(timestamp, now, "this machine's clock")]
