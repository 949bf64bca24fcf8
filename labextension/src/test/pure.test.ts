/* Run by `npm test`, and by tests/contract/test_typescript.py. */
import * as assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shortest, whole } from '../apply-text';
import { groups, matches, neighbour } from '../filter';
import { runsOf } from '../progress';
import { replays } from '../replays';
import { ICellNow, IRun, needed, statuses } from '../runstate';
import { IFinding, IGraph, Severity } from '../types';
import { waysOut } from '../ways';

const graph: IGraph = JSON.parse(
  readFileSync(join(process.env.NB_MLOPS_CONTRACT ?? '../tests/contract', 'graph.json'), 'utf-8')
);
const cells: ICellNow[] = graph.nodes.map(node => ({
  id: node.id,
  index: node.cell,
  source: node.id,
  count: null,
  running: false
}));

/** The cells as they stand ran in this order. */
function ran(...order: number[]): Map<string, IRun> {
  return new Map(
    order.map((index, at) => [
      cells[index].id,
      { epoch: 0, sequence: at + 1, source: cells[index].source, failed: false }
    ])
  );
}

function states(runs: Map<string, IRun>, now = cells): string[] {
  const found = statuses(now, runs, 0, graph);
  return now.map(cell => found.get(cell.id)!.state);
}

test('what has not run never did, or did in an earlier session', () => {
  const counted = cells.map(cell => ({ ...cell, count: cell.index ? null : 4 }));
  assert.deepStrictEqual(states(new Map(), counted), [
    'earlier-session', 'never-run', 'never-run', 'never-run', 'never-run'
  ]);
});

test('a run from top to bottom is fresh', () => {
  assert.deepStrictEqual(new Set(states(ran(0, 1, 2, 3, 4))), new Set(['fresh']));
});

test('an edit makes what reads from it stale, and what reads from that, but nothing else', () => {
  const edited = cells.map(cell => (cell.index === 1 ? { ...cell, source: 'edited' } : cell));
  assert.deepStrictEqual(states(ran(0, 1, 2, 3, 4), edited), ['fresh', 'edited', 'stale', 'stale', 'fresh']);
});

test('a cell above that ran later makes stale, and is named with the variables', () => {
  const status = statuses(cells, ran(0, 2, 3, 4, 1), 0, graph).get('grow')!;
  assert.strictEqual(status.state, 'stale');
  assert.deepStrictEqual(status.because, { cell: 1, names: ['limit', 'rows'], how: 'ran-later' });
});

test('a value from a cell further down is out of order', () => {
  const status = statuses(cells, ran(0, 1, 4, 2, 3), 0, graph).get('grow')!;
  assert.strictEqual(status.state, 'out-of-order');
  assert.strictEqual(status.because!.cell, 4);
});

test('what a cell needs is what is not fresh above it, and what reads from that', () => {
  assert.deepStrictEqual(needed(3, graph, index => (index === 1 ? 'edited' : 'fresh')), [1, 2, 3]);
  assert.deepStrictEqual(needed(3, graph, () => 'fresh'), [3]);
  assert.deepStrictEqual(needed(4, graph, () => 'never-run'), [4]);
});

function finding(code: string, severity: Severity, cell: number | null, message = code): IFinding {
  return {
    code, rule: code, severity, confidence: 'high', message, path: 'a', fingerprint: `${code}-${cell}`, fix: null,
    related: [], cell: cell === null ? null : { index: cell, id: '', execution_count: null }, part: 'source', line: 1,
    column: 1, end_line: 1, end_column: 2
  };
}

const found = [finding('B', 'warning', 2), finding('A', 'error', 1), finding('C', 'info', null)];

test('groups by cell are in document order, the notebook first', () => {
  const all = { by: 'cell' as const, hidden: new Set<Severity>(), words: '' };
  assert.deepStrictEqual(groups(found, all).map(group => group.cell), [null, 1, 2]);
});

test('a filter hides severities and asks for every word', () => {
  const filter = { by: 'rule' as const, hidden: new Set<Severity>(['info']), words: '' };
  assert.deepStrictEqual(groups(found, filter).map(group => group.findings[0].code), ['A', 'B']);
  const words = { ...filter, words: 'STALE limit' };
  assert.ok(matches(finding('X', 'error', 1, 'limit is stale'), words));
  assert.ok(!matches(finding('X', 'error', 1, 'limit is fine'), words));
});

test('next and previous go round, and start from the active cell', () => {
  const order = [found[2], found[1], found[0]];
  assert.strictEqual(neighbour(order, null, 2, 1)!.code, 'B');
  assert.strictEqual(neighbour(order, 'B-2', 0, 1)!.code, 'C');
  assert.strictEqual(neighbour(order, null, 2, -1)!.code, 'A');
  assert.strictEqual(neighbour([], null, 0, 1), null);
});

test('both replays join the reader to the cell whose definition it gets', () => {
  const both = replays({ names: ['limit', 'b'], replays: [[2, 2, false], [4, 5, true], [5, 4, false]] })!;
  assert.deepStrictEqual(both.clean.filter(step => step.joined).map(step => step.cell), [2, 4]);
  assert.deepStrictEqual(both.recorded.filter(step => step.joined).map(step => step.cell), [5, 4]);
  assert.strictEqual(both.more, 1);
  assert.strictEqual(replays({}), null);
});

test('the shortest edit leaves alone what is the same at both ends', () => {
  assert.deepStrictEqual(shortest('a = 1\nb = 2', 'a = 1\nb = 2  # x'), { start: 11, end: 11, text: '  # x' });
  assert.deepStrictEqual(shortest('aaa', 'aa'), { start: 2, end: 3, text: '' });
  assert.deepStrictEqual(shortest('', 'x'), { start: 0, end: 0, text: 'x' });
});

test('an image that was not sent comes back from where it was', () => {
  const before = [{ data: { 'image/png': 'bytes', 'text/plain': 'old' } }];
  assert.deepStrictEqual(whole({ data: { 'image/png': '', 'text/plain': 'new' } }, before), {
    data: { 'image/png': 'bytes', 'text/plain': 'new' }
  });
});

test('events say how far each run is; other lines are no events', () => {
  const lines = [
    '{"event": "plan", "of": 2}', '{"event": "run-started", "run": "R0"}', 'a warning',
    '{"event": "cell-ended", "run": "R0", "done": 2, "of": 5}', '{"event": "run-ended", "run": "R1", "status": "ok", "seconds": 1.5}'
  ];
  const runs = runsOf(lines)!;
  assert.deepStrictEqual(runs.map(run => [run.run, run.done, run.of, run.ended]), [['R0', 2, 5, ''], ['R1', 0, 0, 'ok']]);
  assert.strictEqual(runsOf(['checking a.ipynb']), null);
});

const verbs = { check: ['repeat', 'thorough'], evaluate: ['model', 'holdout'] };

test('a way out that the server knows becomes a job, and others stay words', () => {
  const proof = { name: 'evidence', status: 'missing' };
  assert.deepStrictEqual(waysOut(proof, ['Run `nb-mlops check a/b.ipynb`, or `nb-mlops keys new`.'], verbs), [
    { command: 'nb-mlops check a/b.ipynb', job: { verb: 'check', options: {} } },
    { command: 'nb-mlops keys new', job: null }
  ]);
  const job = (command: string) => waysOut({ ...proof, commands: [command] }, [], verbs)[0].job;
  assert.deepStrictEqual(job("nb-mlops check 'my notebook.ipynb' --thorough --repeat 5"), { verb: 'check', options: { thorough: true, repeat: '5' } });
  assert.deepStrictEqual(job('nb-mlops evaluate a.ipynb --model=m --holdout h.csv'), { verb: 'evaluate', options: { model: 'm', holdout: 'h.csv' } });
  assert.strictEqual(job('nb-mlops evaluate a.ipynb --model m --holdout DATA'), null, 'somebody has to say which data');
  assert.strictEqual(job('nb-mlops check a.ipynb --kernel other'), null);
  assert.strictEqual(job('nb-mlops check a.ipynb b.ipynb'), null);
  assert.strictEqual(job('rm -rf a.ipynb'), null);
});

test('a command that is named twice is shown once', () => {
  const proof = { name: 'evidence', status: 'missing', commands: ['nb-mlops check a.ipynb'] };
  assert.strictEqual(waysOut(proof, ['Run `nb-mlops check a.ipynb`.'], verbs).length, 1);
});
