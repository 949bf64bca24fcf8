/** Which findings are shown, in which groups and order. Pure. */

import { IFinding, Severity } from './types';

export type GroupBy = 'cell' | 'rule' | 'severity';

export interface IFilter {
  by: GroupBy;
  hidden: ReadonlySet<Severity>;
  words: string;
}

export interface IGroup {
  key: string;
  /** The cell's index, for groups by cell. */
  cell: number | null;
  findings: IFinding[];
}

/** The folder of a path, "" for what stands at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

export function counts(findings: IFinding[]): Record<Severity, number> {
  const found: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  findings.forEach(finding => (found[finding.severity] += 1));
  return found;
}

export function matches(finding: IFinding, filter: IFilter): boolean {
  if (filter.hidden.has(finding.severity)) {
    return false;
  }
  const text = `${finding.code} ${finding.rule} ${finding.message} ${finding.data?.excerpt ?? ''}`.toLowerCase();
  return filter.words
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

export function groups(findings: IFinding[], filter: IFilter): IGroup[] {
  const found = new Map<string, IGroup>();
  for (const finding of findings.filter(one => matches(one, filter))) {
    const cell = filter.by === 'cell' ? (finding.cell?.index ?? null) : null;
    const key =
      filter.by === 'cell'
        ? cell === null
          ? 'notebook'
          : `cell-${cell}`
        : filter.by === 'rule'
          ? `${finding.code} ${finding.rule}`
          : finding.severity;
    const group = found.get(key) ?? { key, cell, findings: [] };
    group.findings.push(finding);
    found.set(key, group);
  }
  const list = [...found.values()];
  if (filter.by === 'cell') {
    list.sort((a, b) => (a.cell ?? -1) - (b.cell ?? -1));
  } else if (filter.by === 'severity') {
    list.sort((a, b) => RANK[a.key as Severity] - RANK[b.key as Severity]);
  } else {
    list.sort(
      (a, b) =>
        RANK[a.findings[0].severity] - RANK[b.findings[0].severity] ||
        a.key.localeCompare(b.key)
    );
  }
  return list;
}

/** The finding after (or before) a place, in reading order, round the end; null when there is none. */
export function neighbour(
  findings: IFinding[],
  current: string | null,
  cell: number,
  step: 1 | -1
): IFinding | null {
  if (!findings.length) {
    return null;
  }
  const at = findings.findIndex(finding => finding.fingerprint === current);
  if (at !== -1) {
    return findings[(at + step + findings.length) % findings.length];
  }
  const place = (finding: IFinding) => finding.cell?.index ?? -1;
  if (step === 1) {
    return findings.find(finding => place(finding) >= cell) ?? findings[0];
  }
  const before = findings.filter(finding => place(finding) < cell);
  return before[before.length - 1] ?? findings[findings.length - 1];
}
