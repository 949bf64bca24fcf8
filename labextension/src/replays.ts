/** Both replays of a stale result, side by side: as a clean run goes, and as the notebook was run. Pure. */

import { IFindingData } from './types';

export interface IStep {
  cell: number;
  count: number;
  reads: boolean;
  /** Whether it takes part in what is read: the reader, and the cell whose definition it gets. */
  joined: boolean;
}

export interface IReplays {
  name: string;
  more: number;
  clean: IStep[];
  recorded: IStep[];
}

export function replays(data: IFindingData | undefined): IReplays | null {
  if (!data?.replays?.length || !data.names?.length) {
    return null;
  }
  const steps = data.replays.map(([cell, count, reads]) => ({ cell, count, reads, joined: false }));
  return {
    name: data.names[0],
    more: data.names.length - 1,
    clean: joined([...steps].sort((a, b) => a.cell - b.cell)),
    recorded: joined([...steps].sort((a, b) => a.count - b.count))
  };
}

function joined(steps: IStep[]): IStep[] {
  const reader = steps.findIndex(step => step.reads);
  return steps.map((step, at) => ({ ...step, joined: reader > 0 && (at === reader || at === reader - 1) }));
}
