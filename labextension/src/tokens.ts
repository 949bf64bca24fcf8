import { Token } from '@lumino/coreutils';
import { ISignal } from '@lumino/signaling';
import { ITools } from './view';
import { Session } from './session';

/** The notebooks that are open, and what is known of each. */
export interface INbMlops {
  readonly tools: ITools;
  readonly current: Session | null;
  readonly currentChanged: ISignal<INbMlops, Session | null>;
  readonly added: ISignal<INbMlops, Session>;
  readonly sessions: Iterable<Session>;
}

export const INbMlops = new Token<INbMlops>('nb-mlops:INbMlops', 'What nb-mlops knows of the notebooks that are open.');
