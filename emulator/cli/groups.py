"""Commands and choices of an option that name the nearest one where it is mistyped."""

from typing import TYPE_CHECKING, Any

import click

from emulator.checking.words import listed, meant

if TYPE_CHECKING:
    _Texts = click.Choice[str]
else:
    _Texts = click.Choice


class Choice(_Texts):
    """One of some texts, as click's own, with a suggestion."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:  # noqa: ARG002
        known = [str(choice) for choice in self.choices]
        return f"{value!r} is not one of {listed(known)}{meant(str(value), known)}"


class Group(click.Group):
    """As click's own, with a suggestion."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Raises UsageError."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            known = self.list_commands(ctx)
            ctx.fail(f"there is no command {args[0]!r}{meant(args[0], known)}; there are {listed(known, 'and')}")
        return super().resolve_command(ctx, args)
