"""Commands and choices of an option that name the nearest one where it is mistyped."""

from typing import TYPE_CHECKING, Any

import click

from emulator.checking.words import bounds, listed, meant

if TYPE_CHECKING:
    _Texts = click.Choice[str]
else:
    _Texts = click.Choice


class Choice(_Texts):
    """One of some texts, as click's own, with a suggestion."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:  # noqa: ARG002
        known = [str(choice) for choice in self.choices]
        return f"{value!r} is not one of {listed(known)}{meant(str(value), known)}"


NEGATIVE = {"ignore_unknown_options": True}
"""Settings of a command whose argument is a number, so that -5 is no option."""


class Whole(click.IntRange):
    """A whole number, as click's own, told in our words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raises BadParameter."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            return self.fail(f"{value!r} is not a whole number{bounds(self.min, self.max)}", param, ctx)


class Number(click.FloatRange):
    """A number, likewise."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Raises BadParameter."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            return self.fail(f"{value!r} is not a number{bounds(self.min, self.max, above=self.min_open)}", param, ctx)


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
