"""From exec until the screen says that the server is serving."""
from common import Failed, Row, spread, words
from terminal import Terminal


def one_run(setup):
    terminal = Terminal([setup.drainboard], (120, 40), setup.folder)
    try:
        terminal.wait(lambda: serving(terminal) is not None, "SERVING")
        return 1000 * (serving(terminal) - terminal.started)
    finally:
        terminal.close()


def serving(terminal):
    for moment, screen in terminal.screens():
        if any("SERVING" in row for row in screen.display):
            return moment
    return None


def measure(setup):
    numbers = spread([one_run(setup) for _ in range(setup.runs(20))])
    return [Row("drainboard → first frame with the server serving", words(numbers, digits=0), "≤ 200 ms",
                numbers["median"] <= 200, numbers=numbers)]
