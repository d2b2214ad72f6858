"""Entry point of the `bm-emulator` command and of `python -m emulator`."""

import gc


def main() -> None:
    gc.disable()  # nothing that starting up makes is garbage; a server turns it on again
    from emulator.cli import main as command

    command(prog_name="bm-emulator")


if __name__ == "__main__":
    main()
