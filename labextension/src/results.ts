import { explain } from './dialogs';
import { button, h, link, prose } from './dom';
import { trans } from './i18n';
import { severityIcon } from './icons';
import { runsOf } from './progress';
import { Session } from './session';
import { IFinding, IJob } from './types';
import { ITools } from './view';
import { IProof } from './ways';
import { cellName } from './words';

/** What came of jobs, as the journey shows it. */

export interface IShown {
  tools: ITools;
  session: Session;
  /** The report as a page of its own, where there is one. */
  page: string;
  /** What can be done about a proof that does not hold. */
  ways: (proof: IProof, remedies: string[]) => HTMLElement[];
}

const SLOWEST = 5;

/** A job that is running: each of its runs where it tells of them, else its last words. */
export function progressOf(job: IJob, cancel: () => void): HTMLElement {
  const runs = runsOf(job.progress);
  const rows = (runs ?? []).map(run => h('li', 'run',
    h('span', {}, run.run), h('progress', { max: run.of || 1, value: run.ended ? run.of || 1 : run.done, 'aria-label': trans.__('Run %1', run.run) }),
    h('span', 'dim', run.ended ? trans.__('%1, %2 s', run.ended, run.seconds.toFixed(1))
      : run.of ? trans.__('cell %1 of %2', Math.min(run.done + 1, run.of), run.of) : trans.__('starts'))));
  const log = runs ? rows.length === 0 && trans.__('starting…') : job.progress.slice(-8).join('\n') || trans.__('starting…');
  return h('div', 'progress',
    h('div', { class: 'bar', role: 'progressbar', 'aria-label': trans.__('%1 is running', job.verb) }),
    rows.length ? h('ul', 'runs', ...rows) : null,
    log ? h('pre', 'log', log) : null,
    h('div', 'row actions',
      button(trans.__('Cancel'), cancel, { 'data-key': `cancel-${job.verb}` })));
}

/** A check: how the metrics spread, what ran how long, where the time goes. */
export function checked(result: any, { session, page }: IShown): HTMLElement[] {
  const runs: any[] = result.runs ?? [];
  const metrics: HTMLElement[] = (result.metrics ?? []).map((metric: any) => spread(metric));
  const longest = Math.max(...runs.map(run => run.seconds), 0.001);
  const rows = runs.map(run => {
    const factors = Object.entries(run.factors).map(([name, value]) => `${name}=${value}`).join(', ') || trans.__('as it is');
    const ended = run.status === 'ok' ? '' : ` · ${run.status}`;
    return meter(h('span', { class: 'meter-name', title: factors }, run.label, h('span', 'dim', ` ${factors}${ended}`)),
      [[0, run.seconds / longest]], seconds(run.seconds));
  });
  return [
    ...section(trans.__('Metrics'), metrics),
    ...section(trans.__('Runs'), rows),
    ...section(trans.__('Slowest cells'), slowest(session, runs)),
    h('p', {}, h('a', { class: 'link', href: page, target: '_blank' }, trans.__('Full report'))),
    ...evidence(result)
  ];
}

function evidence(result: any): HTMLElement[] {
  return result.evidence ? [h('p', { class: 'dim', title: result.evidence }, trans.__('Evidence: %1', result.evidence.split('/').pop()))] : [];
}

/** A conversion: whether what the package computes was compared, and is equal. */
export function converted({ out, compared, equal }: any): HTMLElement {
  return h('p', {}, !out ? trans.__('No package was made.')
    : compared ? trans.__('%1 of %2 values are equal.', equal, compared) : trans.__('Nothing was compared.'));
}

/** An evaluation: the metric, what it was held against, by groups, and what the gate says of it. */
export function evaluated(result: any, shown: IShown): (HTMLElement | null)[] {
  const { metric, rows, holdout, baselines, champion, groups } = result.evaluation;
  const line = (name: string, value: unknown, told: string) => h('div', 'metric',
    h('div', 'metric-head', h('span', {}, name), h('span', 'number', figure(value))), h('div', 'dim', told));
  const interval = (one: any) => typeof one.low === 'number' && typeof one.high === 'number' ? ` (${trans.__('95%: %1 to %2', figure(one.low), figure(one.high))})` : '';
  const rivals: any[] = [...baselines, ...(champion ? [champion] : [])];
  return [
    line(metric.name, metric.value, trans._n('on %1 row of %2', 'on %1 rows of %2', rows.used, holdout.path) + interval(metric)),
    ...section(trans.__('Against'), rivals.map(one => line(one.version ? trans.__('version %1', one.version) : one.name, one.value,
      [one.words, one.gain === null ? one.problem : `${trans.__('%1 better', figure(one.gain))}${interval(one)}`].filter(Boolean).join(' · ')))),
    ...section(trans.__('Groups'), groups.map((one: any) => line(`${one.column} = ${one.group}`, one.value, trans._n('%1 row', '%1 rows', one.rows)))),
    ...section(trans.__('What the gate says of it'), judged(result.gate, shown).filter(Boolean) as HTMLElement[]),
    ...evidence(result)
  ];
}

/** A metric in every run: dots on a line when they differ, a sentence when they do not. */
function spread(metric: any): HTMLElement {
  const values: number[] = metric.values?.length ? metric.values : [metric.value];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const head = h('div', 'metric-head', h('span', {}, metric.name), h('span', 'number', short(metric.value)));
  if (!(high > low)) {
    const same = values.length > 1 ? trans.__('the same in all %1 runs', values.length) : '';
    return h('div', 'metric', head, h('div', 'dim', same));
  }
  const dots = values.map((value, run) => h('span', {
    class: 'dot', style: `left: ${(100 * (value - low)) / (high - low)}%`, title: `R${run}: ${short(value)}`
  }));
  return h('div', 'metric metric-differs', head,
    h('div', { class: 'strip', role: 'img', 'aria-label': trans.__('%1 lies between %2 and %3', metric.name, short(low), short(high)) }, ...dots),
    h('div', 'dim ends', h('span', {}, short(low)), h('span', {}, short(high))));
}

/** The cells that took longest, from the quickest to the slowest run of each. */
function slowest(session: Session, runs: any[]): HTMLElement[] {
  const times = new Map<number, number[]>();
  runs.forEach(run => (run.cells ?? []).forEach((one: any) => times.set(one.cell, [...(times.get(one.cell) ?? []), one.seconds])));
  const cells = [...times].map(([cell, all]) => ({ cell, low: Math.min(...all), high: Math.max(...all) }))
    .filter(one => one.high >= 0.05).sort((a, b) => b.high - a.high).slice(0, SLOWEST);
  const longest = cells[0]?.high ?? 1;
  return cells.map(({ cell, low, high }) => meter(
    h('span', 'meter-name', link(trans.__('Cell %1', cell + 1), () => void session.goToCell(cell)),
      h('code', 'dim', ` ${session.graph.nodes.find(node => node.cell === cell)?.title ?? ''}`)),
    [[0, low / longest], [low / longest, (high - low) / longest]], seconds(high)));
}

function section(title: string, content: HTMLElement[]): HTMLElement[] {
  return content.length ? [h('h4', 'section', title), ...content] : [];
}

/** A bar in parts, each from and how far, as shares of the whole. */
function meter(name: HTMLElement, parts: [number, number][], value: string): HTMLElement {
  return h('div', 'meter', name, h('span', 'number dim', value),
    h('span', { class: 'meter-bar', 'aria-hidden': 'true' },
      ...parts.map(([from, share]) => h('span', { style: `left: ${100 * from}%; width: ${100 * share}%` }))));
}

/** A verdict of the gate: each proof, what it looked at, and where it does not hold why, and the ways out; then what is
 * no proof's. */
export function judged(result: any, { tools, session, ways }: IShown): (HTMLElement | null)[] {
  const names: Record<string, string> = {
    ok: trans.__('holds'), missing: trans.__('missing'), failed: trans.__('does not hold'), waived: trans.__('waived'), 'not judged': trans.__('not judged')
  };
  const row = (proof: IProof) => {
    const reasons = (result.findings as IFinding[]).filter(finding => finding.data?.proof === proof.name);
    return h('li', { class: 'proof', 'data-status': proof.status, title: proof.question },
      h('span', 'proof-sign'),
      h('span', 'proof-name', proof.name, h('span', 'sr', `: ${names[proof.status] ?? proof.status}`)),
      proof.looked_at ? h('span', 'dim', prose(proof.looked_at)) : null,
      ...reasons.map(reason => h('p', 'reason-why', prose(reason.data!.problem ?? reason.message))),
      ...(proof.status === 'ok' ? [] : ways(proof, reasons.map(reason => reason.data!.remedy ?? reason.message))));
  };
  const proofs: IProof[] = result.proofs;
  const open = proofs.filter(proof => proof.status === 'not judged').map(proof => proof.name).join(', ');
  const list = h('ul', 'proofs', ...proofs.filter(proof => proof.status !== 'not judged').map(row),
    open ? h('li', { class: 'proof', 'data-status': 'not judged' }, h('span', 'proof-sign'),
      h('span', {}, trans.__('Not judged before that: %1', open))) : null);
  const others = findingRows(tools, session, (result.findings as IFinding[]).filter(one => !proofs.some(proof => proof.name === one.data?.proof)));
  const entry = result.registered;
  if (!entry) {
    return [list, others];
  }
  return [
    h('p', 'registered', trans.__('%1, version %2', entry.name, entry.version)),
    h('p', { class: 'dim', title: entry.run }, entry.store),
    h('details', {}, h('summary', {}, trans._n('%1 proof holds', '%1 proofs hold', proofs.length)), list),
    others
  ];
}

/** Findings of a job, with the ways to their cells and pages. */
export function findingRows(tools: ITools, session: Session, findings: IFinding[]): HTMLElement | null {
  if (!findings.length) {
    return null;
  }
  return h('ul', 'rows', ...findings.slice(0, 30).map(finding => h('li', 'finding finding-plain',
    severityIcon(finding.severity), h('span', 'finding-text', h('span', 'message', prose(finding.message)),
      h('span', 'meta',
        finding.cell ? link(cellName(finding.cell), () => void session.goTo(finding)) : null,
        /^[A-Z]{2}\d/.test(finding.code) ? link(finding.code, () => void explain(tools, finding.code))
          : h('span', 'dim', finding.code))))));
}

function seconds(value: number): string {
  return trans.__('%1 s', value < 10 ? value.toFixed(1) : Math.round(value));
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** Three digits of a measured value; what is no number comes as a text or not at all. */
function figure(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : String(value ?? trans.__('unknown'));
}
