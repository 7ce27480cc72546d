"""A sweep of a million runs on a Dask cluster of this machine, killed twice, in constant memory.

    python -m bench.million [--runs 1000000] [--small 20000] [--workers 2] [--folder build/million]
    python -m bench.million --overhead [--runs 20000] [--rounds 3] [--workers 2]
    python -m bench.million --costs [--runs 20000] [--workers 2]

1. The sweep by the processes of one command, never interrupted: what has to come out.
2. A small sweep on a cluster (a scheduler, workers, a client, each a process of its own): the
   largest memory of each.
3. The whole sweep on such a cluster. A third of the way a worker is killed (SIGKILL), two thirds of
   the way the client is; the same command goes on. The sha256 has to be that of 1, no run may be
   missing or there twice, and no process may need `GROWTH` times the memory that it had in 2.

`--overhead` measures the processor time of a sweep by Dask's workers over that by processes, in
pairs, the second of a pair being the first of the next. `--costs` measures what docs/scaling.md
extrapolates from: a task without work, a run, what the client does for a run at the end, and bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

ROOT = Path(__file__).parents[1]
REPLICATES = 100  # runs a point
SWEEP = ("sweep", "polonez_vs_iskander", "--over", "states.AZE.find=0..1", "--design", "lhs")
VARIANTS = ("no_sale", "sale")
GROWTH = 1.15
MOST_MB = 1500  # what a process may need
TICK = 0.5  # seconds between looks at memory
THIRDS = (1 / 3, 2 / 3)
PATIENCE = 300  # seconds for a cluster to come up


def main() -> None:
    """Measure and print; exit with 1 if anything is not as it has to be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int)
    parser.add_argument("--small", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "million")
    parser.add_argument("--overhead", action="store_true")
    parser.add_argument("--costs", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.overhead:
        overhead(options.runs or 20_000, options.workers, options.rounds, options.folder)
        return
    if options.costs:
        costs(options.runs or 20_000, options.workers, options.folder)
        return
    faults = million(options.runs or 10**6, options.small, options.workers, options.folder)
    print("\n".join(faults) or "all as it has to be")
    sys.exit(bool(faults))


def million(runs: int, small: int, workers: int, folder: Path) -> list[str]:
    """Run the three sweeps, print what they took, and return what is wrong."""
    for name in ("whole", "small", "broken"):
        shutil.rmtree(folder / name, ignore_errors=True)
    _, clock = cpu_of(command(folder / "whole", runs, "--jobs", str(workers)))
    wanted = hash_of(folder / "whole")
    print(f"1 processes: {runs:,} runs, {clock:.0f} s by the clock, sha256 {wanted[:16]}")
    with cluster(folder, workers) as place:
        finished(place.started(folder / "small", small))
        before = dict(place.peaks)
    said = ", ".join(f"{name} {mb:.0f} MB" for name, mb in before.items())
    print(f"2 cluster: {small:,} runs, {said}")
    start = time.perf_counter()
    with cluster(folder, workers) as place:
        kills = broken(place, folder / "broken", runs)
        after = dict(place.peaks)
    found = hash_of(folder / "broken")
    said = ", ".join(f"{name} {mb:.0f} MB" for name, mb in after.items())
    print(f"3 cluster, {kills}: {runs:,} runs, {time.perf_counter() - start:.0f} s, {said}")
    faults = [] if found == wanted else [f"another table: {found}, not {wanted}"]
    for name, mb in after.items():
        if mb > GROWTH * before[name] or mb > MOST_MB:
            faults.append(f"{name}: {mb:.0f} MB, {before[name]:.0f} with {small:,} runs")
    return faults


def broken(place: LocalMachines, out: Path, runs: int) -> str:
    """Sweep on a cluster, kill a worker and then the client, go on; return what was killed."""
    said, client = [], place.started(out, runs)
    for share, name in zip(THIRDS, ("worker", "client"), strict=True):
        while rows_in(out) < share * runs:
            if client.poll() is not None:
                message = f"the sweep ended with {client.returncode} before the {name} was killed"
                raise SystemExit(message)
            time.sleep(0.1)
        if name == "worker":
            os.kill(place.worker(), signal.SIGKILL)
        else:
            client.kill()
            client.wait()
        said.append(f"{name} killed at {rows_in(out):,}")
    kept = rows_in(out)
    client = place.started(out, runs)
    finished(client)
    return ", ".join([*said, f"resumed with {kept:,}"])


class LocalMachines:
    """A scheduler and workers on this machine, and the largest memory of each kind of process."""

    def __init__(self, file: Path, scheduler: int, nanny: int) -> None:
        self.file, self.scheduler, self.nanny = file, scheduler, nanny
        self.clients: list[int] = []
        self.peaks: dict[str, float] = {}

    @property
    def address(self) -> str:
        """Return the address of the scheduler."""
        return str(json.loads(self.file.read_text())["address"])

    def worker(self) -> int:
        """Return the process of a worker."""
        return max(children(self.nanny), key=memory)

    def started(self, out: Path, runs: int) -> subprocess.Popen[bytes]:
        """Return a sweep that has begun."""
        line = command(out, runs, "--scheduler", self.address)
        client = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL)
        self.clients.append(client.pid)
        return client

    def look(self) -> None:
        """Take down what each process has needed at most so far."""
        those = {
            "client": self.clients,
            "scheduler": [self.scheduler],
            "worker": children(self.nanny),
        }
        for name, processes in those.items():
            most = max((memory(each) for each in processes), default=0.0)
            self.peaks[name] = max(most, self.peaks.get(name, 0.0))


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[LocalMachines]:
    """Yield a cluster of its own, whose memory is watched; it is gone afterwards."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    place = ["--scheduler-file", str(file), "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    first = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *place]
    rest = [*dask, "worker", "--nworkers", str(workers), "--nthreads", "1", *place]
    made = [subprocess.Popen(first, start_new_session=True, **quiet)]
    try:
        until(file.is_file)
        made.append(subprocess.Popen(rest, start_new_session=True, **quiet))
        until(lambda: len(children(made[1].pid)) >= workers)
        machines = LocalMachines(file, made[0].pid, made[1].pid)
        over = threading.Event()
        watch = threading.Thread(target=_watched, args=(machines, over))
        watch.start()
        try:
            yield machines
        finally:
            over.set()
            watch.join()
    finally:
        for each in reversed(made):
            with suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGTERM)
            each.wait()


def _watched(machines: LocalMachines, over: threading.Event) -> None:
    while not over.wait(TICK):
        machines.look()


def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            message = "the cluster did not come up"
            raise SystemExit(message)
        time.sleep(0.1)


def children(process: int) -> list[int]:
    """Return the processes that a process has started, and theirs."""
    found = []
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *children(int(child))]
    return found


def memory(process: int) -> float:
    """Return the most memory that a process has had, MB; 0 if it is gone."""
    with suppress(OSError):
        text = Path(f"/proc/{process}/status").read_text()
        peak = re.search(r"VmHWM:\s+(\d+) kB", text)
        return int(peak[1]) / 1024 if peak else 0.0
    return 0.0


def command(out: Path, runs: int, *where: str) -> list[str]:
    """Return the command line of a sweep."""
    points = str(runs // REPLICATES // len(VARIANTS))
    line = [sys.executable, "-m", "sim", *SWEEP, "-n", points, "--runs", str(REPLICATES)]
    for name in VARIANTS:
        line += ["--variant", name]
    return [*line, *where, "--engine", "compiled", "--out", str(out)]


def finished(process: subprocess.Popen[bytes]) -> None:
    """Wait for a sweep, which has to go well."""
    if code := process.wait():
        message = f"the sweep ended with {code}"
        raise SystemExit(message)


def cpu_of(line: Sequence[str]) -> tuple[float, float]:
    """Return the processor seconds of a command with its processes, and those by the clock."""
    before, start = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(line, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - start


def rows_in(folder: Path) -> int:
    """Return how many runs the ledger of a sweep lists."""
    with suppress(FileNotFoundError):
        lines = (folder / "ledger.jsonl").read_text().splitlines()
        return sum(json.loads(line)["rows"] for line in lines if line.endswith("}"))
    return 0


def hash_of(folder: Path) -> str:
    """Return the sha256 of a sweep's table, all of whose runs were counted."""
    return str(json.loads((folder / "manifest.json").read_text())["table"]["sha256"])


def overhead(runs: int, workers: int, rounds: int, folder: Path) -> None:
    """Print the processor time by Dask over that by processes, in pairs."""
    places = {"processes": (), "Dask": ("--cluster", "local")}
    taken: list[tuple[str, float]] = []
    for name in ("processes", "Dask") * rounds + ("processes",):
        shutil.rmtree(folder / name, ignore_errors=True)
        line = command(folder / name, runs, "--jobs", str(workers), *places[name])
        cpu, clock = cpu_of(line)
        taken.append((name, cpu))
        print(f"{name}: {cpu:.1f} processor seconds, {clock:.1f} by the clock", flush=True)
    pairs = []
    for (one, first), (_, second) in pairwise(taken):
        pairs.append(first / second if one == "Dask" else second / first)
    print(
        f"Dask over processes, {runs:,} runs: {statistics.median(pairs):.3f} "
        f"({min(pairs):.3f} to {max(pairs):.3f}, {len(pairs)} pairs)"
    )


def costs(runs: int, workers: int, folder: Path) -> None:
    """Print what a task, a run and its place in the table cost."""
    with cluster(folder, workers) as place:
        seconds, clock = tasks(place)
        said = ", ".join(f"{name} {1e3 * each:.2f} ms" for name, each in seconds.items())
        print(f"a task without work: {said} of the processor, {1e3 * clock:.2f} ms by the clock")
    spent = []
    for count in (runs // 4, runs):
        out = folder / f"costs_{count}"
        shutil.rmtree(out, ignore_errors=True)
        line = command(out, count, "--jobs", str(workers))
        spent.append(cpu_of(line)[0])
    each = (spent[1] - spent[0]) / (runs - runs // 4)
    print(f"a run, all outcomes, the end of the sweep included: {1e3 * each:.3f} ms")
    idle, _ = cpu_of(line)  # it is finished: the start of the command
    (out / "manifest.json").unlink()
    last, _ = cpu_of(line)  # nothing is missing: the table is read, counted, hashed, summarised
    print(f"of it the end of the sweep, by the client alone: {1e3 * (last - idle) / runs:.3f} ms")
    size = sum(path.stat().st_size for path in (out / "chunks").iterdir())
    print(f"in chunks: {size / runs:.0f} bytes a run")


def tasks(place: LocalMachines, count: int = 2000) -> tuple[dict[str, float], float]:
    """Return what a task without work costs each process, and how long it takes; seconds."""
    from distributed import Client  # noqa: PLC0415 - an extra

    from sim.experiments.cluster import Dask  # noqa: PLC0415 - which it needs
    from sim.experiments.executor import Job, Runner  # noqa: PLC0415

    with Client(place.address) as client:
        runner = Runner(Dask(client), in_order=False)
        list(runner.results(Job(abs, number) for number in range(100)))  # all is imported now
        those = {"client": os.getpid(), "scheduler": place.scheduler, "worker": place.worker()}
        before, start = {name: cpu(each) for name, each in those.items()}, time.perf_counter()
        list(runner.results(Job(abs, number) for number in range(count)))
        clock = time.perf_counter() - start
        spent = {name: (cpu(each) - before[name]) / count for name, each in those.items()}
    return spent, clock / count


def cpu(process: int) -> float:
    """Return the processor seconds of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
