/** The ids of our commands. */
export const Commands = {
  open: 'nb-mlops:open-panel',
  findings: 'nb-mlops:show-findings',
  dependencies: 'nb-mlops:show-dependencies',
  journey: 'nb-mlops:show-journey',
  folder: 'nb-mlops:show-folder',
  next: 'nb-mlops:next-finding',
  previous: 'nb-mlops:previous-finding',
  toFunction: 'nb-mlops:go-to-function',
  runNeeded: 'nb-mlops:run-needed'
} as const;
