#!/usr/bin/env python3
"""Installs the Debian package in an empty Debian 12 and looks whether an operator could go on from there.

Usage: package_test.py PACKAGE [--root FOLDER]. As root. FOLDER is a Debian 12 (debootstrap's minbase) that is copied; without
it, debootstrap makes one from Debian's archive. ./suite package runs this where debootstrap is and the user is root.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROGRAMS = (
    "partnerskap partnerskap-certs partnerskap-health partnerskap-membership partnerskap-agreements "
    "partnerskap-scheduling partnerskap-peer-review"
).split()
UNITS = "membership agreements scheduling peer-review edge certs".split()
FILES = {
    "/etc/partnerskap/roles.textproto": 0o644,
    "/etc/partnerskap/edge/nginx.conf": 0o644,
    "/usr/share/doc/partnerskap/deploy.md": 0o644,
    "/usr/share/partnerskap/examples": 0o755,
    "/var/lib/partnerskap": 0o700,
    "/var/lib/partnerskap/peer_review": 0o700,
}
# systemd's exposure level above which a unit is not hardened.
MOST_EXPOSED = 2.0


def run(*command, root=None):
    words = [str(word) for word in ((["chroot", root] if root else []) + list(command))]
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


def install(root, package):
    shutil.copy(package, root / "tmp/partnerskap.deb")
    # Nothing starts in a chroot.
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    run("apt-get", "-q", "update", root=root)
    run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends", "install",
        "/tmp/partnerskap.deb", root=root)


def check(root):
    for path, mode in FILES.items():
        found = (root / path.lstrip("/")).stat()
        if found.st_mode & 0o777 != mode:
            raise AssertionError(f"{path} has the mode {found.st_mode & 0o777:o}")
    if run("stat", "-c", "%U", "/var/lib/partnerskap", root=root).strip() != "partnerskap":
        raise AssertionError("the state folder is not the user's own")
    for program in PROGRAMS:
        if "--help" not in run(program, "--help", root=root):
            raise AssertionError(f"{program} --help says nothing")
    run("setpriv", "--reuid=partnerskap", "--regid=partnerskap", "--clear-groups", "partnerskap-certs", "init", "--state",
        "/var/lib/partnerskap", "--domain", "partnerskap.internal", root=root)
    run("install", "-d", "-o", "partnerskap", "/run/partnerskap-edge", root=root)
    run("setpriv", "--reuid=partnerskap", "--regid=partnerskap", "--clear-groups", "nginx", "-t", "-e", "stderr", "-p",
        "/run/partnerskap-edge", "-c", "/etc/partnerskap/edge/nginx.conf", root=root)
    names = [f"/lib/systemd/system/partnerskap-{unit}.service" for unit in UNITS]
    run("systemd-analyze", "verify", "--man=no", *names, "/lib/systemd/system/partnerskap.target", root=root)
    run("systemd-analyze", "security", "--offline=true", f"--threshold={int(MOST_EXPOSED * 10)}", "--no-pager", *names, root=root)


def check_removal(root):
    run("apt-get", "-q", "-y", "purge", "partnerskap", root=root)
    if (root / "usr/bin/partnerskap").exists() or not (root / "var/lib/partnerskap/authority/ca.key").exists():
        raise AssertionError("purging must remove the programs and leave the state")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=pathlib.Path)
    parser.add_argument("--root", type=pathlib.Path, help="a Debian 12 to copy")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="partnerskap-package-") as folder:
        root = pathlib.Path(folder) / "root"
        if arguments.root:
            run("cp", "-a", arguments.root, root)
        else:
            run("debootstrap", "--variant=minbase", "bookworm", root)
        # systemd-tmpfiles refuses to work without it.
        run("mount", "-t", "proc", "proc", root / "proc")
        try:
            install(root, arguments.package)
            check(root)
            check_removal(root)
        finally:
            run("umount", root / "proc")
    print(f"{arguments.package.name}: installs, its programs start, its units hold, its removal keeps the state")
    return 0


if __name__ == "__main__":
    sys.exit(main())
