"""What every end-to-end test gets: a sandbox that must be empty at the end."""
import os

import pytest

from sandbox import PROGRAM, Sandbox


def pytest_sessionstart(session):
    if not os.access(PROGRAM, os.X_OK):
        raise pytest.UsageError(f"There is no {PROGRAM}. Run swift build, or set DRAINBOARD to the program.")


@pytest.fixture
def sandbox():
    place = Sandbox()
    yield place
    place.close()


@pytest.fixture(scope="module")
def lasting():
    """A sandbox that the tests of one file share: for runs that many of them look at."""
    place = Sandbox()
    yield place
    place.close()
