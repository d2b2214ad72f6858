"""What several tests need."""

import pytest

pytest.register_assert_rewrite("support.cases", "support.replay")
