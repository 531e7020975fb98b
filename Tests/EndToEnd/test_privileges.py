"""What an ordinary user can do, and root in a container: the program needs no capability of the kernel (capabilities(7))."""
import os
import shutil

import pytest

from machine import lead
from sandbox import PROGRAM

NOBODY = 65534
FEWER = "setpriv --inh-caps=-all --bounding-set="
KINDS = {
    "an ordinary user": (FEWER + f"-all --reuid {NOBODY} --regid {NOBODY} --clear-groups").split(),
    # What container engines leave to root, for instance no CAP_NET_ADMIN.
    "root in a container": (FEWER + "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap"
                            ",+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap").split(),
    "root without any capability": (FEWER + "-all").split(),
}


@pytest.mark.parametrize("kind", KINDS if os.getuid() == 0 else ["whoever runs the tests"])
@pytest.mark.parametrize("arguments", [(), ("--deploy",)], ids=["check", "deploy"])
def test_nothing_needs_a_capability(sandbox, kind, arguments):
    command = [PROGRAM]
    if os.getuid() == 0:  # Others have no capability that could be taken from them.
        # The program may stand below a folder that only root may enter.
        command = [*KINDS[kind], shutil.copy(PROGRAM, sandbox.folder / "drainboard")]
    if kind == "an ordinary user":
        for place in (sandbox.folder, *sandbox.folder.iterdir()):
            os.chown(place, NOBODY, NOBODY)
    done = sandbox.run(*command[1:], "check", "--scenario", "polite", *lead(()), *arguments, program=command[0])
    assert done.returncode == 0 and done.stdout.startswith("GRACEFUL"), done.stdout + done.stderr
