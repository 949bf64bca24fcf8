"""What tests in a browser say often: open a notebook, run a command, type into a cell."""

from __future__ import annotations

from typing import Any

from helpers_lab import LabServer

# The notebook in sight; while the panel has the focus, the shell has no current widget.
_OPEN = "[...window.jupyterapp.shell.widgets('main')].find(w => w.isVisible && w.content?.model?.sharedModel?.cells)"


def load(page: Any, lab: LabServer) -> None:
    """JupyterLab in a fresh workspace, ready to take commands."""
    page.goto(f"{lab.url}/lab?reset")
    ready(page)


def ready(page: Any) -> None:
    """Wait until the page that is being loaded can take commands."""
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    has = "name => window.jupyterapp?.commands.hasCommand(name)"
    for name in ("docmanager:open", "nb-mlops:open-panel"):
        page.wait_for_function(has, arg=name)
    page.evaluate(
        """() => {
            const known = window.jupyterapp.docRegistry;
            const said = known.getKernelPreference.bind(known);
            const none = { shouldStart: false };
            known.getKernelPreference = (...asked) => ({ ...said(...asked), ...(window.__kernels ? {} : none) });
        }"""
    )


def clear_up(page: Any) -> None:
    """Close what is open, saved or not, and the panel; filters are as they were."""
    while (buttons := page.locator(".jp-Dialog button.jp-mod-reject, .jp-Dialog button.jp-mod-accept")).count():
        buttons.first.click()
        page.wait_for_timeout(50)
    run(page, "nb-mlops:show-findings")
    page.evaluate(
        """() => {
            const set = (label, value, event) => {
                const node = document.querySelector(`.nbm-Findings [aria-label="${label}"]`);
                node.value = value;
                node.dispatchEvent(new Event(event));
            };
            set('Filter findings by words', '', 'input');
            set('Group findings', 'cell', 'change');
            document.querySelectorAll(".nbm-filter[aria-pressed='false']").forEach(button => button.click());
        }"""
    )
    page.evaluate(
        """async () => {
            for (const widget of [...window.jupyterapp.shell.widgets('main')]) {
                const context = widget.context;
                if (context) {
                    await context.sessionContext?.shutdown().catch(() => {});
                    context.model.dirty = false;
                }
                widget.dispose();
            }
        }"""
    )
    run(page, "nb-mlops:open-panel")


def run(page: Any, command: str, **args: Any) -> None:
    """Run a command of JupyterLab; its result stays in the page."""
    page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => {})", [command, args])


def open_notebook(page: Any, path: str, view: str = "show-findings", kernel: bool = False) -> None:
    """Open a notebook with the panel at one of its views; without a kernel, which most of the panel does not need."""
    page.evaluate("wanted => { window.__kernels = wanted; }", kernel)
    run(page, "docmanager:open", path=path, factory="Notebook")
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook").wait_for()
    if view:
        run(page, f"nb-mlops:{view}")
        # Until then the panel is about the notebook before.
        page.locator(f".nbm-notebook[title='{path}']").wait_for()
    if kernel:
        kernel_is_idle(page)


def kernel_is_idle(page: Any) -> None:
    page.wait_for_function(f"() => {_OPEN}?.sessionContext?.session?.kernel?.status === 'idle'")


def drawn(page: Any) -> None:
    """Wait until what has changed stands on the screen."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))")


def sources(page: Any) -> list[str]:
    """The sources of the current notebook, as its shared model has them."""
    found: list[str] = page.evaluate(f"() => {_OPEN}.content.model.sharedModel.cells.map(c => c.getSource())")
    return found


def set_source(page: Any, index: int, source: str) -> None:
    """Put a text into a cell as another client would."""
    page.evaluate(
        f"([i, s]) => {_OPEN}.content.model.sharedModel.cells[i].setSource(s)",
        [index, source],
    )


def type_at_end(page: Any, index: int, text: str) -> None:
    """Type into a cell, key by key."""
    editor = page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}'] .cm-content").first
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def finding(page: Any, code: str) -> Any:
    """The row of a finding."""
    return page.locator(f".nbm-finding[data-code='{code}']")
