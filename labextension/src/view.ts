import { Widget } from '@lumino/widgets';
import { Message } from '@lumino/messaging';
import { Session } from './session';
import { Server } from './request';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';

export interface ITools {
  server: Server;
  rendermime: IRenderMimeRegistry | null;
  /** Run a command of ours. */
  run: (command: string, args?: Record<string, any>) => Promise<any>;
}

/** One of the panel's views of the current notebook. Draws only while it can be seen. */
export abstract class View extends Widget {
  protected session: Session | null = null;
  #asked = 0;
  #held = false;

  constructor(protected tools: ITools) {
    super();
    this.addClass('nbm-View');
    this.node.setAttribute('role', 'tabpanel');
    // What is pressed must still be there when it is let go, or the click is lost.
    this.node.addEventListener('pointerdown', () => {
      this.#held = true;
      const release = () => {
        window.removeEventListener('pointerup', release, true);
        window.removeEventListener('pointercancel', release, true);
        this.#held = false;
        this.redraw();
      };
      window.addEventListener('pointerup', release, true);
      window.addEventListener('pointercancel', release, true);
    });
  }

  set current(session: Session | null) {
    if (this.session === session) {
      return;
    }
    this.session?.changed.disconnect(this.onChanged, this);
    this.session = session;
    session?.changed.connect(this.onChanged, this);
    this.onSession();
    this.redraw();
  }

  get current(): Session | null {
    return this.session;
  }

  /** Draw in the next frame, once for all that happens until then. */
  redraw(): void {
    if (this.isVisible && !this.#asked) {
      this.#asked = requestAnimationFrame(() => {
        this.#asked = 0;
        if (!this.isDisposed && this.isVisible && !this.#held) {
          this.draw();
        }
      });
    }
  }

  protected abstract draw(): void;

  protected onSession(): void {
    // For views that keep something for a notebook.
  }

  protected onChanged(_session: Session, _what: 'look' | 'runs'): void {
    this.redraw();
  }

  protected override onAfterShow(_: Message): void {
    this.redraw();
  }
}
