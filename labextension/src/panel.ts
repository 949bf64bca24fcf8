import { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';
import { h, tellCut } from './dom';
import { FindingsView } from './findings';
import { FolderView } from './folder';
import { trans } from './i18n';
import { mainIcon } from './icons';
import { Jobs } from './jobs';
import { JourneyView } from './journey';
import { MinimapView } from './minimap';
import { Session } from './session';
import { ITools, View } from './view';

export type Tab = 'findings' | 'dependencies' | 'journey' | 'folder';

/** The sidebar: the current notebook in four views. Watches it only while it can be seen itself. */
export class Panel extends Widget {
  readonly findings: FindingsView;
  #views: Record<Tab, View>;
  #tabs = new Map<Tab, HTMLButtonElement>();
  #name: HTMLElement;
  #session: Session | null = null;
  #release: (() => void) | null = null;
  #tab: Tab = 'findings';

  constructor(tools: ITools, jobs: Jobs, private remember: (tab: Tab) => void) {
    super();
    this.id = 'nb-mlops-panel';
    this.addClass('nbm-Panel');
    this.title.icon = mainIcon;
    this.title.caption = trans.__('nb-mlops');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('nb-mlops'));
    this.findings = new FindingsView(tools);
    this.#views = {
      findings: this.findings,
      dependencies: new MinimapView(tools),
      journey: new JourneyView(tools, jobs),
      folder: new FolderView(tools, jobs)
    };
    const names: Record<Tab, string> = {
      findings: trans.__('Findings'), dependencies: trans.__('Cells'), journey: trans.__('Journey'), folder: trans.__('Folder')
    };
    const bar = h('div', { class: 'tabs', role: 'tablist', onkeydown: (event: KeyboardEvent) => this.#onKey(event) });
    for (const tab of Object.keys(this.#views) as Tab[]) {
      const view = this.#views[tab];
      view.id = `nb-mlops-${tab}`;
      const button = h('button', {
        class: 'tab', role: 'tab', id: `nb-mlops-tab-${tab}`, 'aria-controls': view.id, onclick: () => this.show(tab)
      }, names[tab]);
      view.node.setAttribute('aria-labelledby', button.id);
      this.#tabs.set(tab, button);
      bar.append(button);
    }
    this.#name = h('h2', 'notebook');
    tellCut(this.node);
    const top = new Widget({ node: h('div', 'top', this.#name, bar) });
    const layout = (this.layout = new PanelLayout());
    layout.addWidget(top);
    Object.values(this.#views).forEach(view => layout.addWidget(view));
    this.#choose();
  }

  set current(session: Session | null) {
    if (this.#session === session) {
      return;
    }
    this.#session?.panel.context.pathChanged.disconnect(this.#label, this);
    this.#session = session;
    session?.panel.context.pathChanged.connect(this.#label, this);
    Object.values(this.#views).forEach(view => (view.current = session));
    this.#label();
    this.#follow();
  }

  get current(): Session | null {
    return this.#session;
  }

  /** Show a view. */
  override show(tab?: Tab): void {
    if (typeof tab !== 'string') {
      super.show();
      return;
    }
    this.#tab = tab;
    this.#choose();
    this.remember(tab);
  }

  protected override onAfterShow(_: Message): void {
    this.#follow();
    this.#views[this.#tab].redraw();
  }

  protected override onAfterAttach(_: Message): void {
    this.#follow();
    this.#views[this.#tab].redraw();
  }

  protected override onAfterHide(_: Message): void {
    this.#follow();
  }

  protected override onActivateRequest(_: Message): void {
    this.#tabs.get(this.#tab)?.focus();
  }

  #label(): void {
    const path = this.#session?.path ?? '';
    this.#name.textContent = path.split('/').pop() ?? '';
    this.#name.title = path;
  }

  #follow(): void {
    this.#release?.();
    this.#release = this.#session && this.isVisible ? this.#session.watch() : null;
  }

  #choose(): void {
    for (const [tab, view] of Object.entries(this.#views) as [Tab, View][]) {
      const chosen = tab === this.#tab;
      view.setHidden(!chosen);
      const button = this.#tabs.get(tab)!;
      button.setAttribute('aria-selected', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  }

  #onKey(event: KeyboardEvent): void {
    const order = [...this.#tabs.keys()];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = order[(order.indexOf(this.#tab) + step + order.length) % order.length];
      this.show(next);
      this.#tabs.get(next)!.focus();
      event.preventDefault();
    }
  }
}
