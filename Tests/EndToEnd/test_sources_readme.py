"""Sources/README.md says what is so: its arrows, and every file and function that its walks and its table name."""
import json
import re
import subprocess

import pytest

from sandbox import ROOT

SOURCES = ROOT / "Sources"
TEXT = (SOURCES / "README.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in TEXT.splitlines() if line.startswith("| ")]
STEPS = [row for row in ROWS if len(row) == 4 and row[0].isdigit()]
NAMES = sorted(set(re.findall(r"`([\w.+/-]+/[\w.+/-]+)`", TEXT)))


def test_the_walks_are_whole():
    numbers = [int(row[0]) for row in STEPS]
    second = numbers.index(1, 1)
    assert numbers == [*range(1, second + 1), *range(1, len(numbers) - second + 1)] and second > 10


@pytest.mark.parametrize("step", STEPS, ids=lambda row: f"{row[2]} {row[3]}")
def test_a_step_names_a_function_that_is_there(step):
    file, function = step[2].strip("`"), step[3].strip("`")
    text = (SOURCES / file).read_text()
    pattern = rf"\bfunc {function}\b" if file.endswith(".swift") else rf"^\w[\w *]*\b{function}\("
    assert re.search(pattern, text, re.MULTILINE), f"{file} has no {function}"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_named_is_there(name):
    assert (SOURCES / name).exists() or (ROOT / name.split()[0]).exists(), f"no {name}"


def test_the_arrows_are_those_of_the_package():
    package = json.loads(subprocess.run(["swift", "package", "dump-package"], cwd=ROOT, capture_output=True, check=True,
                                        timeout=120).stdout)
    folders = {path.name for path in SOURCES.iterdir() if path.is_dir()}
    real = {target["name"]: [each["byName"][0] for each in target["dependencies"] if "byName" in each]
            for target in package["targets"] if target["name"] in folders}
    told = {row[0].strip("`"): re.findall(r"`(\w+)`", row[1]) for row in ROWS if row[0].strip("`") in folders}
    assert told == real
    # Each imports only what stands above it.
    order = list(told)
    assert all(order.index(other) < order.index(module) for module, others in told.items() for other in others)


def test_the_glossary_is_in_order():
    words = [row[0] for row in ROWS[[row[0] for row in ROWS].index("word") + 1:] if len(row) == 2]
    assert len(words) > 25 and words == sorted(words)
