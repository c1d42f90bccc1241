"""Runs of a sweep on an existing Dask cluster.

Start one on this machine with ``dask scheduler --host 127.0.0.1`` and ``dask worker tcp://127.0.0.1:8786 --nthreads 1 --nworkers 2``.
A scheduler unpickles everything it receives: one that listens beyond this machine needs TLS (``tls://`` addresses).
"""

import contextlib
import logging
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as Timeout
from typing import Any

from sim.errors import UserError, requires_extra
from sim.experiments.runs.model_source import source_hash
from sim.experiments.runs.process_pool import DIED
from sim.lazy import lazily
from sim.messages import Message
from sim.simulation import compile_kernels

with lazily():
    import distributed

ANSWER_SECONDS = 5.0
QUEUED = 2
"""Calls per thread of the cluster at a time, so that no thread waits for the network."""


class Cluster(Executor):
    """Threads of a Dask cluster as an executor, see `cluster`."""

    tries = 1
    """Dask itself tries several workers before a call fails."""

    def __init__(self, client: Any):
        self.client = client
        self.executor = client.get_executor(pure=False)
        self.capacity = QUEUED

    def submit(self, function: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Submit a call to the cluster. If its worker dies, the call is repeated on another one, a few times."""
        return self.executor.submit(function, *args, **kwargs)

    def watch(self) -> None:
        """Check the connection, and update the number of calls that the workers can take.

        Raises
        ------
        UserError
            When the connection to the scheduler is lost.
        """
        if self.client.status != "running":
            raise UserError(
                "the connection to the Dask scheduler was lost; finished runs are kept, and the same command resumes from there"
            )
        with contextlib.suppress(OSError):
            workers = self.client.scheduler_info(n_workers=-1)["workers"]
            self.capacity = QUEUED * max(1, sum(worker["nthreads"] for worker in workers.values()))

    @property
    def idle(self) -> int:
        """Always above 0: Dask reschedules lost calls and identifies the failing ones itself."""
        return 1

    def blame(self, future: Future) -> str:
        """Always "died": Dask tries a lost call on several workers before it gives up. Worker processes are not killed; runs stop
        themselves after the week in which their time limit is reached."""
        return DIED

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Cancel unfinished calls; the cluster itself keeps running."""
        with contextlib.suppress(Exception):
            self.executor.shutdown(wait=False)


@contextlib.contextmanager
def cluster(address: str, source: str) -> Iterator[Cluster]:
    """A Dask cluster as a context manager.

    Parameters
    ----------
    address : str
        Address of the scheduler, as in ``tcp://127.0.0.1:8786``.
    source : str
        Hash of the sources of the model that its workers must have.

    Raises
    ------
    UserError
        When Dask is not installed, the scheduler does not answer, or its workers lack this model.
    """
    client = _connected(address)
    try:
        _check_workers(client, address, source)
        executor = Cluster(client)
        executor.watch()
        yield executor
        executor.shutdown()
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=2)


def _connected(address: str) -> Any:
    with requires_extra("cluster", Message("--dask needs Dask")):
        connect = distributed.Client
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # errors are reported here, in one line
    try:
        return connect(address, timeout=ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        silent = Message("no answer within {seconds:g} s", seconds=ANSWER_SECONDS)
        raise UserError(
            "--dask {address}: {trouble}; expected the address of a Dask scheduler, as in tcp://127.0.0.1:8786; start "
            "one with `dask scheduler`",
            address=address,
            trouble=Message("is not an address") if isinstance(error, (ValueError, TypeError)) else silent,
        ) from error


def _check_workers(client: Any, address: str, source: str) -> None:
    """Check that every worker can import this package with the same model."""
    try:
        client.wait_for_workers(1, timeout=ANSWER_SECONDS)
    except (Timeout, TimeoutError):
        raise UserError("--dask {address}: the scheduler has no workers; start one with `dask worker {address}`", address=address) from None
    client.run(pkgutil.resolve_name, "sanzhi:__version__", on_error="ignore")  # loads `sim`: in a worker's folder may be another one
    answers = client.run(_source_here, on_error="return")
    for worker, answer in answers.items():
        if isinstance(answer, BaseException):
            raise UserError(
                "--dask {address}: worker {worker} does not have this package ({why}); install sanzhi there",
                address=address,
                worker=worker,
                why=str(answer),
            )
        if answer != source:
            raise UserError(
                "--dask {address}: worker {worker} has a different version of the model; install the same version there and restart it",
                address=address,
                worker=worker,
            )


def _source_here() -> str:
    """Hash of the model's sources on a worker; also compiles the kernels there."""
    compile_kernels()
    return source_hash()
