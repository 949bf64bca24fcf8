"""What all routes share: who may come in, how much they may bring, where they may look, and how errors are told."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, authenticated

from nb_mlops.core.errors import MissingExtraError, NbMlopsError
from nb_mlops.doors.lab.blobs import LARGEST, Blobs
from nb_mlops.doors.lab.events import Watch

Answer = TypeVar("Answer")
# One thread: reading a notebook holds the interpreter anyway, and requests of one client keep their order.
_thinking = ThreadPoolExecutor(1, thread_name_prefix="nb-mlops")


@dataclass(frozen=True, slots=True)
class House:
    """What the routes of one server share."""

    root: Path
    blobs: Blobs
    jobs: dict[str, Watch]


def guarded(action: Literal["read", "execute"]) -> Callable[[Callable[..., Awaitable[None]]], Any]:
    """A route's verb: only for those who are signed in and may do this; errors become JSON with a remedy.

    What only looks is `read`, whatever the verb: nothing on the server changes. What starts or stops a job is
    `execute`: a job runs code with the server's rights.
    """

    def guard(method: Callable[..., Awaitable[None]]) -> Any:
        @functools.wraps(method)
        async def verb(self: Handler, *words: str) -> None:
            try:
                await method(self, *words)
            except NbMlopsError as error:
                self.refuse(501 if isinstance(error, MissingExtraError) else 422, str(error), error.remedy)
            except HTTPError:
                raise
            except Exception as error:
                # A traceback may quote the notebook: it goes to the server's log, not to the page.
                self.log.exception("nb-mlops: %s", self.request.path)
                self.refuse(500, f"nb-mlops itself failed ({type(error).__name__}).", "The server's log says where.")

        return authenticated(authorized(action)(verb))

    return guard


class Handler(APIHandler):
    """A route of ours. Cross-origin requests and those without a token are turned away before anything is read."""

    auth_resource = "nb-mlops"

    def initialize(self, house: House) -> None:
        """Take what the routes of the server share."""
        self.house = house

    @property
    def watch(self) -> Watch:
        """What follows the jobs, made when it is first needed: only then is there a loop to follow them in."""
        root = str(self.house.root)
        if root not in self.house.jobs:
            self.house.jobs[root] = Watch(root, getattr(self, "event_logger", None))
        return self.house.jobs[root]

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent."""
        if len(self.request.body) > LARGEST:
            raise HTTPError(413, "too large")
        try:
            found = json.loads(self.request.body or b"{}")
        except (ValueError, RecursionError):
            raise HTTPError(400, "not JSON") from None
        if not isinstance(found, dict):
            raise HTTPError(400, "not a JSON object")
        return found

    def inside(self, path: Any) -> str:
        """A path that a client names, relative to the root that it must not leave, hidden folders left out."""
        if not isinstance(path, str) or "\0" in path:
            raise HTTPError(400, "a path must be text")
        root = self.house.root
        try:
            target = (root / path.lstrip("/")).resolve()
            relative = target.relative_to(root).as_posix()
        except (ValueError, OSError, RuntimeError):
            raise HTTPError(404, "outside the root") from None
        hidden = any(part.startswith(".") and part != "." for part in relative.split("/"))
        if hidden and not getattr(self.contents_manager, "allow_hidden", False):
            raise HTTPError(404, "hidden")
        return relative

    async def thought(self, function: Callable[..., Answer], *words: Any) -> Answer:
        """What a command says, worked out beside the server's loop."""
        return await asyncio.get_running_loop().run_in_executor(_thinking, functools.partial(function, *words))

    def reply(self, values: Any, status: int = 200) -> None:
        """Answer with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(values, separators=(",", ":")))

    def refuse(self, status: int, message: str, remedy: str) -> None:
        """Answer that it cannot be done, and what could be."""
        self.reply({"message": message, "remedy": remedy or ""}, status)
