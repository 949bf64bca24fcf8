import { Clipboard } from '@jupyterlab/apputils';
import { complain } from './dialogs';
import { button, Child, h, primary } from './dom';
import { counts } from './filter';
import { empty } from './findings';
import { trans } from './i18n';
import { Jobs } from './jobs';
import { Session } from './session';
import { progressOf } from './results';
import { endName, IField, IStep, lastWords, road } from './steps';
import { markActive, packageTree } from './tree';
import { IJob, IPackage, IParameters, Severity } from './types';
import { ITools, View } from './view';
import { IProof, waysOut } from './ways';
import { ago, severityCount } from './words';

type State = 'open' | 'running' | 'good' | 'bad' | 'old';

/** The road from notebook to registry, step by step: where this notebook stands, and what to do next. */
export class JourneyView extends View {
  #list: HTMLElement;
  #live: HTMLElement;
  #steps = road();
  #open = new Set(['check']);
  /** What was typed into the forms, by option; parameters under `p-` and their name. */
  #values: Record<string, string> = {};
  #saved: IParameters | null = null;
  #asking = false;
  /** The package of the notebook, and the conversion that it was asked for after. */
  #shown: IPackage | null = null;
  #shownFor = '';
  #drawn = '';
  #release: (() => void) | null = null;

  constructor(tools: ITools, private jobs: Jobs) {
    super(tools);
    this.addClass('nbm-Journey');
    this.node.setAttribute('aria-label', trans.__('Journey'));
    this.#live = h('div', { class: 'sr', role: 'status' });
    this.#list = h('div', 'list');
    this.node.append(this.#live, this.#list);
    jobs.changed.connect((_, path) => path === this.session?.path && this.redraw());
  }

  protected override onSession(): void {
    this.#release?.();
    this.#release = null;
    this.#saved = this.#shown = null;
    this.#drawn = this.#shownFor = '';
    const context = this.session?.panel.context;
    this.#values = { model: this.session?.path.split('/').pop()!.replace(/\.ipynb$/, '') ?? '' };
    if (context) {
      const forget = () => { this.#saved = null; this.redraw(); };
      context.fileChanged.connect(forget);
      context.model.stateChanged.connect(this.redraw, this);
      const notebook = this.session!.panel.content;
      const follow = () => this.session && markActive(this.#list, this.session);
      notebook.activeCellChanged.connect(follow);
      this.#release = () => {
        context.fileChanged.disconnect(forget);
        context.model.stateChanged.disconnect(this.redraw, this);
        notebook.activeCellChanged.disconnect(follow);
      };
    }
  }

  protected override onChanged(session: Session, what: 'look' | 'runs'): void {
    if (what === 'look') {
      super.onChanged(session, what);
    }
  }

  protected draw(): void {
    const session = this.session;
    if (!session) {
      this.#drawn = '';
      this.#list.replaceChildren(empty(trans.__('No notebook'), trans.__('Open a notebook to see how far it is on its way to the registry.')));
      return;
    }
    if (!this.#saved) {
      if (!this.#drawn) {
        this.#list.replaceChildren(empty(trans.__('Looking at the saved notebook…'), ''));
      }
      void this.#ask(session);
      return;
    }
    const state = JSON.stringify([
      session.path, this.#saved, this.#isEdited, session.look?.content, [...this.#open], session.failure, counts(session.look?.findings ?? []), !!session.look,
      this.jobs.of(session.path), this.#shown, Math.floor(Date.now() / 60_000)
    ]);
    if (state === this.#drawn) {
      return;
    }
    this.#drawn = state;
    const key = (document.activeElement as HTMLElement)?.dataset?.key;
    this.#list.replaceChildren(h('ol', 'steps', this.#lint(session), ...this.#steps.map(step => this.#step(step, session))));
    const again = key && this.#list.querySelector<HTMLElement>(`[data-key="${key}"]`);
    if (again) {
      again.focus({ preventScroll: true });
    }
  }

  async #ask(session: Session): Promise<void> {
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    try {
      await this.jobs.load();
      const saved = await this.tools.server.parameters(session.path).catch(() => ({ parameters: null, content: '', verbs: {} }));
      // Another notebook may have come into sight meanwhile; it is asked about anew.
      if (session === this.session) {
        this.#saved = saved;
      }
    } finally {
      this.#asking = false;
      this.redraw();
    }
  }

  get #isEdited(): boolean {
    return !!this.session?.panel.context.model.dirty;
  }

  #state(job: IJob | null): State {
    if (!job) {
      return 'open';
    }
    if (job.state === 'running') {
      return 'running';
    }
    // What counts is the code: a run, a comment in the text and a save change nothing.
    if (job.content !== (this.session?.look?.content ?? this.#saved?.content) || this.#outrun(job)) {
      return 'old';
    }
    return job.state === 'done' && job.exit_code === 0 ? 'good' : 'bad';
  }

  /** The gate has said something, and new evidence has come in since. */
  #outrun(job: IJob): boolean {
    const makes = (verb: string) => verb !== 'lint' && !this.#steps.some(step => step.verb === verb && step.judges);
    return job.verb === 'gate' && this.jobs.of(job.notebook).some(one =>
      makes(one.verb) && one.state === 'done' && (one.ended ?? 0) > job.started);
  }

  /** What all steps look like: a line that opens and closes, and a body. */
  #line(verb: string, name: string, state: State, told: [string, string?], body: () => Child[]): HTMLElement {
    const isOpen = this.#open.has(verb);
    const [now, more = ''] = told;
    const toggle = () => {
      this.#open[isOpen ? 'delete' : 'add'](verb);
      this.redraw();
    };
    return h('li', { class: `step step-${state}`, 'data-step': verb, 'data-state': state },
      h('h3', 'step-title', h('button', { class: 'step-head', 'aria-expanded': String(isOpen), onclick: toggle, 'data-key': `head-${verb}` },
        h('span', 'step-sign'), h('span', 'step-name', name),
        h('span', { class: 'dim step-told', title: [now, more].filter(Boolean).join(', ') }, now))),
      isOpen && h('div', 'step-body', ...body()));
  }

  /** The one step that is always being done. */
  #lint(session: Session): HTMLElement {
    const { look, failure } = session;
    const count = counts(look?.findings ?? []);
    const found = (['error', 'warning'] as Severity[]).filter(one => count[one]);
    const state = failure || found.length ? 'bad' : look ? 'good' : 'open';
    const told: [string] = [failure ? trans.__('could not be read') : !look ? trans.__('reading…')
      : found.map(one => severityCount(one, count[one])).join(', ') || trans.__('nothing found')];
    return this.#line('lint', trans.__('Lint'), state, told, () => [
      h('p', 'dim', trans.__('What would go wrong: hidden state, secrets, what breaks reproducibility.')),
      h('div', 'row actions',
        button(trans.__('Show findings'), () => void this.tools.run('nb-mlops:show-findings'), { 'data-key': 'show' }))
    ]);
  }

  #step(step: IStep, session: Session): HTMLElement {
    const { verb } = step;
    const job = this.jobs.latest(verb, session.path);
    const state = this.#state(job);
    const told = this.#told(step, state, job);
    return this.#line(verb, step.name, state, told, () => {
      const running = state === 'running';
      if (job) {
        void this.jobs.whole(job.id);
      }
      const asked = `${job?.id} ${job?.state}`;
      if (step.package && !running && this.#shownFor !== asked) {
        this.#shownFor = asked;
        void this.#look(session, false);
      }
      return [h('p', 'dim', step.about), ...(running ? [progressOf(job!, () => void this.jobs.cancel(job!.id))] : [
        this.#form(step),
        h('div', 'row actions',
          primary(step.run[job ? 1 : 0], () => void this.#start(verb, session, this.#options(step)), {
            'data-key': `run-${verb}`, disabled: this.#lacks(step), title: this.#isEdited && trans.__('Saves the notebook first')
          }),
          step.package && button(trans.__('Preview'), () => void this.#look(session, true), { 'data-key': 'preview' })),
        job && h('p', 'dim when', told[1]),
        job && this.#result(step, job, session),
        step.package && this.#tree(session)
      ])];
    });
  }

  /** How far a step is, in as few words as its line has room for, and what there is to say besides. */
  #told(step: IStep, state: State, job: IJob | null): [string, string?] {
    if (!job) {
      return [trans.__('not done yet')];
    }
    if (state === 'running') {
      return [trans.__('running…')];
    }
    const past = `${endName(step, job)}, ${ago(job.ended ?? job.started)}`;
    return state !== 'old' ? [endName(step, job), ago(job.ended ?? job.started)]
      : [this.#outrun(job) ? trans.__('new evidence since') : trans.__('edited since'), past];
  }

  #lacks(step: IStep): boolean {
    return step.fields.some(field => field.required && !this.#values[field.option]?.trim());
  }

  #form(step: IStep): HTMLElement | null {
    const given = step.parameters ? Object.entries(this.#saved?.parameters ?? {}).filter(([, value]) => value !== null) : [];
    const fields: IField[] = [
      ...given.map(([name, value]) => ({ option: `p-${name}`, label: name, placeholder: String(value) })), ...step.fields
    ];
    return fields.length ? h('div', 'form', ...fields.map(({ option, label, placeholder = '', type = 'text' }) => {
      const input = h('input', {
        class: 'input', type, value: this.#values[option] ?? '', placeholder, 'data-key': `${step.verb}-${option}`,
        oninput: () => {
          this.#values[option] = input.value;
          this.#list.querySelector<HTMLButtonElement>(`[data-key="run-${step.verb}"]`)!.disabled = this.#lacks(step);
        }
      });
      return h('label', 'field', h('span', {}, label), input);
    })) : null;
  }

  /** What a step is told: what was typed, and nothing for what was left empty. */
  #options(step: IStep): Record<string, unknown> {
    const typed = Object.entries(this.#values).map(([option, text]) => [option, text.trim()] as const).filter(([, text]) => text);
    const options: Record<string, unknown> = {};
    for (const { option, type } of step.fields) {
      const text = typed.find(([name]) => name === option)?.[1];
      if (text) {
        options[option] = type === 'number' ? Number(text) : text;
      }
    }
    const parameters = typed.filter(([name]) => name.startsWith('p-')).map(([name, text]) => [name.slice(2), text]);
    return step.parameters && parameters.length ? { ...options, parameters: Object.fromEntries(parameters) } : options;
  }

  async #start(verb: string, session: Session, options: Record<string, unknown>): Promise<void> {
    try {
      if (this.#isEdited) {
        await session.panel.context.save();
      }
      this.#saved = null;
      await this.jobs.start(verb, session.path, options);
      this.#live.textContent = trans.__('%1 has started', verb);
    } catch (error: any) {
      await complain(trans.__('%1 was not started', verb), error);
    }
    this.redraw();
  }

  #result(step: IStep, job: IJob, session: Session): HTMLElement | null {
    const { result } = job;
    if (job.state !== 'done') {
      return null;
    }
    if (result === undefined) {
      return h('p', 'dim', trans.__('Fetching the result…'));
    }
    const shown = { tools: this.tools, session, page: this.tools.server.page(job.id), ways: this.#ways(session) };
    return result ? h('div', 'result', ...step.result(result, shown)) : lastWords(job);
  }

  /** The files of the package: of the one that was made, or of the one that would be. */
  #tree(session: Session): HTMLElement | null {
    const shown = this.#shown;
    if (!shown) {
      return null;
    }
    const open = () => void this.tools.run('filebrowser:go-to-path', { path: shown.out });
    return h('div', 'package',
      h('div', 'row',
        h('span', 'section', shown.out ? shown.out.split('/').pop()! : trans.__('Would be made')), h('span', 'space'),
        shown.out ? button(trans.__('Show in files'), open, { 'data-key': 'package' }) : null),
      packageTree(this.tools, session, shown));
  }

  async #look(session: Session, preview: boolean): Promise<void> {
    try {
      if (preview && this.#isEdited) {
        await session.panel.context.save();
      }
      const shown = await this.tools.server.package(session.path, preview);
      if (session === this.session) {
        this.#shown = shown;
      }
    } catch (error: any) {
      if (preview) {
        await complain(trans.__('There is no preview'), error);
      }
    }
    this.redraw();
  }

  /** What can be done about a proof that does not hold: a button where the server can do it, else words to type. */
  #ways(session: Session): (proof: IProof, remedies: string[]) => HTMLElement[] {
    return (proof, remedies) => waysOut(proof, remedies, this.#saved?.verbs ?? {}).flatMap(({ command, job }) => {
      const key = `way-${proof.name}-${command}`;
      if (!job) {
        return [h('div', 'way', words(command),
          button(trans.__('Copy'), () => void Clipboard.copyToSystem(command), { 'data-key': key }))];
      }
      const last = this.jobs.latest(job.verb, session.path);
      if (last?.state === 'running') {
        return this.#steps.some(step => step.verb === job.verb) ? [h('p', 'dim', trans.__('%1 is running…', job.verb))]
          : [progressOf(last, () => void this.jobs.cancel(last.id))];
      }
      return [h('div', 'way', words(command), primary(trans.__('Run'), () => void this.#start(job.verb, session, job.options), { 'data-key': key }))];
    });
  }
}

/** A command, broken between its words only. */
function words(command: string): HTMLElement {
  return h('code', {}, ...command.split(' ').flatMap(word => [h('span', 'word', word), ' ']));
}
