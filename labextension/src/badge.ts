import { NotebookPanel } from '@jupyterlab/notebook';
import { Widget } from '@lumino/widgets';
import { Commands } from './commands';
import { h, mark, say } from './dom';
import { counts } from './filter';
import { trans } from './i18n';
import { mainIcon, severityIcon } from './icons';
import { Session } from './session';
import { INbMlops } from './tokens';
import { Severity } from './types';
import { severityCount } from './words';

const SHOWN: Severity[] = ['error', 'warning'];

function told(session: Session | null): string {
  if (!session?.look) {
    return trans.__('Show findings');
  }
  const count = counts(session.look.findings);
  return SHOWN.map(severity => severityCount(severity, count[severity])).join(', ');
}

/** Counts of the current notebook in the status bar. */
export class StatusItem extends Widget {
  #session: Session | null = null;

  constructor(known: INbMlops) {
    super();
    this.addClass('nbm-StatusItem');
    const button = h('button', { class: 'status', onclick: () => void known.tools.run(Commands.findings) });
    this.node.append(button);
    const follow = () => {
      this.#session?.changed.disconnect(this.#draw, this);
      this.#session = known.current;
      this.#session?.changed.connect(this.#draw, this);
      this.#draw();
    };
    known.currentChanged.connect(follow);
    follow();
  }

  #draw(): void {
    const button = this.node.firstElementChild as HTMLButtonElement;
    const look = this.#session?.look;
    const label = told(this.#session);
    if (button.title === label && button.childElementCount) {
      return;
    }
    mark(button, { title: label, 'aria-label': label });
    const count = counts(look?.findings ?? []);
    button.replaceChildren(...(look
      ? SHOWN.map(severity => h('span', 'tally', severityIcon(severity), String(count[severity])))
      : [h('span', 'tally', mainIcon.element({ tag: 'span' }))]));
  }
}

/** A button in a notebook's toolbar: opens the panel, and says how much there is to see. */
export class Badge extends Widget {
  #session: Session | null = null;

  constructor(private known: INbMlops, private panel: NotebookPanel) {
    super();
    this.addClass('nbm-Badge');
    this.node.append(h('button', { class: 'badge-button', onclick: () => void known.tools.run(Commands.open) },
      mainIcon.element({ tag: 'span' }), h('span', 'badge-count')));
    known.added.connect(this.#find, this);
    this.#find();
  }

  #find(): void {
    const session = [...this.known.sessions].find(one => one.panel === this.panel) ?? null;
    if (session && session !== this.#session) {
      this.#session = session;
      session.changed.connect(this.#draw, this);
    }
    this.#draw();
  }

  #draw(): void {
    const button = this.node.firstElementChild as HTMLButtonElement;
    const count = counts(this.#session?.look?.findings ?? []);
    const number = count.error + count.warning;
    const label = `${trans.__('nb-mlops')}: ${told(this.#session)}`;
    mark(button, { title: label, 'aria-label': label });
    const badge = button.lastElementChild!;
    say(badge, number > 99 ? '99+' : String(number || ''));
    mark(badge, { class: `nbm-badge-count${count.error ? ' nbm-badge-error' : ''}` });
  }
}
