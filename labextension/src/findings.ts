import { showErrorMessage } from '@jupyterlab/apputils';
import { filterIcon } from '@jupyterlab/ui-components';
import { explain, preview, reasonFor } from './dialogs';
import { h, prose } from './dom';
import { counts, GroupBy, groups, IGroup, matches } from './filter';
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
  private by: GroupBy = 'cell';
  private words = '';
  private hidden = new Set<Severity>();
  private open = new Set<string>();
  private shown = MOST;
  private drawn = '';
  private head: HTMLElement;
  private list: HTMLElement;
  private live: HTMLElement;
  private foot: HTMLElement;
  private filters = new Map<Severity, HTMLButtonElement>();
  private fixAll: HTMLButtonElement;
  private undo: HTMLButtonElement;

  constructor(tools: ITools) {
    super(tools);
    const { trans } = tools;
    this.addClass('nbm-Findings');
    this.node.setAttribute('aria-label', trans.__('Findings'));
    for (const severity of SEVERITIES) {
      this.filters.set(severity, this.filter(severity));
    }
    this.fixAll = h('button', {
      class: 'nbm-button',
      onclick: () => void this.mend([]),
      title: trans.__('Mend all that can be mended without changing what the notebook computes')
    }, trans.__('Fix all safe…'));
    this.undo = h('button', { class: 'nbm-button', onclick: () => void this.takeBack() }, trans.__('Undo fix'));
    this.live = h('div', { class: 'nbm-live', role: 'status', 'aria-live': 'polite' });
    this.head = h('div', { class: 'nbm-head' },
      h('div', { class: 'nbm-row' }, ...this.filters.values(), h('span', { class: 'nbm-space' }), this.undo, this.fixAll),
      h('div', { class: 'nbm-row' }, this.search(), this.grouping())
    );
    this.list = h('div', { class: 'nbm-list' });
    this.foot = h('div', { class: 'nbm-foot' });
    this.node.append(this.head, this.live, this.list, this.foot);
  }

  /** Show a finding: its row is opened and comes into sight. */
  reveal(fingerprint: string): void {
    this.open.add(fingerprint);
    this.drawn = '';
    this.draw();
    const row = this.list.querySelector(`[data-finding="${fingerprint}"]`);
    row?.scrollIntoView({ block: 'nearest' });
  }

  /** The findings in the order they are shown. */
  get visibleFindings(): IFinding[] {
    return (this.session?.look?.findings ?? []).filter(finding => matches(finding, this.filterNow));
  }

  protected override onSession(): void {
    this.open.clear();
    this.shown = MOST;
    this.drawn = '';
  }

  protected override onChanged(session: Session, what: 'look' | 'runs' | 'busy'): void {
    if (what !== 'runs') {
      super.onChanged(session, what);
    }
  }

  private get filterNow() {
    return { by: this.by, hidden: this.hidden, words: this.words };
  }

  protected draw(): void {
    const { trans } = this.tools;
    const session = this.session;
    this.node.classList.toggle('nbm-busy', !!session?.busy);
    this.node.setAttribute('aria-busy', String(!!session?.busy));
    this.head.hidden = !session;
    const findings = session?.look?.findings ?? [];
    const count = counts(findings);
    for (const [severity, button] of this.filters) {
      button.lastElementChild!.textContent = String(count[severity]);
      button.setAttribute('aria-label', severityCount(trans, severity, count[severity]));
      button.title = this.hidden.has(severity)
        ? trans.__('Show: %1', severityCount(trans, severity, count[severity]))
        : trans.__('Hide: %1', severityCount(trans, severity, count[severity]));
    }
    this.fixAll.hidden = !findings.some(one => one.fix?.safety === 'safe' && one.data?.tool !== 'ruff');
    this.undo.hidden = !session?.canUndo;
    const state = JSON.stringify([
      session?.panel.id, this.filterNow, [...this.hidden], [...this.open], this.shown, session?.current, session?.failure,
      session?.look && { ...session.look, graph: null }
    ]);
    if (state === this.drawn) {
      return;
    }
    this.drawn = state;
    this.fill(session, findings);
  }

  private fill(session: Session | null, findings: IFinding[]): void {
    const { trans } = this.tools;
    const focused = this.focused();
    this.list.replaceChildren();
    this.foot.replaceChildren();
    if (!session) {
      this.list.append(empty(trans.__('No notebook'), trans.__('Open a notebook to see what would go wrong in it.')));
      return;
    }
    if (session.failure) {
      const again = h('button', { class: 'nbm-button', onclick: () => session.refresh() }, trans.__('Try again'));
      this.list.append(empty(session.failure.message, session.failure.remedy, again));
      return;
    }
    if (!session.look) {
      this.list.append(empty(trans.__('Reading the notebook…'), ''));
      return;
    }
    const list = groups(findings, this.filterNow);
    let room = this.shown;
    for (const group of list) {
      if (room > 0) {
        this.list.append(this.group(group, session, room));
        room -= group.findings.length;
      }
    }
    const matching = list.reduce((sum, group) => sum + group.findings.length, 0);
    this.say(findings.length, matching);
    if (!findings.length) {
      this.list.append(empty(trans.__('Nothing found'), trans.__('No rule has anything to say about this notebook.')));
    } else if (!matching) {
      this.list.append(empty(trans.__('Nothing matches'), trans.__('%1 findings are hidden by the filter.', findings.length)));
    }
    if (matching > this.shown) {
      const more = () => { this.shown += MOST; this.redraw(); };
      this.foot.append(h('button', { class: 'nbm-button', onclick: more }, trans.__('Show %1 more', matching - this.shown)));
    }
    const { suppressed, baselined } = session.look;
    const known = [
      suppressed ? trans.__('%1 ignored in the notebook', suppressed) : '',
      baselined ? trans.__('%1 known from the baseline', baselined) : ''
    ].filter(Boolean);
    if (known.length) {
      this.foot.append(h('div', { class: 'nbm-dim' }, known.join(' · ')));
    }
    this.focusAgain(focused);
  }

  private say(all: number, matching: number): void {
    const { trans } = this.tools;
    const text = all === matching
      ? trans._n('%1 finding', '%1 findings', all)
      : trans.__('%1 of %2 findings', matching, all);
    if (this.live.textContent !== text) {
      this.live.textContent = text;
    }
  }

  private group(group: IGroup, session: Session, room: number): HTMLElement {
    const { trans } = this.tools;
    const first = group.findings[0];
    const name =
      this.by === 'cell'
        ? first.cell ? cellName(trans, first.cell) : trans.__('Notebook')
        : this.by === 'rule' ? group.key : severityName(trans, group.key as Severity);
    const title = first.cell && this.by === 'cell' ? session.graph.nodes.find(node => node.cell === group.cell)?.title : '';
    return h('section', { class: 'nbm-group' },
      h('h3', { class: 'nbm-group-title' }, name, title ? h('span', { class: 'nbm-dim nbm-code-title' }, title) : null,
        h('span', { class: 'nbm-count' }, String(group.findings.length))),
      h('ul', { class: 'nbm-rows' }, ...group.findings.slice(0, room).map(one => this.row(one, session)))
    );
  }

  private row(finding: IFinding, session: Session): HTMLElement {
    const { trans } = this.tools;
    const isOpen = this.open.has(finding.fingerprint);
    const place = placeName(trans, finding);
    const where = [this.by === 'cell' || !finding.cell ? '' : cellName(trans, finding.cell), place].filter(Boolean).join(', ');
    const toggle = () => {
      if (isOpen) {
        this.open.delete(finding.fingerprint);
      } else {
        this.open.add(finding.fingerprint);
        session.current = finding.fingerprint;
        void session.goTo(finding);
      }
      this.redraw();
    };
    const button = h('button', {
        class: 'nbm-finding-head', 'aria-expanded': String(isOpen), onclick: toggle,
        ondblclick: () => void session.goTo(finding).then(() => session.panel.content.activate())
      },
      severityIcon(finding.severity),
      h('span', { class: 'nbm-sr' }, severityName(trans, finding.severity)),
      h('span', { class: 'nbm-finding-text' },
        h('span', { class: isOpen ? 'nbm-message' : 'nbm-message nbm-clamp' }, prose(finding.message)),
        h('span', { class: 'nbm-dim nbm-meta' }, [where, `${finding.code} ${finding.rule}`].filter(Boolean).join(' · '),
          finding.confidence === 'high' ? '' : ` · ${trans.__('%1 confidence', finding.confidence)}`))
    );
    const current = session.current === finding.fingerprint;
    return h('li', {
      class: `nbm-finding${current ? ' nbm-current' : ''}`, 'data-finding': finding.fingerprint, 'data-code': finding.code
    }, button, isOpen ? this.detail(finding, session) : null);
  }

  private detail(finding: IFinding, session: Session): HTMLElement {
    const { trans } = this.tools;
    const both = replays(finding.data);
    const mendable = finding.fix && finding.fix.safety !== 'display' && finding.data?.tool !== 'ruff';
    const url = finding.url ?? finding.data?.url;
    return h('div', { class: 'nbm-detail' },
      finding.data?.excerpt?.trim() ? excerpt(finding.data, finding.severity) : null,
      both ? this.replays(both, session) : this.related(finding, session),
      finding.fix ? h('p', { class: 'nbm-dim' }, trans.__('Way out: %1', finding.fix.title)) : null,
      h('div', { class: 'nbm-row nbm-actions' },
        mendable ? h('button', { class: 'nbm-button nbm-primary', onclick: () => void this.mend([finding]) }, trans.__('Fix…')) : null,
        h('button', { class: 'nbm-button', onclick: () => void session.goTo(finding).then(() => session.panel.content.activate()),
          disabled: !finding.cell }, trans.__('Go to')),
        h('button', { class: 'nbm-button', onclick: () => void this.ignore(finding) }, trans.__('Ignore…')),
        url
          ? h('a', { class: 'nbm-button', href: url, target: '_blank', rel: 'noopener noreferrer' }, trans.__('About %1', finding.code))
          : h('button', { class: 'nbm-button', onclick: () => void explain(this.tools, finding.code) }, trans.__('About %1', finding.code)))
    );
  }

  private related(finding: IFinding, session: Session): HTMLElement | null {
    if (!finding.related.length) {
      return null;
    }
    const items = finding.related.slice(0, 6).map(one =>
      h('li', {},
        one.cell ? h('button', { class: 'nbm-link', onclick: () => void session.goTo(one) }, cellName(this.tools.trans, one.cell)) : null,
        ' ', prose(one.message)));
    return h('ul', { class: 'nbm-related' }, ...items);
  }

  private replays(both: IReplays, session: Session): HTMLElement {
    const { trans } = this.tools;
    const name = both.more ? trans.__('%1 and %2 more', both.name, both.more) : both.name;
    const column = (title: string, steps: IStep[], kind: string) =>
      h('div', { class: `nbm-replay nbm-replay-${kind}` }, h('h4', {}, title),
        h('ol', {}, ...steps.map(step => this.step(step, name, kind, session))));
    return h('div', { class: 'nbm-replays' },
      column(trans.__('A clean run'), both.clean, 'clean'), column(trans.__('As it was run'), both.recorded, 'recorded'));
  }

  private step(step: IStep, name: string, kind: string, session: Session): HTMLElement {
    const { trans } = this.tools;
    const label = kind === 'clean' ? trans.__('cell %1', step.cell + 1) : trans.__('[%1] cell %2', step.count, step.cell + 1);
    const what = step.reads ? trans.__('reads') : trans.__('sets');
    return h('li', { class: step.joined ? 'nbm-joined' : '' },
      h('button', { class: 'nbm-link', onclick: () => void session.goToCell(step.cell) }, label), ` ${what} `, h('code', {}, name));
  }

  private filter(severity: Severity): HTMLButtonElement {
    const button: HTMLButtonElement = h('button', {
      class: 'nbm-filter', 'aria-pressed': 'true',
      onclick: () => {
        const hide = !this.hidden.has(severity);
        this.hidden[hide ? 'add' : 'delete'](severity);
        button.setAttribute('aria-pressed', String(!hide));
        this.redraw();
      }
    }, severityIcon(severity), h('span', {}, '0'));
    return button;
  }

  private search(): HTMLElement {
    const { trans } = this.tools;
    const input = h('input', {
      class: 'nbm-input', type: 'search', placeholder: trans.__('Filter'), 'aria-label': trans.__('Filter findings by words'),
      oninput: () => { this.words = input.value.trim(); this.redraw(); }
    });
    return h('span', { class: 'nbm-search' }, filterIcon.element({ tag: 'span' }), input);
  }

  private grouping(): HTMLElement {
    const { trans } = this.tools;
    const choices: [GroupBy, string][] = [['cell', trans.__('By cell')], ['rule', trans.__('By rule')], ['severity', trans.__('By severity')]];
    const select = h('select', {
      class: 'nbm-select', 'aria-label': trans.__('Group findings'),
      onchange: () => { this.by = select.value as GroupBy; this.redraw(); }
    }, ...choices.map(([value, text]) => h('option', { value }, text)));
    return select;
  }

  private async mend(findings: IFinding[]): Promise<void> {
    const session = this.session;
    if (!session) {
      return;
    }
    const unsafe = findings.some(finding => finding.fix?.safety === 'unsafe');
    try {
      const made = await session.mend(findings.map(finding => finding.fingerprint), unsafe);
      if (await preview(this.tools.trans, made, unsafe)) {
        this.check(session.accept(made));
      }
    } catch (error) {
      await this.complain(error);
    }
  }

  private async ignore(finding: IFinding): Promise<void> {
    const session = this.session;
    if (!session) {
      return;
    }
    const told = await reasonFor(this.tools.trans, finding);
    if (!told) {
      return;
    }
    const all = session.look?.findings ?? [];
    const named = told.scope === 'notebook' ? all.filter(one => one.code === finding.code) : [finding];
    try {
      const made = await session.ignore(named.map(one => one.fingerprint), told.reason, told.scope === 'cell');
      this.check(session.accept(made));
    } catch (error) {
      await this.complain(error);
    }
  }

  private check(done: boolean): void {
    if (!done) {
      const { trans } = this.tools;
      void showErrorMessage(trans.__('Nothing was changed'), trans.__('The notebook has changed meanwhile. Look at the findings again.'));
    }
  }

  private takeBack(): void {
    if (this.session && !this.session.undo()) {
      const { trans } = this.tools;
      void showErrorMessage(trans.__('Nothing was changed'), trans.__('The notebook has changed since the fix; undo it in the cells themselves.'));
    }
  }

  private async complain(error: any): Promise<void> {
    const remedy = error.remedy ? `\n${error.remedy}` : '';
    await showErrorMessage(this.tools.trans.__('Nothing was changed'), `${error.message ?? error}${remedy}`);
  }

  /** Drawing anew must not throw anybody off who moves through the list by keyboard. */
  private focused(): [string, number] | null {
    const row = document.activeElement?.closest<HTMLElement>('[data-finding]');
    if (!row || !this.list.contains(row)) {
      return null;
    }
    return [row.dataset.finding!, [...row.querySelectorAll('button')].indexOf(document.activeElement as HTMLButtonElement)];
  }

  private focusAgain(place: [string, number] | null): void {
    const row = place && this.list.querySelector(`[data-finding="${place[0]}"]`);
    const button = row?.querySelectorAll('button')[Math.max(0, place![1])];
    button?.focus({ preventScroll: true });
  }
}

/** What a view says when it has nothing to show. */
export function empty(title: string, text: string, more?: HTMLElement): HTMLElement {
  return h('div', { class: 'nbm-empty' }, h('p', { class: 'nbm-empty-title' }, title), text ? h('p', {}, text) : null, more);
}

function excerpt(data: IFindingData, severity: Severity): HTMLElement {
  const line = data.excerpt!;
  const [start, end] = data.caret ?? [0, 0];
  return h('pre', { class: 'nbm-excerpt' }, line.slice(0, start).trimStart(),
    end > start ? h('mark', { class: `nbm-mark-${severity}` }, line.slice(start, end)) : null, line.slice(Math.max(end, start)));
}
