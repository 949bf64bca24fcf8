"""What the JupyterLab sidebar costs the person who types: a real server, a real browser, notebooks of made-up cells.

Measures, in the browser, with the panel open: the wall time from an edit to the changed findings on the screen, in a
notebook of 100 cells; and in one of 500 cells the long tasks (over 50 ms on the page's one thread) while somebody
types, beside those of the same typing with the panel closed and with the extension switched off, how long our code
alone held the page, and what the page's thread worked for each key, which a busy machine does not change; and the
requests sent while the panel is closed. Does not measure how fast JupyterLab itself is, nor a network between browser
and server.

    python benchmarks/panel.py [--edits 40] [--keys 120]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tests")]

from helpers_lab import LabServer, cell, running_lab, write_notebook  # noqa: E402 - helpers of the tests
from helpers_ui import load, open_notebook, run  # noqa: E402

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DEBOUNCE = 150

# One edit that brings a finding or takes it away, and how long until the number of findings says so; no frame later.
EDIT = """async ([cells, edits]) => {
    const model = [...window.jupyterapp.shell.widgets('main')].find(w => w.isVisible && w.content?.model)
        .content.model.sharedModel;
    const live = document.querySelector('.nbm-live');
    const took = [];
    for (let edit = 0; edit < edits; edit++) {
        const cell = model.cells[(edit * 37) % cells];
        const source = cell.getSource();
        const change = new Promise(done => {
            const seen = new MutationObserver(() => { seen.disconnect(); done(performance.now()); });
            seen.observe(live, { childList: true, characterData: true, subtree: true });
        });
        const start = performance.now();
        cell.setSource(source + '\\nprint(nowhere)');
        took.push(await change - start);
        await new Promise(done => setTimeout(done, 250));
        cell.setSource(source);
        await new Promise(done => setTimeout(done, 700));
    }
    return took;
}"""
WATCH = """() => {
    window.__long = [];
    window.__watch?.disconnect();
    const note = list => list.getEntries().forEach(one => window.__long.push(one.duration));
    window.__watch = new PerformanceObserver(note);
    window.__watch.observe({ type: 'longtask' });
}"""
# JupyterLab makes the editors of a long notebook bit by bit when it has time; that is not ours to measure.
MADE = """() => {
    const all = [...window.jupyterapp.shell.widgets('main')];
    return all.find(w => w.isVisible && w.content?.widgets?.length > 400)?.content.widgets.every(cell => cell.editor);
}"""


def made_up(count: int) -> list[dict[str, Any]]:
    """Cells as a notebook of analysis has them: each reads what some cells above it made, one in five shows a table."""
    cells = []
    for number in range(count):
        above = max(0, number - 7)
        lines = [f"value_{number} = [n * {number} for n in range(10)]"]
        lines += [f"table_{number} = {{'a': value_{above}, 'b': value_{number}}}"] if number else []
        lines += [
            f"def step_{number}(rows):",
            f"    return [row + {number} for row in rows]",
            f"step_{number}(value_{above})",
        ]
        html = "<table>" + "".join(f"<tr><td>{n}</td><td>{n * number}</td></tr>" for n in range(20)) + "</table>"
        shown: dict[str, Any] = {"output_type": "execute_result", "execution_count": number + 1, "metadata": {}}
        shown["data"] = {"text/html": html}
        cells.append(cell("\n".join(lines), *([shown] if number % 5 == 0 else []), count=number + 1))
    return cells


PARTS = ("TaskDuration", "ScriptDuration", "RecalcStyleDuration", "LayoutDuration")


def typed(page: Any, keys: int) -> tuple[list[float], float, list[float]]:
    """While somebody types that many keys, 40 ms apart, into a cell in the middle: durations of the page's long tasks,
    the longest time that our code held the page without a pause, and for each key what the page's thread worked (all,
    scripts, styles, layout; its own time, not the clock's), in milliseconds."""
    page.evaluate(
        "() => { const n = window.jupyterapp.shell.currentWidget.content; n.activeCellIndex = 250; n.mode = 'edit'; }"
    )
    page.wait_for_timeout(2500)
    page.evaluate(WATCH)
    driver = page.context.new_cdp_session(page)
    driver.send("Profiler.enable")
    driver.send("Profiler.setSamplingInterval", {"interval": 500})
    driver.send("Profiler.start")
    driver.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = worked(driver)
    page.keyboard.type(("abc = 1 + 2\n" * keys)[:keys], delay=40)
    page.wait_for_timeout(1500)
    each = [1000 * (now - then) / max(keys, 1) for now, then in zip(worked(driver), before, strict=True)]
    profile = driver.send("Profiler.stop")["profile"]
    driver.detach()
    return page.evaluate("() => window.__long"), longest_of_ours(profile), each


def worked(driver: Any) -> list[float]:
    """How long the page's thread has worked so far, by PARTS, in seconds."""
    told = {one["name"]: one["value"] for one in driver.send("Performance.getMetrics")["metrics"]}
    return [told[part] for part in PARTS]


def longest_of_ours(profile: dict[str, Any]) -> float:
    """The longest stretch of samples with our code on the stack."""
    above = {child: node["id"] for node in profile["nodes"] for child in node.get("children", ())}
    ours = {node["id"] for node in profile["nodes"] if "/nb-mlops/static/" in node["callFrame"]["url"]}

    def holds(node: int | None) -> bool:
        while node is not None and node not in ours:
            node = above.get(node)
        return node is not None

    longest = now = 0.0
    for node, microseconds in zip(profile["samples"], profile["timeDeltas"], strict=True):
        now = now + microseconds / 1000 if holds(node) else 0.0
        longest = max(longest, now)
    return longest


def hidden_requests(page: Any) -> int:
    """Requests of ours while the panel is closed and somebody types, and while the page itself is out of sight."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/nb-mlops/" in request.url else None)
    page.keyboard.type("more = 3\n", delay=40)
    page.wait_for_timeout(5000)
    return len(asked)


def measure(page: Any, lab: LabServer, edits: int, keys: int) -> int:
    """Print the tables; how many requests were sent while the panel was closed."""
    write_notebook(lab.root / "hundred.ipynb", *made_up(100))
    write_notebook(lab.root / "five_hundred.ipynb", *made_up(500))
    open_notebook(page, "hundred.ipynb", kernel=True)
    page.wait_for_timeout(1500)
    took = sorted(one - DEBOUNCE for one in page.evaluate(EDIT, [100, edits]))
    print("| 100 cells, edit to findings shown, beyond the debounce | ms |")
    print("|---|--:|")
    print(f"| median of {len(took)} | {statistics.median(took):.0f} |")
    print(f"| best, 90th percentile, worst | {took[0]:.0f}, {took[int(len(took) * 0.9)]:.0f}, {took[-1]:.0f} |\n")
    long_notebook(page)
    print(f"| 500 cells, {keys} keys | long tasks of the page | longest, ms | ours at a stretch, ms | {WORK} |")
    print("|---|--:|--:|--:|--:|")
    for name, view in (("findings", "show-findings"), ("cells", "show-dependencies"), ("panel closed", "")):
        run(page, f"nb-mlops:{view}" if view else "nb-mlops:open-panel")
        run(page, "docmanager:open", path="five_hundred.ipynb")
        row(name, *typed(page, keys))
    return hidden_requests(page)


WORK = "the page's thread for each key, ms (scripts, styles, layout)"


def long_notebook(page: Any) -> None:
    """The notebook of 500 cells, when JupyterLab has made all its editors."""
    run(page, "docmanager:open", path="five_hundred.ipynb", factory="Notebook")
    page.wait_for_function(MADE, timeout=240_000)
    page.wait_for_timeout(3000)


def row(name: str, long: list[float], ours: float, each: list[float]) -> None:
    """Print what `typed` has found."""
    every, *parts = (f"{one:.1f}" for one in each)
    print(f"| {name} | {len(long)} | {max(long, default=0):.0f} | {ours:.0f} | {every} ({', '.join(parts)}) |")


def without(page: Any, lab: LabServer, keys: int) -> None:
    """The row of the same typing with the extension switched off."""
    settings = lab.home / "CONFIG" / "labconfig" / "page_config.json"
    told = json.loads(settings.read_text("utf-8"))
    told["disabledExtensions"]["nb-mlops"] = True
    settings.write_text(json.dumps(told), "utf-8")
    page.goto(f"{lab.url}/lab?reset")
    page.wait_for_function("() => window.jupyterapp?.commands.hasCommand('docmanager:open')")
    long_notebook(page)
    row("extension off", *typed(page, keys))


def main() -> None:
    """Start a server and a browser, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--keys", type=int, default=120)
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as place, running_lab(Path(place) / "lab") as lab, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(60_000)
        load(page, lab)
        asked = measure(page, lab, given.edits, given.keys)
        page.context.close()
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.set_default_timeout(60_000)
        without(page, lab, given.keys)
        print(f"\nRequests while the panel is closed and somebody types: {asked}.")
        print(f"Load of the machine meanwhile: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
        browser.close()


if __name__ == "__main__":
    main()
