import { Cell } from '@jupyterlab/cells';
import { CodeMirrorEditor } from '@jupyterlab/codemirror';
import { Range, StateEffect, StateField } from '@codemirror/state';
import { Decoration, DecorationSet, EditorView, hoverTooltip, Tooltip } from '@codemirror/view';
import { h, prose } from './dom';
import { trans } from './i18n';
import { severityIcon } from './icons';
import { RunState } from './runstate';
import { Session } from './session';
import { IFinding, Severity } from './types';
import { stateName, why } from './words';

const RANK: Severity[] = ['info', 'warning', 'error'];
const STATES: RunState[] = ['stale', 'out-of-order', 'earlier-session', 'failed'];
const setFindings = StateEffect.define<IFinding[]>();

interface IMarks {
  findings: IFinding[];
  set: DecorationSet;
}

const marks = StateField.define<IMarks>({
  create: () => ({ findings: [], set: Decoration.none }),
  update(value, transaction) {
    let now = transaction.docChanged ? { ...value, set: value.set.map(transaction.changes) } : value;
    for (const effect of transaction.effects) {
      if (effect.is(setFindings)) {
        now = { findings: effect.value, set: decorations(effect.value, transaction.state.doc) };
      }
    }
    return now;
  },
  provide: field => EditorView.decorations.from(field, value => value.set)
});

function decorations(findings: IFinding[], doc: any): DecorationSet {
  const found: Range<Decoration>[] = [];
  findings.forEach((finding, index) => {
    const span = spanOf(finding, doc);
    if (span) {
      found.push(Decoration.mark({ class: `nbm-underline nbm-underline-${finding.severity}`, finding: index }).range(...span));
    }
  });
  return Decoration.set(found, true);
}

function spanOf(finding: IFinding, doc: any): [number, number] | null {
  const offset = (line: number, column: number) => {
    if (line > doc.lines) {
      return doc.length;
    }
    const at = doc.line(line);
    return Math.min(at.from + column - 1, at.to);
  };
  const start = offset(finding.line ?? 1, finding.column ?? 1);
  let end = offset(finding.end_line ?? finding.line ?? 1, finding.end_column ?? 1);
  if (end <= start) {
    end = doc.lineAt(start).to;
  }
  return end > start ? [start, end] : null;
}

/** The findings under the pointer. Text only. */
const hover = hoverTooltip((view, position): Tooltip | null => {
  const value = view.state.field(marks, false);
  const here = new Set<IFinding>();
  value?.set.between(position, position, (_from, _to, mark) => {
    here.add(value.findings[mark.spec.finding]);
  });
  if (!here.size) {
    return null;
  }
  const dom = h('div', 'hover', ...[...here].map(finding => h('div', 'hover-row',
    severityIcon(finding.severity), h('span', {}, prose(finding.message), ' ', h('span', 'dim', finding.code)))));
  return { pos: position, above: true, create: () => ({ dom, mount: () => dom.closest('.cm-tooltip')?.classList.add('nbm-tooltip') }) };
});

/** Marks findings and run state where they stand: at the prompts, and in the lines of the cells that can be seen. */
export class Marks {
  #drawn = new WeakMap<Cell, string>();
  #heard = new WeakSet<Cell>();
  #asked = 0;

  constructor(private session: Session) {
    session.changed.connect(() => this.draw());
    session.panel.content.model?.cells.changed.connect(() => this.draw());
  }

  /** Mark everything anew in the next frame. */
  draw(): void {
    if (!this.#asked && this.session.panel.isVisible) {
      this.#asked = requestAnimationFrame(() => {
        this.#asked = 0;
        if (!this.session.isDisposed) {
          this.#all();
        }
      });
    }
  }

  clear(): void {
    for (const cell of this.session.panel.content.widgets) {
      this.#mark(cell, [], '', '');
    }
  }

  #all(): void {
    const byCell = new Map<number, IFinding[]>();
    for (const finding of this.session.look?.findings ?? []) {
      const index = finding.cell?.index;
      if (index !== undefined) {
        byCell.set(index, [...(byCell.get(index) ?? []), finding]);
      }
    }
    this.session.panel.content.widgets.forEach((cell, index) => {
      if (!this.#heard.has(cell)) {
        this.#heard.add(cell);
        cell.inViewportChanged.connect(() => this.draw());
      }
      const status = cell.model.type === 'code' ? this.session.status(cell.model.id) : undefined;
      const state = status && STATES.includes(status.state) ? status.state : '';
      const reason = state ? [stateName(status!.state), why(status!)].filter(Boolean).join(': ') : '';
      this.#mark(cell, byCell.get(index) ?? [], state, reason);
    });
  }

  #mark(cell: Cell, findings: IFinding[], state: string, reason: string): void {
    const key = JSON.stringify([findings.map(one => [one.fingerprint, one.line, one.column]), state, reason, !!cell.editor]);
    if (this.#drawn.get(cell) === key) {
      return;
    }
    this.#drawn.set(cell, key);
    const worst = RANK[Math.max(-1, ...findings.map(one => RANK.indexOf(one.severity)))];
    RANK.forEach(severity => cell.toggleClass(`nbm-cell-${severity}`, severity === worst));
    STATES.forEach(one => cell.toggleClass(`nbm-cell-${one}`, one === state));
    const prompt = cell.node.querySelector<HTMLElement>('.jp-InputPrompt');
    if (prompt) {
      const count = findings.length ? trans._n('%1 finding', '%1 findings', findings.length) : '';
      const text = [count, reason].filter(Boolean).join('\n');
      if (text) {
        prompt.title = text;
      } else {
        prompt.removeAttribute('title');
      }
    }
    const view = (cell.editor as CodeMirrorEditor | null)?.editor;
    if (view) {
      const here = findings.filter(one => one.part === 'source');
      const effects: StateEffect<unknown>[] = [setFindings.of(here)];
      if (!view.state.field(marks, false)) {
        if (!here.length) {
          return;
        }
        effects.unshift(StateEffect.appendConfig.of([marks, hover]));
      }
      view.dispatch({ effects });
    }
  }
}
