import { LabIcon } from '@jupyterlab/ui-components';
import error from '../style/icons/error.svg';
import main from '../style/icons/nb-mlops.svg';
import info from '../style/icons/info.svg';
import warning from '../style/icons/warning.svg';
import { Severity } from './types';

export const mainIcon = new LabIcon({ name: 'nb-mlops:main', svgstr: main });

const SEVERITY: Record<Severity, LabIcon> = {
  error: new LabIcon({ name: 'nb-mlops:error', svgstr: error }),
  warning: new LabIcon({ name: 'nb-mlops:warning', svgstr: warning }),
  info: new LabIcon({ name: 'nb-mlops:info', svgstr: info })
};

/** The sign of a severity. Its shape says as much as its colour; the words beside it are for those who see neither. */
export function severityIcon(severity: Severity): HTMLElement {
  const node = SEVERITY[severity].element({ tag: 'span' });
  node.classList.add('nbm-severity', `nbm-${severity}`);
  node.setAttribute('aria-hidden', 'true');
  return node;
}
