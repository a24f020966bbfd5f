import { randomBytes } from "node:crypto";
import { addressBytes } from "../../core/ports/ledger/network.ts";
import { forEachParallel } from "../../sources/polling/work-pool.ts";
import type { NameAnswer, NameResolver } from "./name-resolver.ts";

/**
 * | verdict | the name leads |
 * |---|---|
 * | right | to ingress addresses alone |
 * | mixed | to some, and elsewhere |
 * | elsewhere | elsewhere alone |
 * | nowhere | to no address: there is no such name, or it has none |
 * | unanswered | not known: the resolver did not say all of it |
 */
export type NameVerdict = "right" | "mixed" | "elsewhere" | "nowhere" | "unanswered";

export interface CheckedName extends NameAnswer {
  /** As it is routed: `*.example.org` was asked for by a name below it. */
  readonly name: string;
  readonly verdict: NameVerdict;
}

export interface NameCheckLimits {
  /** Questions at the same time. */
  readonly parallel: number;
  /** What is not asked by then is unanswered, in milliseconds from the start. */
  readonly untilMs: number;
}

const LIMITS: NameCheckLimits = { parallel: 16, untilMs: 60_000 };

/**
 * Asks for all these names, and judges where they lead; for a wildcard by a name below it that no record has. Answers in the
 * order of the names.
 */
export async function checkNames(
  names: readonly string[],
  ingress: readonly string[],
  { resolve }: NameResolver,
  { parallel, untilMs } = LIMITS,
): Promise<readonly CheckedName[]> {
  const until = performance.now() + untilMs;
  const wanted = new Set(ingress.map(sameText));
  const checked: CheckedName[] = [];
  await forEachParallel(names.entries(), parallel, async ([at, name]) => {
    const asked = name.startsWith("*.") ? `portolan-${randomBytes(6).toString("hex")}${name.slice(1)}` : name;
    const answer: NameAnswer =
      performance.now() < until ? await resolve(asked) : { addresses: [], failure: "time is over" };
    checked[at] = { ...answer, name, verdict: judgeName(answer, wanted) };
  });
  return checked;
}

function judgeName({ addresses, failure }: NameAnswer, wanted: ReadonlySet<string>): NameVerdict {
  const right = addresses.filter((address) => wanted.has(sameText(address))).length;
  if (right < addresses.length) return right > 0 ? "mixed" : "elsewhere";
  if (failure !== undefined) return "unanswered";
  return right > 0 ? "right" : "nowhere";
}

/** An address has several spellings, and one of IPv4 within IPv6 is the same. */
function sameText(address: string): string {
  return addressBytes(address)?.join(".") ?? address;
}
