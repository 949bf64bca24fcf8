import { h } from './dom';
import { folderOf } from './filter';
import { trans } from './i18n';
import { Session } from './session';
import { IFunction, IPackage } from './types';
import { ITools } from './view';

/** The package that a notebook becomes: its files, and functions beside the cells that they come from. */
export function packageTree(tools: ITools, session: Session, shown: IPackage): HTMLElement {
  const byFolder = new Map<string, string[]>();
  for (const file of shown.files) {
    const folder = folderOf(file);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
  }
  const made = shown.out !== null;
  const entry = (file: string) => {
    const name = file.split('/').pop()!;
    const functions = shown.functions.filter(one => one.file === file);
    return h('li', {},
      made ? h('button', { class: 'tree-file', onclick: () => void openFile(tools, shown, file, 0) }, name) : h('span', 'tree-file', name),
      functions.length ? h('ul', {}, ...functions.map(row)) : null);
  };
  const row = (one: IFunction) => {
    const cells = one.cells.map(cell => cellIndex(session, cell)).filter(index => index !== -1);
    const name = h(made ? 'button' : 'span', {
      class: 'tree-function', onclick: made ? () => void openFile(tools, shown, one.file, one.line) : undefined
    }, `${one.name}()`);
    return h('li', { class: 'tree-row', 'data-cells': JSON.stringify(cells) }, name,
      ...cells.map(index => h('button', {
        class: 'link chip', title: trans.__('Go to cell %1', index + 1), 'aria-label': trans.__('Cell %1', index + 1),
        onclick: () => void session.goToCell(index)
      }, String(index + 1))));
  };
  const tree = h('div', { class: 'tree', role: 'group', 'aria-label': trans.__('Files of the package') },
    ...[...byFolder].sort(([a], [b]) => order(a) - order(b) || a.localeCompare(b)).map(([folder, files]) => {
      const list = h('ul', {}, ...files.map(entry));
      return folder === ''
        ? list
        : h('details', { open: shown.functions.some(one => folderOf(one.file) === folder) },
            h('summary', {}, `${folder}/`, h('span', 'dim', ` ${files.length}`)), list);
    }));
  markActive(tree, session);
  return tree;
}

/** Let the functions that the active cell went into stand out. */
export function markActive(node: HTMLElement, session: Session): void {
  const active = session.panel.content.activeCellIndex;
  node.querySelectorAll<HTMLElement>('[data-cells]').forEach(row =>
    row.classList.toggle('nbm-tree-active', (JSON.parse(row.dataset.cells!) as number[]).includes(active)));
}

/** Open the function that a cell went into; false when there is none. */
export async function openFunction(tools: ITools, session: Session, shown: IPackage, index: number): Promise<boolean> {
  const binds = session.graph.nodes.find(node => node.cell === index)?.binds ?? [];
  const found = shown.functions.find(one => one.cells.some(cell => cellIndex(session, cell) === index))
    ?? shown.functions.find(one => !one.cells.length && binds.includes(one.name));
  if (found) {
    await openFile(tools, shown, found.file, found.line);
  }
  return !!found;
}

async function openFile(tools: ITools, shown: IPackage, file: string, line: number): Promise<void> {
  const widget: any = await tools.run('docmanager:open', { path: `${shown.out}/${file}`, factory: 'Editor' });
  await widget?.context?.ready;
  const editor = widget?.content?.editor;
  if (editor && line) {
    const start = { line: line - 1, column: 0 };
    editor.setSelection?.({ start, end: start });
    editor.revealPosition?.(start);
  }
}

/** Sources first, then tests, then what stands at the top. */
function order(folder: string): number {
  return folder.startsWith('src') ? 0 : folder === '' ? 2 : 1;
}

function cellIndex(session: Session, cell: { id: string; index: number }): number {
  const cells = [...(session.panel.content.model?.cells ?? [])];
  const at = cells.findIndex(one => one.id === cell.id);
  return at === -1 && cell.index < cells.length ? cell.index : at;
}
