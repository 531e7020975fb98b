"""A recorded run as a file: read by the programs that people will open it with."""
import base64
import gzip
import hashlib
import json
import os
import re
import resource
import signal
import subprocess
import sys
import xml.etree.ElementTree as xml

import pyte
import pytest

from browser import Browser
from sandbox import PROGRAM, ROOT, escapes

LOGS = ROOT / "Tests/LogImportTests/Fixtures"
SVG = "{http://www.w3.org/2000/svg}"
EVIL = '</script><script>document.title="owned"</script>" onload="x" & <b> @everyone | ` \u202e\x1b[2J'


@pytest.fixture(scope="module")
def run(lasting):
    """A run that was killed in the middle of its drain."""
    return lasting.check("--workload", "demo", "--seed", "7", "--after", "2", "--then", "KILL:1.6").record


@pytest.fixture(scope="module")
def evil(lasting, run):
    """The same run with a title and paths that somebody chose to break what shows them."""
    lines = run.read_text().splitlines()
    header = json.loads(lines[0]) | {"title": EVIL}
    file = lasting.folder / "evil.jsonl"
    file.write_text("\n".join([json.dumps(header)] + [one.replace("/report", json.dumps(EVIL)[1:-1]) for one in lines[1:]]))
    return file


@pytest.fixture
def export(sandbox):
    def export(file, to, *arguments, status=0, **how):
        out = sandbox.folder / f"out.{to}"
        done = sandbox.run("export", str(file), "--to", to, "-o", str(out), *arguments, **how)
        assert done.returncode == status, done.stderr
        assert not list(sandbox.folder.glob(".drainboard-*")), "a temporary file was left"
        return out
    return export


def screen(sandbox, file, at):
    return sandbox.run("replay", str(file), "--at", str(at), "--frame", "100x30").stdout.splitlines()


def signal_time(file):
    return next(json.loads(line)["t"] for line in file.read_text().splitlines() if '"signal.sent"' in line)


class TestStills:
    @pytest.mark.parametrize("at", [0.5, 2.4, 3.5, 99])
    def test_have_the_text_of_the_screen(self, sandbox, run, export, at):
        root = xml.fromstring(export(run, "svg", "--at", str(at)).read_text())
        rows = ["".join(text.itertext()).rstrip() for text in root.iter(f"{SVG}text")]
        assert rows == [row for row in screen(sandbox, run, at) if row]

    def test_count_from_the_signal_with_a_plus(self, run, export):
        root = xml.fromstring(export(run, "svg", "--at", "+1.5").read_text())
        assert root.find(f"{SVG}title").text.endswith("1.5 s after SIGTERM")

    @pytest.mark.parametrize("options", [[], ["--timeline"], ["--theme", "light"], ["--timeline", "--theme", "monochrome"]])
    def test_are_drawn_by_librsvg(self, sandbox, evil, export, options):
        out = export(evil, "svg", *options)
        picture = subprocess.run(["rsvg-convert", str(out)], capture_output=True, env=sandbox.env, cwd=sandbox.folder)
        assert (picture.returncode, picture.stderr) == (0, b"")
        assert picture.stdout.startswith(b"\x89PNG") and len(picture.stdout) > 10_000

    def test_tell_in_words_what_they_show(self, run, export):
        root = xml.fromstring(export(run, "svg", "--timeline").read_text())
        assert "killed by signal 9" in root.find(f"{SVG}desc").text


class TestAPage:
    @pytest.fixture
    def page(self, sandbox, run, export):
        browser = Browser(sandbox, f"file://{export(run, 'html')}#t=2.4")
        yield browser
        browser.close()

    ROWS = "Array.from(document.querySelectorAll('#rows div'), row => row.textContent.trimEnd())"
    TIME = "Number(document.getElementById('time').value)"

    def test_scrubs(self, sandbox, run, page):
        frames = dict(zip(page.ask("run.frames.map(frame => frame[0])"), range(10_000)))
        assert page.ask(self.TIME) == 2.4
        for moment in [0.0, 1.0, signal_time(run) + 1.3, 99.0, 0.5]:
            page.ask(f"location.hash = '#t={moment}'")
            page.until(f"Math.abs({self.TIME} - Math.min(last, {moment})) < 1e-6")
            shown = max(time for time in frames if time <= moment)
            assert page.ask(self.ROWS) == screen(sandbox, run, shown)
        assert page.complaints == []

    def test_obeys_its_keys(self, page):
        page.press("Home")
        assert page.ask(self.TIME) == 0
        page.press("ArrowRight")
        assert page.ask(self.TIME) == min(5, page.ask("last"))
        page.press("End")
        assert page.ask(self.TIME) == page.ask("last")
        page.press("5")
        assert abs(page.ask(self.TIME) - page.ask("last") / 2) < 1e-6
        events = sorted(set(page.ask("run.events.map(event => event[0])")))
        page.press("Home")
        walked = []
        for _ in events:
            page.press(".")
            walked.append(page.ask(self.TIME))
        assert walked == [one for one in events if one > 0][: len(walked)] or walked[-1] == page.ask("last")
        page.press("[")
        assert page.ask(self.TIME) in page.ask("run.marks.map(mark => mark[0])")

    def test_plays_and_pauses(self, page):
        page.press("Home")
        page.press(" ")
        page.until(f"{self.TIME} > 0.1")
        page.press(" ")
        paused = page.ask(self.TIME)
        two_frames_on = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(time))))"
        assert page.ask(two_frames_on) == pytest.approx(paused)

    def test_says_what_it_waits_for(self, page):
        assert page.ask("document.getElementById('now').getAttribute('aria-live')") == "polite"
        assert page.ask("document.getElementById('now').textContent") == page.ask(self.ROWS)[1].strip()

    def test_runs_nothing_that_came_with_the_run(self, sandbox, evil, export):
        browser = Browser(sandbox, f"file://{export(evil, 'html')}")
        try:
            assert browser.complaints == []
            assert "owned" not in browser.ask("document.title").split('"')[0]
            assert browser.ask("document.title").startswith("</script><script>")
            assert browser.ask("document.querySelectorAll('script').length") == 2
            assert browser.ask("document.querySelectorAll('b, [onload]').length") == 0
        finally:
            browser.close()

    def test_names_its_script_and_style_by_their_hashes(self, run, export):
        html = export(run, "html").read_text()
        parts = {"script": re.search(r"<script>(.*?)</script>", html, re.S)[1],
                 "style": re.search(r"<style>(.*?)</style>", html, re.S)[1]}
        for name, text in parts.items():
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{name}-src 'sha256-{digest}'" in html, f"PageParts.{name}Hash must be sha256-{digest}"


class TestACast:
    def test_plays_in_a_terminal_to_the_screens_of_the_run(self, sandbox, run, export):
        lines = export(run, "asciicast").read_text().splitlines()
        header = json.loads(lines[0])
        assert (header["version"], header["width"], header["height"]) == (2, 100, 30)
        terminal = pyte.Screen(100, 30)
        stream = pyte.Stream(terminal)
        compared = 0
        for time, code, data in map(json.loads, lines[1:-1]):
            assert code == "o"
            stream.feed(data)
            if compared < 12 and time * 7 % 1 < 0.3:
                compared += 1
                assert [row.rstrip() for row in terminal.display] == (screen(sandbox, run, time) + [""] * 30)[:30]
        assert compared > 5

    def test_is_understood_by_asciinema(self, sandbox, run, export):
        out = export(run, "asciicast")
        done = subprocess.run([sys.executable, "-m", "asciinema", "cat", str(out)], capture_output=True, text=True,
                              env=sandbox.env, cwd=sandbox.folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "".join(json.loads(line)[2] for line in out.read_text().splitlines()[1:])


class TestAReport:
    def test_has_the_verdict_and_the_screen(self, sandbox, run, export):
        text = export(run, "markdown", "--at", "2.4").read_text()
        assert text.startswith("## Shutdown of polite: FORCE-KILLED\n")
        assert "\n".join(screen(sandbox, run, 2.4)) in text

    def test_lets_nothing_out_of_its_cells(self, evil, export):
        text = export(evil, "markdown").read_text()
        assert escapes(text) == []
        assert "<script>" not in text.split("```text")[0]


class TestALog:
    @pytest.mark.parametrize("to", ["svg", "html", "markdown", "asciicast"])
    def test_is_exported_as_well(self, sandbox, export, to):
        text = export(LOGS / "nginx-quit.log", to).read_text()
        assert "nginx" in text and "SIGQUIT" in text

    def test_says_in_its_report_what_cannot_be_known(self, export):
        text = export(LOGS / "nginx-quit.log", "markdown").read_text()
        assert text.startswith("## Shutdown of nginx: INCONCLUSIVE") and "| not in the log |" in text

    @pytest.mark.parametrize("how", ["pipe", "file"])
    @pytest.mark.parametrize("name", ["go.log", "trace"])
    def test_or_a_trace_may_come_over_standard_input(self, sandbox, run, how, name):
        file = run if name == "trace" else LOGS / name
        with open(file) if how == "file" else subprocess.Popen(["cat", file], stdout=subprocess.PIPE).stdout as data:
            done = sandbox.run("export", "-", "--to", "markdown", "-o", "-", stdin=data)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("## Shutdown of " + ("polite" if name == "trace" else "Go server"))

    def test_is_read_by_the_rules_of_a_file(self, sandbox, export):
        (sandbox.folder / "shop.log").write_text("2026-01-31T17:02:11Z tills shut\n")
        rules = sandbox.folder / "shop.rules"
        rules.write_text('{"program":"shopd"}\n{"when":"tills shut","events":"shutdown.began","cause":"closing time"}\n')
        text = export(sandbox.folder / "shop.log", "markdown", "--rules", str(rules)).read_text()
        assert text.startswith("## Shutdown of shopd")
        rules.write_text("nonsense\n")
        done = sandbox.run("export", "shop.log", "--to", "svg", "-o", "-", "--rules", str(rules))
        assert done.returncode == 2 and "shop.rules, line 1: not a JSON object" in done.stderr

    def test_that_is_compressed_on_standard_input_is_a_sentence(self, sandbox):
        packed = sandbox.folder / "go.gz"
        packed.write_bytes(gzip.compress((LOGS / "go.log").read_bytes()))
        with subprocess.Popen(["cat", packed], stdout=subprocess.PIPE).stdout as data:
            done = sandbox.run("export", "-", "--to", "svg", "-o", "-", stdin=data)
        assert done.returncode == 2 and "zcat" in done.stderr and done.stdout == ""

    def test_with_a_line_that_cannot_be_read_is_told_by_its_number(self, sandbox, export):
        file = sandbox.folder / "long.log"
        file.write_bytes(b"2026-01-31T17:02:11Z shutting down\n" + b"x" * 2_000_000 + b"\n2026-01-31T17:02:12Z bye\n")
        done = sandbox.run("export", str(file), "--to", "markdown", "-o", "-")
        assert done.returncode == 0 and "long.log, line 2: longer than 1048576 bytes, skipped" in done.stderr


class TestWriting:
    def test_goes_to_standard_output(self, sandbox, run):
        done = sandbox.run("export", str(run), "--to", "svg", "-o", "-")
        assert done.returncode == 0 and xml.fromstring(done.stdout) is not None

    def test_takes_the_recordings_name_and_overwrites_nothing(self, sandbox, run):
        assert sandbox.run("export", str(run), "--to", "markdown").returncode == 0
        out = sandbox.folder / f"{run.stem}.md"
        out.write_text("mine")
        refused = sandbox.run("export", str(run), "--to", "markdown")
        assert refused.returncode == 2 and "--force" in refused.stderr
        assert out.read_text() == "mine"
        assert sandbox.run("export", str(run), "--to", "markdown", "--force").returncode == 0
        assert out.read_text() != "mine"

    def test_never_leaves_half_a_file(self, sandbox, run):
        out = sandbox.folder / "old.html"
        out.write_text("old")

        def little():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        done = sandbox.run("export", str(run), "--to", "html", "-o", str(out), preexec_fn=little)
        assert done.returncode == 2 and f"Cannot write {out}" in done.stderr
        assert out.read_text() == "old"
        assert sorted(os.listdir(sandbox.folder)) == sorted({"state", "tmp", "home", "old.html"})

    @pytest.mark.parametrize("where, says", [("missing/x.svg", "Cannot create"), ("state", "is a folder")])
    def test_says_why_it_cannot(self, sandbox, run, where, says):
        done = sandbox.run("export", str(run), "--to", "svg", "-o", str(sandbox.folder / where))
        assert done.returncode == 2 and says in done.stderr and done.stdout == ""

    def test_follows_a_link_and_keeps_it(self, sandbox, run):
        (sandbox.folder / "real.svg").write_text("old")
        (sandbox.folder / "link.svg").symlink_to("real.svg")
        assert sandbox.run("export", str(run), "--to", "svg", "-o", "link.svg").returncode == 0
        assert (sandbox.folder / "link.svg").is_symlink()
        assert (sandbox.folder / "real.svg").read_text().startswith("<?xml")


class TestBadInput:
    def test_exports_what_can_be_read(self, sandbox, run):
        torn = sandbox.folder / "torn.jsonl"
        data = run.read_bytes()
        torn.write_bytes(data[:5_000] + b"\n\x00\xff{nonsense\n" + data[5_000 : len(data) - 40])
        done = sandbox.run("export", str(torn), "--to", "markdown", "-o", "-")
        assert done.returncode == 0 and done.stdout.startswith("## Shutdown of polite")
        assert "torn.jsonl, line " in done.stderr and escapes(done.stderr) == []

    @pytest.mark.parametrize("name, says", [("empty.jsonl", "holds no event"), ("state", "is a folder"), ("none", "No such file")])
    def test_says_what_is_wrong(self, sandbox, name, says):
        (sandbox.folder / "empty.jsonl").touch()
        done = sandbox.run("export", name, "--to", "svg", "-o", "-")
        assert done.returncode == 2 and says in done.stderr and done.stdout == ""


def test_the_pictures_in_the_repository_are_those_of_its_recordings(sandbox):
    recordings = ROOT / "demo/recordings"
    assert list(recordings.glob("*.svg")), "demo/pictures has made none"
    made = sandbox.folder / "pictures"
    subprocess.run([str(ROOT / "demo/pictures"), str(made)], check=True, env={**sandbox.env, "DRAINBOARD": PROGRAM},
                   stdout=subprocess.DEVNULL)
    for picture in sorted(made.glob("*.svg")):
        assert picture.read_text() == (recordings / picture.name).read_text(), f"{picture.name} is old: run demo/pictures"
