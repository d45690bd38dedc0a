#!/usr/bin/env python3
"""The suite in containers, from an empty machine to an upgrade; ./suite compose-test runs it.

Usage: compose_test.py FOLDER [--from-source] [--upgrade-from REVISION|IMAGE|none] [--keep]

FOLDER holds the built binaries. The image is made by the repository's Dockerfile; without --from-source its first stage,
the compiler, is left out and FOLDER's binaries are copied, which saves some twenty minutes. Everything has its own project
name, port, network and volumes, and is removed at the end.

Steps: image, start, load and report through the edge, each service killed, one cut off, one disk full, all restarted, upgrade
from the image of another commit. After each, every acknowledged write must be there.

Exit codes: 0 all held, 1 something broke, 3 no Docker engine here.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = "debian:bookworm-slim"
SERVICES = ("membership", "agreements", "scheduling", "peer-review")
# Seconds: a container that starts, recovers, and is asked by its health check.
PATIENCE = 120
NO_ENGINE = 3
# Twice what a service keeps free of a disk, and the file that it keeps for the operator to delete.
SMALL_DISK = "256m"
# Writes with room on the disk, and at most without.
FIRST_WRITES = 3
MOST_WRITES = 60
# What the image may be above its base.
IMAGE_BYTES = 120 << 20


def run(*command, check=True, quiet=True, **options):
    options.setdefault("cwd", ROOT)
    done = subprocess.run(
        [str(part) for part in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options
    )
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done


def wait_until(condition, what, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {seconds} s")
        time.sleep(0.2)


def compose_command():
    """docker-compose 1.29, or compose v2."""
    for command in (["docker-compose"], ["docker", "compose"]):
        if shutil.which(command[0]) and run(*command, "version", check=False).returncode == 0:
            return command
    return None


def make_base():
    """Debian's own image; made from Debian's archive where no registry can be reached."""
    if run("docker", "image", "inspect", BASE, check=False).returncode == 0:
        return
    if run("docker", "pull", "-q", BASE, check=False).returncode == 0:
        return
    with tempfile.TemporaryDirectory() as folder:
        run("debootstrap", "--variant=minbase", "bookworm", f"{folder}/debian")
        run("sh", "-c", f"tar -C {folder}/debian -c . | docker import - {BASE}")


def build_image(tag, source, binaries):
    """`binaries`: a folder to copy from, or None to compile."""
    if binaries is None:
        run("docker", "build", "-t", tag, source, cwd=source)
        return
    with tempfile.TemporaryDirectory() as context:
        context = pathlib.Path(context)
        text = (source / "Dockerfile").read_text()
        stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
        if len(stages) != 2:
            raise RuntimeError("the Dockerfile has other stages than the compiler's and the image's")
        last = "FROM " + stages[1].replace("COPY --from=build /src/build/bin/", "COPY bin/")
        (context / "Dockerfile").write_text(last)
        for path in re.findall(r"^COPY (?!bin/)(.+) \S+$", last, re.MULTILINE):
            for part in path.split():
                part = part.rstrip("/")
                target = context / part
                target.parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if (source / part).is_dir() else shutil.copy)(source / part, target)
        (context / "bin").mkdir()
        for binary in pathlib.Path(binaries).glob("partnerskap*"):
            if binary.is_file() and not binary.name.endswith("test-server"):
                run("strip", "-o", context / "bin" / binary.name, binary)
        run("docker", "build", "-t", tag, context)


class Stack:
    """One start of docker-compose.yml, with what makes it this test's own."""

    def __init__(self, compose, image, folder):
        name = f"partnerskap-test-{os.getpid()}"
        third = os.getpid() % 200
        self.image = image
        self._environment = dict(
            os.environ,
            COMPOSE_PROJECT_NAME=name,
            PARTNERSKAP_IMAGE=image,
            PARTNERSKAP_LISTEN=f"127.0.0.1:{20000 + os.getpid() % 10000}",
            PARTNERSKAP_NET=f"10.75.{third}",
        )
        self.project = name
        self.files = [ROOT / "docker-compose.yml"]
        self._compose = compose
        self._folder = folder

    def use_image(self, image):
        self._environment["PARTNERSKAP_IMAGE"] = image

    def compose(self, *arguments, check=True):
        files = [part for file in self.files for part in ("-f", file)]
        return run(*self._compose, "--project-directory", ROOT, *files, *arguments, check=check, env=self._environment)

    def container(self, service):
        return self.compose("ps", "-q", service).stdout.split()[-1]

    def inspect(self, service, form):
        return run("docker", "inspect", "-f", form, self.container(service)).stdout.strip()

    def healthy(self, *services):
        for service in services or (*SERVICES, "edge"):
            wait_until(
                lambda service=service: self.inspect(service, "{{.State.Health.Status}}") == "healthy",
                f"{service} healthy",
            )

    def up(self):
        self.compose("up", "--no-build", "--detach")
        self.healthy()

    def cli(self, *arguments, check=True):
        """The command line in a container of its own, through the edge."""
        return self.compose("run", "--rm", "-T", "cli", "--language", "en", *arguments, check=check)

    def load(self):
        """Everything that the demo loads; what it says of each file."""
        said = [self.cli("load-register").stdout]
        for file in sorted((ROOT / "examples").glob("*.textproto")):
            said.append(self.cli("apply", f"examples/{file.name}").stdout)
        return said

    def must_be_whole(self, report):
        """A second load changes nothing, the report is the same, each chain of hashes holds."""
        for said in self.load()[1:]:
            if not re.search(r"\b0 (were |would be )?created, 0 (were |would be )?updated", said):
                raise AssertionError(f"the data is not what was acknowledged: {said}")
        if self.report() != report:
            raise AssertionError("the report differs from the one before")
        for service in SERVICES:
            self.cli("audit", "verify", service)

    def report(self):
        return self.cli("report").stdout

    def down(self):
        self.compose("--profile", "tools", "down", "--volumes", "--timeout", "15", check=False)


def step(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def check_image(image):
    size = int(run("docker", "image", "inspect", "-f", "{{.Size}}", image).stdout)
    base = int(run("docker", "image", "inspect", "-f", "{{.Size}}", BASE).stdout)
    step(f"image: {(size - base) / 2**20:.0f} MiB above its base of {base / 2**20:.0f} MiB")
    if size - base > IMAGE_BYTES:
        raise AssertionError("the image is too large")
    keys = run("docker", "run", "--rm", "--network", "none", image, "find", "/state", "/etc/partnerskap", "-name", "*.pem").stdout
    if keys.strip():
        raise AssertionError(f"keys or certificates in the image: {keys}")
    tools = "for tool in cc gcc g++ clang cmake make; do ! command -v $tool || exit 1; done"
    run("docker", "run", "--rm", "--network", "none", image, "sh", "-c", tools)


def check_hardening(stack):
    for service in (*SERVICES, "edge"):
        form = "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}"
        found = stack.inspect(service, form)
        if found != "10001:10001 true [ALL] [no-new-privileges:true]":
            raise AssertionError(f"{service} runs as {found}")
        published = stack.inspect(service, "{{range .HostConfig.PortBindings}}x{{end}}")
        if bool(published) != (service == "edge"):
            raise AssertionError(f"{service} publishes ports: {published}")
    modes = run("docker", "run", "--rm", "-v", f"{stack.project}_membership:/v:ro", BASE, "sh", "-c",
                "stat -c %a /v/tls/key.pem").stdout.strip()
    if modes != "400":
        raise AssertionError(f"a key has the mode {modes}")


def kill_each(stack, report):
    for service in SERVICES:
        before = stack.inspect(service, "{{.State.Pid}}")
        os.kill(int(before), 9)
        wait_until(lambda: stack.inspect(service, "{{.State.Pid}}") not in ("0", before), f"{service} restarted")
        stack.healthy(service)
        step(f"killed and back: {service}")
    stack.must_be_whole(report)


def cut_off(stack, report):
    container = stack.container("agreements")
    networks = [f"{stack.project}_{name}" for name in ("behind", "peers")]
    for network in networks:
        run("docker", "network", "disconnect", network, container)
    refused = stack.cli("--deadline", "5", "list", "networks/partnerskapet/agreements", check=False)
    if refused.returncode != 3:
        raise AssertionError(f"a service that is cut off: {refused.returncode} {refused.stdout}")
    stack.cli("list", "networks/partnerskapet/seats")
    address = stack._environment["PARTNERSKAP_NET"] + ".12"
    run("docker", "network", "connect", "--ip", address, "--alias", "agreements", networks[0], container)
    run("docker", "network", "connect", "--alias", "agreements", networks[1], container)
    wait_until(lambda: stack.cli("list", "networks/partnerskapet/agreements", check=False).returncode == 0, "agreements back")
    stack.must_be_whole(report)


def fill_disk(compose, image, folder):
    """A stack of its own whose membership has a small disk in memory, loaded until it is full."""
    stack = Stack(compose, image, folder)
    stack.project += "-full"
    stack._environment.update(
        COMPOSE_PROJECT_NAME=stack.project,
        PARTNERSKAP_NET=f"10.76.{os.getpid() % 200}",
        PARTNERSKAP_LISTEN=f"127.0.0.1:{30000 + os.getpid() % 2000}",
    )
    small = folder / "small-disk.yml"
    small.write_text(
        "volumes:\n  membership:\n    driver: local\n    driver_opts:\n      type: tmpfs\n      device: tmpfs\n"
        f'      o: "size={SMALL_DISK},uid=10001,gid=10001,mode=0700"\n'
    )
    stack.files.append(small)
    with contextlib.ExitStack() as done:
        done.callback(stack.down)
        stack.compose("up", "--no-build", "--detach")
        # On a disk in memory the files last as long as a container has it mounted: certificates are made once more.
        holder = f"{stack.project}-holder"
        run("docker", "run", "--detach", "--name", holder, "-v", f"{stack.project}_membership:/v", BASE, "sleep", "3600")
        done.callback(run, "docker", "rm", "--force", holder, check=False)
        stack.compose("up", "--no-build", "--detach", "--force-recreate")
        stack.healthy()
        acknowledged, refused = fill(stack)
        step(f"disk full, {len(acknowledged)} writes acknowledged before and after: {refused}")
        listed = stack.cli("list", "organizations", "--output", "json").stdout
        missing = [name for name in acknowledged if name not in listed]
        if missing:
            raise AssertionError(f"acknowledged and lost on a full disk: {missing[:5]}")


def create(stack, number):
    """Whether it was acknowledged, and what was said."""
    text = json.dumps({"organizationId": f"full-{number}", "organization": {"kind": "ASSOCIATION", "displayName": "X"}})
    done = stack.cli("call", "CreateOrganization", text, check=False)
    return done.returncode == 0, done.stdout


def fill(stack):
    """Names that were acknowledged before the disk was full, and what was said of the first that was not."""
    for number in range(FIRST_WRITES):
        acknowledged, said = create(stack, number)
        if not acknowledged:
            raise AssertionError(f"refused with room on the disk: {said}")
    # Whatever else lies on the disk fills it: here a file.
    holder = ["docker", "run", "--rm", "-v", f"{stack.project}_membership:/v", BASE, "sh", "-c"]
    run(*holder, "dd if=/dev/zero of=/v/filler bs=4096 2>/dev/null; true")
    number, acknowledged = FIRST_WRITES, True
    while acknowledged:
        if number == MOST_WRITES:
            raise AssertionError("the disk never became full")
        acknowledged, said = create(stack, number)
        number += 1
    run(*holder, "rm /v/filler")
    wait_until(lambda: create(stack, number)[0], "a write after room was made")
    names = [f"organizations/full-{i}" for i in range(number + 1) if i != number - 1]
    return names, " ".join(line for line in said.splitlines() if "Error" in line or "Reason" in line)


def former_image(revision, tag):
    """The image of `revision`, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder) / "tree"
        if run("git", "worktree", "add", "--detach", tree, revision, check=False).returncode != 0:
            return f"{revision} is not in this clone"
        try:
            environment = dict(os.environ, CCACHE_BASEDIR=str(tree), CCACHE_NOHASHDIR="1")
            environment["CCACHE_SLOPPINESS"] = "pch_defines,time_macros,include_file_mtime,include_file_ctime"
            run("cmake", "--preset", "release", "-DPARTNERSKAP_BUILD_TESTS=OFF", cwd=tree, env=environment)
            run("nice", "cmake", "--build", "--preset", "release", "--target", "binaries", cwd=tree, env=environment)
            build_image(tag, tree, tree / "build/bin")
        finally:
            run("git", "worktree", "remove", "--force", tree, check=False)
    return ""


def upgrade(stack, revision, image):
    """Data of the former image, then this one."""
    former, why_not = f"{image}-former", ""
    if run("docker", "image", "inspect", revision, check=False).returncode == 0:
        former = revision
    elif revision == "none":
        why_not = "as asked"
    else:
        why_not = former_image(revision, former)
    if why_not:
        step(f"upgrade: left out, {why_not}")
        return
    stack.compose("down", "--volumes")
    stack.use_image(former)
    stack.up()
    stack.load()
    report = stack.report()
    step(f"loaded with the image of {revision}")
    stack.use_image(image)
    stack.up()
    stack.must_be_whole(report)
    step("upgraded: everything acknowledged is there")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=pathlib.Path)
    parser.add_argument("--from-source", action="store_true", help="compile in the image, as docker-compose build does")
    parser.add_argument("--upgrade-from", default="HEAD~1", metavar="FORMER",
                        help="a commit that is built, an image that is there, or none (default: HEAD~1)")
    parser.add_argument("--keep", action="store_true", help="leave image and containers for a look")
    arguments = parser.parse_args()
    compose = compose_command()
    if compose is None or run("docker", "info", check=False).returncode != 0:
        print("compose-test: left out, for no Docker engine with compose answers here", file=sys.stderr)
        return NO_ENGINE
    image = f"partnerskap-test:{os.getpid()}"
    with contextlib.ExitStack() as done:
        folder = pathlib.Path(done.enter_context(tempfile.TemporaryDirectory(prefix="partnerskap-compose-")))
        make_base()
        begin = time.monotonic()
        build_image(image, ROOT, None if arguments.from_source else arguments.binaries.resolve())
        step(f"image built in {time.monotonic() - begin:.0f} s")
        stack = Stack(compose, image, folder)
        if not arguments.keep:
            done.callback(run, "docker", "image", "rm", "--force", image, f"{image}-former", check=False)
            done.callback(stack.down)
        check_image(image)
        stack.up()
        check_hardening(stack)
        step("up: one port, nobody is root, nothing is writable but the volumes")
        stack.load()
        report = stack.report()
        stack.must_be_whole(report)
        step("loaded and reported through the edge")
        kill_each(stack, report)
        cut_off(stack, report)
        step("cut off and back: agreements")
        stack.compose("restart")
        stack.healthy()
        stack.must_be_whole(report)
        step("restarted all")
        fill_disk(compose, image, folder)
        upgrade(stack, arguments.upgrade_from, image)
    step("compose-test: all held")
    return 0


if __name__ == "__main__":
    sys.exit(main())
