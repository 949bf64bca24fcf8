import { ILabShell, ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry, Notification } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { Commands } from './commands';
import { Badge, StatusItem } from './badge';
import { neighbour } from './filter';
import { speak, trans } from './i18n';
import { mainIcon } from './icons';
import { Jobs } from './jobs';
import { Marks } from './marks';
import { Panel, Tab } from './panel';
import { Server } from './request';
import { Session } from './session';
import { INbMlops } from './tokens';
import { openFunction } from './tree';
import { ITools } from './view';
import { neededAbout } from './words';

const PANEL = 'nb-mlops-panel';

class Known implements INbMlops {
  #sessions = new Map<NotebookPanel, Session>();
  #current: Session | null = null;
  readonly currentChanged: Signal<INbMlops, Session | null> = new Signal(this);
  readonly added: Signal<INbMlops, Session> = new Signal(this);

  constructor(app: JupyterFrontEnd, tracker: INotebookTracker, readonly tools: ITools) {
    const follow = async (panel: NotebookPanel | null) => {
      const session = panel ? await this.#of(panel, app) : null;
      if (panel === tracker.currentWidget && session !== this.#current) {
        this.#current = session;
        this.currentChanged.emit(session);
      }
    };
    tracker.currentChanged.connect((_, panel) => void follow(panel));
    void follow(tracker.currentWidget);
  }

  get current(): Session | null {
    return this.#current;
  }

  get sessions(): Iterable<Session> {
    return this.#sessions.values();
  }

  async #of(panel: NotebookPanel, app: JupyterFrontEnd): Promise<Session | null> {
    await Promise.all([panel.revealed, panel.context.ready]);
    if (panel.isDisposed || !panel.content.model) {
      return null;
    }
    let session = this.#sessions.get(panel);
    if (!session) {
      session = new Session(panel, this.tools.server, app.serviceManager.contents);
      this.#sessions.set(panel, session);
      panel.disposed.connect(() => this.#sessions.delete(panel));
      this.added.emit(session);
    }
    return session;
  }
}

const main: JupyterFrontEndPlugin<INbMlops> = {
  id: 'nb-mlops:plugin',
  description: 'What nb-mlops knows of open notebooks.',
  autoStart: true,
  provides: INbMlops,
  requires: [INotebookTracker],
  optional: [ITranslator, IRenderMimeRegistry],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    rendermime: IRenderMimeRegistry | null
  ): INbMlops => {
    try {
      speak(translator!.load('nb_mlops'));
    } catch {
      // No translator, or a language pack that is broken: in English, then.
    }
    const server = new Server(app.serviceManager.serverSettings);
    const run = async (command: string, args?: any) =>
      app.commands.hasCommand(command) ? app.commands.execute(command, args) : undefined;
    return new Known(app, tracker, { server, rendermime, run });
  }
};

const panel: JupyterFrontEndPlugin<void> = {
  id: 'nb-mlops:panel',
  description: 'The sidebar.',
  autoStart: true,
  requires: [INbMlops],
  optional: [ILayoutRestorer, IStateDB, ILabShell, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    known: INbMlops,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    shell: ILabShell | null,
    palette: ICommandPalette | null
  ): void => {
    const jobs = new Jobs(known.tools.server, app.serviceManager.events);
    const remember = (tab: Tab) => void state?.save(PANEL, { tab });
    const widget = new Panel(known.tools, jobs, remember);
    restorer?.add(widget, PANEL);
    app.shell.add(widget, 'right', { rank: 600 });
    void state?.fetch(PANEL).then((kept: any) => kept?.tab && widget.show(kept.tab));
    known.currentChanged.connect((_, session) => (widget.current = session));
    widget.current = known.current;

    const reveal = (tab?: Tab) => {
      if (tab) {
        widget.show(tab);
      }
      app.shell.activateById(widget.id);
    };
    const go = async (step: 1 | -1) => {
      const session = known.current;
      if (!session) {
        return;
      }
      const found = widget.isVisible ? widget.findings.visibleFindings : (session.look?.findings ?? []);
      const next = neighbour(found, session.current, session.panel.content.activeCellIndex, step);
      if (next) {
        session.current = next.fingerprint;
        await session.goTo(next);
        widget.findings.reveal(next.fingerprint);
      } else if (!session.look) {
        reveal('findings');
      }
    };
    const none = { type: 'object', properties: {} };
    const add = (id: string, label: string, execute: () => any, caption = '', isEnabled = () => true) => {
      app.commands.addCommand(id, { label, caption, execute, isEnabled, describedBy: { args: none } } as any);
      palette?.addItem({ command: id, category: 'nb-mlops' });
    };
    const open = () => known.current !== null;
    app.commands.addCommand(Commands.open, {
      label: trans.__('Findings and Journey'),
      caption: trans.__('Show or hide the nb-mlops sidebar'),
      icon: mainIcon,
      execute: () => (widget.isVisible && shell ? shell.collapseRight() : reveal()),
      isToggled: () => widget.isVisible,
      describedBy: { args: none }
    } as any);
    palette?.addItem({ command: Commands.open, category: 'nb-mlops' });
    add(Commands.findings, trans.__('Show Findings'), () => reveal('findings'));
    add(Commands.dependencies, trans.__('Show Cell Dependencies'), () => reveal('dependencies'));
    add(Commands.journey, trans.__('Show Journey to the Registry'), () => reveal('journey'));
    add(Commands.folder, trans.__('Show Findings of the Folder'), () => reveal('folder'));
    add(Commands.next, trans.__('Next Finding'), () => go(1), '', open);
    add(Commands.previous, trans.__('Previous Finding'), () => go(-1), '', open);
    add(
      Commands.toFunction,
      trans.__('Go to Function in Package'),
      async () => {
        const session = known.current!;
        const made = await known.tools.server.package(session.path, false).catch(() => null);
        if (!made || !(await openFunction(known.tools, session, made, session.panel.content.activeCellIndex))) {
          Notification.info(made ? trans.__('No function of the package comes from this cell.')
            : trans.__('This notebook has no package yet: convert it first.'), { autoClose: 4000 });
        }
      },
      trans.__('Open the function that the cell became in the package made from this notebook'),
      open
    );
    add(
      Commands.runNeeded,
      trans.__('Run Cell with What It Needs'),
      () => known.current?.runNeeded(known.current.panel.content.activeCellIndex),
      neededAbout(),
      open
    );
  }
};

const marks: JupyterFrontEndPlugin<void> = {
  id: 'nb-mlops:marks',
  description: 'Marks in the notebook.',
  autoStart: true,
  requires: [INbMlops],
  optional: [ISettingRegistry],
  activate: (_: JupyterFrontEnd, known: INbMlops, registry: ISettingRegistry | null): void => {
    const all = new Map<Session, Marks>();
    const watching = new Map<Session, () => void>();
    let shown = true;
    let always = false;
    const follow = () => {
      for (const session of known.sessions) {
        const wanted = shown && always && session === known.current;
        if (wanted && !watching.has(session)) {
          watching.set(session, session.watch());
        } else if (!wanted) {
          watching.get(session)?.();
          watching.delete(session);
        }
        if (shown && !all.has(session)) {
          const made = new Marks(session);
          all.set(session, made);
          session.panel.disposed.connect(() => all.delete(session));
          made.draw();
        } else if (!shown) {
          all.get(session)?.clear();
        }
      }
    };
    known.added.connect(follow);
    known.currentChanged.connect(follow);
    void registry?.load('nb-mlops:marks').then(settings => {
      const read = () => {
        shown = settings.get('marks').composite !== false;
        always = settings.get('always').composite === true;
        follow();
      };
      settings.changed.connect(read);
      read();
    });
    follow();
  }
};

const statusbar: JupyterFrontEndPlugin<void> = {
  id: 'nb-mlops:statusbar',
  description: 'Counts in the status bar.',
  autoStart: true,
  requires: [INbMlops],
  optional: [IStatusBar],
  activate: (_: JupyterFrontEnd, known: INbMlops, bar: IStatusBar | null): void => {
    if (bar) {
      const item = new StatusItem(known);
      bar.registerStatusItem('nb-mlops:statusbar', {
        item,
        align: 'right',
        rank: 90,
        isActive: () => known.current !== null,
        activeStateChanged: known.currentChanged as any
      });
    }
  }
};

const toolbar: JupyterFrontEndPlugin<void> = {
  id: 'nb-mlops:toolbar',
  description: 'A button in the toolbar.',
  autoStart: true,
  requires: [INbMlops, IToolbarWidgetRegistry],
  activate: (_: JupyterFrontEnd, known: INbMlops, registry: IToolbarWidgetRegistry): void => {
    registry.addFactory<NotebookPanel>('Notebook', 'nb-mlops-badge', panel => new Badge(known, panel));
  }
};

export default [main, panel, marks, statusbar, toolbar];
export { INbMlops };
