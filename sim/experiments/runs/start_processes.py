"""Start worker processes, and shut down pools whose processes did not start.

A machine may be unable to start another process: too few open files (``ulimit -n``), too few processes (``ulimit -u``, a container's
limit), no shared memory. `concurrent.futures` then leaves a pool that waits forever.
"""

import contextlib
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from sim.errors import UserError, reason
from sim.messages import Message

FILES_PER_WORKER, OTHER_FILES = 12, 128
"""Open files of this process per worker, most of them pipes, and those that it needs in any case."""


NO_START = Message(
    'worker processes do not start (the machine is at its limit, or the script lacks `if __name__ == "__main__":`); workers=1 needs none'
)


class NotStarted(UserError):
    """Raised where a worker process could not be started."""

    def __init__(self, why: object):
        super().__init__(
            Message(
                "worker processes cannot be started: {why}; use fewer (--workers 1 needs none), or raise the limit of "
                "open files (ulimit -n) or processes (ulimit -u)",
                why=why,
            )
        )

    def __reduce__(self) -> tuple:
        return NotStarted, (self.message.values["why"],)


@contextlib.contextmanager
def starting_processes() -> Iterator[None]:
    """Context in which pools are created and given work: raises `NotStarted` if a process cannot be started.

    A pool that broke stays a `BrokenProcessPool`.
    """
    try:
        yield
    except BrokenProcessPool:
        raise
    except OSError as error:
        raise NotStarted(reason(error)) from error
    except (RuntimeError, ImportError) as error:  # no manager thread; no semaphores
        raise NotStarted(error) from error


def make_room(workers: int) -> None:
    """Raise this process's limit of open files to what its workers need, as far as the system allows: some start with 256."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OTHER_FILES + FILES_PER_WORKER * workers
    if soft != resource.RLIM_INFINITY and soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def end_now(pool: ProcessPoolExecutor) -> None:
    """Terminate a pool immediately, also one whose workers never started, for which `shutdown` would wait forever."""
    processes = list((pool._processes or {}).values())
    for process in processes:
        process.kill()
    if not processes:
        pool._result_queue._writer.close()  # type: ignore[attr-defined]  # its manager reads the end of this pipe and exits
    close(pool)


def close(pool: ProcessPoolExecutor, wait: bool = True) -> None:
    """Shut down a pool; jobs that have not started are cancelled."""
    with contextlib.suppress(RuntimeError):  # its manager could not be started
        pool.shutdown(wait=wait, cancel_futures=True)


def unattended(pool: ProcessPoolExecutor) -> bool:
    """Whether the manager thread of a pool has ended, so that its calls will never run."""
    manager: Any = pool._executor_manager_thread
    return manager is not None and not manager.is_alive()
