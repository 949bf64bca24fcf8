import { NotebookPanel } from '@jupyterlab/notebook';
import { shortest, whole } from './apply-text';
import { ICellEdit, IEdits } from './types';

/** How to go back; false when somebody has changed one of the places since. */
export type Undo = () => boolean;

/** Make the edits in one transaction. They speak of the notebook as it is now: the caller sees to that. */
export function apply(panel: NotebookPanel, edits: IEdits): Undo {
  const shared = panel.content.model!.sharedModel;
  const before: any[] = shared.cells.map(cell => cell.toJSON());
  const metadata = shared.getMetadata();
  const order = edits.cells.map(cell => cell.origin);
  const inPlace =
    order.length === before.length &&
    order.every((origin, index) => origin === index) &&
    edits.cells.every(cell => cell.id === undefined);
  const wanted = edits.cells.map(cell => rebuilt(cell, before));
  const write = (from: any[], to: any[], metadata: any) =>
    shared.transact(() => {
      if (inPlace) {
        to.forEach((cell, index) => change(shared.cells[index], from[index], cell));
      } else {
        shared.deleteCellRange(0, shared.cells.length);
        shared.insertCells(0, to);
      }
      if (metadata) {
        shared.setMetadata(metadata);
      }
    });
  write(before, wanted, edits.metadata);
  const after = JSON.stringify(shared.cells.map(cell => cell.toJSON()));
  return () => {
    if (JSON.stringify(shared.cells.map(cell => cell.toJSON())) !== after) {
      return false;
    }
    write(wanted, before, metadata);
    return true;
  };
}

/** Make a cell what it is to be; what stays is not touched, so that nobody's cursor moves. */
function change(cell: any, from: any, to: any): void {
  const differs = (part: string) => JSON.stringify(from[part]) !== JSON.stringify(to[part]);
  if (differs('source')) {
    const { start, end, text } = shortest(cell.getSource(), joined(to.source));
    cell.updateSource(start, end, text);
  }
  if (differs('metadata')) {
    cell.setMetadata(to.metadata);
  }
  if (differs('outputs')) {
    cell.setOutputs(to.outputs ?? []);
  }
  if (differs('execution_count')) {
    cell.execution_count = to.execution_count;
  }
}

/** The cell that an edit makes of what was there. */
function rebuilt(edit: ICellEdit, before: any[]): any {
  if (edit.origin === null) {
    return edit.cell;
  }
  const { id, source, metadata, outputs, count } = edit;
  const old = before[edit.origin];
  return {
    ...old,
    ...(id === undefined ? {} : { id }),
    ...(source === undefined ? {} : { source }),
    ...(metadata ? { metadata } : {}),
    ...(outputs ? { outputs: outputs.map(one => (typeof one === 'number' ? old.outputs[one] : whole(one, old.outputs ?? []))) } : {}),
    ...(count === undefined ? {} : { execution_count: count })
  };
}

function joined(source: string | string[]): string {
  return Array.isArray(source) ? source.join('') : source;
}
