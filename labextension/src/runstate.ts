/**
 * Which results of a session still hold. Pure: what ran, in which order and from which text, and which cell reads from
 * which, in; a state for each cell, and the cell and variables that it is because of, out.
 */

import { IGraph } from './types';

export type RunState =
  | 'never-run'
  | 'fresh'
  | 'edited'
  | 'stale'
  | 'out-of-order'
  | 'earlier-session'
  | 'failed'
  | 'running';

/** The last run of a cell. `epoch` counts the kernels of the notebook, `sequence` the runs. */
export interface IRun {
  epoch: number;
  sequence: number;
  source: string;
  failed: boolean;
}

export interface ICellNow {
  id: string;
  index: number;
  source: string;
  count: number | null;
  running: boolean;
}

export interface IStatus {
  state: RunState;
  /** The cell (by index) and the names because of which the result is in doubt. */
  because?: { cell: number; names: string[]; how: 'edited' | 'ran-later' | 'never-run' | 'doubtful' | 'failed' };
}

export function statuses(
  cells: ICellNow[],
  runs: ReadonlyMap<string, IRun>,
  epoch: number,
  graph: IGraph
): Map<string, IStatus> {
  const byIndex = new Map(cells.map(cell => [cell.index, cell]));
  const above = new Map<number, { cell: number; names: string[] }[]>();
  for (const edge of graph.edges) {
    const list = above.get(edge.to) ?? [];
    list.push({ cell: edge.from, names: edge.names });
    above.set(edge.to, list);
  }
  const found = new Map<number, IStatus>();
  const binders = bindersOf(graph);
  const reads = new Map(graph.nodes.map(node => [node.cell, node.reads]));

  const current = (cell: ICellNow): IRun | undefined => {
    const run = runs.get(cell.id);
    return run && run.epoch === epoch ? run : undefined;
  };

  const judge = (cell: ICellNow): IStatus => {
    if (cell.running) {
      return { state: 'running' };
    }
    const run = current(cell);
    if (!run) {
      return { state: cell.count === null ? 'never-run' : 'earlier-session' };
    }
    if (run.failed) {
      return { state: 'failed' };
    }
    if (run.source !== cell.source) {
      return { state: 'edited' };
    }
    return stale(cell, run) ?? disorder(cell, run) ?? { state: 'fresh' };
  };

  const stale = (cell: ICellNow, run: IRun): IStatus | undefined => {
    for (const { cell: index, names } of above.get(cell.index) ?? []) {
      const upper = byIndex.get(index);
      // A cell that reads from one below it reads what a clean run would not give it: see disorder.
      if (!upper || index >= cell.index) {
        continue;
      }
      const before = current(upper);
      const state = found.get(index)?.state;
      const how =
        state === 'edited'
          ? 'edited'
          : state === 'failed'
            ? 'failed'
            : !before
              ? 'never-run'
              : before.sequence > run.sequence
                ? 'ran-later'
                : state === 'stale' || state === 'out-of-order'
                  ? 'doubtful'
                  : undefined;
      if (how) {
        return { state: 'stale', because: { cell: index, names, how } };
      }
    }
    return undefined;
  };

  /** A cell further down bound a name that this one reads, before this one ran: a clean run gives something else. */
  const disorder = (cell: ICellNow, run: IRun): IStatus | undefined => {
    for (const name of reads.get(cell.index) ?? []) {
      let last: { cell: number; sequence: number } | undefined;
      for (const index of binders.get(name) ?? []) {
        const other = byIndex.get(index);
        const then = other && other !== cell ? current(other) : undefined;
        if (then && then.sequence < run.sequence && then.sequence > (last?.sequence ?? -1)) {
          last = { cell: index, sequence: then.sequence };
        }
      }
      if (last && last.cell > cell.index) {
        return { state: 'out-of-order', because: { cell: last.cell, names: [name], how: 'doubtful' } };
      }
    }
    return undefined;
  };

  for (const cell of [...cells].sort((a, b) => a.index - b.index)) {
    found.set(cell.index, judge(cell));
  }
  return new Map(cells.map(cell => [cell.id, found.get(cell.index)!]));
}

function bindersOf(graph: IGraph): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const node of graph.nodes) {
    for (const name of node.binds) {
      found.set(name, [...(found.get(name) ?? []), node.cell]);
    }
  }
  return found;
}

/** The cells to run for a cell's result to hold, in document order: those above whose own does not, and itself. */
export function needed(
  index: number,
  graph: IGraph,
  state: (index: number) => RunState | undefined
): number[] {
  const wanted = new Set<number>();
  const todo = [index];
  const seen = new Set(todo);
  while (todo.length) {
    const at = todo.pop()!;
    for (const edge of graph.edges) {
      if (edge.to === at && edge.from < at && !seen.has(edge.from)) {
        seen.add(edge.from);
        todo.push(edge.from);
      }
    }
  }
  for (const at of seen) {
    if (at === index || state(at) !== 'fresh') {
      wanted.add(at);
    }
  }
  // What is fresh now is not once something that it reads from has run again.
  for (const at of [...seen].sort((a, b) => a - b)) {
    if (graph.edges.some(edge => edge.to === at && edge.from < at && wanted.has(edge.from))) {
      wanted.add(at);
    }
  }
  return [...wanted].sort((a, b) => a - b);
}
