import { filterIcon } from '@jupyterlab/ui-components';
import { complain, explain, preview, reasonFor } from './dialogs';
import { arrange, button, h, link, mark, primary, prose, say } from './dom';
import { counts, GroupBy, groups, IGroup, matches } from './filter';
import { trans } from './i18n';
import { severityIcon } from './icons';
import { IReplays, IStep, replays } from './replays';
import { Session } from './session';
import { IFinding, IFindingData, Severity } from './types';
import { ITools, View } from './view';
import { cellName, placeName, severityCount, severityName } from './words';

/** More rows than these are drawn when somebody asks for them. */
const MOST = 200;
const SEVERITIES: Severity[] = ['error', 'warning', 'info'];

/** What was found in the notebook: live, in groups, each with its reason and its way out. */
export class FindingsView extends View {
  #by: GroupBy = 'cell';
  #words = '';
  #hidden = new Set<Severity>();
  #open = new Set<string>();
  #shown = MOST;
  #drawn = '';
  /** The groups in sight, by all that they show. */
  #groups = new Map<string, HTMLElement>();
  #head: HTMLElement;
  #list: HTMLElement;
  #live: HTMLElement;
  #foot: HTMLElement;
  #filters = new Map<Severity, HTMLButtonElement>();
  #input!: HTMLInputElement;
  #fixAll: HTMLButtonElement;
  #undo: HTMLButtonElement;

  constructor(tools: ITools) {
    super(tools);
    this.addClass('nbm-Findings');
    this.node.setAttribute('aria-label', trans.__('Findings'));
    for (const severity of SEVERITIES) {
      this.#filters.set(severity, this.#filter(severity));
    }
    this.#fixAll = button(trans.__('Fix all safe…'), () => void this.#mend([]), { title: trans.__('Mend all that can be mended without changing what the notebook computes') });
    this.#undo = button(trans.__('Undo fix'), () => void this.#takeBack());
    this.#live = h('div', { class: 'live', role: 'status' });
    this.#head = h('div', 'head',
      h('div', 'row', ...this.#filters.values(), h('span', 'space'), this.#undo, this.#fixAll),
      h('div', 'row', this.#search(), this.#grouping())
    );
    this.#list = h('div', 'list');
    this.#foot = h('div', 'foot');
    this.node.append(this.#head, this.#live, this.#list, this.#foot);
  }

  /** Show a finding: its row is opened and comes into sight. */
  reveal(fingerprint: string): void {
    this.#open.add(fingerprint);
    this.#drawn = '';
    this.draw();
    const row = this.#list.querySelector(`[data-finding="${fingerprint}"]`);
    row?.scrollIntoView({ block: 'nearest' });
  }

  /** The findings in the order they are shown. */
  get visibleFindings(): IFinding[] {
    return (this.session?.look?.findings ?? []).filter(finding => matches(finding, this.#filterNow));
  }

  protected override onSession(): void {
    this.#open.clear();
    this.#shown = MOST;
    this.#drawn = '';
  }

  protected override onChanged(session: Session, what: 'look' | 'runs'): void {
    if (what === 'look') {
      super.onChanged(session, what);
    }
  }

  get #filterNow() {
    return { by: this.#by, hidden: this.#hidden, words: this.#words };
  }

  protected draw(): void {
    const session = this.session;
    const look = session?.look;
    this.#head.hidden = !session || !!session.failure;
    const findings = look?.findings ?? [];
    const count = counts(findings);
    for (const [severity, button] of this.#filters) {
      const told = severityCount(severity, count[severity]);
      say(button.lastElementChild!, String(count[severity]));
      mark(button, {
        'aria-label': told,
        'aria-pressed': String(!this.#hidden.has(severity)),
        title: this.#hidden.has(severity) ? trans.__('Show: %1', told) : trans.__('Hide: %1', told)
      });
    }
    this.#fixAll.hidden = !findings.some(one => one.fix?.safety === 'safe' && one.data?.tool !== 'ruff');
    this.#undo.hidden = !session?.canUndo;
    const state = JSON.stringify([
      session?.panel.id, this.#filterNow, [...this.#hidden], [...this.#open], this.#shown, session?.current, session?.failure,
      !look, findings, look?.suppressed, look?.baselined
    ]);
    if (state !== this.#drawn) {
      this.#drawn = state;
      const focused = this.#focused();
      arrange(this.#list, this.#content(session, findings));
      this.#focusAgain(focused);
    }
  }

  /** What the list shows now, and below it. */
  #content(session: Session | null, findings: IFinding[]): HTMLElement[] {
    const before = this.#groups;
    this.#groups = new Map();
    this.#foot.replaceChildren();
    if (!session?.look || session.failure) {
      say(this.#live, '');
    }
    if (!session) {
      return [empty(trans.__('No notebook'), trans.__('Open a notebook to see what would go wrong in it.'))];
    }
    if (session.failure) {
      const again = button(trans.__('Try again'), () => session.refresh());
      return [empty(session.failure.message, session.failure.remedy, again)];
    }
    if (!session.look) {
      return [empty(trans.__('Reading the notebook…'), '')];
    }
    let room = this.#shown;
    let matching = 0;
    for (const group of groups(findings, this.#filterNow)) {
      matching += group.findings.length;
      if (room > 0) {
        const title = this.#title(group, session);
        const rows = group.findings.slice(0, room);
        const key = JSON.stringify([title, rows.map(one => [one, this.#open.has(one.fingerprint), session.current === one.fingerprint])]);
        this.#groups.set(key, before.get(key) ?? this.#group(title, group.findings.length, rows, session));
        room -= rows.length;
      }
    }
    this.#tell(session, findings.length, matching);
    if (matching) {
      return [...this.#groups.values()];
    }
    return [findings.length
      ? empty(trans.__('Nothing matches'), trans._n('%1 finding is hidden by the filter.', '%1 findings are hidden by the filter.', findings.length),
        button(trans.__('Show all'), () => this.#showAll()))
      : empty(trans.__('Nothing found'), trans.__('No rule has anything to say about this notebook.'))];
  }

  /** How many there are, and what is not shown. */
  #tell(session: Session, all: number, matching: number): void {
    mark(this.#live, { class: all ? 'nbm-live' : 'nbm-live nbm-sr' });  // the list says so itself
    say(this.#live, all === matching ? trans._n('%1 finding', '%1 findings', all) : trans.__('%1 of %2 findings', matching, all));
    if (matching > this.#shown) {
      const more = () => { this.#shown += MOST; this.redraw(); };
      this.#foot.append(button(trans.__('Show %1 more', matching - this.#shown), more));
    }
    const { suppressed, baselined } = session.look!;
    const { language } = session;
    const known = [
      suppressed ? trans.__('%1 ignored in the notebook', suppressed) : '',
      baselined ? trans.__('%1 known from the baseline', baselined) : '',
      language ? trans.__('Rules about Python are left out: the code is %1.', language) : ''
    ].filter(Boolean);
    if (known.length) {
      this.#foot.append(h('div', 'dim', known.join(' · ')));
    }
  }

  /** What a group is called, and the first line of its cell. */
  #title(group: IGroup, session: Session): [string, string] {
    const { cell, severity } = group.findings[0];
    switch (this.#by) {
      case 'cell':
        return [cell ? cellName(cell) : trans.__('Notebook'), cell ? (session.graph.nodes.find(node => node.cell === group.cell)?.title ?? '') : ''];
      case 'rule':
        return [group.key, ''];
      default:
        return [severityName(severity), ''];
    }
  }

  #group([name, title]: [string, string], count: number, rows: IFinding[], session: Session): HTMLElement {
    return h('section', 'group',
      h('h3', 'group-title', name, title && h('span', { class: 'dim code-title', title }, title),
        h('span', 'count', String(count))),
      h('ul', 'rows', ...rows.map(one => this.#row(one, session)))
    );
  }

  #row(finding: IFinding, session: Session): HTMLElement {
    const isOpen = this.#open.has(finding.fingerprint);
    const place = placeName(finding);
    const where = [this.#by === 'cell' || !finding.cell ? '' : cellName(finding.cell), place].filter(Boolean).join(', ');
    const toggle = () => {
      if (isOpen) {
        this.#open.delete(finding.fingerprint);
      } else {
        this.#open.add(finding.fingerprint);
        session.current = finding.fingerprint;
        void session.goTo(finding);
      }
      this.redraw();
    };
    const button = h('button', {
        class: 'finding-head', 'aria-expanded': String(isOpen), onclick: toggle,
        ondblclick: () => void session.goTo(finding).then(() => session.panel.content.activate())
      },
      severityIcon(finding.severity),
      h('span', 'sr', severityName(finding.severity)),
      h('span', 'finding-text',
        h('span', isOpen ? 'message' : 'message clamp', prose(finding.message)),
        h('span', 'dim meta', [where, `${finding.code} ${finding.rule}`].filter(Boolean).join(' · '),
          finding.confidence === 'high' ? '' : ` · ${trans.__('%1 confidence', finding.confidence)}`))
    );
    const current = session.current === finding.fingerprint;
    return h('li', {
      class: `finding${current ? ' current' : ''}`, 'data-finding': finding.fingerprint, 'data-code': finding.code
    }, button, isOpen ? this.#detail(finding, session) : null);
  }

  #detail(finding: IFinding, session: Session): HTMLElement {
    const both = replays(finding.data);
    const mendable = finding.fix && finding.fix.safety !== 'display' && finding.data?.tool !== 'ruff';
    const url = finding.url ?? finding.data?.url;
    return h('div', 'detail',
      finding.data?.excerpt?.trim() ? excerpt(finding.data, finding.severity) : null,
      both ? this.#replays(both, session) : this.#related(finding, session),
      finding.fix ? h('p', 'dim', trans.__('Way out: %1', finding.fix.title)) : null,
      h('div', 'row actions',
        mendable ? primary(trans.__('Fix…'), () => void this.#mend([finding])) : null,
        button(trans.__('Go to'), () => void session.goTo(finding).then(() => session.panel.content.activate()), { disabled: !finding.cell }),
        button(trans.__('Ignore…'), () => void this.#ignore(finding)),
        url
          ? h('a', { class: 'button', href: url, target: '_blank', rel: 'noopener noreferrer' }, trans.__('About %1', finding.code))
          : button(trans.__('About %1', finding.code), () => void explain(this.tools, finding.code)))
    );
  }

  #related(finding: IFinding, session: Session): HTMLElement | null {
    if (!finding.related.length) {
      return null;
    }
    const items = finding.related.slice(0, 6).map(one =>
      h('li', {},
        one.cell ? link(cellName(one.cell), () => void session.goTo(one)) : null,
        ' ', prose(one.message)));
    return h('ul', 'related', ...items);
  }

  #replays(both: IReplays, session: Session): HTMLElement {
    const name = both.more ? trans.__('%1 and %2 more', both.name, both.more) : both.name;
    const column = (title: string, steps: IStep[], kind: string) =>
      h('div', `replay replay-${kind}`, h('h4', {}, title),
        h('ol', {}, ...steps.map(step => this.#step(step, name, kind, session))));
    return h('div', 'replays',
      column(trans.__('A clean run'), both.clean, 'clean'), column(trans.__('As it was run'), both.recorded, 'recorded'));
  }

  #step(step: IStep, name: string, kind: string, session: Session): HTMLElement {
    const label = kind === 'clean' ? trans.__('cell %1', step.cell + 1) : trans.__('[%1] cell %2', step.count, step.cell + 1);
    const what = step.reads ? trans.__('reads') : trans.__('sets');
    return h('li', { class: step.joined ? 'joined' : '' },
      link(label, () => void session.goToCell(step.cell)), ` ${what} `, h('code', {}, name));
  }

  #filter(severity: Severity): HTMLButtonElement {
    const button: HTMLButtonElement = h('button', {
      class: 'filter', 'aria-pressed': 'true',
      onclick: () => {
        const hide = !this.#hidden.has(severity);
        this.#hidden[hide ? 'add' : 'delete'](severity);
        this.redraw();
      }
    }, severityIcon(severity), h('span', {}, '0'));
    return button;
  }

  #showAll(): void {
    this.#hidden.clear();
    this.#words = this.#input.value = '';
    this.redraw();
  }

  #search(): HTMLElement {
    const input = this.#input = h('input', {
      class: 'input', type: 'search', placeholder: trans.__('Filter'), 'aria-label': trans.__('Filter findings by words'),
      oninput: () => { this.#words = input.value.trim(); this.redraw(); }
    });
    return h('span', 'search', filterIcon.element({ tag: 'span' }), input);
  }

  #grouping(): HTMLElement {
    const choices: [GroupBy, string][] = [['cell', trans.__('By cell')], ['rule', trans.__('By rule')], ['severity', trans.__('By severity')]];
    const select = h('select', {
      class: 'select', 'aria-label': trans.__('Group findings'),
      onchange: () => { this.#by = select.value as GroupBy; this.redraw(); }
    }, ...choices.map(([value, text]) => h('option', { value }, text)));
    return select;
  }

  async #mend(findings: IFinding[]): Promise<void> {
    const session = this.session;
    if (!session) {
      return;
    }
    const unsafe = findings.some(finding => finding.fix?.safety === 'unsafe');
    try {
      const made = await session.mend(findings.map(finding => finding.fingerprint), unsafe);
      if (await preview(made, unsafe)) {
        this.#check(session.accept(made));
      }
    } catch (error) {
      await complain(trans.__('Nothing was changed'), error);
    }
  }

  async #ignore(finding: IFinding): Promise<void> {
    const session = this.session;
    if (!session) {
      return;
    }
    const told = await reasonFor(finding);
    if (!told) {
      return;
    }
    const all = session.look?.findings ?? [];
    const named = told.scope === 'notebook' ? all.filter(one => one.code === finding.code) : [finding];
    try {
      const made = await session.ignore(named.map(one => one.fingerprint), told.reason, told.scope === 'cell');
      this.#check(session.accept(made));
    } catch (error) {
      await complain(trans.__('Nothing was changed'), error);
    }
  }

  #check(done: boolean): void {
    if (!done) {
      void complain(trans.__('Nothing was changed'), trans.__('The notebook has changed meanwhile. Look at the findings again.'));
    }
  }

  #takeBack(): void {
    if (this.session && !this.session.undo()) {
      void complain(trans.__('Nothing was changed'), trans.__('The notebook has changed since the fix; undo it in the cells themselves.'));
    }
  }

  /** Drawing anew must not throw anybody off who moves through the list by keyboard. */
  #focused(): [string, number] | null {
    const row = document.activeElement?.closest<HTMLElement>('[data-finding]');
    if (!row || !this.#list.contains(row)) {
      return null;
    }
    return [row.dataset.finding!, [...row.querySelectorAll('button')].indexOf(document.activeElement as HTMLButtonElement)];
  }

  #focusAgain(place: [string, number] | null): void {
    const row = place && this.#list.querySelector(`[data-finding="${place[0]}"]`);
    const button = row?.querySelectorAll('button')[Math.max(0, place![1])];
    button?.focus({ preventScroll: true });
  }
}

/** What a view says when it has nothing to show. */
export function empty(title: string, text: string, more?: HTMLElement): HTMLElement {
  return h('div', 'empty', h('p', 'empty-title', prose(title)), text && h('p', {}, prose(text)), more);
}

function excerpt(data: IFindingData, severity: Severity): HTMLElement {
  const line = data.excerpt!;
  const [start, end] = data.caret ?? [0, 0];
  return h('pre', 'excerpt', line.slice(0, start).trimStart(),
    end > start ? h('mark', `mark-${severity}`, line.slice(start, end)) : null, line.slice(Math.max(end, start)));
}
