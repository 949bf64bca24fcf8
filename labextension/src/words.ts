import { trans } from './i18n';
import { IStatus, RunState } from './runstate';
import { ICellRef, IPlace, Severity } from './types';

/** How people call things, in their language. Cells are counted from 1. */

export function cellName(cell: ICellRef): string {
  return cell.execution_count === null
    ? trans.__('Cell %1', cell.index + 1)
    : trans.__('Cell %1 [%2]', cell.index + 1, cell.execution_count);
}

export function placeName(place: IPlace): string {
  const part = place.part ?? '';
  if (part === 'source') {
    return trans.__('line %1', place.line);
  }
  const output = /^outputs\/(\d+)/.exec(part);
  if (output) {
    return trans.__('output %1', Number(output[1]) + 1);
  }
  return part.startsWith('metadata') ? trans.__('metadata') : '';
}

export function severityName(severity: Severity): string {
  return { error: trans.__('Error'), warning: trans.__('Warning'), info: trans.__('Information') }[severity];
}

export function severityCount(severity: Severity, count: number): string {
  switch (severity) {
    case 'error':
      return trans._n('%1 error', '%1 errors', count);
    case 'warning':
      return trans._n('%1 warning', '%1 warnings', count);
    default:
      return trans._n('%1 note', '%1 notes', count);
  }
}

let states: Record<RunState, string> | undefined;

export function stateName(state: RunState): string {
  // Asked for once for every cell: looked up once for all of them.
  states ??= {
    'never-run': trans.__('never run'),
    fresh: trans.__('up to date'),
    edited: trans.__('edited since it ran'),
    stale: trans.__('out of date'),
    'out-of-order': trans.__('ran out of order'),
    'earlier-session': trans.__('from an earlier session'),
    failed: trans.__('failed'),
    running: trans.__('running')
  };
  return states[state];
}

/** Why a result is in doubt, as a sentence. */
export function why(status: IStatus): string {
  const because = status.because;
  if (!because) {
    return '';
  }
  const names = because.names.slice(0, 3).join(', ') + (because.names.length > 3 ? ', …' : '');
  const cell = because.cell + 1;
  if (status.state === 'out-of-order') {
    return trans.__('%1 comes from cell %2, which stands below', names, cell);
  }
  switch (because.how) {
    case 'edited':
      return trans.__('%1 comes from cell %2, which has been edited', names, cell);
    case 'ran-later':
      return trans.__('%1 comes from cell %2, which ran after it', names, cell);
    case 'never-run':
      return trans.__('%1 comes from cell %2, which has not run in this session', names, cell);
    case 'failed':
      return trans.__('%1 comes from cell %2, which failed', names, cell);
    default:
      return trans.__('%1 comes from cell %2, which is out of date itself', names, cell);
  }
}

/** How long ago, roughly. */
export function ago(seconds: number): string {
  const past = Date.now() / 1000 - seconds;
  if (past < 60) {
    return trans.__('just now');
  }
  if (past < 3600) {
    return trans._n('%1 min ago', '%1 min ago', Math.round(past / 60));
  }
  if (past < 86400) {
    return trans._n('%1 h ago', '%1 h ago', Math.round(past / 3600));
  }
  return new Date(seconds * 1000).toLocaleDateString();
}

export function neededAbout(): string {
  return trans.__('Run the cells above whose results the cell needs and that are out of date, then the cell itself');
}
