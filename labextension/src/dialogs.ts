import { Dialog, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';
import { h, prose } from './dom';
import { trans } from './i18n';
import { IFinding, IMended } from './types';
import { ITools } from './view';

/** Ask whether the edits are to be made, with what they would change in sight. */
export async function preview(made: IMended, unsafe: boolean): Promise<boolean> {
  if (!made.fixed.length) {
    await showDialog({ title: trans.__('Nothing to mend'), body: trans.__('There is nothing left that can be mended safely.'),
      buttons: [Dialog.okButton()] });
    return false;
  }
  const titles = new Map<string, number>();
  made.fixed.forEach(one => {
    const title = `${one.code}: ${one.fix?.title ?? one.rule}`;
    titles.set(title, (titles.get(title) ?? 0) + 1);
  });
  const list = h('ul', 'fixed', ...[...titles].map(([title, count]) => h('li', {}, prose(count > 1 ? `${title} (${count})` : title))));
  const note = unsafe ? h('p', 'note', trans.__('This may change what the notebook computes.')) : null;
  const body = new Widget({ node: h('div', 'dialog', list, note, diff(made.diff)) });
  const result = await showDialog({
    title: trans._n('Make %1 fix?', 'Make %1 fixes?', made.fixed.length),
    body,
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Apply') })]
  });
  return result.button.accept;
}

function diff(text: string): HTMLElement {
  const lines = text.trimEnd().split('\n').map(line => {
    const kind = line.startsWith('+++') || line.startsWith('---') ? 'file' : { '+': 'added', '-': 'removed', '@': 'place' }[line[0]];
    return h('div', { class: kind ? `diff-${kind}` : '' }, line || ' ');
  });
  return h('pre', { class: 'diff', tabindex: '0' }, ...lines);
}

/** Say that something was not done, why, and what could be done about it. */
export async function complain(title: string, error: any): Promise<void> {
  await showErrorMessage(title, [error.message ?? error, error.remedy].filter(Boolean).join('\n'));
}

export type Scope = 'finding' | 'cell' | 'notebook';

class Reason extends Widget implements Dialog.IBodyWidget<{ reason: string; scope: Scope }> {
  constructor(private reason: HTMLInputElement, private scope: HTMLSelectElement, node: HTMLElement) {
    super({ node });
  }

  getValue() {
    return { reason: this.reason.value.trim(), scope: this.scope.value as Scope };
  }
}

/** Why a finding is to be ignored, and how far that goes; null for no. */
export async function reasonFor(finding: IFinding): Promise<{ reason: string; scope: Scope } | null> {
  const reason = h('input', { class: 'input', type: 'text', placeholder: trans.__('Known and meant, because…'), required: true });
  const scopes: [Scope, string][] = [
    ['finding', trans.__('This finding')],
    ...(finding.cell ? ([['cell', trans.__('%1 in this cell', finding.code)]] as [Scope, string][]) : []),
    ['notebook', trans.__('All of %1 in this notebook', finding.code)]
  ];
  const scope = h('select', 'select', ...scopes.map(([value, text]) => h('option', { value }, text)));
  const node = h('div', 'dialog reason',
    h('label', {}, trans.__('Ignore'), scope), h('label', {}, trans.__('Reason'), reason),
    h('p', 'dim', trans.__('Written into the notebook, where everybody reads it and the command line counts it.')));
  const result = await showDialog({
    title: trans.__('Ignore %1', `${finding.code} ${finding.rule}`),
    body: new Reason(reason, scope, node),
    focusNodeSelector: 'input',
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Ignore') })]
  });
  if (!result.button.accept || !result.value) {
    return null;
  }
  if (!result.value.reason) {
    await complain(trans.__('Nothing was changed'), trans.__('A finding is ignored for a reason: say why it is known and meant.'));
    return null;
  }
  return result.value;
}

/** The page of a rule. */
export async function explain(tools: ITools, code: string): Promise<void> {
  try {
    const rule = await tools.server.rule(code);
    const node = h('div', { class: 'dialog page', tabindex: '0' });
    if (tools.rendermime) {
      const model = tools.rendermime.createModel({ data: { 'text/markdown': rule.page } });
      const renderer = tools.rendermime.createRenderer('text/markdown');
      await renderer.renderModel(model);
      node.append(renderer.node);
    } else {
      node.append(h('pre', {}, rule.page));
    }
    await showDialog({ title: `${rule.code} ${rule.slug}`, body: new Widget({ node }), buttons: [Dialog.okButton({ label: trans.__('Close') })] });
  } catch (error: any) {
    await complain(trans.__('There is no page for %1', code), error);
  }
}
