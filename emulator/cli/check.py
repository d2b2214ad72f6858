"""`bm-emulator check`: whether each query answers as the documentation prints it."""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from click.core import ParameterSource

from emulator.cli.check_answers import Beginning, Departure, Difference, read_hints
from emulator.cli.check_calls import Checked, check_queries
from emulator.cli.groups import Whole
from emulator.cli.key_pairs import find_key_pair
from emulator.cli.options import client_options, fixture_option, http_url, option
from emulator.cli.target import one_line_errors
from emulator.contract import Action
from emulator.settings import MOST_DEVICES
from emulator.testing import Emulator
from emulator.testing.api import ApiClient, flatten
from emulator.testing.driver import Exchange, over_socket
from emulator.world.catalogue import FixtureError

_OF_ITS_OWN = ("devices", "fixtures")
"""Parameters of the command that are about the emulator that it starts itself."""


@click.command()
@option("--endpoint", default=None, type=http_url, metavar="URL", help="A running emulator. Default: one of its own.")
@client_options
@fixture_option
@option(
    "--devices",
    default=0,
    type=Whole(0, MOST_DEVICES),
    help="Add this many generated devices to the first account.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def check(
    context: click.Context,
    endpoint: str | None,
    secret_id: str | None,
    secret_key: str | None,
    fixtures: tuple[str, ...],
    devices: int,
    as_json: bool,
) -> None:
    """Check whether every query answers as the documentation prints it.

    Calls each implemented action that only reads (Describe…, Get…, Query…) and compares the answers with the fields
    that its page documents: keys, their printed order, JSON types. Ids, zones and tasks to ask for are taken from
    earlier answers, so a world with more in it is checked more thoroughly. Actions that no page documents are left out.

    A running emulator (--endpoint) is only read. Without one, the check starts an emulator in this process, with what
    --fixture and --devices say in its world; there it reboots a server, so that there is a task to ask for, and makes
    the first account the customer of ZhDockerSubnetAvailable.

    \b
    calls        how often the action was called
    fields       documented fields that were in an answer, of all that its page documents
    differences  how many there are; each is listed below the table, with the parameters of a call that shows it
    refused      each call was answered with a documented error, so no field could be compared
    not called   the world has nothing to ask for, such as no task

    Where a page and its own example contradict each other, an answer cannot agree with both. These differences are
    declared, and listed with their reasons. The exit code is 1 if there is any other difference.
    """
    given = [name for name in _OF_ITS_OWN if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if endpoint is not None and given:
        raise click.UsageError("--fixture and --devices are for an emulator of the check's own: leave out --endpoint")
    if endpoint is not None:
        with one_line_errors(endpoint):
            pair = find_key_pair(secret_id, secret_key, fixtures)
            checked = _check(ApiClient(over_socket(endpoint), *pair))
    else:
        with _own_emulator(fixtures, devices) as (exchange, (own_id, own_key)):
            pair = find_key_pair(secret_id, secret_key, fixtures) if secret_id else (own_id, secret_key or own_key)
            checked = _check(ApiClient(exchange, *pair), read_hints().begins)
    results = [_result(one) for one in checked]
    if as_json:
        click.echo(json.dumps(_summary(results), ensure_ascii=False, indent=2))
    else:
        _print_table(results)
    if any(result["differences"] for result in results):
        raise SystemExit(1)


@contextmanager
def _own_emulator(fixtures: tuple[str, ...], devices: int) -> Iterator[tuple[Exchange, tuple[str, str]]]:
    """An emulator in this process, as the exchange that reaches it and the first key pair of its world."""
    log = logging.getLogger("emulator")
    before = log.level
    log.setLevel(logging.ERROR)  # each refused call would be a line
    try:
        with Emulator(listen=False, fixtures=fixtures, devices=devices) as emulator:
            world = emulator.world
            world.inventory.set_account(world.app_id, docker_customer=True)
            yield emulator.exchange, (world.secret_id, world.secret_key)
    except (FixtureError, OSError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        log.setLevel(before)


def _check(client: ApiClient, begins: tuple[Beginning, ...] = ()) -> list[Checked]:
    """Call and compare. Raises click.ClickException for a refused key pair and for an emulator of another profile."""
    reply = client.send("DescribeRegions", ())
    answer = json.loads(reply.body)
    if reply.headers.get("content-type", "").startswith("text/html"):
        raise click.ClickException("the emulator answers as the live service did; start it with --profile documented")
    if not isinstance(answer, dict) or "code" not in answer:
        raise click.ClickException("DescribeRegions is answered with no answer of the API; is this an emulator?")
    if str(answer["code"]).startswith("41"):
        raise click.ClickException(f"the key pair is refused: {answer['message']}")

    def send(action: Action, parameters: Mapping[str, Any]) -> Any:
        return json.loads(client.send(action.name, flatten(parameters).items(), host=action.hosts[0]).body)

    return check_queries(send, begins)


def _result(one: Checked) -> dict[str, Any]:
    """What came of one action, as --json prints it."""
    declared = [known for known in read_hints().departures if known.action == one.name]
    met = [known for known in declared if any(known.covers(found) for found in one.differences)]
    unexpected = {
        found: sent for found, sent in one.differences.items() if not any(known.covers(found) for known in met)
    }
    return {
        "action": one.action.name,
        "module": one.action.module,
        "result": _outcome(one, unexpected),
        "calls": one.calls,
        "fields_checked": len(one.seen & one.paths),
        "fields_documented": len(one.paths),
        "differences": [_difference(found, sent) for found, sent in unexpected.items()],
        "declared": [_departure(known) for known in met],
        "refusals": [{"code": code, "message": message} for code, message in one.refusals.items()],
    }


def _outcome(one: Checked, unexpected: Mapping[Difference, Any]) -> str:
    if unexpected:
        return "different"
    if one.successes:
        return "ok"
    return "refused" if one.calls else "not called"


def _difference(found: Difference, sent: Mapping[str, Any]) -> dict[str, Any]:
    return {**found._asdict(), "parameters": dict(sent)}


def _departure(known: Departure) -> dict[str, str]:
    return {"path": known.path, "kind": known.kind, "reason": known.reason}


def _summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"differences": sum(len(result["differences"]) for result in results), "actions": results}


def _print_table(results: list[dict[str, Any]]) -> None:
    click.echo(f"{'action':32}{'calls':>6}{'fields':>8}{'differences':>13}")
    for result in results:
        fields = f"{result['fields_checked']}/{result['fields_documented']}"
        row = f"{result['action']:32}{result['calls']:6}{fields:>8}{len(result['differences']):13}  {_note(result)}"
        click.echo(row.rstrip())
    for result in results:
        for found in result["differences"]:
            sent = " ".join(f"{name}={value}" for name, value in flatten(found["parameters"]).items())
            place = f" {found['path']}" if found["path"] else ""
            click.echo(f"DIFFERENT {result['action']}{place}: {found['text']} ({sent or 'no parameters'})")
        for known in result["declared"]:
            click.echo(f"declared  {result['action']} {known['path']} ({known['kind']}): {known['reason']}")
    counted = Counter(result["result"] for result in results)
    differences = _summary(results)["differences"]
    kinds = ", ".join(f"{number} {kind}" for kind, number in counted.items())
    click.echo(f"{len(results)} actions: {kinds}; {differences} differences")


def _note(result: dict[str, Any]) -> str:
    """What the numbers of a row do not tell."""
    if result["result"] == "refused":
        return "refused: " + "; ".join(refusal["message"] for refusal in result["refusals"])
    if result["result"] == "not called":
        return "not called"
    return f"{len(result['declared'])} declared" if result["declared"] else ""
