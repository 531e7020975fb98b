"""What every end-to-end test gets: a sandbox that must be empty at the end."""
import os
import signal

import pytest

from sandbox import PROGRAM, Sandbox, Timeout


def pytest_sessionstart(session):
    # A shell's background job and nohup ignore some signals, and children inherit that.
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not os.access(PROGRAM, os.X_OK):
        raise pytest.UsageError(f"There is no {PROGRAM}. Run swift build, or set DRAINBOARD to the program.")


def pytest_configure(config):
    config.addinivalue_line("markers", "minutes(number): how long the test may take; two minutes without it")


@pytest.fixture(autouse=True)
def bounded(request):
    """No test waits for ever, whatever it reads from."""
    marker = request.node.get_closest_marker("minutes")
    minutes = marker.args[0] if marker else 30 if "demo_run" in request.node.name else 2

    def expired(*_):
        raise Timeout(f"the test took more than {minutes} minutes")
    signal.signal(signal.SIGALRM, expired)
    signal.alarm(60 * minutes)
    yield
    signal.alarm(0)


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
