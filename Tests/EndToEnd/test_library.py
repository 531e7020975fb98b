"""The library for services, as another package uses it: README's own lines, built without the package's name, and run."""
import json
import re
import signal
import subprocess

import pytest

from machine import longer
from sandbox import ROOT, until

BUILT = ROOT / ".build/debug"
LIBRARIES = ("LifecycleTrace", "Platform", "CLinux", "ShutdownTrace", "ServiceLifecycle", "UnixSignals", "Logging",
             "AsyncAlgorithms", "ConcurrencyHelpers", "DequeModule", "OrderedCollections", "InternalCollectionsUtilities",
             "ContainersPreview")
SNIPPET = re.search(r"```swift\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
SERVICE = """
import Logging
import ServiceLifecycle
import UnixSignals

struct Orders: Service { func run() async throws { try await gracefulShutdown() } }
let configuration = ServiceGroupConfiguration(
    services: [.init(service: Orders())], gracefulShutdownSignals: [.sigterm], logger: Logger(label: "shop"))
"""


def objects(module):
    """What was built of a module, without what is left of files that are gone."""
    sources = ROOT / "Sources" / module
    names = {f"{path.name}.o" for path in sources.rglob("*")} if sources.exists() else None
    built = sorted((BUILT / f"{module}.build").rglob("*.o"))
    return [each for each in built if names is None or each.name in names]


def compiled(folder, source, *arguments):
    file = folder / "main.swift"
    file.write_text(source)
    return subprocess.run(
        ["swiftc", "-swift-version", "6", "-enable-upcoming-feature", "MemberImportVisibility", "-I", BUILT / "Modules",
         "-Xcc", f"-fmodule-map-file={BUILT}/CLinux.build/module.modulemap", file, *arguments],
        capture_output=True, text=True, timeout=longer(120))


def test_the_lines_of_the_readme_trace_an_application(sandbox):
    program = sandbox.folder / "shop"
    done = compiled(sandbox.folder, SERVICE + SNIPPET, *sum(map(objects, LIBRARIES), []), "-o", program)
    assert done.returncode == 0, done.stderr
    out = sandbox.folder / "trace"
    with out.open("wb") as file:
        shop = sandbox.spawn([program], stdout=file, env={"DRAINBOARD_TRACE_FD": "1"})
        until(lambda: "resource.acquired" in out.read_text(), "the first service")
        shop.send_signal(signal.SIGTERM)
        assert shop.wait(longer(20)) == 0
    events = [json.loads(line) for line in out.read_text().splitlines()]
    assert events[0]["title"] == "shop"
    told = [(each["ev"], each.get("name")) for each in events[1:] if each["ev"].startswith(("resource", "shutdown"))]
    assert told == [("resource.acquired", "Orders"), ("shutdown.began", None), ("resource.quiesced", "Orders"),
                    ("resource.releasing", "Orders"), ("resource.released", "Orders"), ("shutdown.ended", None)]


@pytest.mark.parametrize("line", [
    "import ShutdownTrace\n_ = LineBatch()", "import Platform\nstartThread {}"])
def test_what_is_the_package_s_own_is_closed_to_others(sandbox, line):
    done = compiled(sandbox.folder, line, "-typecheck")
    assert done.returncode != 0 and re.search("cannot find '.+' in scope", done.stderr), done.stderr
