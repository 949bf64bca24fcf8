import { Event } from '@jupyterlab/services';
import { ISignal, Signal } from '@lumino/signaling';
import { Server } from './request';
import { IJob } from './types';

const SCHEMA = 'https://events.nb-mlops.dev/job/v1';
/** Where events do not come through, a running job is asked after this often. */
const FALLBACK = 3000;

/** The jobs of the server: asked for once, and then whenever an event says that there is something new. */
export class Jobs {
  #jobs = new Map<string, IJob>();
  #loaded: Promise<void> | null = null;
  #timer: number | null = null;
  #changed = new Signal<this, string>(this);

  constructor(private server: Server, events?: Event.IManager) {
    void (async () => {
      try {
        events?.stream?.connect((_: unknown, event: any) => {
          if (event.schema_id === SCHEMA && this.#loaded) {
            void this.#fetch(event.id);
          }
        });
      } catch {
        // No events: asked for below.
      }
    })();
  }

  /** The path of a notebook whose jobs have news. */
  get changed(): ISignal<this, string> {
    return this.#changed;
  }

  /** What the server knows; a page that was reloaded finds its jobs again. */
  load(): Promise<void> {
    this.#loaded ??= this.server.jobs().then(async jobs => {
      jobs.forEach(job => this.#jobs.set(job.id, { ...job, ...(this.#jobs.get(job.id) ?? {}) }));
      this.#poll();
    }).catch(() => {
      this.#loaded = null;
    });
    return this.#loaded;
  }

  /** The jobs of a notebook, newest first. */
  of(path: string): IJob[] {
    return [...this.#jobs.values()].filter(job => job.notebook === path).sort((a, b) => b.started - a.started);
  }

  /** The newest job of a verb for a notebook. */
  latest(verb: string, path: string): IJob | null {
    return this.of(path).find(job => job.verb === verb) ?? null;
  }

  async start(verb: string, path: string, options: Record<string, unknown>): Promise<IJob> {
    await this.load();
    return this.#keep(await this.server.start(verb, path, options));
  }

  async cancel(id: string): Promise<void> {
    this.#keep(await this.server.cancel(id));
  }

  /** A job with its result, which lists leave out. */
  async whole(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (job && job.state !== 'running' && job.result === undefined) {
      await this.#fetch(id);
    }
  }

  async #fetch(id: string): Promise<void> {
    try {
      this.#keep(await this.server.job(id));
    } catch (error: any) {
      // Gone, says the server; a server that says nothing may come back.
      if (error.status) {
        this.#jobs.delete(id);
      }
    }
  }

  #keep(job: IJob): IJob {
    this.#jobs.set(job.id, job);
    this.#changed.emit(job.notebook);
    this.#poll();
    return job;
  }

  #poll(): void {
    if (this.#timer !== null || ![...this.#jobs.values()].some(job => job.state === 'running')) {
      return;
    }
    this.#timer = window.setTimeout(async () => {
      this.#timer = null;
      if (!document.hidden) {
        const running = [...this.#jobs.values()].filter(job => job.state === 'running');
        await Promise.all(running.map(job => this.#fetch(job.id)));
      }
      this.#poll();
    }, FALLBACK);
  }
}
