import { ServerConnection } from '@jupyterlab/services';
import { trans } from './i18n';
import {
  IEdits,
  IGraph,
  IJob,
  ILook,
  IMended,
  IPackage,
  IParameters,
  IRulePage
} from './types';

/** The server said no, and what could be done about it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly remedy = ''
  ) {
    super(message);
  }
}

export interface ISent {
  path: string;
  document: unknown;
  blobs?: Record<string, unknown>;
}

/** The routes of the server, one method each. */
export class Server {
  constructor(private settings: ServerConnection.ISettings) {}

  lint(sent: ISent, signal: AbortSignal): Promise<ILook | { need: string[] }> {
    return this.#ask('lint', 'POST', sent, signal);
  }

  graph(
    sent: ISent
  ): Promise<{ graph: IGraph; mermaid: string } | { need: string[] }> {
    return this.#ask('graph', 'POST', sent);
  }

  fix(
    sent: ISent,
    fingerprints: string[],
    unsafe: boolean
  ): Promise<IMended | { need: string[] }> {
    return this.#ask('fix', 'POST', { ...sent, fingerprints, unsafe });
  }

  ignore(
    sent: ISent,
    fingerprints: string[],
    reason: string,
    wholeCell: boolean
  ): Promise<IMended | { need: string[] }> {
    const more = { fingerprints, reason, whole_cell: wholeCell };
    return this.#ask('ignore', 'POST', { ...sent, ...more });
  }

  rule(name: string): Promise<IRulePage> {
    return this.#ask(`rules/${encodeURIComponent(name)}`);
  }

  parameters(path: string): Promise<IParameters> {
    return this.#ask(`parameters?path=${encodeURIComponent(path)}`);
  }

  package(path: string, preview: boolean): Promise<IPackage> {
    return this.#ask(`package?path=${encodeURIComponent(path)}${preview ? '&preview=1' : ''}`);
  }

  jobs(): Promise<IJob[]> {
    return this.#ask('jobs');
  }

  job(id: string): Promise<IJob> {
    return this.#ask(`jobs/${id}`);
  }

  /** Where the report of a job is, as a page of its own. */
  page(id: string): string {
    return this.#url(`jobs/${id}/page`);
  }

  start(
    verb: string,
    path: string,
    options: Record<string, unknown>
  ): Promise<IJob> {
    return this.#ask('jobs', 'POST', { verb, path, options });
  }

  cancel(id: string): Promise<IJob> {
    return this.#ask(`jobs/${id}`, 'DELETE');
  }

  #url(route: string): string {
    return `${this.settings.baseUrl.replace(/\/*$/, '')}/nb-mlops/${route}`;
  }

  async #ask<T>(
    route: string,
    method = 'GET',
    body?: unknown,
    signal?: AbortSignal
  ): Promise<T> {
    const init: RequestInit = { method, signal };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
    }
    const response = await ServerConnection.makeRequest(
      this.#url(route),
      init,
      this.settings
    );
    const text = await response.text();
    let data: any = {};
    try {
      data = text ? JSON.parse(text) : {};
    } catch {
      // A proxy's page, or no extension on the server: told by the status below.
    }
    if (!response.ok) {
      // What Jupyter itself refuses has no remedy of ours.
      const [message, remedy] = data.remedy === undefined ? refused(response.status) : [];
      throw new Refusal(response.status, message || data.message || response.statusText, data.remedy || remedy);
    }
    return data;
  }
}

function refused(status: number): string[] {
  switch (status) {
    case 403:
      return [trans.__('You may not do this here.'), trans.__('Sign in again, or ask whoever runs the server.')];
    case 404:
      return [trans.__('The server does not know this.'), trans.__('Is nb-mlops installed and enabled where the server runs?')];
    case 413:
      return [trans.__('The notebook is too large to be read while it is open.'), trans.__('Lint the file from the command line.')];
    default:
      return [];
  }
}

export type { IEdits };
