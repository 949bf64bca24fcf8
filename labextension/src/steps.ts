import { h } from './dom';
import { trans } from './i18n';
import { checked, converted, evaluated, findingRows, IShown, judged } from './results';
import { IJob } from './types';

/** Something that a step may be told before it runs. Steps that ask for the same option share what was said. */
export interface IField {
  option: string;
  label: string;
  placeholder?: string;
  type?: 'text' | 'number';
  required?: boolean;
}

/** A step of the journey. A verb that the server runs as a job is one row here. */
export interface IStep {
  verb: string;
  name: string;
  about: string;
  /** What its button says the first time, and from then on. */
  run: [string, string];
  /** What has come of it, by exit code. */
  ends: Record<number, string>;
  fields: IField[];
  /** Takes the values of the notebook's `parameters` cell too. */
  parameters?: boolean;
  /** Makes a package, which can be looked at before. */
  package?: boolean;
  /** Makes no evidence, so that no verdict is outdated by it. */
  judges?: boolean;
  /** What is shown of its result, after its findings (or before them). */
  result: (result: any, shown: IShown) => (HTMLElement | null)[];
}

/** The road, from the first step that runs as a job to the last. Made when the page's language is known. */
export function road(): IStep[] {
  const model: IField = { option: 'model', label: trans.__('Model name'), required: true };
  const rows = (result: any, shown: IShown) => findingRows(shown.tools, shown.session, result.findings ?? []);
  return [
    {
      verb: 'convert', name: trans.__('Convert'), package: true, judges: true, fields: [],
      about: trans.__('A package with tests that prove that it computes what the notebook computes.'),
      run: [trans.__('Convert'), trans.__('Convert again')],
      ends: { 0: trans.__('equal'), 1: trans.__('not equal') },
      result: (result, shown) => [converted(result), rows(result, shown)]
    },
    {
      verb: 'check', name: trans.__('Check'), parameters: true,
      about: trans.__('Run the saved notebook several times in fresh kernels, and compare the answers by value.'),
      run: [trans.__('Check'), trans.__('Check again')],
      ends: { 0: trans.__('reproducible'), 1: trans.__('not reproducible') },
      fields: [{ option: 'repeat', label: trans.__('Runs'), placeholder: trans.__('default'), type: 'number' }],
      result: (result, shown) => [rows(result, shown), ...checked(result, shown)]
    },
    {
      verb: 'evaluate', name: trans.__('Evaluate'),
      about: trans.__('Measure the model that was checked on rows that the notebook never opened, in a process of its own.'),
      run: [trans.__('Evaluate'), trans.__('Evaluate again')],
      ends: { 0: trans.__('measured'), 4: trans.__('does not answer'), 5: trans.__('refused') },
      fields: [model, { option: 'holdout', label: trans.__('File of rows'), placeholder: trans.__('from settings') }],
      result: evaluated
    },
    {
      verb: 'gate', name: trans.__('Gate'), judges: true, fields: [model],
      about: trans.__('Decide from the signed evidence whether the model may be registered. Runs nothing.'),
      run: [trans.__('Ask the gate'), trans.__('Ask the gate')],
      ends: { 0: trans.__('open'), 5: trans.__('shut') },
      result: judged
    },
    {
      verb: 'register', name: trans.__('Register'), judges: true, fields: [model],
      about: trans.__('Put the proven model into the registry. The server asks the gate again first.'),
      run: [trans.__('Register'), trans.__('Register')],
      ends: { 0: trans.__('registered'), 5: trans.__('shut') },
      result: judged
    }
  ];
}

/** What has come of a job, in two or three words. */
export function endName(step: IStep, job: IJob): string {
  if (job.state !== 'done') {
    return job.state === 'cancelled' ? trans.__('cancelled') : trans.__('broken off');
  }
  return step.ends[job.exit_code!] ?? (job.exit_code === 4 ? trans.__('does not run') : trans.__('could not be done'));
}

/** What a job that gave no result has said last. */
export function lastWords(job: IJob): HTMLElement {
  const words = job.progress.filter(line => !line.startsWith('{')).slice(-6).join('\n');
  return h('pre', 'log log-bad', words || trans.__('It ended without a word (exit code %1).', job.exit_code));
}
