import type { LegacyExplained } from "../../../api/resources/legacy.ts";
import { count } from "../../../base/count.ts";
import { printable } from "../../../base/printable.ts";
import type {
  LegacyAddress,
  LegacyEntry,
  LegacyRouter,
  LegacyState,
} from "../../../core/explain/legacy/legacy-answer.ts";
import { instanceWords } from "../../../explained/reason-lines.ts";
import type { Colours } from "../colour.ts";
import { wrapped } from "./wrapped.ts";

const STATES: Readonly<
  Record<LegacyState, { readonly sign: string; readonly says: string; readonly colour: keyof Colours }>
> = {
  done: { sign: "✓", says: "can be deleted", colour: "added" },
  half: { sign: "!", says: "half moved", colour: "changed" },
  "not-begun": { sign: "·", says: "not begun", colour: "strong" },
};

/** What is left to migrate, in one line; then each entry with who is registered at its address, who asks for it, and the next step. */
export function legacyText({ charts }: LegacyExplained, colours: Colours): string {
  return charts
    .map(({ chart, says, entries }) => {
      const head = charts.length === 1 ? says : `Chart ${chart}: ${says}`;
      const blocks = entries.map((entry) => entryLines(entry, colours).join("\n"));
      return `${[colours.strong(printable(head)), ...blocks].join("\n\n")}\n`;
    })
    .join("\n");
}

function entryLines(entry: LegacyEntry, colours: Colours): readonly string[] {
  const { key, file, state, addresses, routers, usedBy, next } = entry;
  const { sign, says, colour } = STATES[state];
  return [
    ...wrapped(`${sign} `, `${key} in ${file}: ${says}`).map((line) => colours[colour](line)),
    ...addresses.flatMap(addressLines),
    ...routers.flatMap(routerLines),
    ...(usedBy.length === 0 ? [] : wrapped("  used by ", usedBy.join(", "))),
    ...next.flatMap((step, position) => [
      ...wrapped(position === 0 ? "  next    " : "          ", step.says),
      // To be copied: one line each, however long.
      ...step.lines.map((line) => `    ${printable(line)}`),
    ]),
  ];
}

function addressLines({ address, registered }: LegacyAddress): readonly string[] {
  if (registered.length === 0) return wrapped("  address ", `${address}: registered by no service that is known`);
  return registered.flatMap(({ service, health, isHealthy, asksForRoutes, ...label }, position) => {
    const words = `${service} (${instanceWords(label)}, ${isHealthy ? "healthy" : health || "unhealthy"}, ${asksForRoutes ? "asks for routes" : "without tags"})`;
    return wrapped(
      position === 0 ? "  address " : "          ",
      `${position === 0 ? `${address}: registered by ` : ""}${words}`,
    );
  });
}

function routerLines({ name, rule, successors, refused }: LegacyRouter): readonly string[] {
  const takers = successors.map(
    ({ router, service, servers }) => `router ${router} of ${service} takes over (${count(servers, "server")})`,
  );
  const waiting = refused.map(({ router, service }) => `router ${router} of ${service} asks for it`);
  const who = [...takers, ...waiting];
  return wrapped(
    "  router  ",
    `${name}${rule === "" ? "" : `: ${rule}`}; ${who.length === 0 ? "no service asks for it" : who.join("; ")}`,
  );
}
