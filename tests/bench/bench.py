#!/usr/bin/env python3
"""Measures countersign against the real cosigns, side by side in one run, and prints docs/performance.md's tables.

    cargo build --release && python3 tests/bench/bench.py [--runs 15] [--images 1000] [--json FILE]

Needs docker-registry, crane, cosign25 and cosign31 (tests/peers.sh fetches them to target/peers/bin; COUNTERSIGN_PEERS
names another place). Everything is served from this machine: by docker-registry, which keeps files, and by `crane
registry serve`, which keeps all in memory and so leaves most of the time to the tools. A small proxy in this file adds
latency and counts requests.
"""

import argparse
import asyncio
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PEERS = os.path.join(os.environ.get("COUNTERSIGN_PEERS") or os.path.join(ROOT, "target/peers"), "bin")
OURS = os.environ.get("COUNTERSIGN") or os.path.join(ROOT, "target/release/countersign")
LATENCY = 0.05
OCI = "application/vnd.oci.image.manifest.v1+json"
REQUEST = re.compile(rb"(?m)^(?:GET|HEAD|POST|PUT|PATCH|DELETE) \S+ HTTP/1\.1\r$")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy:
    """Forwards to a port; each piece that a client sends is held back for `delay` seconds; requests are counted."""

    def __init__(self, target, delay):
        self.target, self.delay, self.requests = target, delay, 0
        self.port = free_port()
        started = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve(started)), daemon=True).start()
        started.wait()

    async def serve(self, started):
        server = await asyncio.start_server(self.connection, "127.0.0.1", self.port)
        started.set()
        async with server:
            await server.serve_forever()

    async def connection(self, reader, writer):
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target)
        queue = asyncio.Queue()

        async def receive():
            while data := await reader.read(1 << 16):
                self.requests += len(REQUEST.findall(data))
                queue.put_nowait((time.monotonic() + self.delay, data))
            queue.put_nowait((0, None))

        async def send():
            while True:
                due, data = await queue.get()
                if data is None:
                    up_writer.close()
                    return
                await asyncio.sleep(max(0, due - time.monotonic()))
                up_writer.write(data)
                await up_writer.drain()

        async def back():
            while data := await up_reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
            writer.close()

        await asyncio.gather(receive(), send(), back(), return_exceptions=True)


class Stage:
    """A registry, forty signed images in it, and keys."""

    def __init__(self, registry):
        self.directory = tempfile.mkdtemp(prefix="countersign-bench-")
        self.port = free_port()
        command = [os.path.join(PEERS, registry)]
        if registry == "crane":
            command += ["registry", "serve", "--address", f"127.0.0.1:{self.port}"]
        else:
            config = os.path.join(self.directory, "registry.yml")
            with open(config, "w") as file:
                file.write(
                    "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
                    f"storage: {{filesystem: {{rootdirectory: {self.directory}/data}}}}\n"
                    f"http: {{addr: '127.0.0.1:{self.port}'}}\n"
                )
            command += ["serve", config]
        self.registry = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                time.sleep(0.05)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.directory, "COSIGN_PASSWORD": "bench",
            "TUF_ROOT": os.path.join(self.directory, "tuf"), "SIGSTORE_NO_CACHE": "true",
        }
        self.counter = 0
        self.run([OURS, "generate-key-pair"])
        self.key = os.path.join(self.directory, "cosign.key")
        self.public = os.path.join(self.directory, "cosign.pub")
        self.repository = f"127.0.0.1:{self.port}/bench/app"
        self.signed, self.signed_tags = [], []
        for _ in range(40):
            self.signed.append(self.image("bench/app"))
            self.signed_tags.append(self.counter)
        self.run([OURS, *sign_flags("countersign"), self.key, *[f"{self.repository}@{d}" for d in self.signed]])

    def close(self):
        self.registry.kill()
        self.registry.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def image(self, repository):
        """Pushes a new image and returns its digest."""
        self.counter += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port)

        def ask(method, path, body=b"", headers=None):
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            answer.read()
            return answer

        empty = "sha256:" + hashlib.sha256(b"{}").hexdigest()
        if ask("HEAD", f"/v2/{repository}/blobs/{empty}").status != 200:
            location = ask("POST", f"/v2/{repository}/blobs/uploads/").getheader("Location")
            path = re.sub(r"^https?://[^/]+", "", location)
            ask("PUT", f"{path}{'&' if '?' in path else '?'}digest={empty}", b"{}",
                {"Content-Type": "application/octet-stream"})
        descriptor = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": empty}
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": OCI, "config": descriptor, "layers": [],
            "annotations": {"n": str(self.counter)},
        }).encode()
        digest = "sha256:" + hashlib.sha256(manifest).hexdigest()
        for name in (digest, f"t{self.counter}"):
            answer = ask("PUT", f"/v2/{repository}/manifests/{name}", manifest, {"Content-Type": OCI})
            assert answer.status == 201, answer.status
        connection.close()
        return digest

    def run(self, command, count=1, directory=None):
        """Wall seconds of each of `count` runs."""
        times = []
        for _ in range(count):
            with open(os.devnull, "r+b") as null:
                actions = [(os.POSIX_SPAWN_DUP2, null.fileno(), fd) for fd in (0, 1)]
                with tempfile.TemporaryFile() as errors:
                    actions.append((os.POSIX_SPAWN_DUP2, errors.fileno(), 2))
                    before = os.getcwd()
                    os.chdir(directory or self.directory)
                    started = time.perf_counter()
                    pid = os.posix_spawn(command[0], command, self.environment, file_actions=actions)
                    _, status = os.waitpid(pid, 0)
                    times.append(time.perf_counter() - started)
                    os.chdir(before)
                    if status:
                        errors.seek(0)
                        sys.exit(f"{' '.join(command)[:300]}\nended with {status}: {errors.read().decode()[-2000:]}")
        return times

    def peak(self, command, count=3):
        """Peak resident memory in KiB: VmHWM, read until the process ends; the highest of a few runs."""
        best = 0
        for _ in range(count):
            process = subprocess.Popen(command, cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            path = f"/proc/{process.pid}/status"
            while process.poll() is None:
                try:
                    with open(path) as file:
                        match = re.search(r"VmHWM:\s+(\d+)", file.read())
                    best = max(best, int(match.group(1)) if match else 0)
                except OSError:
                    break
            process.wait()
        return best


TOOLS = {
    "cosign 2.5.0": os.path.join(PEERS, "cosign25"),
    "cosign 3.1.1": os.path.join(PEERS, "cosign31"),
    "countersign": OURS,
}
VERIFY = ["verify", "--insecure-ignore-tlog=true", "--key"]


def sign_flags(tool):
    flags = ["sign", "--yes", "--tlog-upload=false"]
    if tool == "cosign 3.1.1":
        flags += ["--use-signing-config=false", "--new-bundle-format=false"]
    return flags + ["--key"]


def timed(table, row, runs, each):
    """Fills a row with the median of `runs` times of each tool. They take turns, so that all have the same luck, of three
    runs, so that most find the processor's caches as they left them."""
    times = {tool: [] for tool in TOOLS}
    for _ in range(-(-runs // 3)):
        for tool, program in TOOLS.items():
            for _ in range(3):
                times[tool] += each(tool, program)
    table[row] = {tool: statistics.median(taken) * 1000 for tool, taken in times.items()}
    print(f"{row}: {table[row]}", file=sys.stderr)


def measure(stage, runs, table, address):
    """Fills `table` with times of verifying and signing at `address`."""
    repository = f"{address}/bench/app"
    by_digest = [f"{repository}@{digest}" for digest in stage.signed]
    by_tag = [f"{repository}:t{number}" for number in stage.signed_tags]

    def verify(images):
        return lambda _, program: stage.run([program, *VERIFY, stage.public, *images])

    targets = {}

    def sign(tool, program):
        targets[tool] = f"{repository}@{stage.image('bench/app')}"
        return sign_again(tool, program)

    def sign_again(tool, program):
        return stage.run([program, *sign_flags(tool), stage.key, targets[tool]])

    timed(table, "verify by digest", runs, verify(by_digest[:1]))
    timed(table, "verify by tag", runs, verify(by_tag[:1]))
    timed(table, "verify 40 images by digest", runs, verify(by_digest))
    timed(table, "verify 40 images by tag", runs, verify(by_tag))
    timed(table, "sign", runs, sign)
    timed(table, "sign again", runs, sign_again)


def alone(stage, runs, table):
    """Fills `table` with times of what asks no registry."""

    def generate(_, program):
        return stage.run([program, "generate-key-pair"], directory=tempfile.mkdtemp(dir=stage.directory))

    timed(table, "version", runs, lambda _, program: stage.run([program, "version"]))
    timed(table, "generate-key-pair", runs, generate)


def requests(stage, table, proxy):
    repository = f"127.0.0.1:{proxy.port}/bench/app"

    def count(command):
        before = proxy.requests
        stage.run(command)
        time.sleep(0.05)
        return proxy.requests - before

    for tool, program in TOOLS.items():
        row = table.setdefault
        digest, number = stage.image("bench/app"), stage.counter
        by_digest, by_tag = f"{repository}@{digest}", f"{repository}:t{number}"
        row("first sign, by digest", {})[tool] = count([program, *sign_flags(tool), stage.key, by_digest])
        row("sign again", {})[tool] = count([program, *sign_flags(tool), stage.key, by_digest])
        row("verify by digest", {})[tool] = count([program, *VERIFY, stage.public, by_digest])
        row("verify by tag", {})[tool] = count([program, *VERIFY, stage.public, by_tag])


def weigh(stage, table):
    """Fills `table` with peak memory in MiB and sizes in MB."""
    by_digest = f"{stage.repository}@{stage.signed[0]}"
    for tool, program in TOOLS.items():
        row = table.setdefault
        row("verify", {})[tool] = stage.peak([program, *VERIFY, stage.public, by_digest], 5) / 1024
        target = f"{stage.repository}@{stage.image('bench/app')}"
        row("sign", {})[tool] = stage.peak([program, *sign_flags(tool), stage.key, target], 1) / 1024
        row("size of the program", {})[tool] = os.path.getsize(program) / 1e6


def growth(stage, images):
    rows = []
    digests = list(stage.signed)
    while len(digests) < images:
        fresh = [stage.image("bench/app") for _ in range(min(200, images - len(digests)))]
        stage.run([OURS, *sign_flags("countersign"), stage.key, *[f"{stage.repository}@{d}" for d in fresh]])
        digests += fresh
    size = 1
    while size <= images:
        command = [OURS, *VERIFY, stage.public, *[f"{stage.repository}@{d}" for d in digests[:size]]]
        rows.append((size, statistics.median(stage.run(command, 3)) * 1000, stage.peak(command, 1) / 1024))
        size *= 10
    return rows


def print_table(title, table, form, unit):
    print(f"\n{title}\n")
    print("| | " + " | ".join(TOOLS) + " | best cosign / countersign |")
    print("|---|" + "--:|" * (len(TOOLS) + 1))
    for name, row in table.items():
        best = min(row[tool] for tool in TOOLS if tool != "countersign")
        ratio = best / row["countersign"] if row["countersign"] else float("inf")
        cells = " | ".join(form.format(row[tool]) + unit for tool in TOOLS)
        print(f"| {name} | {cells} | {ratio:.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    registries = {name: os.path.join(PEERS, name) for name in ("docker-registry", "crane")}
    for name, path in [*TOOLS.items(), *registries.items()]:
        if not os.access(path, os.X_OK):
            sys.exit(f"{name} is not at {path}")
    files, memory, far, rest, counts, weights = {}, {}, {}, {}, {}, {}
    stage = Stage("crane")
    try:
        measure(stage, options.runs, memory, f"127.0.0.1:{stage.port}")
    finally:
        stage.close()
    stage = Stage("docker-registry")
    try:
        measure(stage, options.runs, files, f"127.0.0.1:{stage.port}")
        alone(stage, options.runs, rest)
        measure(stage, max(5, options.runs // 3), far, f"127.0.0.1:{Proxy(stage.port, LATENCY).port}")
        requests(stage, counts, Proxy(stage.port, 0))
        weigh(stage, weights)
        grown = growth(stage, options.images)
    finally:
        stage.close()
    print_table("On a local registry in memory (crane's), median", memory, "{:.1f}", " ms")
    print_table("On a local docker-registry, median", files, "{:.1f}", " ms")
    print_table("Without a registry, median", rest, "{:.1f}", " ms")
    print_table(f"With {LATENCY * 1000:.0f} ms added to each request, median", far, "{:.0f}", " ms")
    print_table("Requests", counts, "{}", "")
    print_table("Peak memory in MiB, size in MB", weights, "{:.1f}", "")
    print("\nOne command over many images\n\n| images | ms | ms per image | peak MiB |\n|--:|--:|--:|--:|")
    for size, ms, peak in grown:
        print(f"| {size} | {ms:.1f} | {ms / size:.2f} | {peak:.1f} |")
    if options.json:
        with open(options.json, "w") as file:
            tables = {"memory": memory, "files": files, "alone": rest, "far": far, "requests": counts,
                      "weights": weights, "growth": grown}
            json.dump(tables, file)


if __name__ == "__main__":
    main()
