"""Runs named checks against a program that is given on the command line, and prints one line for each."""
import argparse
import shlex
import signal
import sys
import time
import traceback

from session import Session, Timeout, longer


class Program:
    """How to start the program, and which keys it knows."""

    def __init__(self, options):
        self.argv = shlex.split(options.program)
        self.quit, self.keep, self.crash = options.quit, options.keep, options.crash
        self.key, self.answer = options.key
        self.help = options

    def start(self, **how):
        session = Session(self.argv, **how)
        OPEN.append(session)
        return session

    def shell(self):
        session = Session(["bash", "--norc", "--noprofile", "--noediting", "-i"], env={"PS1": "$ "})
        OPEN.append(session)
        return session

    def crashing(self, kind, **how):
        """Starts the program and makes it crash: by a key, or by one key where a variable says how."""
        if self.crash.startswith("keys:"):
            session = self.start(**how)
            session.frame()
            session.type(dict(zip(("trap", "segv", "abort"), self.crash[5:]))[kind])
            return session
        env = {**how.pop("env", {}), self.crash.removeprefix("env:"): kind}
        session = self.start(env=env, **how)
        session.frame()
        session.type("!")
        return session


OPEN = []
CHECKS = []


def check(name):
    def keep(body):
        CHECKS.append((name, body))
        return body
    return keep


def key_and_answer(text):
    key, _, answer = text.partition("=")
    return key, answer


def expired(*_):
    raise Timeout("the check took too long")


def main(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--program", required=True, help="the command line of the program under test")
    parser.add_argument("--quit", default="q", help="the key that quits")
    parser.add_argument("--keep", default="Q", help="the key that quits and keeps the last frame")
    parser.add_argument("--key", type=key_and_answer, default=("?", "Help"), metavar="KEY=TEXT",
                        help="a key, and a text that it brings to the screen")
    parser.add_argument("--crash", default="env:DRAINBOARD_TEST_CRASH", metavar="env:NAME|keys:TSA",
                        help="how a trap, a SIGSEGV and an abort are provoked")
    parser.add_argument("--only", default="", help="run the checks whose name contains this")
    program = Program(parser.parse_args())
    signal.signal(signal.SIGALRM, expired)
    failed = 0
    for name, body in CHECKS:
        if program.help.only not in name:
            continue
        start = time.monotonic()
        signal.alarm(int(longer(120)))
        try:
            note = body(program) or ""
            print(f"ok    {name}  ({time.monotonic() - start:.2f} s) {note}", flush=True)
        except Exception as error:
            failed += 1
            trace = "" if isinstance(error, AssertionError) else traceback.format_exc()
            print(f"FAIL  {name}: {error}\n{trace}", flush=True)
        finally:
            signal.alarm(0)
            while OPEN:
                OPEN.pop().close()
    print(f"{failed} failed")
    sys.exit(1 if failed else 0)
