"""Every setting, once. The command line (emulator/cli/) fills it from flags and `BM_EMULATOR_…` variables.

A setting is checked where it is made, whoever makes it: a typo in `auth` must not switch signature checks off.
"""

from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from msgspec import Meta

from emulator.gateway.answer import Profile
from emulator.gateway.authentication import Mode, TimestampMode
from emulator.gateway.region import RegionMode
from emulator.request import Limits
from emulator.settings_check import SettingsError, check_names, check_setting

DEMO = "demo"
MOST_DEVICES = 500_000
"""More would run out of addresses."""
Port = Annotated[int, Meta(ge=0, le=65_535)]
_Positive = Annotated[int, Meta(ge=1)]
_Seconds = Annotated[float, Meta(gt=0)]
_PLACES = (Path(__file__).parent / "fixtures", Path(__file__).parent.parent / "fixtures")


@dataclass(frozen=True)
class Settings:
    """Raises SettingsError where a setting cannot have its value. Paths and a numeric `seed` are kept as text."""

    host: str = "127.0.0.1"
    port: Port = 8386
    database: str | None = None
    """A file's path or a SQLAlchemy URL of SQLite; None: in memory."""
    fixtures: tuple[str, ...] = (DEMO,)
    """Names of bundled fixtures, or paths; loaded into an empty world only."""
    catalogue: str | None = None
    """A folder with the files of what there is to buy and where; None: the bundled one."""
    devices: Annotated[int, Meta(ge=0, le=MOST_DEVICES)] = 0
    """Size of the generated fleet."""
    seed: str = "0"
    auth: Mode = "strict"
    profile: Profile = "documented"
    region: RegionMode | None = None
    """What the parameter Region does; None: note, or check in the profile observed."""
    time_scale: Annotated[float, Meta(ge=0)] = 0.01
    """How long what takes time lasts: 1 is as long as the real thing, 0 at once."""
    window_seconds: _Positive = 2 * 60 * 60
    """How far a Timestamp may be off."""
    timestamps: TimestampMode = "real"
    """The clock that a Timestamp is held against: the real one, the world's, or any of the two."""
    limits: Limits = field(default_factory=Limits)
    request_seconds: _Seconds = 30
    """How long a request may take to arrive, from its first byte to its last."""
    idle_seconds: _Seconds = 60
    """How long a connection may be without a request."""
    max_connections: _Positive | None = None
    """How many connections may be open; None: half of the file descriptors that the process may open."""
    rate_limit: bool = False
    """Whether more than 1,000 calls a minute, or 100 of one action, are refused in the default world."""
    journal: Annotated[int, Meta(ge=0)] = 10_000
    """How many calls each world's journal keeps."""
    incidents: str | None = None
    """A folder with incidents of one's own; the bundled ones are there too."""
    control_token: str | None = None
    """What clients must know to drive the emulator; None: they must be on this machine."""
    open_control: bool = False
    """Whether everybody may drive the emulator."""
    https_port: Port | None = None
    """Where HTTPS is listened for; None: not at all."""
    proxy_port: Port | None = None
    """Where the proxy listens; None: not at all."""
    proxy_passthrough: bool = False
    """Whether the proxy lets other hosts than the emulated ones through."""
    ca_dir: str | None = None
    """Where the certificate authority is kept; None: in the user's data directory."""

    def __post_init__(self) -> None:
        if isinstance(self.seed, int):
            object.__setattr__(self, "seed", str(self.seed))
        for name, annotation in annotations().items():
            value = getattr(self, name)
            check_setting(name, value, annotation)
            if isinstance(value, Path):
                object.__setattr__(self, name, str(value))
        for field_ in fields(self.limits):
            check_setting(f"limits.{field_.name}", getattr(self.limits, field_.name), _Positive)
        if self.incidents is not None and not Path(self.incidents).is_dir():
            raise SettingsError(f"incidents is a folder, but there is none at {self.incidents}")

    @property
    def region_mode(self) -> RegionMode:
        """`region`, or what the profile does of itself."""
        return self.region or ("check" if self.profile == "observed" else "note")


def make_settings(**given: Any) -> Settings:
    """The settings with those given. Raises SettingsError, also for a name that no setting has."""
    check_names(given, Settings.__dataclass_fields__)
    return Settings(**given)


@cache
def annotations() -> dict[str, Any]:
    """What each setting may be, by its name."""
    return get_type_hints(Settings, include_extras=True)


def catalogue_folder(path: str | None) -> Path:
    if path is not None:
        return Path(path)
    return next(place / "catalogue" for place in _PLACES if (place / "catalogue").is_dir())


def fixture_path(name: str) -> Path:
    """The bundled fixture of that name where there is one, else the path itself."""
    bundled = (place / f"{name}.toml" for place in _PLACES)
    return next((path for path in bundled if path.is_file()), Path(name))


def bundled_fixtures() -> list[str]:
    """The names of the bundled fixtures."""
    return sorted({path.stem for place in _PLACES for path in place.glob("*.toml")})


def incident_folders(path: str | None) -> tuple[Path, ...]:
    bundled = tuple(place / "incidents" for place in _PLACES if (place / "incidents").is_dir())
    return bundled if path is None else (Path(path), *bundled)


def authority_folder(path: str | None) -> Path:
    if path is not None:
        return Path(path)
    from platformdirs import user_data_path  # only who needs certificates needs to know where they are

    return user_data_path("bm-emulator") / "ca"
