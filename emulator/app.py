"""The ASGI application, put together in one place."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from emulator import contract
from emulator.chapters import BEGINS_WORK, BEHAVIOURS, RESOURCES, WORKS_IN_PARTS
from emulator.clock import Clock, SystemClock
from emulator.console import ConsoleApp
from emulator.control.faults import check_incidents
from emulator.control.guard import Guard
from emulator.control.routes import control_routes
from emulator.control.state import Control
from emulator.gateway.answer import AnswerRenderer
from emulator.gateway.authentication import Authentication
from emulator.gateway.fault_check import ImpossibleFault, check_fault
from emulator.gateway.gateway import Gateway
from emulator.gateway.region import Regions
from emulator.gateway.routes import Routes
from emulator.gateway.wire import OF_API_3
from emulator.journal.journal import Journals
from emulator.journal.masking import Mask
from emulator.journal.stories import Stories
from emulator.request import PATHS
from emulator.seeding.fixture import Fixture, read_fixture
from emulator.seeding.loading import load_fixture
from emulator.settings import Settings, bundled_fixtures, catalogue_folder, fixture_path, incident_folders
from emulator.world.catalogue import FixtureError, read_catalogue
from emulator.world.database import Database
from emulator.world.secrets import Secrets
from emulator.world.work import settle
from emulator.world.world import World
from emulator.world.worlds import Recipe, Worlds

log = logging.getLogger("emulator.app")

Progress = Callable[[int], None]
_INLINE = "of this world"
_CALLS_A_MILLISECOND = 1000
"""More than any emulator answers, so that numbers that begin with the time of the start never meet older ones."""


def create_app(
    settings: Settings, *, world: World | None = None, clock: Clock | None = None, real_clock: Clock | None = None
) -> "Application":
    """The emulator round a default world: the one given, or the one that the settings describe.

    `clock` drives the worlds; `real_clock` is the one that clients and the server share.
    """
    real_clock = real_clock or SystemClock()
    world_clock = clock or real_clock
    world = world or open_world(settings, world_clock)
    routes = Routes(contract.load(), BEHAVIOURS, BEGINS_WORK, WORKS_IN_PARTS)
    journals = Journals(settings.journal, first=real_clock.now() * _CALLS_A_MILLISECOND)
    worlds = Worlds(world, _recipe(settings), world.catalogue, world.clock.beneath, fill)
    secrets = Secrets(worlds)
    mask = Mask(contract.load(), secrets)
    authentication = _authentication(settings, real_clock, mask, secrets)
    gateway = Gateway(
        worlds=worlds,
        routes=routes,
        authentication=authentication,
        settle=settle,
        renderer=AnswerRenderer(settings.profile),
        mask=mask,
        journals=journals,
        real_clock=real_clock,
        limits=settings.limits,
        regions=Regions(world.catalogue.regions, settings.region_mode),
    )
    control = Control(
        worlds=worlds,
        journals=journals,
        stories=Stories(contract.load(), mask),
        routes=routes,
        mask=mask,
        settle=settle,
        search_on=authentication.search_on,
        real_clock=real_clock,
        time_scale=settings.time_scale,
        by_world_time=settings.timestamps == "world",
        incidents=_incidents(settings),
    )
    guard = Guard(settings.control_token, open_control=settings.open_control)
    console = ConsoleApp(control, guard, gateway)
    return Application(gateway, console, control_routes(control, guard), worlds, mask)


def _authentication(settings: Settings, real_clock: Clock, mask: Mask, secrets: Secrets) -> Authentication:
    return Authentication(
        real_clock,
        mask,
        secrets,
        mode=settings.auth,
        profile=settings.profile,
        window_seconds=settings.window_seconds,
        timestamps=settings.timestamps,
    )


def _incidents(settings: Settings) -> tuple[Path, ...]:
    """The folders of the incidents, of which those of one's own are checked."""
    check_incidents(settings.incidents)
    return incident_folders(settings.incidents)


class Application:
    """What a server calls. `close` writes down what is in memory only; a server does that at its end."""

    def __init__(self, gateway: Gateway, console: ConsoleApp, routes: list[Route], worlds: Worlds, mask: Mask) -> None:
        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            yield
            self.close()

        self._gateway = gateway
        self._console = console
        self._others = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: partial(_not_found, mask)})
        self._others.router.redirect_slashes = False
        self.close = worlds.close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The API comes first, past Starlette's routing, which costs as much as a query."""
        if scope["type"] == "http" and scope["path"] in PATHS:
            await self._gateway(scope, receive, send)
        elif scope["type"] == "http" and self._console.serves(scope["path"]):
            await self._console(scope, receive, send)
        else:
            await self._others(scope, receive, send)


def open_world(settings: Settings, clock: Clock, progress: Progress = lambda _done: None) -> World:
    """Open the settings' database; where it holds no world yet, fill it from fixtures and with a fleet.

    Raises DatabaseError or FixtureError.
    """
    catalogue = read_catalogue(catalogue_folder(settings.catalogue))
    database = Database(settings.database)
    world = World(database, clock, catalogue, RESOURCES, seed=settings.seed, time_scale=settings.time_scale)
    world.limits_rate = settings.rate_limit
    try:
        if world.is_new:
            fill(world, _recipe(settings), progress)
        else:
            _warn_of_unused(settings, world)
    except BaseException:
        world.close()
        raise
    return world


def _warn_of_unused(settings: Settings, world: World) -> None:
    """Tell of settings that only a new world is made from."""
    given = {
        "--fixture": settings.fixtures != Settings.fixtures,
        "--devices": settings.devices > 0,
        "--seed": settings.seed not in (Settings.seed, world.seed),
    }
    unused = ", ".join(option for option, is_given in given.items() if is_given)
    if unused:
        hint = "they describe a new world, in a new file"
        log.warning("the database %s holds a world already; ignored: %s (%s)", settings.database, unused, hint)


def _recipe(settings: Settings) -> Recipe:
    return Recipe(settings.fixtures, None, settings.devices, settings.seed)


def fill(world: World, recipe: Recipe, progress: Progress = lambda _done: None) -> None:
    """Make what the recipe describes in a world that holds nothing. Raises FixtureError."""
    fixtures = {name: read_fixture(fixture_path(name), bundled_fixtures()) for name in recipe.fixtures}
    if recipe.inline is not None:
        fixtures[_INLINE] = msgspec.json.decode(recipe.inline, type=Fixture)
    routes = Routes(contract.load(), BEHAVIOURS, BEGINS_WORK, WORKS_IN_PARTS)
    for name, fixture in fixtures.items():
        every = [*fixture.faults, *(found.rule for found in fixture.set_faults)]
        for number, rule in enumerate(every, 1):
            try:
                check_fault(rule, routes, RESOURCES)
            except ImpossibleFault as error:
                raise FixtureError(f"the fixture {name} is wrong: fault {number}: {error}") from error
    with world.transaction:
        for name, fixture in fixtures.items():
            load_fixture(world, fixture, name)
        if recipe.devices:
            from emulator.seeding.fleet import add_fleet  # Faker takes longer to import than all else together

            add_fleet(world, recipe.devices, progress)
        if world.is_empty():
            raise FixtureError("the fixtures hold no account, so that nobody could call; --fixture demo has one")


async def _not_found(mask: Mask, request: Request, _error: Exception) -> Response:
    [path] = mask.texts([request.scope["path"]], [])
    says = f"nothing is served at {path}; call {PATHS[0]}?Action=…"
    if request.headers.get("authorization", "").startswith("TC3-"):
        says = f"{OF_API_3}; {says}"
    return JSONResponse({"error": says}, status_code=404)
