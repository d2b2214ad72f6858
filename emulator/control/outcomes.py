"""Endpoints for how scripts end in a world: list, set and remove the outcomes."""

from msgspec import Struct

from emulator.control.endpoints import ControlRequest, Nothing, endpoint
from emulator.control.state import Control
from emulator.control.worlds import world_named
from emulator.seeding.export import outcome
from emulator.seeding.fixture import Outcome
from emulator.seeding.loading import outcome_columns
from emulator.world import rules
from emulator.world.by_hand import UnknownThing
from emulator.world.world import World


class OutcomeView(Struct, frozen=True):
    """How scripts end, wherever everything that the outcome names fits."""

    id: int
    """The number of the outcome in its world."""
    outcome: Outcome
    """The outcome as it was set."""


@endpoint("GET", "/worlds/{world}/outcomes", answer=list[OutcomeView])
def list_outcomes(control: Control, request: ControlRequest) -> list[OutcomeView]:
    """List how scripts end in a world; the first that fits a run counts."""
    return _views(world_named(control, request))


@endpoint("POST", "/worlds/{world}/outcomes", body=Outcome, answer=OutcomeView, status=201)
def set_outcome(control: Control, request: ControlRequest) -> OutcomeView:
    """Set how scripts end that are run from now on; it counts before those that were set earlier."""
    return OutcomeView(rules.put_outcome(world_named(control, request), **outcome_columns(request.body)), request.body)


@endpoint("DELETE", "/worlds/{world}/outcomes")
def clear_outcomes(control: Control, request: ControlRequest) -> Nothing:
    """Remove all outcomes of a world, those of its world file too."""
    world = world_named(control, request)
    rules.remove_outcomes(world, [view.id for view in _views(world)])
    return Nothing()


@endpoint("DELETE", "/worlds/{world}/outcomes/{outcome}", answer=OutcomeView)
def remove_outcome(control: Control, request: ControlRequest) -> OutcomeView:
    """Remove an outcome, and answer what it was."""
    world, wanted = world_named(control, request), request.path["outcome"]
    for view in _views(world):
        if str(view.id) == wanted:
            rules.remove_outcomes(world, [view.id])
            return view
    raise UnknownThing(f"the world {world.name!r} has no outcome {wanted!r}")


def _views(world: World) -> list[OutcomeView]:
    return [OutcomeView(row["id"], outcome(row)) for row in rules.all_outcomes(world)]
