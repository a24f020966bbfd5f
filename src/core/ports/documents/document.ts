/** A piece of a line: text of any origin, something to type or to copy, or an address to open. Writers escape what needs it. */
export type Piece = string | { readonly code: string } | { readonly url: string };

/** A line, or the cell of a table. */
export type Line = readonly Piece[];

export interface DocumentTable {
  readonly kind: "table";
  readonly heads: readonly string[];
  /** Each as long as the heads. */
  readonly rows: readonly (readonly Line[])[];
}

export interface DocumentParagraph {
  readonly kind: "paragraph";
  readonly line: Line;
}

export interface DocumentList {
  readonly kind: "list";
  readonly lines: readonly Line[];
}

/** Who stands in a flowchart. */
export interface FlowNode {
  /** By which arrows name it; any text. */
  readonly key: string;
  /** What is shown, line by line. */
  readonly label: readonly string[];
  readonly shape: "box" | "round" | "store";
  /** What the nodes of one frame have in common; undefined outside of all frames. */
  readonly frame?: string;
}

export interface FlowArrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Flowchart {
  readonly kind: "flowchart";
  /** From left to right, or from the top down. */
  readonly direction: "LR" | "TB";
  readonly nodes: readonly FlowNode[];
  readonly arrows: readonly FlowArrow[];
}

export type Block = DocumentTable | DocumentParagraph | DocumentList | Flowchart;

/** A chapter of a document: a heading, and what stands below it. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A table of cells that are text and nothing else. */
export function textRows(heads: readonly string[], rows: readonly (readonly string[])[]): DocumentTable {
  return { kind: "table", heads, rows: rows.map((cells) => cells.map((cell) => [cell])) };
}

/** A paragraph of these pieces. */
export function paragraph(...line: Line): DocumentParagraph {
  return { kind: "paragraph", line };
}
