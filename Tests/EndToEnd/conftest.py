"""What every end-to-end test gets: a sandbox that must be empty at the end, and a limit on its time."""
import os
import signal

import pytest

from machine import longer, measured, slowness
from sandbox import PROGRAM, Sandbox

# Files whose tests look at the same runs, which take longer than the tests.
ONE_BY_ONE_WORKER = ("test_check.py", "test_charged_once.py")


def pytest_sessionstart(session):
    # A shell's background job and nohup ignore some signals, and children inherit that.
    for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not os.access(PROGRAM, os.X_OK):
        raise pytest.UsageError(f"There is no {PROGRAM}. Run swift build, or set DRAINBOARD to the program.")


def pytest_configure(config):
    config.addinivalue_line("markers", "minutes(number): how long the test may take; five minutes without it")
    config.addinivalue_line("markers", "alone: it measures time or fills every processor, so that nothing may run beside it")
    measured()  # before the workers of pytest-xdist begin, which take it over


def pytest_report_header():
    return f"limits on waiting are stretched {slowness():g} times"


def pytest_collection_modifyitems(items):
    """No test waits for ever, whatever it reads from."""
    for item in items:
        marker = item.get_closest_marker("minutes")
        item.add_marker(pytest.mark.timeout(longer(60 * (marker.args[0] if marker else 5))))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With several workers, each takes the next test, or the next file of ONE_BY_ONE_WORKER."""
    from xdist.scheduler import LoadScopeScheduling

    class ByTest(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.split("::")[0]
            return file if file.rpartition("/")[2] in ONE_BY_ONE_WORKER else nodeid

    return ByTest(config, log)


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
