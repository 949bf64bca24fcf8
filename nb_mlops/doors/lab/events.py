"""Tells every client how jobs go on, over the events that a Jupyter server has anyway."""

from __future__ import annotations

import asyncio
from typing import Any

from nb_mlops.commands import jobs
from nb_mlops.core.errors import NbMlopsError
from nb_mlops.core.job import Job

SCHEMA = "https://events.nb-mlops.dev/job/v1"
_BETWEEN = 0.25


class Watch:
    """Follows running jobs, each once, and says what is new about them. Nothing runs while no job does."""

    def __init__(self, root: str, logger: Any) -> None:
        self._root = root
        self._logger = logger
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def follow(self, job: Job) -> None:
        """Follow a job until it ends."""
        if not job.state.ended and job.id not in self._tasks:
            self._tasks[job.id] = asyncio.ensure_future(self._follow(job))

    async def _follow(self, job: Job) -> None:
        said = None
        try:
            while True:
                now = (job.state, job.progress[-1] if job.progress else "")
                if now != said:
                    said = now
                    self._tell(job)
                if job.state.ended:
                    return
                await asyncio.sleep(_BETWEEN)
                job = await asyncio.to_thread(jobs.get, self._root, job.id)
        except NbMlopsError:
            return  # it was cleared away
        finally:
            self._tasks.pop(job.id, None)

    def _tell(self, job: Job) -> None:
        if self._logger is None:
            return
        last = job.progress[-1] if job.progress else ""
        data = {"id": job.id, "verb": job.verb, "notebook": job.notebook, "state": job.state.value}
        self._logger.emit(schema_id=SCHEMA, data=data | {"exit_code": job.exit_code, "last": last[:400]})
