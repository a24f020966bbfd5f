import { AppError } from "../base/errors.ts";
import { isMapping } from "../base/mapping.ts";
import type { Ledger } from "../core/ports/ledger/ledger.ts";
import { withPathsFrom } from "./files/relative-paths.ts";
import { loadLedger, loadPolicy } from "./load.ts";
import { resolveSettings } from "./resolve/resolve.ts";

/** What is wrong with settings, and what is to be known of them. */
export interface CheckedSettings {
  /** Each begins with its place: `ports.dynamic: found …; allowed …`. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** What `run` needs and the file does not say, so that a flag has to. */
  readonly missing: readonly string[];
}

/**
 * Judges a settings file by itself, whatever environment and flags add: with the policy and the ledger that it names. Catalogs
 * are not asked, nor are tokens and certificates read.
 *
 * @param path from whose folder relative paths count
 */
export async function checkSettings(path: string, content: unknown): Promise<CheckedSettings> {
  const { whole, missing } = completed(withPathsFrom(path, content));
  const resolved = resolveSettings({ file: { name: path, content: whole }, environment: {}, flags: {} });
  if (resolved.kind === "refused") return { errors: resolved.errors.map(withoutName(path)), warnings: [], missing };
  const { policy, ports, warnings = [] } = resolved.settings;
  let ledger: Ledger | undefined;
  const ofLedger = await refusalOf("ports.ledger", async () => {
    if (ports.ledger !== undefined) ledger = await loadLedger(ports.ledger);
  });
  const errors = [
    ...(policy === undefined ? [] : await refusalOf("policy", () => loadPolicy(policy, ledger))),
    ...ofLedger,
  ];
  return { errors, warnings, missing };
}

/** With what nothing is charted without, and units often give as flags. */
function completed(content: unknown): { readonly whole: unknown; readonly missing: readonly string[] } {
  if (!isMapping(content)) return { whole: content, missing: [] };
  const { output = {}, stateDir } = content;
  const hasFile = !isMapping(output) || output["file"] !== undefined;
  const whole = {
    ...content,
    ...(stateDir === undefined ? { stateDir: "unused" } : {}),
    ...(hasFile ? {} : { output: { ...output, file: "unused.yml" } }),
  };
  return { whole, missing: [...(hasFile ? [] : ["output.file"]), ...(stateDir === undefined ? ["stateDir"] : [])] };
}

/** The file is named above its problems. */
function withoutName(path: string): (error: string) => string {
  return (error) => (error.endsWith(` (${path})`) ? error.slice(0, -path.length - 3) : error);
}

async function refusalOf(setting: string, load: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await load();
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [`${setting}: ${error.message.replace(/:\n\s*/, ": ").replaceAll(/\n\s*/g, "; ")}`];
  }
}
