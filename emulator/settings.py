"""Every setting, once. The command line (emulator/cli/) fills it from flags and `BM_EMULATOR_…` variables."""

from dataclasses import dataclass, field
from pathlib import Path

from emulator.gateway.answer import Profile
from emulator.gateway.authentication import Mode
from emulator.gateway.region import RegionMode
from emulator.request import Limits

DEMO = "demo"
MOST_DEVICES = 500_000
"""More would run out of addresses."""
_PLACES = (Path(__file__).parent / "fixtures", Path(__file__).parent.parent / "fixtures")


@dataclass(frozen=True)
class Settings:
    host: str = "127.0.0.1"
    port: int = 8386
    database: str | None = None
    """A file's path or a SQLAlchemy URL of SQLite; None: in memory."""
    fixtures: tuple[str, ...] = (DEMO,)
    """Names of bundled fixtures, or paths; loaded into an empty world only."""
    catalogue: str | None = None
    """A folder with the files of what there is to buy and where; None: the bundled one."""
    devices: int = 0
    """Size of the generated fleet."""
    seed: str = "0"
    auth: Mode = "strict"
    profile: Profile = "documented"
    region: RegionMode | None = None
    """What the parameter Region does; None: note, or check in the profile observed."""
    time_scale: float = 0.01
    """How long what takes time lasts: 1 is as long as the real thing, 0 at once."""
    window_seconds: int = 2 * 60 * 60
    """How far a Timestamp may be off."""
    limits: Limits = field(default_factory=Limits)
    request_seconds: float = 30
    """How long a request may take to arrive, from its first byte to its last."""
    idle_seconds: float = 60
    """How long a connection may be without a request."""
    max_connections: int | None = None
    """How many connections may be open; None: half of the file descriptors that the process may open."""
    rate_limit: bool = False
    """Whether more than 1,000 calls a minute, or 100 of one action, are refused in the default world."""
    journal: int = 10_000
    """How many calls each world's journal keeps."""
    incidents: str | None = None
    """A folder with incidents of one's own; the bundled ones are there too."""
    control_token: str | None = None
    """What clients must know to drive the emulator; None: they must be on this machine."""
    open_control: bool = False
    """Whether everybody may drive the emulator."""
    https_port: int | None = None
    """Where HTTPS is listened for; None: not at all."""
    proxy_port: int | None = None
    """Where the proxy listens; None: not at all."""
    proxy_passthrough: bool = False
    """Whether the proxy lets other hosts than the emulated ones through."""
    ca_dir: str | None = None
    """Where the certificate authority is kept; None: in the user's data directory."""

    @property
    def region_mode(self) -> RegionMode:
        """`region`, or what the profile does of itself."""
        return self.region or ("check" if self.profile == "observed" else "note")


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
