import { ask, askText } from "../../api/client/ask.ts";
import { ASKED } from "../../api/client/asked.ts";
import type { DaemonAddress } from "../../api/daemon-address.ts";
import { AppError } from "../../base/errors.ts";

/** A part of a bundle, or why it is not there. */
export type Part<Value> = Value | { readonly missing: string };

/** No person reads more; the counts of the status say how many there are. */
const MOST_ROWS = 5_000;

/** What the portolan that runs says of itself; each part by itself, since one of another version may lack one. */
export async function askedDaemon(address: DaemonAddress): Promise<Readonly<Record<string, Part<unknown>>>> {
  const status = await part(() => ask(address, ASKED.status, {}));
  // Where none answers, that is said once.
  if (typeof status === "object" && "missing" in status) return { status };
  return {
    status,
    routes: await part(async () => (await ask(address, ASKED.routes, { limit: MOST_ROWS })).routes),
    diagnostics: await part(async () => (await ask(address, ASKED.diagnostics, { limit: MOST_ROWS })).diagnostics),
    holds: await part(async () => (await ask(address, ASKED.holds, {})).holds),
    history: await part(async () => (await ask(address, ASKED.history, {})).versions),
    metrics: await part(async () => (await askText(address, "/metrics")).split("\n")),
  };
}

/** The part, or the reason in the words of an error that is meant for operators. */
export async function part<Value>(make: () => Promise<Value>): Promise<Part<Value>> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof AppError) return { missing: error.message };
    throw error;
  }
}
