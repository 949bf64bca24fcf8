/** Ways out of a refusal: the commands that it names, and which of them can be run from here. Pure. */

export interface IWay {
  /** As it is typed in a terminal. */
  command: string;
  /** The job that it is, when the server runs such jobs with such options; null otherwise. */
  job: { verb: string; options: Record<string, unknown> } | null;
}

/** By verb, the options that the server takes for its jobs. */
export type Verbs = Record<string, string[]>;

/** What proof and findings have in common, whichever proofs there are: a name, and texts with commands in them. */
export interface IProof {
  name: string;
  status: string;
  looked_at?: string;
  question?: string;
  commands?: string[];
}

export function waysOut(proof: IProof, remedies: string[], verbs: Verbs): IWay[] {
  const quoted = remedies.flatMap(text => [...text.matchAll(/`(nb-mlops [^`]+)`/g)].map(found => found[1]));
  return [...new Set([...(proof.commands ?? []), ...quoted])].map(command => ({ command, job: jobOf(command, verbs) }));
}

/** The job that a command line is: a verb, one notebook, and options that are all known and all have their values. */
function jobOf(command: string, verbs: Verbs): IWay['job'] {
  const words = (command.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map(word => word.replace(/^(["'])(.*)\1$/, '$2'));
  const verb = words[1];
  const known = verbs[verb];
  if (words[0] !== 'nb-mlops' || !known) {
    return null;
  }
  const options: Record<string, unknown> = {};
  let notebooks = 0;
  for (let at = 2; at < words.length; at++) {
    const [flag, given] = words[at].split(/=(.*)/s);
    if (!flag.startsWith('--')) {
      notebooks += flag.endsWith('.ipynb') ? 1 : 2;
      continue;
    }
    const name = flag.slice(2).replace(/-/g, '_');
    const next = words[at + 1];
    const value = given ?? (next === undefined || next.startsWith('--') || next.endsWith('.ipynb') ? true : (at++, next));
    // A word in capitals or in angles stands for something that only a person knows.
    if (!known.includes(name) || /^(<.*>|[A-Z][A-Z_]+)$/.test(String(value))) {
      return null;
    }
    options[name] = value;
  }
  return notebooks === 1 ? { verb, options } : null;
}
