"""`bm-emulator schema`: an action as JSON Schema."""

import json
from typing import Literal, get_args

import click

from emulator import contract
from emulator.checking.words import meant
from emulator.cli.groups import Choice
from emulator.contract.schema import answer_schema, parameters_schema

Part = Literal["parameters", "answer"]


@click.command()
@click.argument("action")
@click.option("--part", type=Choice(get_args(Part)), help="Print one schema. Default: an object of both.")
@click.option("--module", type=Choice(get_args(contract.Module)), help="Of actions with one name, this module's.")
def schema(action: str, part: Part | None, module: str | None) -> None:
    """Print the JSON Schemas of ACTION's parameters and of its success answer.

    The parameters are described as a program holds them; in a request each is a text, and arrays are numbered.
    """
    found = [known for known in contract.load() if known.name == action and module in (None, known.module)]
    if not found:
        near = meant(action, [known.name for known in contract.load() if module in (None, known.module)])
        raise click.BadParameter(f"no known action is named {action}{near}", param_hint="ACTION")
    schemas = {"parameters": parameters_schema(found[0]), "answer": answer_schema(found[0])}
    click.echo(json.dumps(schemas[part] if part else schemas, ensure_ascii=False, indent=2))
