"""A real Dask cluster of this machine for tests: a scheduler and workers in processes of their own."""

import contextlib
import json
import subprocess
import sys

from processes import PATIENCE, environment, wait_until


def started(module, *arguments, folder):
    """A process of Dask's command line."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
    return subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def worker(address, folder):
    """A worker of a scheduler."""
    return started("dask_worker", address, "--nthreads", "1", "--nworkers", "1", "--no-nanny", folder=folder)


@contextlib.contextmanager
def cluster(folder, workers):
    """Address and processes of a scheduler that answers, the first, and of workers that it knows."""
    import distributed

    card = folder / "scheduler.json"
    processes = [started("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(card), folder=folder)]
    try:
        address = wait_until(lambda: address_on(card), processes[0])
        processes += [worker(address, folder) for _ in range(workers)]
        with distributed.Client(address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE) if workers else None
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def address_on(card):
    """What a scheduler wrote about itself; None until it has."""
    with contextlib.suppress(OSError, ValueError):
        return json.loads(card.read_text())["address"]
