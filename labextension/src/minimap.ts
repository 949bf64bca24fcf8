import { Clipboard, Notification } from '@jupyterlab/apputils';
import { button, h, mark, say, svg } from './dom';
import { empty } from './findings';
import { trans } from './i18n';
import { IStatus, RunState } from './runstate';
import { Session } from './session';
import { IGraphEdge, IGraphNode } from './types';
import { ITools, View } from './view';
import { neededAbout, stateName, why } from './words';

const ROW = 26;
const GUTTER = 34;
const MOST_NAMES = 3;

/** Which cell depends on which: a row for each cell, and arcs for the active one. */
export class MinimapView extends View {
  #head: HTMLElement;
  #sum: HTMLElement;
  #list: HTMLElement;
  #about: HTMLElement;
  #rows = new Map<number, HTMLElement>();
  #drawn = '';
  /** What is told of the active cell, and the arcs to and from it. */
  #told = '';
  #release: (() => void) | null = null;

  constructor(tools: ITools) {
    super(tools);
    this.addClass('nbm-Minimap');
    this.node.setAttribute('aria-label', trans.__('Dependencies'));
    this.#sum = h('span', { class: 'dim', role: 'status' });
    this.#head = h('div', 'head',
      h('div', 'row', this.#sum, h('span', 'space'),
        button(trans.__('Copy as Mermaid'), () => void this.#copy(), { title: trans.__('Copy the whole graph as Mermaid, for a README or a wiki') })));
    this.#list = h('div', { class: 'map', tabindex: '-1' });
    this.#list.addEventListener('keydown', event => this.#onKey(event));
    this.#about = h('div', 'about');
    this.node.append(this.#head, this.#list, this.#about);
  }

  protected override onSession(): void {
    this.#release?.();
    this.#release = null;
    this.#drawn = '';
    const notebook = this.session?.panel.content;
    if (notebook) {
      const follow = () => this.redraw();
      notebook.activeCellChanged.connect(follow);
      this.#release = () => notebook.activeCellChanged.disconnect(follow);
    }
  }

  protected draw(): void {
    const session = this.session;
    const nodes = session?.graph.nodes ?? [];
    this.#head.hidden = !nodes.length;
    this.#about.hidden = !nodes.length;
    mark(this.#list, nodes.length ? { role: 'listbox', 'aria-label': trans.__('Cells, and what the active one depends on') } : { role: '', 'aria-label': '' });
    if (!session || !nodes.length) {
      this.#drawn = '';
      const text = session?.failure?.message ?? (session ? trans.__('There is no code in this notebook yet.') : trans.__('Open a notebook to see which of its cells depend on which.'));
      this.#list.replaceChildren(empty(session ? trans.__('No cells') : trans.__('No notebook'), text));
      return;
    }
    const state = JSON.stringify([session.panel.id, nodes.map(node => node.cell)]);
    if (state !== this.#drawn) {
      this.#drawn = state;
      this.#build(session, nodes);
    }
    this.#refresh(session, nodes);
  }

  #build(session: Session, nodes: IGraphNode[]): void {
    this.#rows.clear();
    const rows = nodes.map(node => {
      const row = h('div', {
        class: 'map-row', role: 'option', tabindex: '-1', 'data-cell': String(node.cell),
        onclick: () => { void session.goToCell(node.cell); }
      },
        h('span', 'state'),
        h('span', 'map-number', String(node.cell + 1)),
        h('span', 'map-title'),
        h('span', 'map-names'));
      this.#rows.set(node.cell, row);
      return row;
    });
    const arcs = svg('svg', { class: 'nbm-arcs', 'aria-hidden': 'true', width: GUTTER, height: nodes.length * ROW });
    this.#told = '';
    this.#list.replaceChildren(arcs, ...rows);
  }

  #refresh(session: Session, nodes: IGraphNode[]): void {
    const active = session.panel.content.activeCellIndex;
    const edges = session.graph.edges;
    const up = new Map(edges.filter(edge => edge.to === active).map(edge => [edge.from, edge]));
    const down = new Map(edges.filter(edge => edge.from === active).map(edge => [edge.to, edge]));
    let doubtful = 0;
    for (const node of nodes) {
      const row = this.#rows.get(node.cell)!;
      const status = session.status(node.id) ?? session.statusAt(node.cell);
      const state: RunState = status?.state ?? 'never-run';
      doubtful += state === 'stale' || state === 'out-of-order' || state === 'edited' ? 1 : 0;
      const edge = up.get(node.cell) ?? down.get(node.cell);
      const relation = node.cell === active ? 'active' : up.has(node.cell) ? 'up' : down.has(node.cell) ? 'down' : '';
      const tab = node.cell === active || (!this.#rows.has(active) && node === nodes[0]) ? 0 : -1;
      const [sign, , title, beside] = row.children;
      mark(sign, { class: `nbm-state nbm-state-${state}` });
      say(title, node.title || trans.__('(empty)'));
      const names = edge ? shortened(edge.names) : '';
      say(beside, names && (relation === 'up' ? `${names} →` : `→ ${names}`));
      const told = [
        trans.__('Cell %1: %2', node.cell + 1, node.title), stateName(state), status ? why(status) : '',
        relation === 'up' ? trans.__('gives %1 to the active cell', edge!.names.join(', ')) : '',
        relation === 'down' ? trans.__('reads %1 from the active cell', edge!.names.join(', ')) : ''
      ].filter(Boolean);
      mark(row, {
        class: `nbm-map-row${relation && ` nbm-map-${relation}`}`, 'aria-selected': String(node.cell === active),
        tabindex: String(tab), title: told.join('\n'), 'aria-label': told.join(', ')
      });
    }
    say(this.#sum, doubtful
      ? trans._n('%1 to run again', '%1 to run again', doubtful)
      : trans._n('%1 code cell', '%1 code cells', nodes.length));
    const [node, status] = [nodes.find(node => node.cell === active), session.statusAt(active)];
    const told = JSON.stringify([session.language, active, node, status, [...up.values()], [...down.values()], !!session.panel.sessionContext.session?.kernel]);
    if (told === this.#told) {
      return;
    }
    this.#told = told;
    this.#arcs(nodes, active, [...up.values(), ...down.values()]);
    this.#tell(session, node, status, [...up.values()], [...down.values()]);
    const row = this.#rows.get(active);
    // Not while somebody walks through the rows by keyboard, unless this is where they are.
    if (row && (document.activeElement === row || !this.#list.contains(document.activeElement))) {
      row.scrollIntoView({ block: 'nearest' });
    }
  }

  #arcs(nodes: IGraphNode[], active: number, edges: IGraphEdge[]): void {
    const place = new Map(nodes.map((node, index) => [node.cell, index * ROW + ROW / 2]));
    const paths = edges.filter(edge => place.has(edge.from) && place.has(edge.to)).map(edge => {
      const [from, to] = [place.get(edge.from)!, place.get(edge.to)!];
      const depth = Math.min(GUTTER - 8, 8 + Math.abs(to - from) / 12);
      const x = GUTTER - 4;
      const kind = edge.to === active ? 'up' : 'down';
      return svg('path', {
        class: `nbm-arc nbm-arc-${kind}${edge.changed.length ? ' nbm-arc-changed' : ''}`,
        d: `M ${x} ${from} C ${x - depth} ${from}, ${x - depth} ${to}, ${x} ${to}`
      });
    });
    const heads = edges.filter(edge => place.has(edge.to)).map(edge => {
      const y = place.get(edge.to)!;
      return svg('path', { class: `nbm-arrow nbm-arc-${edge.to === active ? 'up' : 'down'}`, d: `M ${GUTTER - 8} ${y - 4} L ${GUTTER - 1} ${y} L ${GUTTER - 8} ${y + 4} Z` });
    });
    this.#list.firstElementChild!.replaceChildren(...paths, ...heads);
  }

  #tell(session: Session, node: IGraphNode | undefined, status: IStatus | undefined, up: IGraphEdge[], down: IGraphEdge[]): void {
    if (!node) {
      this.#about.replaceChildren(h('p', 'dim', trans.__('The active cell holds no code.')));
      return;
    }
    const state = status?.state ?? 'never-run';
    const reason = status ? why(status) : '';
    const fact = (name: string, text: string) => text && h('div', 'fact', h('dt', {}, name), h('dd', {}, text));
    const from = up.map(edge => trans.__('%1 from cell %2', edge.names.join(', '), edge.from + 1)).join('; ');
    const to = down.map(edge => trans.__('%1 to cell %2', edge.names.join(', '), edge.to + 1)).join('; ');
    this.#about.replaceChildren(
      h('h3', {}, trans.__('Cell %1', node.cell + 1), h('span', 'badge',
        h('span', `state state-${state}`), stateName(state))),
      reason ? h('p', {}, reason) : '',
      h('dl', {}, fact(trans.__('Reads'), from), fact(trans.__('Gives'), to), fact(trans.__('Missing'), node.missing.join(', ')),
        session.language && fact(trans.__('Note'), trans.__('What cells read from each other is told of Python only, not of %1.', session.language)),
        node.opaque && fact(trans.__('Note'), trans.__('Some of what it reads or sets cannot be told from its text.'))),
      h('div', 'row actions',
        button(trans.__('Run with what it needs'), () => void session.runNeeded(node.cell), { disabled: !session.panel.sessionContext.session?.kernel, title: neededAbout() })));
  }

  #onKey(event: KeyboardEvent): void {
    const session = this.session;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    if (!session || !(event.key in steps || event.key === 'Enter')) {
      return;
    }
    const cells = [...this.#rows.keys()];
    const at = cells.indexOf(Number((document.activeElement as HTMLElement)?.dataset.cell));
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') {
      session.panel.content.activate();
      return;
    }
    const next = cells[Math.min(cells.length - 1, Math.max(0, at + steps[event.key]))];
    void session.goToCell(next);
    this.#rows.get(next)?.focus();
  }

  async #copy(): Promise<void> {
    try {
      Clipboard.copyToSystem((await this.session!.mermaid()) as any);
      Notification.success(trans.__('The graph is in the clipboard as Mermaid.'), { autoClose: 3000 });
    } catch (error: any) {
      Notification.error(error.message ?? String(error));
    }
  }
}

function shortened(names: string[]): string {
  return names.slice(0, MOST_NAMES).join(', ') + (names.length > MOST_NAMES ? ` +${names.length - MOST_NAMES}` : '');
}
