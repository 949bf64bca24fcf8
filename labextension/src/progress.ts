/** How far a check is: what its events say of each run. Pure. */

export interface IRunNow {
  run: string;
  done: number;
  of: number;
  ended: string;
  seconds: number;
  factors: string;
}

/** The runs that the lines of events tell of, in the order they began; null when the lines are no events. */
export function runsOf(lines: string[]): IRunNow[] | null {
  const runs = new Map<string, IRunNow>();
  let understood = false;
  for (const line of lines) {
    let event: any;
    try {
      event = JSON.parse(line);
    } catch {
      continue;
    }
    if (!event || typeof event.event !== 'string') {
      continue;
    }
    understood = true;
    if (!event.run) {
      continue;
    }
    const run = runs.get(event.run) ?? { run: event.run, done: 0, of: 0, ended: '', seconds: 0, factors: '' };
    runs.set(event.run, run);
    run.done = event.done ?? run.done;
    run.of = event.of ?? run.of;
    if (event.event === 'run-started') {
      run.factors = Object.entries(event.factors ?? {}).map(([name, value]) => `${name}=${value}`).join(', ');
    } else if (event.event === 'run-ended') {
      run.ended = event.status || 'ok';
      run.seconds = event.seconds ?? 0;
    }
  }
  return understood ? [...runs.values()] : null;
}
