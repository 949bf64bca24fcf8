import { CodeCellModel, ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { ICellNow, IRun } from './runstate';

/**
 * What ran in the kernel that is there now, in which order and from which text. Listens to the cells' models, so that
 * runs of other clients count too; kept for the tab, so that a reload of the page forgets nothing.
 */
export class Runs implements IDisposable {
  readonly runs = new Map<string, IRun>();
  #running = new Map<string, string>();
  #heard = new WeakSet<ICellModel>();
  #sequence = 0;
  #kernel = '';
  #changed = new Signal<this, void>(this);
  #disposed = false;

  constructor(private panel: NotebookPanel) {
    const context = panel.sessionContext;
    context.statusChanged.connect(this.#onStatus, this);
    context.kernelChanged.connect(this.#onKernel, this);
    panel.content.model?.cells.changed.connect(this.#listen, this);
    this.#onKernel();
    this.#listen();
  }

  /** A run has begun or ended, or the kernel is another. */
  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    this.#disposed = true;
    Signal.clearData(this);
  }

  now(): ICellNow[] {
    const found: ICellNow[] = [];
    let index = 0;
    for (const cell of this.panel.content.model?.cells ?? []) {
      if (cell.type === 'code') {
        found.push({
          id: cell.id,
          index,
          source: cell.sharedModel.getSource(),
          count: (cell as ICodeCellModel).executionCount,
          running: this.#running.has(cell.id)
        });
      }
      index++;
    }
    return found;
  }

  #listen(): void {
    for (const cell of this.panel.content.model?.cells ?? []) {
      if (cell.type === 'code' && !this.#heard.has(cell)) {
        this.#heard.add(cell);
        cell.stateChanged.connect(this.#onState, this);
      }
    }
  }

  #onState(cell: ICellModel, change: { name: string; newValue?: any }): void {
    const state = change.name === 'executionState' ? change.newValue : '';
    const count = change.name === 'executionCount' ? change.newValue : undefined;
    if (state === 'running' || (count === null && this.#isBusy)) {
      this.#running.set(cell.id, cell.sharedModel.getSource());
    } else if (typeof count === 'number') {
      this.#ran(cell as CodeCellModel);
    } else if (state === 'idle') {
      this.#running.delete(cell.id);
    } else {
      return;
    }
    this.#changed.emit();
  }

  #ran(cell: CodeCellModel): void {
    const source = this.#running.get(cell.id) ?? cell.sharedModel.getSource();
    this.#running.delete(cell.id);
    const run = { epoch: 0, sequence: ++this.#sequence, source, failed: false };
    this.runs.set(cell.id, run);
    // The count arrives with the reply, the last outputs may come just after it.
    setTimeout(() => {
      const last = cell.isDisposed ? undefined : cell.outputs.get(cell.outputs.length - 1);
      run.failed = last?.type === 'error';
      this.#keep();
      this.#changed.emit();
    }, 50);
  }

  get #isBusy(): boolean {
    return this.panel.sessionContext.session?.kernel?.status === 'busy';
  }

  #onStatus(_: unknown, status: string): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead') {
      this.runs.clear();
      this.#running.clear();
      this.#keep();
      this.#changed.emit();
    }
  }

  #onKernel(): void {
    const kernel = this.panel.sessionContext.session?.kernel?.id ?? '';
    if (kernel === this.#kernel) {
      return;
    }
    this.#kernel = kernel;
    this.runs.clear();
    this.#running.clear();
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key) ?? '[]');
      (kept as [string, IRun][]).forEach(([id, run]) => this.runs.set(id, run));
    } catch {
      // Nothing of ours.
    }
    this.#sequence = Math.max(0, ...[...this.runs.values()].map(run => run.sequence));
    this.#changed.emit();
  }

  #keep(): void {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify([...this.runs]));
    } catch {
      // No room or not allowed: a reload will not know what ran.
    }
  }

  get #key(): string {
    return `nb-mlops:runs:${this.#kernel}`;
  }
}
