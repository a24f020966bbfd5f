import { printable } from "../../../base/printable.ts";
import { tellAnswer } from "../../../explained/tell-answer.ts";
import {
  type Answer,
  type Block,
  ITEM_SIGN,
  type Line,
  STEP_SIGNS,
  type ToldAnswer,
  type ToldVerdict,
} from "../../../explained/told-answer.ts";
import { caretLine } from "../caret.ts";
import type { Colours } from "../colour.ts";
import { cutLines, wrapped } from "./wrapped.ts";

/** An answer as it is printed. */
export function answerText(answer: Answer, colours: Colours): string {
  return toldText(tellAnswer(answer), colours);
}

/** What is told of an answer, in lines of 80 columns. */
export function toldText({ verdict, blocks, isBrief }: ToldAnswer, colours: Colours): string {
  const told = [verdictLines(verdict, colours), ...blocks.map((block) => blockLines(block, isBrief, colours))];
  return `${told.map((lines) => lines.join("\n")).join(isBrief ? "\n" : "\n\n")}\n`;
}

type Lines = readonly string[];

function verdictLines({ sign, tone, says }: ToldVerdict, colours: Colours): Lines {
  const colour = { good: colours.added, warning: colours.changed, bad: colours.removed }[tone];
  return wrapped(`${sign} `, says).map((line) => colour(line));
}

function blockLines(block: Block, isBrief: boolean, colours: Colours): Lines {
  if (block.kind === "verdict") return verdictLines(block.verdict, colours);
  const { kind, title = "", lines } = block;
  const isThing = kind === "instance" || kind === "router";
  const head = title === "" ? [] : wrapped("", title).map((line) => (isThing ? colours.strong(line) : line));
  // What stands below a title, or below the verdict of a brief answer, is set in.
  const indent = title === "" && !isBrief ? "" : "  ";
  return [...head, ...lines.flatMap((line) => lineLines(line, { isThing, indent }, colours))];
}

interface Place {
  /** Labels are narrower above and set in below the title of an instance or a router. */
  readonly isThing: boolean;
  readonly indent: string;
}

function lineLines(line: Line, { isThing, indent }: Place, colours: Colours): Lines {
  const labelled = (label: string) => (isThing ? `  ${label.padEnd(10)}` : `${label} `.padEnd(8));
  switch (line.kind) {
    case "labelled":
      return wrapped(labelled(line.label), line.text);
    case "read":
      return cutLines(line.label === undefined ? "    " : labelled(line.label), line.text);
    case "tag": {
      const { tag, spot } = line;
      const carets = spot === undefined ? [] : [`          ${colours.removed(caretLine(tag, spot))}`];
      return ["        in the tag", `          ${printable(tag)}`, ...carets];
    }
    case "step":
      return stepLines(line, colours);
    case "heading":
      return [`  ${line.text}`];
    case "item": {
      const deeper = line.sign === ITEM_SIGN ? "  " : "    ";
      return [
        ...wrapped(`${indent}${line.sign} `, line.text),
        ...line.below.flatMap((text) => wrapped(`${indent}${deeper}`, text)),
      ];
    }
    case "meaning": {
      const whole = cutLines("    ", `${line.tag}  (${line.means})`);
      return whole.length === 1 ? whole : [...cutLines("    ", line.tag), ...wrapped("      ", `(${line.means})`)];
    }
    case "note":
      return [`${isThing ? "    " : ""}${line.text}`];
  }
}

function stepLines({ outcome, stage, text }: Extract<Line, { readonly kind: "step" }>, colours: Colours): Lines {
  const head = `  ${STEP_SIGNS[outcome]} ${outcome === "open" ? "" : `${stage.padEnd(10)} `}`;
  const lines = wrapped(head, text);
  switch (outcome) {
    case "yes":
      return lines;
    case "no":
      return lines.map((line, position) => (position === 0 ? colours.removed(line) : line));
    case "waits":
      return lines.map((line, position) => (position === 0 ? colours.changed(line) : line));
    case "open":
      return lines.map(colours.faint);
  }
}
