import { showErrorMessage } from '@jupyterlab/apputils';
import { explain } from './dialogs';
import { h, prose } from './dom';
import { counts } from './filter';
import { empty } from './findings';
import { severityIcon } from './icons';
import { Jobs } from './jobs';
import { Session } from './session';
import { IFinding, IJob, IParameters, Severity, Verb } from './types';
import { runsOf } from './progress';
import { ITools, View } from './view';
import { ago, cellName, severityCount } from './words';

type State = 'open' | 'running' | 'good' | 'bad' | 'old';
const STEPS: Verb[] = ['lint', 'convert', 'check', 'gate', 'register'];

/** The road from notebook to registry, step by step: where this notebook stands, and what to do next. */
export class JourneyView extends View {
  private list: HTMLElement;
  private live: HTMLElement;
  private open = new Set<Verb>(['check']);
  private model = '';
  private values: Record<string, string> = {};
  private repeat = '';
  private saved: IParameters | null = null;
  private asking = false;
  private drawn = '';
  private release: (() => void) | null = null;

  constructor(tools: ITools, private jobs: Jobs) {
    super(tools);
    this.addClass('nbm-Journey');
    this.node.setAttribute('aria-label', tools.trans.__('Journey'));
    this.live = h('div', { class: 'nbm-sr', role: 'status', 'aria-live': 'polite' });
    this.list = h('ol', { class: 'nbm-steps' });
    this.node.append(this.live, this.list);
    jobs.changed.connect((_, path) => path === this.session?.path && this.redraw());
  }

  protected override onSession(): void {
    this.release?.();
    this.release = null;
    this.saved = null;
    this.drawn = '';
    this.values = {};
    const context = this.session?.panel.context;
    this.model = context ? (context.localPath ?? context.path).split('/').pop()!.replace(/\.ipynb$/, '') : '';
    if (context) {
      const forget = () => { this.saved = null; this.redraw(); };
      context.fileChanged.connect(forget);
      context.model.stateChanged.connect(this.redraw, this);
      this.release = () => { context.fileChanged.disconnect(forget); context.model.stateChanged.disconnect(this.redraw, this); };
    }
  }

  protected override onChanged(session: Session, what: 'look' | 'runs' | 'busy'): void {
    if (what === 'look') {
      super.onChanged(session, what);
    }
  }

  protected draw(): void {
    const { trans } = this.tools;
    const session = this.session;
    if (!session) {
      this.drawn = '';
      this.list.replaceChildren(empty(trans.__('No notebook'), trans.__('Open a notebook to see how far it is on its way to the registry.')));
      return;
    }
    if (!this.saved) {
      if (!this.drawn) {
        this.list.replaceChildren(empty(trans.__('Looking at the saved notebook…'), ''));
      }
      void this.ask(session);
      return;
    }
    const state = JSON.stringify([
      session.path, this.saved, this.isEdited, session.look?.content, [...this.open], session.failure, counts(session.look?.findings ?? []), !!session.look,
      STEPS.map(verb => this.jobs.latest(verb, session.path)), Math.floor(Date.now() / 60_000)
    ]);
    if (state === this.drawn) {
      return;
    }
    this.drawn = state;
    const key = (document.activeElement as HTMLElement)?.dataset?.key;
    this.list.replaceChildren(...STEPS.map(verb => this.step(verb, session)));
    const again = key && this.list.querySelector<HTMLElement>(`[data-key="${key}"]`);
    if (again) {
      again.focus({ preventScroll: true });
    }
  }

  private async ask(session: Session): Promise<void> {
    if (this.asking) {
      return;
    }
    this.asking = true;
    try {
      await this.jobs.load();
      const saved = await this.tools.server.parameters(session.path).catch(() => ({ parameters: null, content: '' }));
      // Another notebook may have come into sight meanwhile; it is asked about anew.
      if (session === this.session) {
        this.saved = saved;
      }
    } finally {
      this.asking = false;
      this.redraw();
    }
  }

  private get isEdited(): boolean {
    return !!this.session?.panel.context.model.dirty;
  }

  private state(job: IJob | null): State {
    if (!job) {
      return 'open';
    }
    if (job.state === 'running') {
      return 'running';
    }
    // What counts is the code: a run, a comment in the text and a save change nothing.
    if (job.content !== (this.session?.look?.content ?? this.saved?.content)) {
      return 'old';
    }
    return job.state === 'done' && job.exit_code === 0 ? 'good' : 'bad';
  }

  private step(verb: Verb, session: Session): HTMLElement {
    const { trans } = this.tools;
    const job = verb === 'lint' ? null : this.jobs.latest(verb, session.path);
    const count = counts(session.look?.findings ?? []);
    const clean = count.error + count.warning === 0;
    const state: State = verb === 'lint' ? (session.failure ? 'bad' : session.look ? (clean ? 'good' : 'bad') : 'open') : this.state(job);
    const isOpen = this.open.has(verb);
    if (isOpen && job) {
      void this.jobs.whole(job.id);
    }
    const names: Record<Verb, string> = {
      lint: trans.__('Lint'), convert: trans.__('Convert'), check: trans.__('Check'), gate: trans.__('Gate'), register: trans.__('Register')
    };
    const toggle = () => {
      this.open[isOpen ? 'delete' : 'add'](verb);
      this.redraw();
    };
    return h('li', { class: `nbm-step nbm-step-${state}`, 'data-step': verb, 'data-state': state },
      h('button', { class: 'nbm-step-head', 'aria-expanded': String(isOpen), onclick: toggle, 'data-key': `head-${verb}` },
        h('span', { class: 'nbm-step-sign', 'aria-hidden': 'true' }),
        h('span', { class: 'nbm-step-name' }, names[verb]),
        h('span', { class: 'nbm-dim nbm-step-told' }, this.told(verb, state, job, session))),
      isOpen ? h('div', { class: 'nbm-step-body' }, ...this.body(verb, state, job, session)) : null);
  }

  private told(verb: Verb, state: State, job: IJob | null, session: Session): string {
    const { trans } = this.tools;
    if (verb === 'lint') {
      const count = counts(session.look?.findings ?? []);
      const parts = (['error', 'warning'] as Severity[]).filter(one => count[one]).map(one => severityCount(trans, one, count[one]));
      if (session.failure) {
        return trans.__('could not be read');
      }
      return session.look ? parts.join(', ') || trans.__('nothing found') : trans.__('reading…');
    }
    if (!job) {
      return trans.__('not done yet');
    }
    const when = ago(trans, job.ended ?? job.started);
    switch (state) {
      case 'running':
        return trans.__('running…');
      case 'old':
        return trans.__('outdated: edited since');
      case 'good':
        return `${{ check: trans.__('reproducible'), convert: trans.__('equal'), gate: trans.__('open'), register: trans.__('registered') }[verb]}, ${when}`;
      default:
        return `${this.failure(verb, job)}, ${when}`;
    }
  }

  private failure(verb: Verb, job: IJob): string {
    const { trans } = this.tools;
    if (job.state === 'cancelled') {
      return trans.__('cancelled');
    }
    if (job.state === 'lost') {
      return trans.__('broken off');
    }
    const code = job.exit_code;
    if (code === 1) {
      return verb === 'check' ? trans.__('not reproducible') : trans.__('not equal');
    }
    return code === 4 ? trans.__('does not run') : code === 5 ? trans.__('shut') : trans.__('could not be done');
  }

  private body(verb: Verb, state: State, job: IJob | null, session: Session): (HTMLElement | null)[] {
    const { trans } = this.tools;
    const texts: Record<Verb, string> = {
      lint: trans.__('What would go wrong: hidden state, secrets, what breaks reproducibility.'),
      convert: trans.__('A package with tests that prove that it computes what the notebook computes.'),
      check: trans.__('Run the saved notebook several times in fresh kernels, and compare the answers by value.'),
      gate: trans.__('Decide from the signed evidence whether the model may be registered. Runs nothing.'),
      register: trans.__('Put the proven model into the registry. The server asks the gate again first.')
    };
    const about = h('p', { class: 'nbm-dim' }, texts[verb]);
    if (verb === 'lint') {
      return [about, h('div', { class: 'nbm-row nbm-actions' },
        h('button', { class: 'nbm-button', 'data-key': 'show', onclick: () => void this.tools.run('nb-mlops:show-findings') }, trans.__('Show findings')))];
    }
    const running = state === 'running';
    return [
      about,
      running ? null : this.form(verb),
      running ? this.progress(job!) : h('div', { class: 'nbm-row nbm-actions' },
        h('button', {
          class: 'nbm-button nbm-primary', 'data-key': `run-${verb}`, onclick: () => void this.start(verb, session),
          disabled: (verb === 'gate' || verb === 'register') && !this.model.trim()
        }, this.runLabel(verb, !!job)),
        this.isEdited ? h('span', { class: 'nbm-dim' }, trans.__('saves the notebook first')) : null),
      job && !running ? this.result(verb, job, session) : null
    ];
  }

  private runLabel(verb: Verb, again: boolean): string {
    const { trans } = this.tools;
    return {
      lint: '', convert: again ? trans.__('Convert again') : trans.__('Convert'), check: again ? trans.__('Check again') : trans.__('Check'),
      gate: trans.__('Ask the gate'), register: trans.__('Register')
    }[verb];
  }

  private form(verb: Verb): HTMLElement | null {
    const { trans } = this.tools;
    const field = (label: string, key: string, value: string, set: (text: string) => void, placeholder = '', type = 'text') => {
      const input = h('input', { class: 'nbm-input', type, value, placeholder, 'data-key': key, oninput: () => set(input.value) });
      return h('label', { class: 'nbm-field' }, h('span', {}, label), input);
    };
    if (verb === 'gate' || verb === 'register') {
      return h('div', { class: 'nbm-form' }, field(trans.__('Name of the model'), `model-${verb}`, this.model, text => {
        this.model = text;
        this.list.querySelector<HTMLButtonElement>(`[data-key="run-${verb}"]`)!.disabled = !text.trim();
      }));
    }
    if (verb !== 'check') {
      return null;
    }
    const parameters = Object.entries(this.saved?.parameters ?? {}).filter(([, value]) => value !== null);
    return h('div', { class: 'nbm-form' },
      ...parameters.map(([name, value]) =>
        field(name, `p-${name}`, this.values[name] ?? '', text => (this.values[name] = text), String(value))),
      field(trans.__('Runs'), 'repeat', this.repeat, text => (this.repeat = text), trans.__('default'), 'number'));
  }

  private async start(verb: Verb, session: Session): Promise<void> {
    const { trans } = this.tools;
    const options: Record<string, unknown> = {};
    if (verb === 'check') {
      const given = Object.entries(this.values).filter(([, value]) => value !== '');
      if (given.length) {
        options.parameters = Object.fromEntries(given);
      }
      if (this.repeat) {
        options.repeat = Number(this.repeat);
      }
    } else if (verb !== 'convert') {
      options.model = this.model.trim();
    }
    try {
      if (this.isEdited) {
        await session.panel.context.save();
      }
      this.saved = null;
      await this.jobs.start(verb, session.path, options);
      this.live.textContent = trans.__('%1 has started', verb);
    } catch (error: any) {
      await showErrorMessage(trans.__('%1 was not started', verb), `${error.message ?? error}\n${error.remedy ?? ''}`.trim());
    }
    this.redraw();
  }

  private progress(job: IJob): HTMLElement {
    const { trans } = this.tools;
    const runs = runsOf(job.progress);
    const rows = (runs ?? []).map(run => h('li', { class: 'nbm-run' },
      h('span', {}, run.run), h('progress', { max: run.of || 1, value: run.ended ? run.of || 1 : run.done, 'aria-label': trans.__('Run %1', run.run) }),
      h('span', { class: 'nbm-dim' }, run.ended ? trans.__('%1, %2 s', run.ended, run.seconds.toFixed(1))
        : run.of ? trans.__('cell %1 of %2', Math.min(run.done + 1, run.of), run.of) : trans.__('starts'))));
    const log = runs ? rows.length === 0 && trans.__('starting…') : job.progress.slice(-8).join('\n') || trans.__('starting…');
    return h('div', { class: 'nbm-progress' },
      h('div', { class: 'nbm-bar', role: 'progressbar', 'aria-label': trans.__('%1 is running', job.verb) }),
      rows.length ? h('ul', { class: 'nbm-runs' }, ...rows) : null,
      log ? h('pre', { class: 'nbm-log' }, log) : null,
      h('div', { class: 'nbm-row nbm-actions' },
        h('button', { class: 'nbm-button', 'data-key': `cancel-${job.verb}`, onclick: () => void this.jobs.cancel(job.id) }, trans.__('Cancel'))));
  }

  private result(verb: Verb, job: IJob, session: Session): HTMLElement | null {
    const { trans } = this.tools;
    if (job.state !== 'done') {
      return null;
    }
    const result = job.result;
    if (result === undefined) {
      return h('p', { class: 'nbm-dim' }, trans.__('Fetching the result…'));
    }
    if (!result) {
      return h('pre', { class: 'nbm-log nbm-log-bad' }, job.progress.filter(line => !line.startsWith('{')).slice(-6).join('\n') || trans.__('It ended without a word (exit code %1).', job.exit_code));
    }
    const parts: (HTMLElement | null)[] =
      verb === 'check' ? this.checked(result) : verb === 'convert' ? this.converted(result) : this.judged(result);
    return h('div', { class: 'nbm-result' }, ...parts, this.findings(result.findings ?? [], session));
  }

  private checked(result: any): HTMLElement[] {
    const { trans } = this.tools;
    const rows = result.runs.map((run: any) => h('tr', {},
      h('td', {}, run.label), h('td', {}, Object.entries(run.factors).map(([name, value]) => `${name}=${value}`).join(', ') || trans.__('as it is')),
      h('td', {}, run.status === 'ok' ? trans.__('ok') : run.status), h('td', { class: 'nbm-number' }, trans.__('%1 s', run.seconds.toFixed(1)))));
    const metrics = result.metrics.map((metric: any) => h('tr', {},
      h('td', {}, metric.name), h('td', { class: 'nbm-number', colSpan: 3 }, [...new Set(metric.values.length ? metric.values : [metric.value])].join(' ≠ '))));
    return [
      h('table', { class: 'nbm-table' }, h('thead', {}, h('tr', {}, h('th', {}, trans.__('Run')), h('th', {}, trans.__('Changed')),
        h('th', {}, trans.__('Ended')), h('th', {}, trans.__('Took')))), h('tbody', {}, ...rows, ...metrics)),
      ...(result.evidence ? [h('p', { class: 'nbm-dim' }, trans.__('Signed evidence: %1', result.evidence))] : [])
    ];
  }

  private converted(result: any): HTMLElement[] {
    const { trans } = this.tools;
    if (!result.out) {
      return [h('p', {}, trans.__('No package could be made.'))];
    }
    const open = () => void this.tools.run('filebrowser:go-to-path', { path: result.out });
    return [
      h('p', {}, trans.__('%1 of %2 values are equal.', result.equal, result.compared)),
      h('div', { class: 'nbm-row nbm-actions' }, h('button', { class: 'nbm-button', 'data-key': 'package', onclick: open }, trans.__('Show %1', result.out)))
    ];
  }

  private judged(result: any): HTMLElement[] {
    const { trans } = this.tools;
    const proofs = result.proofs.map((proof: any) => h('li', { class: 'nbm-proof', 'data-status': proof.status, title: proof.question },
      h('span', { class: 'nbm-proof-sign', 'aria-hidden': 'true' }),
      h('span', { class: 'nbm-proof-name' }, proof.name, h('span', { class: 'nbm-sr' }, `: ${proof.status}`)),
      h('span', { class: 'nbm-dim' }, proof.looked_at)));
    const entry = result.registered;
    const registered = entry ? h('p', {}, trans.__('Registered: %1', Object.values(entry).filter(value => typeof value !== 'object').join(' · '))) : null;
    return [h('ul', { class: 'nbm-proofs' }, ...proofs), ...(registered ? [registered] : [])];
  }

  private findings(findings: IFinding[], session: Session): HTMLElement | null {
    const { trans } = this.tools;
    if (!findings.length) {
      return null;
    }
    return h('ul', { class: 'nbm-rows' }, ...findings.slice(0, 30).map(finding => h('li', { class: 'nbm-finding nbm-finding-plain' },
      severityIcon(finding.severity), h('span', { class: 'nbm-finding-text' }, h('span', { class: 'nbm-message' }, prose(finding.message)),
        h('span', { class: 'nbm-meta' },
          finding.cell ? h('button', { class: 'nbm-link', onclick: () => void session.goTo(finding) }, cellName(trans, finding.cell)) : null,
          /^[A-Z]{2}\d/.test(finding.code) ? h('button', { class: 'nbm-link', onclick: () => void explain(this.tools, finding.code) }, finding.code)
            : h('span', { class: 'nbm-dim' }, finding.code))))));
  }
}
