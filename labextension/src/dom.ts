/** Elements from a description. Text is always text: nothing of a notebook is ever read as HTML. */

type Child = Node | string | null | undefined | false;
type Props = Record<string, any>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (name === 'class') {
      node.className = value;
    } else if (name in node && !name.includes('-') && name !== 'list' && name !== 'role') {
      (node as any)[name] = value;
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  node.append(...(children.filter(child => child || child === '') as (Node | string)[]));
  return node;
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
