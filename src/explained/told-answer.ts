import type { Explained } from "../api/resources/explain.ts";

/*
 * What an answer of explain says, in the order in which a person reads it, without the form it is shown in: a terminal and the
 * page lay out the same. Texts are of unknown authors as they are, and made harmless where they are shown.
 */

export type Answer = Explained["charts"][number]["answers"][number];
export type AnswerOf<Kind extends Answer["kind"]> = Extract<Answer, { readonly kind: Kind }>;
export type Verdict = Answer["verdict"];
export type Reason = AnswerOf<"unknown">["reasons"][number];
export type Instance = AnswerOf<"service">["instances"][number];
export type Router = AnswerOf<"service">["routers"][number];
export type AskedFor = AnswerOf<"host">["refused"][number];
export type Step = Instance["way"][number];

/** An answer as it is told. */
export interface ToldAnswer {
  readonly verdict: ToldVerdict;
  readonly blocks: readonly Block[];
  /** It has only why; where another chart is meant. */
  readonly isBrief: boolean;
}

/** What it came to, in one line. */
export interface ToldVerdict {
  readonly sign: string;
  readonly tone: "good" | "warning" | "bad";
  readonly says: string;
}

/** Lines that belong together. */
export type Block =
  | { readonly kind: "verdict"; readonly verdict: ToldVerdict }
  | {
      /** `reason`: why, where, remedy; `instance`, `router`: one with its title; `list`: items, below a title where there is one. */
      readonly kind: "reason" | "instance" | "router" | "list";
      readonly title?: string;
      readonly lines: readonly Line[];
    };

export type Line =
  /** A text with its label: `Why`, `rule`. An empty label goes on below the one before. */
  | { readonly kind: "labelled"; readonly label: string; readonly text: string }
  /** A text that is only read, such as a line of the chart, and may be broken anywhere; with its label where it has one. */
  | { readonly kind: "read"; readonly label?: string; readonly text: string }
  /** The tag to blame, and what in it. */
  | { readonly kind: "tag"; readonly tag: string; readonly spot: Reason["spot"] }
  | { readonly kind: "step"; readonly outcome: Step["outcome"]; readonly stage: string; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  /** @see ITEM_SIGN for what is no sign of an outcome */
  | { readonly kind: "item"; readonly sign: string; readonly text: string; readonly below: readonly string[] }
  | { readonly kind: "meaning"; readonly tag: string; readonly means: string }
  | { readonly kind: "note"; readonly text: string };

export const ITEM_SIGN = "-";

export const STEP_SIGNS: Readonly<Record<Step["outcome"], string>> = { yes: "✓", no: "✗", waits: "…", open: "·" };
