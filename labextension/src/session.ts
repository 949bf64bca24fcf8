import { Cell, CodeCell } from '@jupyterlab/cells';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';
import { Contents, ServerConnection } from '@jupyterlab/services';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { apply, Undo } from './apply';
import { Sender } from './document';
import { trans } from './i18n';
import { ISent, Refusal, Server } from './request';
import { Runs } from './runs';
import { IStatus, needed, statuses } from './runstate';
import { IGraph, ILook, IMended, IPlace } from './types';

const WAIT = 150;
/** Whoever never stops typing sees findings all the same. */
const LONGEST_WAIT = 1000;
const NO_GRAPH: IGraph = { nodes: [], edges: [] };

export interface IFailure {
  message: string;
  remedy: string;
}

/** What is known of one open notebook. Looks at it again after a change, but only while somebody is watching. */
export class Session implements IDisposable {
  readonly runs: Runs;
  look: ILook | null = null;
  failure: IFailure | null = null;
  /** The fingerprint of the finding that was gone to last. */
  current: string | null = null;

  #sender: Sender;
  #watchers = 0;
  #dirty = true;
  #timer: number | null = null;
  #since = 0;
  #sequence = 0;
  #abort: AbortController | null = null;
  #kept: Map<string, IStatus> | null = null;
  #undoing: Undo | null = null;
  #changed = new Signal<this, 'look' | 'runs'>(this);
  #disposed = false;

  constructor(
    readonly panel: NotebookPanel,
    private server: Server,
    private contents: Contents.IManager
  ) {
    const model = panel.content.model!;
    this.#sender = new Sender(model);
    this.runs = new Runs(panel);
    model.contentChanged.connect(this.#onContent, this);
    this.runs.changed.connect(this.#onRuns, this);
    document.addEventListener('visibilitychange', this.#onVisible);
    panel.disposed.connect(this.dispose, this);
  }

  /** There is something new: findings, or states of runs. */
  get changed(): ISignal<this, 'look' | 'runs'> {
    return this.#changed;
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    if (this.#disposed) {
      return;
    }
    this.#disposed = true;
    this.#abort?.abort();
    this.#clearTimer();
    document.removeEventListener('visibilitychange', this.#onVisible);
    this.#sender.dispose();
    this.runs.dispose();
    Signal.clearData(this);
  }

  /** The path of the notebook on the server, whatever drive it was opened through. */
  get path(): string {
    return this.contents.localPath(this.panel.context.path);
  }

  /** The language of the notebook where it is another than Python; "" where it is, or does not say. */
  get language(): string {
    const { kernelspec, language_info } = (this.panel.content.model?.sharedModel.getMetadata() ?? {}) as any;
    const name = String(language_info?.name || kernelspec?.language || '');
    return /^(i?python\d?)?$/i.test(name) ? '' : name;
  }

  get graph(): IGraph {
    return this.look?.graph ?? NO_GRAPH;
  }

  get canUndo(): boolean {
    return this.#undoing !== null;
  }

  /** Somebody watches from now on, until the function that is returned is called. */
  watch(): () => void {
    this.#watchers++;
    this.#wake();
    let watching = true;
    return () => {
      if (watching) {
        watching = false;
        this.#watchers--;
        if (!this.#watchers) {
          this.#clearTimer();
          this.#abort?.abort();
        }
      }
    };
  }

  /** Look again even if nothing has changed here: settings or files around the notebook may have. */
  refresh(): void {
    this.#dirty = true;
    void this.#ask();
  }

  status(id: string): IStatus | undefined {
    if (!this.#kept) {
      this.#kept = statuses(this.runs.now(), this.runs.runs, 0, this.graph);
    }
    return this.#kept.get(id);
  }

  statusAt(index: number): IStatus | undefined {
    const cell = this.panel.content.model?.cells.get(index);
    return cell && this.status(cell.id);
  }

  /** Run what the result of a cell needs to hold: those above it whose own does not, and itself. */
  async runNeeded(index: number): Promise<void> {
    const notebook = this.panel.content;
    const list = needed(index, this.graph, at => this.statusAt(at)?.state);
    const cells = list.map(at => notebook.widgets[at]).filter(cell => cell instanceof CodeCell);
    for (const cell of cells) {
      const ok = await runCell(this.panel, cell);
      if (!ok) {
        return;
      }
    }
  }

  /** Go to a place: its cell in the middle, and the cursor at its line. */
  async goTo(place: IPlace): Promise<void> {
    if (!place.cell) {
      return;
    }
    const cell = await this.goToCell(place.cell.index);
    const line = place.part === 'source' ? place.line : null;
    if (cell && line !== null) {
      await cell.ready;
      const editor = cell.editor;
      const start = { line: line - 1, column: (place.column ?? 1) - 1 };
      editor?.setSelection({ start, end: start });
      editor?.revealPosition(start);
    }
  }

  async goToCell(index: number): Promise<Cell | null> {
    const notebook = this.panel.content;
    const cell = notebook.widgets[index];
    if (!cell) {
      return null;
    }
    notebook.activeCellIndex = index;
    notebook.deselectAll();
    await notebook.scrollToItem(index, 'center');
    await cell.ready;
    // Outputs that come into sight take their height only now: look again where the cell is.
    await new Promise(requestAnimationFrame);
    const box = cell.node.getBoundingClientRect();
    const sight = notebook.node.getBoundingClientRect();
    if (box.top < sight.top || box.top > sight.bottom - 60) {
      cell.node.scrollIntoView({ block: 'start' });
    }
    return cell;
  }

  mend(fingerprints: string[], unsafe = false): Promise<IMended> {
    return this.#send(sent => this.server.fix(sent, fingerprints, unsafe), true);
  }

  ignore(fingerprints: string[], reason: string, wholeCell: boolean): Promise<IMended> {
    return this.#send(sent => this.server.ignore(sent, fingerprints, reason, wholeCell), true);
  }

  async mermaid(): Promise<string> {
    return (await this.#send(sent => this.server.graph(sent))).mermaid;
  }

  /** Make the edits, unless the notebook has changed since they were worked out. */
  accept(made: IMended & { basis?: string }): boolean {
    if (made.basis !== undefined && made.basis !== this.#basis()) {
      return false;
    }
    this.#undoing = apply(this.panel, made.edits);
    this.refresh();
    return true;
  }

  undo(): boolean {
    const done = this.#undoing?.() ?? false;
    this.#undoing = null;
    this.refresh();
    return done;
  }

  #basis(): string {
    return JSON.stringify((this.#sender.document().document as any).cells);
  }

  #onContent(): void {
    this.#dirty = true;
    this.#kept = null;
    this.#wake();
  }

  #onRuns(): void {
    this.#kept = null;
    this.#changed.emit('runs');
  }

  #onVisible = (): void => {
    if (document.hidden) {
      this.#clearTimer();
      this.#abort?.abort();
    } else {
      this.#wake();
    }
  };

  #wake(): void {
    if (!this.#dirty || !this.#watchers || document.hidden) {
      return;
    }
    const now = Date.now();
    if (this.#timer === null) {
      this.#since = now;
    } else {
      window.clearTimeout(this.#timer);
    }
    const wait = this.look ? Math.max(0, Math.min(WAIT, this.#since + LONGEST_WAIT - now)) : 0;
    this.#timer = window.setTimeout(() => {
      this.#timer = null;
      void this.#ask();
    }, wait);
  }

  #clearTimer(): void {
    if (this.#timer !== null) {
      window.clearTimeout(this.#timer);
      this.#timer = null;
    }
  }

  async #ask(): Promise<void> {
    if (this.#disposed || document.hidden || !this.#watchers) {
      return;
    }
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    const sequence = ++this.#sequence;
    this.#dirty = false;
    try {
      const look = await this.#send(sent => this.server.lint(sent, abort.signal));
      if (sequence === this.#sequence && !this.#disposed) {
        this.look = look;
        this.failure = null;
        this.#kept = null;
      }
    } catch (error) {
      if (abort.signal.aborted || sequence !== this.#sequence) {
        this.#dirty = true;
        return;
      }
      this.failure = error instanceof ServerConnection.NetworkError
        ? { message: trans.__('The server does not answer.'), remedy: trans.__('It may have been stopped, or be out of reach.') }
        : { message: (error as Error).message, remedy: (error as Refusal).remedy ?? '' };
    } finally {
      if (sequence === this.#sequence && !this.#disposed) {
        this.#changed.emit('look');
      }
    }
  }

  /** Send the notebook as it is now; what the server has forgotten is sent again. With `basis` the answer says what it
   * was worked out from. */
  async #send<T extends object>(
    route: (sent: ISent) => Promise<T | { need: string[] }>, basis = false
  ): Promise<T & { basis?: string }> {
    for (let attempt = 0; ; attempt++) {
      const { document, blobs } = this.#sender.document();
      const from = basis ? JSON.stringify((document as any).cells) : undefined;
      const answer = await route({ path: this.path, document, blobs });
      this.#sender.arrived(blobs);
      if (!('need' in answer)) {
        return Object.assign(answer, { basis: from });
      }
      this.#sender.forget(answer.need);
      if (attempt === 2) {
        throw new Error('The server does not keep what it is sent.');
      }
    }
  }
}

async function runCell(panel: NotebookPanel, cell: Cell): Promise<boolean> {
  const run = (NotebookActions as any).runCells;
  if (typeof run === 'function') {
    return run(panel.content, [cell], panel.sessionContext);
  }
  // Before JupyterLab 4.2: the one way is through the selection.
  panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
  panel.content.deselectAll();
  return NotebookActions.run(panel.content, panel.sessionContext);
}
