"""A whole suite with its edge, on free ports of 127.0.0.1, for tests: real services, real nginx, real certificates."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOMAIN = "partnerskap.internal"
ADMIN = f"spiffe://{DOMAIN}/org/operator/sys/admin"
DIARY = f"spiffe://{DOMAIN}/org/kommun-0136/sys/diary"
SERVICES = {
    "membership": ["agreements"],
    "agreements": ["membership"],
    "scheduling": ["membership", "agreements"],
    "peer-review": ["membership", "scheduling"],
}
# The ports that deploy/edge/local.conf names.
PORTS = {"edge": 7400, "membership": 7401, "agreements": 7402, "scheduling": 7403, "peer-review": 7404}
# Seconds until something that has to happen has happened, on a busy machine.
PATIENCE = 60


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_until(condition, what, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen within {seconds} s")
        time.sleep(0.05)


class Stack:
    """`folder` is kept by the caller; `stop` ends every process."""

    def __init__(self, binaries, folder):
        self.binaries = pathlib.Path(binaries).resolve()
        self.folder = pathlib.Path(folder)
        self.state = self.folder / "state"
        self.ports = dict(zip(PORTS, free_ports(len(PORTS))))
        self.processes = {}
        self.certificates("init", "--domain", DOMAIN)
        self._configure_edge()
        self._issue_diary()

    def certificates(self, command, *arguments):
        subprocess.run(
            [self.binaries / "partnerskap-certs", command, "--state", self.state, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _issue_diary(self):
        """A member's system, besides the administrator."""
        self.certificates("issue", "--name", "diary", "--uri", DIARY)
        with (self.folder / "roles.textproto").open("a") as roles:
            roles.write(f'bindings {{ principal: "{DIARY}" roles: "member" }}\n')

    def client_files(self, name="admin"):
        return self.state / "clients" / name

    def address(self, name="edge"):
        return f"127.0.0.1:{self.ports[name]}"

    def log(self, name):
        return self.folder / f"{name}.log"

    def start(self):
        for name in SERVICES:
            self.start_service(name)
        self.start_edge()
        for name in PORTS:
            wait_until(lambda name=name: self.serves(name), f"{name} serving")

    def start_service(self, name):
        command = [self.binaries / f"partnerskap-{name}", "--state", self.state, "--admin", "off"]
        command += ["--roles", self.folder / "roles.textproto", "--listen", self.address(name)]
        command += [f"--peer={peer}={self.address(peer)}" for peer in SERVICES[name]]
        self._start(name, command)

    def start_edge(self):
        folder = self.state / "edge"
        command = ["nginx", "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"]
        self._start("edge", command + (["-g", "user root;"] if os.geteuid() == 0 else []))

    def serves(self, name):
        asked = [self.binaries / "partnerskap-health", name, self.address(name), "--state", self.state]
        return subprocess.run(asked, stdout=subprocess.DEVNULL, check=False).returncode == 0

    def pid(self, name):
        return self.processes[name].pid

    def alive(self, name):
        return self.processes[name].poll() is None

    def end(self, name, how=signal.SIGTERM):
        self.processes[name].send_signal(how)
        self.processes[name].wait(PATIENCE)

    def stop(self):
        for name in reversed(self.processes):
            if self.alive(name):
                self.processes[name].send_signal(signal.SIGCONT)
                self.end(name)

    def _start(self, name, command):
        with self.log(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _configure_edge(self):
        shutil.copy(ROOT / "deploy/roles.textproto", self.folder / "roles.textproto")
        folder = self.state / "edge"
        for name in ("limits.conf", "routes.conf", "serving.bin"):
            shutil.copy(ROOT / "deploy/edge" / name, folder / name)
        text = (ROOT / "deploy/edge/local.conf").read_text()
        for name, port in PORTS.items():
            text = text.replace(f"127.0.0.1:{port}", self.address(name))
        (folder / "nginx.conf").write_text(text)
