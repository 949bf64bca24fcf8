import { Clipboard } from '@jupyterlab/apputils';
import { complain } from './dialogs';
import { button, h, primary } from './dom';
import { counts } from './filter';
import { empty } from './findings';
import { trans } from './i18n';
import { Jobs } from './jobs';
import { Session } from './session';
import { checked, findingRows, judged, progressOf } from './results';
import { markActive, packageTree } from './tree';
import { IFinding, IJob, IPackage, IParameters, Severity, Verb } from './types';
import { ITools, View } from './view';
import { IProof, waysOut } from './ways';
import { ago, failureName, runLabel, severityCount, stepAbout, stepName } from './words';

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
  /** The package of the notebook, and the conversion that it was asked for after. */
  private shown: IPackage | null = null;
  private shownFor = '';
  private drawn = '';
  private release: (() => void) | null = null;

  constructor(tools: ITools, private jobs: Jobs) {
    super(tools);
    this.addClass('nbm-Journey');
    this.node.setAttribute('aria-label', trans.__('Journey'));
    this.live = h('div', { class: 'nbm-sr', role: 'status' });
    this.list = h('ol', 'nbm-steps');
    this.node.append(this.live, this.list);
    jobs.changed.connect((_, path) => path === this.session?.path && this.redraw());
  }

  protected override onSession(): void {
    this.release?.();
    this.release = null;
    this.saved = this.shown = null;
    this.drawn = this.shownFor = '';
    this.values = {};
    const context = this.session?.panel.context;
    this.model = context ? (context.localPath ?? context.path).split('/').pop()!.replace(/\.ipynb$/, '') : '';
    if (context) {
      const forget = () => { this.saved = null; this.redraw(); };
      context.fileChanged.connect(forget);
      context.model.stateChanged.connect(this.redraw, this);
      const notebook = this.session!.panel.content;
      const follow = () => this.session && markActive(this.list, this.session);
      notebook.activeCellChanged.connect(follow);
      this.release = () => {
        context.fileChanged.disconnect(forget);
        context.model.stateChanged.disconnect(this.redraw, this);
        notebook.activeCellChanged.disconnect(follow);
      };
    }
  }

  protected override onChanged(session: Session, what: 'look' | 'runs' | 'busy'): void {
    if (what === 'look') {
      super.onChanged(session, what);
    }
  }

  protected draw(): void {
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
      this.jobs.of(session.path), this.shown, Math.floor(Date.now() / 60_000)
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
      const saved = await this.tools.server.parameters(session.path).catch(() => ({ parameters: null, content: '', verbs: {} }));
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
    if (job.content !== (this.session?.look?.content ?? this.saved?.content) || this.outrun(job)) {
      return 'old';
    }
    return job.state === 'done' && job.exit_code === 0 ? 'good' : 'bad';
  }

  /** The gate has said something, and new evidence has come in since. */
  private outrun(job: IJob): boolean {
    const judges = ['gate', 'register', 'lint', 'convert'];
    return job.verb === 'gate' && this.jobs.of(job.notebook).some(one =>
      !judges.includes(one.verb) && one.state === 'done' && (one.ended ?? 0) > job.started);
  }

  private step(verb: Verb, session: Session): HTMLElement {
    const job = verb === 'lint' ? null : this.jobs.latest(verb, session.path);
    const count = counts(session.look?.findings ?? []);
    const clean = count.error + count.warning === 0;
    const state: State = verb === 'lint' ? (session.failure ? 'bad' : session.look ? (clean ? 'good' : 'bad') : 'open') : this.state(job);
    const isOpen = this.open.has(verb);
    if (isOpen && job) {
      void this.jobs.whole(job.id);
    }
    if (isOpen && verb === 'convert' && this.shownFor !== `${job?.id} ${job?.state}` && job?.state !== 'running') {
      this.shownFor = `${job?.id} ${job?.state}`;
      void this.look(session, false);
    }
    const toggle = () => {
      this.open[isOpen ? 'delete' : 'add'](verb);
      this.redraw();
    };
    return h('li', { class: `nbm-step nbm-step-${state}`, 'data-step': verb, 'data-state': state },
      h('button', { class: 'nbm-step-head', 'aria-expanded': String(isOpen), onclick: toggle, 'data-key': `head-${verb}` },
        h('span', 'nbm-step-sign'),
        h('span', 'nbm-step-name', stepName(verb)),
        h('span', 'nbm-dim nbm-step-told', this.told(verb, state, job, session))),
      isOpen ? h('div', 'nbm-step-body', ...this.body(verb, state, job, session)) : null);
  }

  private told(verb: Verb, state: State, job: IJob | null, session: Session): string {
    if (verb === 'lint') {
      const count = counts(session.look?.findings ?? []);
      const parts = (['error', 'warning'] as Severity[]).filter(one => count[one]).map(one => severityCount(one, count[one]));
      if (session.failure) {
        return trans.__('could not be read');
      }
      return session.look ? parts.join(', ') || trans.__('nothing found') : trans.__('reading…');
    }
    if (!job) {
      return trans.__('not done yet');
    }
    const when = ago(job.ended ?? job.started);
    switch (state) {
      case 'running':
        return trans.__('running…');
      case 'old':
        return this.outrun(job) ? trans.__('outdated: new evidence') : trans.__('outdated: edited since');
      case 'good':
        return `${{ check: trans.__('reproducible'), convert: trans.__('equal'), gate: trans.__('open'), register: trans.__('registered') }[verb]}, ${when}`;
      default:
        return `${failureName(verb, job)}, ${when}`;
    }
  }

  private body(verb: Verb, state: State, job: IJob | null, session: Session): (HTMLElement | null)[] {
    const about = h('p', 'nbm-dim', stepAbout(verb));
    if (verb === 'lint') {
      return [about, h('div', 'nbm-row nbm-actions',
        button(trans.__('Show findings'), () => void this.tools.run('nb-mlops:show-findings'), { 'data-key': 'show' }))];
    }
    const running = state === 'running';
    return [
      about,
      running ? null : this.form(verb),
      running ? progressOf(job!, () => void this.jobs.cancel(job!.id)) : h('div', 'nbm-row nbm-actions',
        primary(runLabel(verb, !!job), () => void this.start(verb, session), { 'data-key': `run-${verb}`, disabled: (verb === 'gate' || verb === 'register') && !this.model.trim() }),
        verb === 'convert' ? button(trans.__('Preview'), () => void this.look(session, true), { 'data-key': 'preview' }) : null,
        this.isEdited ? h('span', 'nbm-dim', trans.__('saves the notebook first')) : null),
      job && !running ? this.result(verb, job, session) : null,
      verb === 'convert' && !running ? this.tree(session) : null
    ];
  }

  private form(verb: Verb): HTMLElement | null {
    const field = (label: string, key: string, value: string, set: (text: string) => void, placeholder = '', type = 'text') => {
      const input = h('input', { class: 'nbm-input', type, value, placeholder, 'data-key': key, oninput: () => set(input.value) });
      return h('label', 'nbm-field', h('span', {}, label), input);
    };
    if (verb === 'gate' || verb === 'register') {
      return h('div', 'nbm-form', field(trans.__('Name of the model'), `model-${verb}`, this.model, text => {
        this.model = text;
        this.list.querySelector<HTMLButtonElement>(`[data-key="run-${verb}"]`)!.disabled = !text.trim();
      }));
    }
    if (verb !== 'check') {
      return null;
    }
    const parameters = Object.entries(this.saved?.parameters ?? {}).filter(([, value]) => value !== null);
    return h('div', 'nbm-form',
      ...parameters.map(([name, value]) =>
        field(name, `p-${name}`, this.values[name] ?? '', text => (this.values[name] = text), String(value))),
      field(trans.__('Runs'), 'repeat', this.repeat, text => (this.repeat = text), trans.__('default'), 'number'));
  }

  private async start(verb: string, session: Session, given?: Record<string, unknown>): Promise<void> {
    const options: Record<string, unknown> = { ...given };
    if (given) {
      // All that is needed was said.
    } else if (verb === 'check') {
      const values = Object.entries(this.values).filter(([, value]) => value !== '');
      if (values.length) {
        options.parameters = Object.fromEntries(values);
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
      await complain(trans.__('%1 was not started', verb), error);
    }
    this.redraw();
  }

  private result(verb: Verb, job: IJob, session: Session): HTMLElement | null {
    if (job.state !== 'done') {
      return null;
    }
    const result = job.result;
    if (result === undefined) {
      return h('p', 'nbm-dim', trans.__('Fetching the result…'));
    }
    if (!result) {
      return h('pre', 'nbm-log nbm-log-bad', job.progress.filter(line => !line.startsWith('{')).slice(-6).join('\n') || trans.__('It ended without a word (exit code %1).', job.exit_code));
    }
    const findings: IFinding[] = result.findings ?? [];
    if (verb === 'gate' || verb === 'register') {
      const proofs = new Set((result.proofs ?? []).map((proof: IProof) => proof.name));
      return h('div', 'nbm-result', ...judged(result, this.ways(session)),
        findingRows(this.tools, session, findings.filter(finding => !proofs.has(finding.data?.proof))));
    }
    const parts = verb === 'check' ? checked(session, result, this.tools.server.page(job.id)) : this.converted(result);
    return h('div', 'nbm-result', ...(verb === 'check' ? [] : parts), findingRows(this.tools, session, findings), ...(verb === 'check' ? parts : []));
  }

  private converted(result: any): HTMLElement[] {
    const { compared, equal } = result;
    const text = !result.out ? trans.__('No package was made.')
      : compared ? trans.__('%1 of %2 values are equal.', equal, compared) : trans.__('Nothing was compared.');
    return [h('p', {}, text)];
  }

  /** The files of the package: of the one that was made, or of the one that would be. */
  private tree(session: Session): HTMLElement | null {
    const shown = this.shown;
    if (!shown) {
      return null;
    }
    const open = () => void this.tools.run('filebrowser:go-to-path', { path: shown.out });
    return h('div', 'nbm-package',
      h('div', 'nbm-row',
        h('span', 'nbm-section', shown.out ? shown.out.split('/').pop()! : trans.__('Would be made')), h('span', 'nbm-space'),
        shown.out ? button(trans.__('Show in files'), open, { 'data-key': 'package' }) : null),
      packageTree(this.tools, session, shown));
  }

  private async look(session: Session, preview: boolean): Promise<void> {
    try {
      if (preview && this.isEdited) {
        await session.panel.context.save();
      }
      const shown = await this.tools.server.package(session.path, preview);
      if (session === this.session) {
        this.shown = shown;
      }
    } catch (error: any) {
      if (preview) {
        await complain(trans.__('There is no preview'), error);
      }
    }
    this.redraw();
  }

  /** What can be done about a proof that does not hold: a button where the server can do it, else words to type. */
  private ways(session: Session): (proof: IProof, remedies: string[]) => HTMLElement[] {
    return (proof, remedies) => waysOut(proof, remedies, this.saved?.verbs ?? {}).flatMap(({ command, job }) => {
      const key = `way-${proof.name}-${command}`;
      if (!job) {
        return [h('div', 'nbm-way', h('code', {}, command),
          button(trans.__('Copy'), () => void Clipboard.copyToSystem(command), { 'data-key': key }))];
      }
      const last = this.jobs.latest(job.verb, session.path);
      if (last?.state === 'running') {
        return [h('p', 'nbm-dim', trans.__('%1 is running…', job.verb)), ...(STEPS.includes(job.verb as Verb) ? [] : [progressOf(last, () => void this.jobs.cancel(last.id))])];
      }
      return [h('div', 'nbm-way', h('code', {}, command), primary(trans.__('Run'), () => void this.start(job.verb, session, job.options), { 'data-key': key }))];
    });
  }
}
