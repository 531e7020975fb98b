"""demo/deploy: each file is valid by its own tool or schema, and its limits nest with the demo server's."""
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
import yaml
from dockerfile_parse import DockerfileParser

from machine import longer
from sandbox import ROOT, free_port, until

DEPLOY = ROOT / "demo/deploy"
# The demo server's own line in the README is what everything else is held to.
LINE = re.search(r"lead (\d+) \+ drain (\d+) \+ workers (\d+) \+ ledger (\d+) \+ flush (\d+) \+ margin (\d+) = (\d+) s of grace",
                 (ROOT / "README.md").read_text())
LEAD, DRAIN, WORKERS, LEDGER, FLUSH, MARGIN, GRACE = map(int, LINE.groups())
OWN = {"LEAD": str(LEAD), "DRAIN": str(DRAIN), "WORKERS": str(WORKERS)}


def text(name):
    return (DEPLOY / name).read_text()


def documents(name):
    return list(yaml.safe_load_all(text(name)))


def seconds(value):
    """Of a limit as HAProxy, nginx or Compose writes it."""
    number, unit = re.fullmatch(r"(\d+)(ms|s|m)?", str(value)).groups()
    return int(number) * {"ms": 0.001, None: 1, "s": 1, "m": 60}[unit]


def setting(name, pattern):
    """The one value that a file has for a pattern with one group."""
    found = re.findall(pattern, text(name), re.MULTILINE)
    assert len(found) == 1, f"{name}: {pattern} is there {len(found)} times"
    return found[0]


def run(*command, **how):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=longer(60), **how)
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


def tool(name):
    """A program of the same environment as this Python."""
    beside = os.path.join(os.path.dirname(sys.executable), name)
    return beside if os.access(beside, os.X_OK) else name


# Valid

def test_systemd_takes_the_unit(tmp_path):
    # The program need not be there for its unit to be right.
    unit = tmp_path / "payments@8081.service"
    unit.write_text(text("payments@.service").replace("/usr/local/bin/payments", "/bin/true"))
    said = run("systemd-analyze", "verify", "--man=no", str(unit))
    assert str(unit.name) not in said and "Unknown" not in said, said


def test_kubernetes_takes_the_manifests():
    run(tool("kubernetes-validate"), "--strict", "--quiet", str(DEPLOY / "kubernetes.yaml"))


@pytest.mark.parametrize("schema, name", [("compose-spec", "compose.yaml"), ("github-workflows", "github-actions.yml"),
                                          ("gitlab-ci", "gitlab-ci.yml")])
def test_the_schema_takes_the_file(schema, name):
    run(tool("check-jsonschema"), "--builtin-schema", f"vendor.{schema}", str(DEPLOY / name))


def test_haproxy_takes_its_configuration():
    run("haproxy", "-c", "-f", str(DEPLOY / "haproxy.cfg"))


def test_nginx_takes_its_configuration(tmp_path):
    # Its test opens the port.
    (tmp_path / "nginx.conf").write_text(text("nginx.conf").replace("127.0.0.1:8080", f"127.0.0.1:{free_port()}"))
    run("nginx", "-t", "-p", str(tmp_path), "-e", "stderr", "-c", str(tmp_path / "nginx.conf"))


def test_the_image_starts_the_server_itself_and_copies_what_there_is():
    parsed = dockerfile()
    entry = [each["value"] for each in parsed.structure if each["instruction"] == "ENTRYPOINT"]
    assert entry == ['["/payments"]'], "the exec form: a shell would get the signal"
    copied = [each["value"].split() for each in parsed.structure if each["instruction"] == "COPY"]
    assert all((ROOT / source).exists() for source, *_ in (each for each in copied if not each[0].startswith("--")))
    assert [each["value"] for each in parsed.structure if each["instruction"] == "STOPSIGNAL"] == ["SIGTERM"]


def dockerfile():
    parser = DockerfileParser(fileobj=open(DEPLOY / "Dockerfile", "rb+"))
    return parser


# Nested

def test_the_limits_of_the_demo_server_add_up():
    assert LEAD + DRAIN + WORKERS + LEDGER + FLUSH + MARGIN == GRACE


def test_systemd_grants_the_whole_grace():
    given = dict(re.findall(r"^Environment=(LEAD|DRAIN|WORKERS)=(.*)$", text("payments@.service"), re.MULTILINE))
    assert given == OWN
    assert seconds(setting("payments@.service", r"^TimeoutStopSec=(.*)$")) == GRACE
    assert setting("payments@.service", r"^KillMode=(.*)$") == "mixed"
    assert setting("payments@.service", r"^KillSignal=(.*)$") == "SIGTERM"


def test_compose_grants_the_whole_grace():
    service = documents("compose.yaml")[0]["services"]["payments"]
    assert service["environment"] == OWN
    assert seconds(service["stop_grace_period"]) == GRACE


def test_the_image_has_the_limits_of_the_demo_server():
    parser = dockerfile()
    assert {name: parser.envs[name] for name in OWN} == OWN


def test_kubernetes_grants_the_grace_after_the_pre_stop():
    pod = documents("kubernetes.yaml")[0]["spec"]["template"]["spec"]
    server = pod["containers"][0]
    before = server["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert {each["name"]: each["value"] for each in server["env"]} == OWN
    assert pod["terminationGracePeriodSeconds"] == before + GRACE
    probe = server["readinessProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] <= before + LEAD


def test_haproxy_notices_within_the_lead_and_waits_out_the_drain():
    inter, fall = re.search(r"inter (\S+) fall (\d+)", text("haproxy.cfg")).groups()
    assert seconds(inter) * int(fall) + seconds(setting("haproxy.cfg", r"timeout check (\S+)$")) < LEAD
    assert seconds(setting("haproxy.cfg", r"timeout server (\S+)$")) >= DRAIN
    assert seconds(setting("haproxy.cfg", r"hard-stop-after (\S+)$")) >= DRAIN


def test_nginx_waits_out_the_drain():
    assert seconds(setting("nginx.conf", r"proxy_read_timeout (\S+);")) >= DRAIN
    assert seconds(setting("nginx.conf", r"worker_shutdown_timeout (\S+);")) >= DRAIN


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_the_check_in_ci_waits_for_the_whole_grace(name):
    assert int(setting(name, r"--grace (\d+)")) == GRACE


# Together

@pytest.mark.parametrize("balancer", ["haproxy", "nginx"])
def test_a_restart_of_each_instance_in_turn_loses_nothing(balancer, sandbox):
    """Two real instances behind the balancer, one restarted after the other, under requests all the while."""
    ports = {"8080": free_port(), "8081": free_port(), "8082": free_port()}
    name = {"haproxy": "haproxy.cfg", "nginx": "nginx.conf"}[balancer]
    file = sandbox.folder / name
    file.write_text(re.sub(r"127\.0\.0\.1:(808\d)", lambda it: f"127.0.0.1:{ports[it[1]]}", text(name)))
    program = sandbox.folder / "payments"
    run("go", "build", "-o", str(program), str(ROOT / "demo/servers/go/mended.go"),
        env={**os.environ, "GO111MODULE": "off"})

    def instance(port):
        child = sandbox.spawn([str(program)], env={"PORT": str(ports[port]), "LEDGER": str(sandbox.folder / port), **OWN},
                              stderr=subprocess.DEVNULL)
        until(lambda: answers(f"http://127.0.0.1:{ports[port]}/readyz"), f"the instance on {port}")
        return child

    instances = {port: instance(port) for port in ("8081", "8082")}
    command = {"haproxy": ["haproxy", "-db", "-f", str(file)],
               "nginx": ["nginx", "-p", str(sandbox.folder), "-e", "stderr", "-c", str(file), "-g", "daemon off;"]}[balancer]
    log = sandbox.folder / "log"
    with log.open("w") as output:
        front = sandbox.spawn(command, stderr=output, stdout=output)
    url = f"http://127.0.0.1:{ports['8080']}"
    until(lambda: answers(url + "/"), "the balancer")
    statuses = []
    for (port, child), known_as in zip(instances.items(), ("one", "two")):
        child.terminate()
        while child.poll() is None:
            statuses += [status(url + "/slow?ms=30")]
        assert child.returncode == 0
        statuses += [status(url + "/") for _ in range(20)]  # with only the other one there
        instance(port)
        if balancer == "haproxy":  # who restarts the next before this one is in rotation again has none left
            until(lambda: f"payments/{known_as} is UP" in log.read_text(), "the instance to be in rotation", more=log.read_text)
    assert len(statuses) > 40 and set(statuses) == {200}, {each: statuses.count(each) for each in set(statuses)}
    front.terminate()
    front.wait(longer(10))  # a master that is killed leaves its workers


def answers(url):
    return status(url) == 200


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=longer(10)) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError as error:
        return str(error)
