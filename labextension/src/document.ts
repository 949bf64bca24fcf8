import { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import { INotebookModel } from '@jupyterlab/notebook';

/** Images travel without their data; shorter texts are cheaper to send than to look at. */
const SMALL = 2048;
const IMAGE = /^(image\/(?!svg)|audio\/|video\/|application\/pdf)/;

let serial = 0;
/** Tokens of this page never mean anything on another. */
const PAGE = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;

interface IKnown {
  token: string;
  stale: boolean;
}

/** What an output weighs in the file, roughly to the byte, and the output without the data of its images. */
export function slim(output: any): any {
  let dropped = 0;
  let data = output.data;
  for (const mime of Object.keys(data ?? {})) {
    const value = data[mime];
    if (
      IMAGE.test(mime) &&
      typeof value === 'string' &&
      value.length > SMALL
    ) {
      data = data === output.data ? { ...data } : data;
      dropped += value.length;
      data[mime] = '';
    }
  }
  const kept = data === output.data ? output : { ...output, data };
  return { ...kept, size: JSON.stringify(kept).length + dropped };
}

/**
 * An open notebook as the server reads it: sources and counts each time, outputs and metadata once for each state that
 * they are in, under a token.
 */
export class Sender {
  #known = new WeakMap<ICellModel, IKnown>();
  #metadata: IKnown | null = null;
  #sent = new Set<string>();

  constructor(private model: INotebookModel) {
    model.metadataChanged.connect(this.#onMetadata, this);
  }

  dispose(): void {
    this.model.metadataChanged.disconnect(this.#onMetadata, this);
  }

  /** The document, and the blobs that the server does not have yet. */
  document(): { document: unknown; blobs: Record<string, unknown> } {
    const blobs: Record<string, unknown> = {};
    const cells = [];
    for (const cell of this.model.cells) {
      const shared = cell.sharedModel;
      const metadata = shared.getMetadata();
      cells.push({
        id: cell.id,
        kind: cell.type,
        source: shared.getSource(),
        ...(Object.keys(metadata).length ? { metadata } : {}),
        ...(cell.type === 'code'
          ? {
              count: (cell as ICodeCellModel).executionCount,
              outputs: this.#outputs(cell as ICodeCellModel, blobs)
            }
          : {})
      });
    }
    if (!this.#metadata || this.#metadata.stale) {
      this.#metadata = { token: this.#next(), stale: false };
    }
    if (!this.#sent.has(this.#metadata.token)) {
      blobs[this.#metadata.token] = this.model.sharedModel.getMetadata();
    }
    const minor = this.model.nbformatMinor;
    return {
      document: {
        cells,
        metadata: this.#metadata.token,
        nbformat_minor: minor
      },
      blobs
    };
  }

  /** The server has these now. */
  arrived(blobs: Record<string, unknown>): void {
    Object.keys(blobs).forEach(token => this.#sent.add(token));
  }

  /** The server has these no longer: it was started anew, or had no room. */
  forget(tokens: string[]): void {
    tokens.forEach(token => this.#sent.delete(token));
  }

  #outputs(
    cell: ICodeCellModel,
    blobs: Record<string, unknown>
  ): string {
    if (!cell.outputs.length) {
      return '';
    }
    let known = this.#known.get(cell);
    if (!known) {
      const fresh = { token: this.#next(), stale: false };
      this.#known.set(cell, fresh);
      cell.outputs.changed.connect(() => (fresh.stale = true));
      known = fresh;
    }
    if (known.stale) {
      this.#sent.delete(known.token);
      known.token = this.#next();
      known.stale = false;
    }
    if (!this.#sent.has(known.token)) {
      blobs[known.token] = cell.outputs.toJSON().map(slim);
    }
    return known.token;
  }

  #onMetadata(): void {
    if (this.#metadata) {
      this.#metadata.stale = true;
    }
  }

  #next(): string {
    return `${PAGE}-${++serial}`;
  }
}
