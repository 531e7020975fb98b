#!/usr/bin/env python3
"""Real keys, sizes and environments, in a real pseudo-terminal.

    journeys.py --program '.build/debug/drainboard demo' --key '?=Help'
"""
import re

from checks import check, main
from session import FRAME_BEGIN, FRAME_END


def leave(session, program):
    session.type(program.quit)
    assert session.ended(15) == 0


@check("a key changes the screen in one synchronised update of few bytes")
def one_update(program):
    session = program.start(size=(120, 40))
    session.frame()
    position = len(session.output)
    session.type(program.key)
    session.frame(position)
    chunk = session.output[position:]
    assert chunk.startswith(FRAME_BEGIN) and chunk.endswith(FRAME_END), "a frame was torn"
    session.shows(program.answer)
    leave(session, program)
    return f"{len(chunk)} bytes"


@check("a frozen screen changes nothing but its heading, its timeline and its footer")
def frozen(program):
    session = program.start()
    session.shows("SERVING")
    session.type(program.key)
    session.shows(program.answer)
    before = session.text().splitlines()
    session.pump(2)
    after = session.text().splitlines()
    leave(session, program)
    changed = [row for row, (old, new) in enumerate(zip(before, after)) if old != new]
    assert set(changed) <= {0, 1, len(after) - 2, len(after) - 1}, f"rows {changed} moved"


@check("every size from 1×1 to 400×120, in a storm of resizes")
def sizes(program):
    session = program.start()
    session.frame()
    for size in [(1, 1), (2, 1), (1, 2), (20, 4), (5, 50), (400, 120), (1000, 300), (80, 24)] + [(60 + n, 20 + n % 7) for n in range(40)]:
        session.resize_quietly(size)
    position = len(session.output)
    session.resize_quietly((100, 30))
    session.frame(position)
    session.type(program.key)
    session.shows(program.answer)
    for size in [(1, 1), (400, 120), (3, 2), (80, 24)]:
        position = len(session.output)
        session.resize_quietly(size)
        session.frame(position)
    leave(session, program)


@check("a terminal of size 0×0 counts as 80×24")
def no_size(program):
    session = program.start(size=(0, 0))
    session.frame()
    session.size = (80, 24)
    assert session.text()
    leave(session, program)


@check("LINES and COLUMNS do not pin the size")
def pinned(program):
    session = program.start(size=(100, 30), env={"LINES": "10", "COLUMNS": "20"})
    session.frame()
    session.type(program.key)
    session.shows(program.answer)
    rows = max(int(row) for row in re.findall(rb"\x1b\[(\d+)(?:;\d+)?[Hd]", session.output))
    leave(session, program)
    assert rows > 10, f"only {rows} rows were used"


def colours(output):
    codes = re.findall(rb"\x1b\[([0-9;]*)m", output)
    return {int(one) for code in codes for one in code.split(b";") if one.isdigit()} & set([*range(30, 39), *range(90, 98)])


def colour(env, expected):
    def body(program):
        session = program.start(env=env)
        session.frame()
        leave(session, program)
        assert bool(colours(session.output)) == expected, f"{colours(session.output)}"
    return body


check("colour in xterm-256color")(colour({}, True))
check("colour in a terminal with 8 colours")(colour({"TERM": "linux"}, True))
check("NO_COLOR: emphasis stays, no colour is sent")(colour({"NO_COLOR": "1"}, False))
check("NO_COLOR that is empty counts for nothing")(colour({"NO_COLOR": ""}, True))
check("a terminal without colours: vt100")(colour({"TERM": "vt100"}, False))


@check("LANG=C: nothing but ASCII is sent")
def ascii_only(program):
    session = program.start(env={"LANG": "C", "LC_ALL": "C"})
    session.frame()
    session.type(program.key)
    session.shows(program.answer)
    leave(session, program)
    high = [byte for byte in session.output if byte > 0x7E]
    assert not high, f"{len(high)} bytes beyond ASCII"


@check("a locale that is not installed but says UTF-8 still gets UTF-8")
def missing_locale(program):
    session = program.start(env={"LANG": "xx_YY.UTF-8"})
    session.frame()
    leave(session, program)
    assert any(byte > 0x7F for byte in session.output)


def refused(env, word):
    def body(program):
        session = program.start(env=env)
        assert session.ended(15) == 2, f"status {session.status}"
        assert word in session.text() and "\x1b" not in session.output.decode(), session.output
        return session.text().splitlines()[-1]
    return body


check("TERM=dumb is refused with advice")(refused({"TERM": "dumb"}, "TERM=dumb"))
check("TERM unset is refused with advice")(refused({"TERM": None}, "TERM"))
check("an unknown TERM is refused with advice")(refused({"TERM": "no\x1b[31msuch"}, "TERM=no?[31msuch"))


@check("pasted text is not taken for keys")
def paste(program):
    session = program.start()
    session.frame()
    session.type("\x1b[200~" + program.quit * 20 + "\x1b[201~" + program.key)
    session.shows(program.answer)
    leave(session, program)


@check("unknown sequences and broken UTF-8 are not taken for keys")
def unknown(program):
    session = program.start()
    session.frame()
    session.type(b"\x1b[1;5" + program.quit.encode() + b"\x1b[99;99~\x1b[I\xff\xfe\xc3")
    session.type(b"\x1b[27;5;9~" + program.key.encode())
    session.shows(program.answer)
    leave(session, program)


if __name__ == "__main__":
    main(__doc__)
