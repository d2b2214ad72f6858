"""`bm-emulator actions`: the known actions, documented and not."""

from collections import Counter

import click

from emulator import contract
from emulator.checking.words import meant
from emulator.contract import Action, Parameter


@click.command()
@click.argument("name", required=False)
def actions(name: str | None) -> None:
    """List the known actions, or show the parameters, the errors and the answer of the one called NAME.

    A field of the answer is shown with the type of the page's table and, where an example prints it, its type there.
    """
    if name is None:
        times = Counter(action.name for action in contract.load())
        for action in contract.load():
            host = f", {action.hosts[0]}" if times[action.name] > 1 else ""
            click.echo(f"{action.name:42}{action.module:8}{_state(action)}{host}")
        documented = [action for action in contract.load() if not action.undocumented]
        undocumented = len(contract.load()) - len(documented)
        click.echo(f"{len(documented)} documented, all of them implemented; {undocumented} undocumented")
        return
    named = [action for action in contract.load() if action.name == name]
    if not named:
        known = [action.name for action in contract.load()]
        told = f"no known action is named {name}{meant(name, known)}"
        raise click.BadParameter(f"{told}; `bm-emulator actions` lists them", param_hint="NAME")
    for action in named:
        _show(action)


def _state(action: Action) -> str:
    return "undocumented" if action.undocumented else "documented"


def _show(action: Action) -> None:
    click.echo(f"{action.name} ({action.hosts[0]}, {_state(action)}): {action.summary}")
    _show_parameters(action.parameters, "  ")
    for error in action.errors:
        click.echo(f"  {error.code:>7}  {error.name}  {error.text}")
    if fields := contract.response_fields(action):
        click.echo("answer:")
    for field in fields:
        printed = f"printed as {field.wire}" if field.wire else "not printed"
        click.echo(f"  {field.path}  {field.type}, {printed}. {field.description}")


def _show_parameters(parameters: tuple[Parameter, ...], indent: str) -> None:
    for parameter in parameters:
        necessity = "required" if parameter.required else "optional"
        necessity += ", undocumented" if parameter.undocumented else ""
        click.echo(f"{indent}{parameter.name}  {parameter.type}, {necessity}. {parameter.description}")
        _show_parameters(parameter.fields, indent + "    ")
