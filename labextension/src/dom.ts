/**
 * Elements from a description: properties, or classes alone, which get our prefix. Text is always text: nothing of a
 * notebook is ever read as HTML.
 */

export type Child = Node | string | null | undefined | false;
type Props = Record<string, any>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props | string = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(typeof props === 'string' ? { class: props } : props)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (name === 'class') {
      node.className = value.replace(/\S+/g, 'nbm-$&');
    } else if (name in node && !name.includes('-') && name !== 'list' && name !== 'role') {
      (node as any)[name] = value;
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  node.append(...(children.filter(child => child || child === '') as (Node | string)[]));
  return node;
}

/** What is pressed for something to happen. */
export function button(label: string, onclick: (event: Event) => void, more: Props = {}): HTMLButtonElement {
  return h('button', { class: 'button', onclick, ...more }, label);
}

/** The button that goes on with the matter in hand. */
export function primary(label: string, onclick: (event: Event) => void, more: Props = {}): HTMLButtonElement {
  return button(label, onclick, { class: 'button primary', ...more });
}

/** What leads to a place. */
export function link(label: string, onclick: () => void): HTMLButtonElement {
  return h('button', { class: 'link', onclick }, label);
}

/** Let an element hold these nodes in this order. Those that it holds already are not touched: nothing of them is laid
 * out or painted again, and the focus stays where it is. */
export function arrange(parent: Element, nodes: Node[]): void {
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) {
      at = at.nextSibling;
    } else {
      parent.insertBefore(node, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/** Set attributes, "" for none; those that are as they should be are not touched. */
export function mark(node: Element, attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if ((node.getAttribute(name) ?? '') !== value) {
      if (value) {
        node.setAttribute(name, value);
      } else {
        node.removeAttribute(name);
      }
    }
  }
}

/** Let an element say something. One that says it already is not touched. */
export function say(node: Element, text: string): void {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Text that is cut for want of room is told whole to whoever points at it; others are read it anyway. */
export function tellCut(panel: HTMLElement): void {
  const ours = new WeakSet<Element>();
  panel.addEventListener('pointerover', event => {
    let node = event.target as HTMLElement;
    const told = node.closest('[title]');
    // What has a title of its own tells more. Ours is told anew: the text may be another by now.
    if (told && panel.contains(told) && !ours.has(told)) {
      return;
    }
    for (; node !== panel; node = node.parentElement!) {
      const cut = node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
      const isText = cut && (node.matches('.nbm-clamp') || getComputedStyle(node).textOverflow === 'ellipsis');
      if (isText || ours.has(node)) {
        node.title = isText ? node.innerText : '';
        ours.add(node);
      }
    }
  });
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(
  tag: string,
  props: Record<string, string | number> = {},
  ...children: Node[]
): SVGElement {
  const node = document.createElementNS(SVG, tag);
  Object.entries(props).forEach(([name, value]) =>
    node.setAttribute(name, String(value))
  );
  node.append(...children);
  return node;
}

/** A message with its `code` in code. */
export function prose(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  text.split(/(`[^`]+`)/).forEach(part => {
    const quoted = part.length > 2 && part.startsWith('`') && part.endsWith('`');
    fragment.append(quoted ? h('code', {}, part.slice(1, -1)) : part);
  });
  return fragment;
}
