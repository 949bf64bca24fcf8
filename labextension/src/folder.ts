import { complain } from './dialogs';
import { button, h } from './dom';
import { counts, folderOf } from './filter';
import { empty } from './findings';
import { trans } from './i18n';
import { severityIcon } from './icons';
import { Jobs } from './jobs';
import { IFinding, Severity } from './types';
import { ITools, View } from './view';
import { ago, severityCount } from './words';

/** What lint says of all notebooks of a folder, notebook by notebook. */
export class FolderView extends View {
  #head: HTMLElement;
  #list: HTMLElement;

  constructor(tools: ITools, private jobs: Jobs) {
    super(tools);
    this.addClass('nbm-Folder');
    this.node.setAttribute('aria-label', trans.__('Folder'));
    this.#head = h('div', 'head');
    this.#list = h('div', { class: 'list', 'aria-live': 'polite' });
    this.node.append(this.#head, this.#list);
    jobs.changed.connect(() => this.redraw());
  }

  get #path(): string {
    return this.session ? folderOf(this.session.path) : '';
  }

  protected draw(): void {
    const path = this.#path || '.';
    void this.jobs.load().then(() => this.#fill(path));
    const name = path === '.' ? trans.__('All notebooks') : path;
    const job = this.jobs.latest('lint', path);
    const running = job?.state === 'running';
    const go = () => {
      const job = this.jobs.latest('lint', path);
      const done = running && job ? this.jobs.cancel(job.id) : this.jobs.start('lint', path, {});
      void Promise.resolve(done).catch(error => complain(trans.__('The folder was not read'), error));
    };
    this.#head.replaceChildren(h('div', 'row',
      h('span', { class: 'folder-name', title: path }, name),
      button(running ? trans.__('Cancel') : job ? trans.__('Read again') : trans.__('Read folder'), go)));
  }

  #fill(path: string): void {
    const job = this.jobs.latest('lint', path);
    if (!job) {
      this.#list.replaceChildren(empty(trans.__('Not read yet'), trans.__('Reads the saved notebooks of this folder and those below it; runs none.')));
      return;
    }
    if (job.state === 'running') {
      this.#list.replaceChildren(empty(trans.__('Reading…'), job.progress[job.progress.length - 1] ?? ''));
      return;
    }
    if (job.result === undefined) {
      void this.jobs.whole(job.id);
      return;
    }
    if (!job.result) {
      this.#list.replaceChildren(empty(trans.__('Nothing was read'), job.progress.join(' ')));
      return;
    }
    const byPath = new Map<string, IFinding[]>();
    (job.result.findings as IFinding[]).forEach(one => byPath.set(one.path, [...(byPath.get(one.path) ?? []), one]));
    const rows = [...byPath].map(([name, findings]) => ({ name, count: counts(findings) }));
    rows.sort((a, b) => b.count.error - a.count.error || b.count.warning - a.count.warning || a.name.localeCompare(b.name));
    const clean = job.result.notebooks - rows.length;
    this.#list.replaceChildren(
      h('ul', 'rows', ...rows.map(({ name, count }) => {
        const full = path === '.' ? name : `${path}/${name}`;
        const said = (['error', 'warning', 'info'] as Severity[]).filter(one => count[one]);
        return h('li', {}, h('button', {
            class: 'folder-row', title: full,
            'aria-label': [name, ...said.map(one => severityCount(one, count[one]))].join(', '),
            onclick: () => void this.tools.run('docmanager:open', { path: full })
          },
          h('span', 'folder-name', name),
          ...said.map(one => h('span', 'tally', severityIcon(one), String(count[one])))));
      })),
      h('p', 'dim foot', [clean && trans._n('%1 notebook without findings', '%1 notebooks without findings', clean),
        trans.__('read %1', ago(job.ended ?? job.started))].filter(Boolean).join(' · ')));
  }
}
