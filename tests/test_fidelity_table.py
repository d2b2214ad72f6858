"""The table of docs/fidelity.md is what is counted now."""

import logging

import pytest
from support import fidelity_table


def test_the_table_is_what_is_counted_now(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    text = fidelity_table.PATH.read_text(encoding="utf-8")
    if text != fidelity_table.page(text):
        pytest.fail(f"docs/fidelity.md counts something else; run: {fidelity_table.COMMAND}", pytrace=False)
