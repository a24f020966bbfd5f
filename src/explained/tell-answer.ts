import { count } from "../base/count.ts";
import { shellOperand } from "../core/diagnostics/shell-word.ts";
import { instanceBlock } from "./instance-block.ts";
import { furtherReason, instanceWords, listBlock, reasonBlock } from "./reason-lines.ts";
import { askedLine, routerBlock, routerBrief } from "./router-block.ts";
import {
  type Answer,
  type AnswerOf,
  type Block,
  ITEM_SIGN,
  type Line,
  type ToldAnswer,
  type ToldVerdict,
  type Verdict,
} from "./told-answer.ts";

/** So many instances are told step by step; the answer has all. */
const MOST_INSTANCES = 5;

/** An answer for people: what it came to in one line, then why and what to do, then the way step by step. */
export function tellAnswer(answer: Answer): ToldAnswer {
  return { verdict: toldVerdict(answer.verdict), blocks: blocksOf(answer), isBrief: false };
}

/** The same in short: what it came to, and why. */
export function tellBriefly(answer: Answer): ToldAnswer {
  const reason = "reason" in answer ? answer.reason : undefined;
  const blocks: readonly Block[] = reason === undefined ? [] : listBlock("", [furtherReason(reason)]);
  return { verdict: toldVerdict(answer.verdict), blocks, isBrief: true };
}

const SIGNS: Readonly<Record<Verdict["state"], Pick<ToldVerdict, "sign" | "tone">>> = {
  routed: { sign: "✓", tone: "good" },
  partly: { sign: "!", tone: "warning" },
  kept: { sign: "!", tone: "warning" },
  "answers-503": { sign: "✗", tone: "bad" },
  "refused-by-traefik": { sign: "✗", tone: "bad" },
  "not-routed": { sign: "✗", tone: "bad" },
  unknown: { sign: "?", tone: "warning" },
};

function toldVerdict({ state, says }: Verdict): ToldVerdict {
  return { ...SIGNS[state], says };
}

function blocksOf(answer: Answer): readonly Block[] {
  switch (answer.kind) {
    case "service":
      return serviceBlocks(answer);
    case "router":
      return routerBlocks(answer);
    case "host":
      return hostBlocks(answer);
    case "url":
      return urlBlocks(answer);
    case "port":
      return portBlocks(answer);
    case "allocation":
      return allocationBlocks(answer);
    case "unknown":
      return unknownBlocks(answer);
  }
}

function serviceBlocks(answer: AnswerOf<"service">): readonly Block[] {
  const { reason, besides, routers } = answer;
  return [
    ...reasonBlock(reason),
    ...listBlock("Besides", besides.map(furtherReason)),
    ...instanceBlocks(answer),
    ...routers.map(routerBlock),
  ];
}

/** Those that do not serve come first. */
function instanceBlocks({ instances, reason }: AnswerOf<"service">): readonly Block[] {
  const ordered = instances.toSorted((one, other) => Number(one.isServing) - Number(other.isServing));
  const more = ordered.length - MOST_INSTANCES;
  return [
    ...ordered.slice(0, MOST_INSTANCES).map((instance) => instanceBlock(instance, reason)),
    ...(more > 0
      ? listBlock("", [{ kind: "note", text: `${count(more, "more instance")}: --json tells all of them` }])
      : []),
  ];
}

function routerBlocks({ reason, router, services }: AnswerOf<"router">): readonly Block[] {
  return [
    ...reasonBlock(reason),
    routerBlock(router),
    ...services.flatMap(({ verdict, service }) =>
      listBlock("", [item(verdict.says, `its way: portolan explain ${shellOperand(service)}`)]),
    ),
  ];
}

function hostBlocks({ reason, owner, routers, refused }: AnswerOf<"host">): readonly Block[] {
  return [
    ...reasonBlock(reason),
    ...(owner === undefined ? [] : [labelledBlock("Owner", owner)]),
    ...listBlock(
      "Served by",
      routers.map((router) => item(routerBrief(router))),
    ),
    ...listBlock("Asked for, and not in the chart", refused.map(askedLine)),
  ];
}

type Matched = AnswerOf<"url">["routers"][number];

const OUTCOMES: Readonly<Record<Matched["outcome"], string>> = { takes: "✓", may: "?", loses: "·" };

function urlBlocks({ reason, routers, refused, besides }: AnswerOf<"url">): readonly Block[] {
  return [
    ...reasonBlock(reason),
    ...listBlock("Routers, in the order in which Traefik asks them", routers.map(matchedLine)),
    ...listBlock("Would take it, and not in the chart", refused.map(askedLine)),
    ...listBlock(
      "",
      besides.map((note) => item(note)),
    ),
  ];
}

function matchedLine({ router, outcome, condition }: Matched): Line {
  const words = { takes: "takes it", may: "takes it if", loses: "matches, and comes later" }[outcome];
  const depends =
    condition === undefined ? words : outcome === "may" ? `${words} ${condition}` : `${words}; if ${condition}`;
  return { kind: "item", sign: OUTCOMES[outcome], text: routerBrief(router), below: [depends] };
}

function portBlocks({ reason, class: portClass, ledger, holders }: AnswerOf<"port">): readonly Block[] {
  return [
    ...reasonBlock(reason),
    labelledBlock("Class", portClass),
    ...(ledger.length === 0
      ? [labelledBlock("Ledger", "says nothing of it")]
      : listBlock(
          "Ledger",
          ledger.map(({ origin, ports, owner, exposure, nodes, purpose }) =>
            item(
              `${origin}: ${ports} of ${owner}, ${exposure}${nodes.length === 0 ? "" : ` on ${nodes.join(", ")}`}: ${purpose}`,
            ),
          ),
        )),
    ...listBlock(
      "Registered by",
      holders.map((holder) =>
        item(`${holder.service} (${holder.protocol}, ${holder.status}): ${instanceWords(holder)}`, holder.verdict.says),
      ),
    ),
  ];
}

function allocationBlocks({ services }: AnswerOf<"allocation">): readonly Block[] {
  return services.flatMap((answer): readonly Block[] => [
    ...(services.length === 1 ? [] : [{ kind: "verdict", verdict: toldVerdict(answer.verdict) } as const]),
    ...serviceBlocks(answer),
  ]);
}

function unknownBlocks({ didYouMean, reasons }: AnswerOf<"unknown">): readonly Block[] {
  return [
    ...(didYouMean.length === 0 ? [] : [labelledBlock("Did you mean", `${didYouMean.join(", ")}?`)]),
    ...listBlock("It may be there all the same, and not be seen", reasons.map(furtherReason)),
  ];
}

function labelledBlock(label: string, text: string): Block {
  return { kind: "reason", lines: [{ kind: "labelled", label, text }] };
}

function item(text: string, ...below: readonly string[]): Line {
  return { kind: "item", sign: ITEM_SIGN, text, below };
}
