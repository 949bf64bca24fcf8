"""The routes, each of which calls one command and translates its answer into JSON."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from tornado.web import HTTPError

from nb_mlops.commands import jobs, live, rules
from nb_mlops.doors.lab.blobs import Blobs
from nb_mlops.doors.lab.handler import Handler, House, guarded
from nb_mlops.reporters import graph, json

PREFIX = "nb-mlops"


def routes(base_url: str, root: str) -> list[tuple[str, type[Handler], dict[str, Any]]]:
    """Every route, for a server whose notebooks lie below `root`."""
    house = House(Path(root).expanduser().resolve(), Blobs(), {})
    return [(url_path_join(base_url, PREFIX, path), handler, {"house": house}) for path, handler in ROUTES.items()]


class OpenNotebook(Handler):
    """Requests about a notebook as it stands in an editor."""

    def document(self) -> tuple[dict[str, Any], str] | None:
        """What was sent and the path of its file; None when tokens are unknown and were asked for instead."""
        sent = self.body()
        blobs, document = sent.get("blobs"), sent.get("document")
        path = self.inside(sent.get("path"))
        if not isinstance(document, dict):
            raise HTTPError(400, "`document` must be an object")
        if isinstance(blobs, dict) and blobs:
            self.house.blobs.put(blobs, len(self.request.body))
        if missing := self.house.blobs.missing(live.tokens(document)):
            self.reply({"need": list(missing)})
            return None
        return sent, str(self.house.root / path)


class LintRoute(OpenNotebook):
    """What there is to say of an open notebook."""

    @guarded("read")
    async def post(self) -> None:
        """Lint it, saved or not."""
        if (found := self.document()) is None:
            return
        sent, path = found
        look = await self.thought(live.look_at, sent["document"], path, self.house.blobs.get)
        report = json.document(look.report)
        shown = self.inside(sent["path"])
        for row, finding in zip(report["findings"], look.report.findings, strict=True):
            row |= {"path": shown, "data": _shown(finding.data)}
        self.reply(report | {"graph": graph.values(look.graph), "content": look.content})


class GraphRoute(OpenNotebook):
    """Which cells depend on which."""

    @guarded("read")
    async def post(self) -> None:
        """The graph, also as Mermaid."""
        if (found := self.document()) is None:
            return
        sent, path = found
        made = await self.thought(live.graph_of, sent["document"], path, self.house.blobs.get)
        self.reply({"graph": graph.values(made), "mermaid": graph.mermaid(made)})


class FixRoute(OpenNotebook):
    """What mends findings."""

    @guarded("read")
    async def post(self) -> None:
        """The edits that mend the findings that are named, or all that is safe to mend."""
        if (found := self.document()) is None:
            return
        sent, path = found
        named = _texts(sent.get("fingerprints"))
        unsafe = sent.get("unsafe") is True
        made = await self.thought(live.mend, sent["document"], path, self.house.blobs.get, named, unsafe)
        self.reply(_mended(made, path, self.inside(sent["path"])))


class IgnoreRoute(OpenNotebook):
    """What silences findings."""

    @guarded("read")
    async def post(self) -> None:
        """The edits that silence the findings that are named."""
        if (found := self.document()) is None:
            return
        sent, path = found
        named, reason = _texts(sent.get("fingerprints")), str(sent.get("reason") or "")
        whole = sent.get("whole_cell") is True
        made = await self.thought(live.ignore, sent["document"], path, self.house.blobs.get, named, reason, whole)
        self.reply(_mended(made, path, self.inside(sent["path"])))


class RulesRoute(Handler):
    """The rules there are."""

    @guarded("read")
    async def get(self) -> None:
        """A row for each."""
        self.reply([_row(row) for row in await self.thought(rules.rows)])


class RuleRoute(Handler):
    """One rule."""

    @guarded("read")
    async def get(self, name: str) -> None:
        """Its page (Markdown)."""
        found = await self.thought(rules.page, name)
        self.reply(_row(found.row) | {"page": found.page})


class ParametersRoute(Handler):
    """What jobs of a notebook may be given."""

    @guarded("read")
    async def get(self) -> None:
        """The parameters of the saved notebook with their defaults, null where it takes none, and what jobs take."""
        path = self.inside(self.get_query_argument("path"))
        root = str(self.house.root)
        known = await self.thought(jobs.parameters, root, path)
        content = await self.thought(jobs.content, root, path)
        self.reply({"parameters": known, "content": content, "verbs": {v: list(o) for v, o in jobs.VERBS.items()}})


class PackageRoute(Handler):
    """The package of a notebook."""

    @guarded("read")
    async def get(self) -> None:
        """What it consists of and what became of which cell; with `preview`, of the one that would be made."""
        from nb_mlops.commands import convert  # brings LibCST along, which nothing else here needs

        path = self.inside(self.get_query_argument("path"))
        place = str(self.house.root / path)
        if self.get_query_argument("preview", ""):
            # Not among the others: it takes a second, and somebody may be typing.
            self.reply(convert.outline_report(await asyncio.to_thread(convert.preview, place)))
            return
        made = await self.thought(convert.outline_of, place)
        if made is None:
            self.refuse(404, "There is no package of this notebook.", "Convert it.")
            return
        shown = self.inside(os.path.relpath(made.out, self.house.root))
        self.reply(convert.outline_report(made) | {"out": shown})


class JobsRoute(Handler):
    """Jobs."""

    @guarded("read")
    async def get(self) -> None:
        """All that are kept, newest first."""
        found = await self.thought(jobs.every, str(self.house.root))
        for job in found:
            self.watch.follow(job)
        self.reply([jobs.report(job, whole=False) for job in found])

    @guarded("execute")
    async def post(self) -> None:
        """Start one; 202, as it will take its time."""
        sent = self.body()
        options = dict(sent["options"]) if isinstance(sent.get("options"), dict) else {}
        if "out" in options:
            options["out"] = self.inside(options["out"])
        if options.get("holdout"):  # an empty one is that of the settings
            options["holdout"] = self.inside(options["holdout"])
        path, verb = self.inside(sent.get("path")), str(sent.get("verb"))
        job = await self.thought(jobs.start, str(self.house.root), verb, path, options)
        self.watch.follow(job)
        self.reply(jobs.report(job), 202)


class JobRoute(Handler):
    """One job."""

    @guarded("read")
    async def get(self, id: str) -> None:
        """How it stands, and what came of it."""
        job = await self.thought(jobs.get, str(self.house.root), id)
        self.watch.follow(job)
        self.reply(jobs.report(job))

    @guarded("execute")
    async def delete(self, id: str) -> None:
        """Stop it."""
        # Not among the others: it waits until all that the job started is gone.
        self.reply(jobs.report(await asyncio.to_thread(jobs.cancel, str(self.house.root), id)))


class JobPageRoute(Handler):
    """The report of a job as a page of its own."""

    @guarded("read")
    async def get(self, id: str) -> None:
        """The page, which shows what a notebook put out: it runs nothing and fetches nothing."""
        found = await self.thought(jobs.page, str(self.house.root), id)
        self.set_header("Content-Security-Policy", _PAGE_POLICY)
        self.finish(found, set_content_type="text/html; charset=utf-8")


_PAGE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

ROUTES: Mapping[str, type[Handler]] = {
    "lint": LintRoute,
    "graph": GraphRoute,
    "fix": FixRoute,
    "ignore": IgnoreRoute,
    "rules": RulesRoute,
    "rules/([A-Za-z0-9-]+)": RuleRoute,
    "parameters": ParametersRoute,
    "package": PackageRoute,
    "jobs": JobsRoute,
    "jobs/([A-Za-z0-9-]+)": JobRoute,
    "jobs/([A-Za-z0-9-]+)/page": JobPageRoute,
}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def _row(row: rules.RuleRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "slug": row.slug,
        "severity": row.severity,
        "default": row.default,
        "fixable": row.fixable,
        "summary": row.summary,
    }


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a panel shows beside the message: the line it is about, both replays, the tool that said it."""
    return {key: data[key] for key in ("excerpt", "caret", "replays", "names", "tool", "safe", "url") if key in data}


def _mended(made: live.Mended, path: str, shown: str) -> dict[str, Any]:
    """Edits and what they come to; the diff names the notebook as the client knows it."""
    lines = [
        line.replace(path, shown, 1) if line.startswith(("--- ", "+++ ")) else line for line in made.diff.split("\n")
    ]
    fixed = [json.finding_json(finding) | {"path": shown} for finding in made.fixed]
    return {"edits": made.edits, "diff": "\n".join(lines), "fixed": fixed}
