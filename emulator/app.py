"""The ASGI application, put together in one place."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import blake2b

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator import contract
from emulator.actions import BEHAVIOURS
from emulator.clock import Clock, SystemClock
from emulator.control.routes import control_routes
from emulator.gateway import faults
from emulator.gateway.answer import Voice
from emulator.gateway.authentication import Authentication
from emulator.gateway.gateway import Gateway
from emulator.gateway.journal import Journal
from emulator.gateway.masking import Mask
from emulator.gateway.routes import Routes
from emulator.gateway.wire import PATHS
from emulator.inventory.catalogue import FixtureError, read_catalogue
from emulator.inventory.database import Database
from emulator.inventory.fixture import read_fixture
from emulator.inventory.loading import load_fixture
from emulator.inventory.world import World
from emulator.lifecycle import settle
from emulator.settings import Settings, catalogue_folder, fixture_path

Progress = Callable[[int], None]


def create_app(
    settings: Settings, *, world: World | None = None, clock: Clock | None = None, real_clock: Clock | None = None
) -> ASGIApp:
    """The emulator of one world: the one given, or the one that the settings describe."""
    real_clock = real_clock or SystemClock()
    world = world or open_world(settings, clock or real_clock)
    routes = Routes(contract.load(), BEHAVIOURS)
    mask = Mask(contract.load())
    journal = Journal(blake2b(world.seed.encode(), digest_size=16).digest())
    authentication = Authentication(
        world,
        real_clock,
        mask,
        mode=settings.auth,
        profile=settings.profile,
        window_seconds=settings.window_seconds,
    )
    gateway = Gateway(
        world=world,
        routes=routes,
        authentication=authentication,
        settle=settle,
        voice=Voice(settings.profile),
        journal=journal,
        mask=mask,
        real_clock=real_clock,
        limits=settings.limits,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        authentication.close()
        world.close()

    others = Starlette(routes=[*control_routes(journal), Route("/{path:path}", _elsewhere)], lifespan=lifespan)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """The API comes first, past Starlette's routing, which costs as much as a query."""
        if scope["type"] == "http" and scope["path"] in PATHS:
            await gateway(scope, receive, send)
        else:
            await others(scope, receive, send)

    return app


def open_world(settings: Settings, clock: Clock, progress: Progress = lambda _done: None) -> World:
    """Open the settings' database; where it holds no world yet, fill it from fixtures and with a fleet.

    Raises DatabaseError or FixtureError.
    """
    catalogue = read_catalogue(catalogue_folder(settings.catalogue))
    database = Database(settings.database)
    world = World(database, clock, catalogue, seed=settings.seed, time_scale=settings.time_scale)
    try:
        if world.is_new:
            _fill(world, settings, progress)
    except BaseException:
        world.close()
        raise
    return world


def _fill(world: World, settings: Settings, progress: Progress) -> None:
    fixtures = {name: read_fixture(fixture_path(name)) for name in settings.fixtures}
    routes = Routes(contract.load(), {})
    for name, fixture in fixtures.items():
        try:
            faults.check(fixture.faults, routes)
        except faults.ImpossibleFault as error:
            raise FixtureError(f"the fixture {name} is wrong: {error}") from error
    with world.transaction:
        for name, fixture in fixtures.items():
            load_fixture(world, fixture, name)
        if settings.devices:
            from emulator.inventory.fleet import add_fleet  # Faker takes longer to import than all else together

            add_fleet(world, settings.devices, progress)
        if world.is_empty():
            raise FixtureError("the fixtures hold no account, so that nobody could call; --fixture demo has one")


async def _elsewhere(request: Request) -> Response:
    says = f"nothing is served at {request.url.path}; call {PATHS[0]}?Action=…"
    return JSONResponse({"error": says}, status_code=404)
