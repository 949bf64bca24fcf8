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
  shared.transact(() => {
    if (inPlace) {
      edits.cells.forEach((cell, index) => change(shared.cells[index], cell, before[index]));
    } else {
      const cells = edits.cells.map(cell => rebuilt(cell, before));
      shared.deleteCellRange(0, shared.cells.length);
      shared.insertCells(0, cells);
    }
    if (edits.metadata) {
      shared.setMetadata(edits.metadata as any);
    }
  });
  const after = JSON.stringify(shared.cells.map(cell => cell.toJSON()));
  return () => {
    if (JSON.stringify(shared.cells.map(cell => cell.toJSON())) !== after) {
      return false;
    }
    shared.transact(() => {
      if (inPlace) {
        edits.cells.forEach((cell, index) => restore(shared.cells[index], cell, before[index]));
      } else {
        shared.deleteCellRange(0, shared.cells.length);
        shared.insertCells(0, before);
      }
      shared.setMetadata(metadata);
    });
    return true;
  };
}

function change(cell: any, edit: ICellEdit, before: any): void {
  if (edit.source !== undefined) {
    setSource(cell, edit.source);
  }
  if (edit.metadata) {
    cell.setMetadata(edit.metadata);
  }
  if (edit.outputs) {
    const old = before.outputs ?? [];
    cell.setOutputs(edit.outputs.map(one => (typeof one === 'number' ? old[one] : whole(one, old))));
  }
  if (edit.count !== undefined) {
    cell.execution_count = edit.count;
  }
}

function restore(cell: any, edit: ICellEdit, before: any): void {
  if (edit.source !== undefined) {
    setSource(cell, text(before.source));
  }
  if (edit.metadata) {
    cell.setMetadata(before.metadata);
  }
  if (edit.outputs) {
    cell.setOutputs(before.outputs ?? []);
  }
  if (edit.count !== undefined) {
    cell.execution_count = before.execution_count;
  }
}

function setSource(cell: any, source: string): void {
  const { start, end, text } = shortest(cell.getSource(), source);
  cell.updateSource(start, end, text);
}

function rebuilt(edit: ICellEdit, before: any[]): any {
  if (edit.origin === null) {
    return edit.cell;
  }
  const old = before[edit.origin];
  const cell = { ...old };
  if (edit.id !== undefined) {
    cell.id = edit.id;
  }
  if (edit.source !== undefined) {
    cell.source = edit.source;
  }
  if (edit.metadata) {
    cell.metadata = edit.metadata;
  }
  if (edit.outputs) {
    cell.outputs = edit.outputs.map(one =>
      typeof one === 'number' ? old.outputs[one] : whole(one, old.outputs ?? [])
    );
  }
  if (edit.count !== undefined) {
    cell.execution_count = edit.count;
  }
  return cell;
}

function text(source: string | string[]): string {
  return Array.isArray(source) ? source.join('') : source;
}
