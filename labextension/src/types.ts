/**
 * What the server says, as nb_mlops/schemas has it. tests/contract holds examples that Python writes and this reads.
 */

export type Severity = 'error' | 'warning' | 'info';

export interface ICellRef {
  index: number;
  id: string;
  execution_count: number | null;
}

export interface IPlace {
  cell: ICellRef | null;
  part: string | null;
  line: number | null;
  column: number | null;
  end_line: number | null;
  end_column: number | null;
}

export interface IFinding extends IPlace {
  code: string;
  rule: string;
  severity: Severity;
  confidence: 'high' | 'medium' | 'low';
  message: string;
  path: string;
  fingerprint: string;
  fix: { title: string; safety: 'safe' | 'unsafe' | 'display' } | null;
  url?: string;
  related: (IPlace & { message: string })[];
  data?: IFindingData;
}

/** `replays`: cell index, execution count, whether it is the one that reads. */
export interface IFindingData {
  excerpt?: string;
  caret?: [number, number];
  replays?: [number, number, boolean][];
  names?: string[];
  tool?: string;
  safe?: boolean;
  url?: string;
  /** Of a refusal of the gate. */
  proof?: string;
  problem?: string;
  remedy?: string;
}

export interface IGraphNode {
  cell: number;
  id: string;
  title: string;
  binds: string[];
  reads: string[];
  missing: string[];
  opaque: boolean;
}

export interface IGraphEdge {
  from: number;
  to: number;
  names: string[];
  changed: string[];
}

export interface IGraph {
  nodes: IGraphNode[];
  edges: IGraphEdge[];
}

export interface IReport {
  notebooks: number;
  suppressed: number;
  baselined: number;
  findings: IFinding[];
}

export interface ILook extends IReport {
  graph: IGraph;
  /** What evidence would name this content by: the code that a kernel would run. */
  content: string;
}

/** One cell after an edit: where it was before (null: it is new), and what is new about it. */
export interface ICellEdit {
  origin: number | null;
  cell?: Record<string, unknown>;
  source?: string;
  id?: string;
  metadata?: Record<string, unknown>;
  count?: number | null;
  outputs?: (number | Record<string, unknown>)[];
}

export interface IEdits {
  cells: ICellEdit[];
  metadata?: Record<string, unknown>;
}

export interface IMended {
  edits: IEdits;
  diff: string;
  fixed: IFinding[];
}

export interface IRulePage {
  code: string;
  slug: string;
  severity: Severity;
  default: boolean;
  fixable: boolean;
  summary: string;
  page: string;
}

export interface IJob {
  id: string;
  verb: string;
  notebook: string;
  content: string;
  started: number;
  ended: number | null;
  state: 'running' | 'done' | 'cancelled' | 'lost';
  exit_code: number | null;
  progress: string[];
  result?: any;
}

export interface IParameters {
  parameters: Record<string, string | number | boolean | null> | null;
  content: string;
  /** By verb, the options that its jobs take. */
  verbs: Record<string, string[]>;
}

export interface IFunction {
  name: string;
  file: string;
  line: number;
  cells: { id: string; index: number }[];
}

/** A package made from the notebook, or (`out` is null) the one that would be made. */
export interface IPackage {
  out: string | null;
  files: string[];
  functions: IFunction[];
}
