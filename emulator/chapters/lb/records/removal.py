"""What goes with what: a load balancer's listeners, their domains and paths, and whatever is bound to these."""

from emulator.chapters.lb.records.backends import BACKENDS, Backend, backends_of, backends_of_balancer
from emulator.chapters.lb.records.balancers import LOAD_BALANCERS
from emulator.chapters.lb.records.forward_listeners import FORWARD_LISTENERS, forward_listeners_of
from emulator.chapters.lb.records.listeners import LISTENERS, listeners_of
from emulator.chapters.lb.records.rules import DOMAINS, LOCATIONS, domains_of, locations_of
from emulator.chapters.traffic_mirror.records import MIRROR_LISTENERS, mirror_bindings_of
from emulator.world.world import World


def remove_balancer(world: World, lb_id: str) -> None:
    for listener in listeners_of(world, lb_id):
        remove_listener(world, listener.listener_id)
    for forward in forward_listeners_of(world, lb_id):
        _remove_forward_listener(world, forward.listener_id)
    remove_backends(world, backends_of_balancer(world, lb_id))
    LOAD_BALANCERS.remove(world, lb_id)


def remove_listener(world: World, listener_id: str) -> None:
    remove_backends(world, backends_of(world, listener_id))
    LISTENERS.remove(world, listener_id)


def _remove_forward_listener(world: World, listener_id: str) -> None:
    for domain in domains_of(world, listener_id):
        remove_domain(world, domain.domain_id)
    for binding in mirror_bindings_of(world, listener_id):
        MIRROR_LISTENERS.remove(world, binding.id)
    FORWARD_LISTENERS.remove(world, listener_id)


def remove_domain(world: World, domain_id: str) -> None:
    for location in locations_of(world, domain_id):
        remove_location(world, location.location_id)
    DOMAINS.remove(world, domain_id)


def remove_location(world: World, location_id: str) -> None:
    remove_backends(world, backends_of(world, location_id))
    LOCATIONS.remove(world, location_id)


def remove_backends(world: World, backends: list[Backend]) -> None:
    for backend in backends:
        BACKENDS.remove(world, backend.id)
