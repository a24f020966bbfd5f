import { count } from "../../../base/count.ts";
import { shellWord } from "../../../core/diagnostics/shell-word.ts";
import type {
  AllocationAnswer,
  Answer,
  HostAnswer,
  MatchedRouter,
  PortAnswer,
  RouterAnswer,
  ServiceAnswer,
  UnknownAnswer,
  UrlAnswer,
  Verdict,
} from "../../../core/explain/answer.ts";
import type { Colours } from "../colour.ts";
import { furtherReasons, instanceText } from "./instance-text.ts";
import { furtherReason, instanceWords, reasonText } from "./reason-text.ts";
import { askedText, routerBrief, routerText } from "./router-text.ts";
import { wrapped } from "./wrapped.ts";

/** So many instances are told step by step; `--json` has all. */
const MOST_INSTANCES = 5;

/** An answer for people: what it came to in one line, then why and what to do, then the way step by step. */
export function answerText(answer: Answer, colours: Colours): string {
  const blocks = [verdictLines(answer.verdict, colours), ...blocksOf(answer, colours)];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The same in short: what it came to, and why. */
export function briefText(answer: Answer, colours: Colours): string {
  const reason = "reason" in answer ? answer.reason : undefined;
  const lines = [...verdictLines(answer.verdict, colours), ...(reason === undefined ? [] : furtherReason(reason))];
  return `${lines.join("\n")}\n`;
}

type Lines = readonly string[];

function blocksOf(answer: Answer, colours: Colours): readonly Lines[] {
  switch (answer.kind) {
    case "service":
      return serviceBlocks(answer, colours);
    case "router":
      return routerBlocks(answer, colours);
    case "host":
      return hostBlocks(answer, colours);
    case "url":
      return urlBlocks(answer, colours);
    case "port":
      return portBlocks(answer, colours);
    case "allocation":
      return allocationBlocks(answer, colours);
    case "unknown":
      return unknownBlocks(answer);
  }
}

const SIGNS: Readonly<Record<Verdict["state"], { readonly sign: string; readonly colour: keyof Colours }>> = {
  routed: { sign: "✓", colour: "added" },
  partly: { sign: "!", colour: "changed" },
  kept: { sign: "!", colour: "changed" },
  "answers-503": { sign: "✗", colour: "removed" },
  "refused-by-traefik": { sign: "✗", colour: "removed" },
  "not-routed": { sign: "✗", colour: "removed" },
  unknown: { sign: "?", colour: "changed" },
};

function verdictLines({ state, says }: Verdict, colours: Colours): Lines {
  const { sign, colour } = SIGNS[state];
  return wrapped(`${sign} `, says).map((line) => colours[colour](line));
}

function serviceBlocks(answer: ServiceAnswer, colours: Colours): readonly Lines[] {
  const { reason, besides, routers } = answer;
  return [
    reason === undefined ? [] : reasonText(reason, colours),
    furtherReasons(besides),
    ...instanceBlocks(answer, colours),
    ...routers.map((router) => routerText(router, colours)),
  ];
}

/** Those that do not serve come first. */
function instanceBlocks({ instances, reason }: ServiceAnswer, colours: Colours): readonly Lines[] {
  const ordered = instances.toSorted((one, other) => Number(one.isServing) - Number(other.isServing));
  const more = ordered.length - MOST_INSTANCES;
  return [
    ...ordered.slice(0, MOST_INSTANCES).map((instance) => instanceText(instance, reason, colours)),
    ...(more > 0 ? [[`${count(more, "more instance")}: --json tells all of them`]] : []),
  ];
}

function routerBlocks({ reason, router, services }: RouterAnswer, colours: Colours): readonly Lines[] {
  return [
    reason === undefined ? [] : reasonText(reason, colours),
    routerText(router, colours),
    ...services.map(({ verdict, service }) => [
      ...wrapped("- ", verdict.says),
      ...wrapped("  ", `its way: portolan explain ${shellWord(service)}`),
    ]),
  ];
}

function hostBlocks({ reason, owner, routers, refused }: HostAnswer, colours: Colours): readonly Lines[] {
  return [
    reason === undefined ? [] : reasonText(reason, colours),
    owner === undefined ? [] : wrapped("Owner   ", owner),
    routers.length === 0 ? [] : ["Served by", ...routers.flatMap((router) => wrapped("  - ", routerBrief(router)))],
    refused.length === 0 ? [] : ["Asked for, and not in the chart", ...refused.flatMap(askedText)],
  ];
}

const OUTCOMES: Readonly<Record<MatchedRouter["outcome"], string>> = {
  takes: "✓ ",
  may: "? ",
  loses: "· ",
};

function urlBlocks({ reason, routers, refused, besides }: UrlAnswer, colours: Colours): readonly Lines[] {
  return [
    reason === undefined ? [] : reasonText(reason, colours),
    routers.length === 0 ? [] : ["Routers, in the order in which Traefik asks them", ...routers.flatMap(matchedLines)],
    refused.length === 0 ? [] : ["Would take it, and not in the chart", ...refused.flatMap(askedText)],
    besides.flatMap((note) => wrapped("- ", note)),
  ];
}

function matchedLines({ router, outcome, condition }: MatchedRouter): Lines {
  const words = { takes: "takes it", may: "takes it if", loses: "matches, and comes later" }[outcome];
  const depends =
    condition === undefined ? words : outcome === "may" ? `${words} ${condition}` : `${words}; if ${condition}`;
  return [...wrapped(`  ${OUTCOMES[outcome]}`, routerBrief(router)), ...wrapped("      ", depends)];
}

function portBlocks({ reason, class: portClass, ledger, holders }: PortAnswer, colours: Colours): readonly Lines[] {
  return [
    reason === undefined ? [] : reasonText(reason, colours),
    wrapped("Class   ", portClass),
    ledger.length === 0
      ? ["Ledger  says nothing of it"]
      : [
          "Ledger",
          ...ledger.flatMap(({ origin, ports, owner, exposure, nodes, purpose }) =>
            wrapped(
              "  - ",
              `${origin}: ${ports} of ${owner}, ${exposure}${nodes.length === 0 ? "" : ` on ${nodes.join(", ")}`}: ${purpose}`,
            ),
          ),
        ],
    holders.length === 0
      ? []
      : [
          "Registered by",
          ...holders.flatMap((holder) => [
            ...wrapped("  - ", `${holder.service} (${holder.protocol}, ${holder.status}): ${instanceWords(holder)}`),
            ...wrapped("    ", holder.verdict.says),
          ]),
        ],
  ];
}

function allocationBlocks({ services }: AllocationAnswer, colours: Colours): readonly Lines[] {
  return services.flatMap((answer) => [
    ...(services.length === 1 ? [] : [verdictLines(answer.verdict, colours)]),
    ...serviceBlocks(answer, colours),
  ]);
}

function unknownBlocks({ didYouMean, reasons }: UnknownAnswer): readonly Lines[] {
  return [
    didYouMean.length === 0 ? [] : wrapped("Did you mean ", `${didYouMean.join(", ")}?`),
    reasons.length === 0 ? [] : ["It may be there all the same, and not be seen", ...reasons.flatMap(furtherReason)],
  ];
}
