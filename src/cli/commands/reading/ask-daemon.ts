import type { z } from "zod";
import { type Asked, ask } from "../../../api/client/ask.ts";
import { ASKED, type AskedResource } from "../../../api/client/asked.ts";
import type { Resource } from "../../../api/resource.ts";
import type { ROUTES, RouteRow } from "../../../api/resources/routes.ts";
import { printableLines } from "../../../base/printable.ts";
import { daemonPlace } from "../../../config/daemon-place.ts";
import type { FlagValues } from "../../command-line/command-line.ts";

/** Asks the portolan that the flags point at, until aborted. Throws AppError: bad settings (exit code 78), none there (69), refused (1). */
export async function askDaemon<Row extends Resource>(
  flags: FlagValues,
  resource: AskedResource<Row>,
  query: Asked<Row["query"]>,
  signal?: AbortSignal,
): Promise<z.output<Row["answer"]>> {
  const { listen } = await daemonPlace(flags, process.env);
  return await ask(listen, resource, query, signal);
}

/** All routes that are asked for, page after page. Throws as `askDaemon` does. */
export async function askForRoutes(flags: FlagValues, query: Asked<typeof ROUTES.query>): Promise<readonly RouteRow[]> {
  const all: RouteRow[] = [];
  let after: string | undefined;
  do {
    const { routes, next } = await askDaemon(flags, ASKED.routes, { ...query, limit: PAGE_ROUTES, after });
    all.push(...routes);
    after = next ?? undefined;
  } while (after !== undefined);
  return all;
}

const PAGE_ROUTES = 5_000;

/** Prints an answer as it is, or as text. */
export function printAnswer(flags: FlagValues, answer: unknown, text: () => string): void {
  process.stdout.write(flags["json"] === undefined ? text() : printableLines(`${JSON.stringify(answer, null, 2)}\n`));
}

/** The flags of these names as a query, without those that are not given. */
export function queryFrom<Name extends string>(flags: FlagValues, names: readonly Name[]): { [name in Name]?: string } {
  const query: { [name in Name]?: string } = {};
  for (const name of names) {
    const value = flags[name];
    if (value !== undefined) query[name] = value;
  }
  return query;
}
