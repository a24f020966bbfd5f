import { dirname, join, resolve } from "node:path";
import { systemClock } from "../../base/clock.ts";
import { badSettings } from "../../config/bad-settings.ts";
import type { Settings } from "../../config/files/schema.ts";
import { judgeDefined, operatorConfigSettings } from "../../config/resolve/defined.ts";
import { undefinedDefaults } from "../../core/default-middlewares/reserved-names.ts";
import { assembleOperatorConfig, type Definitions } from "../../core/operator-config/assemble.ts";
import type { OperatorConfig } from "../../core/operator-config/operator-config.ts";
import { newConfig } from "../../core/traefik/chart/dynamic-config.ts";
import type { DaemonObserver } from "../../observe/observer.ts";
import { readSnippets } from "../../snippets/folder.ts";
import { createSnippets, type Snippets } from "../../snippets/snippets.ts";
import { createSnippetsFile } from "../stored-state/snippets-file.ts";
import type { StateAccess } from "../stored-state/state-access.ts";

/** What the operator defines in settings and snippets, followed as it changes. */
export function openSnippets(
  settings: () => Settings,
  { observer, access, changed }: { readonly observer: DaemonObserver; readonly access: StateAccess; changed(): void },
): Snippets {
  const file = access(createSnippetsFile(join(settings().stateDir, "snippets.json")));
  return createSnippets({
    settings: () => ({
      folder: settings().snippets,
      define: definedBy(settings()),
      judgedBy: operatorConfigSettings(settings()),
    }),
    kept: {
      async load() {
        const loaded = await file.load();
        if (loaded.kind === "setAside") observer.setAside(loaded.reason, loaded.movedTo);
        return loaded.kind === "loaded" ? loaded.value : undefined;
      },
      save: (good) => file.save(good, systemClock.nowMs()),
    },
    clock: systemClock,
    changed,
    unsaved: (error) => observer.stateUnsaved(error),
  });
}

/** What settings and snippets define now, for commands that read once. */
export async function readOperatorConfig(settings: Settings): Promise<OperatorConfig> {
  const found = settings.snippets === undefined ? [] : await readSnippets(settings.snippets);
  const files = "length" in found ? found : [{ name: settings.snippets ?? "", problem: found }];
  return assembleOperatorConfig(
    { settings: definedBy(settings), files, lastGood: new Map() },
    operatorConfigSettings(settings),
  ).operatorConfig;
}

/** What the settings define. Settings with a problem there have been refused before. */
function definedBy(settings: Settings): Definitions["settings"] {
  const judged = judgeDefined(settings);
  return { origin: "the settings (define)", config: judged.kind === "sound" ? judged.config : newConfig() };
}

/**
 * Throws AppError (exit code 78) where the snippets lie in the chart's own folder: Traefik would read each of them a second
 * time, and portolan would read its own chart.
 */
export function refuseChartFolder({ snippets, output }: Pick<Settings, "snippets" | "output">): void {
  if (snippets === undefined || resolve(snippets) !== dirname(resolve(output.file))) return;
  throw badSettings(
    `snippets: found ${snippets}, the folder of the chart, which traefik reads by itself; any other folder is allowed`,
  );
}

/**
 * Throws AppError (exit code 78) where a default middleware without a provider is defined nowhere: no router would be served.
 * What a snippet loses later is told, and routers answer 503.
 */
export function refuseUndefinedDefaults(
  { traefik, edges }: Pick<Settings, "traefik" | "edges">,
  ...operatorConfigs: readonly OperatorConfig[]
): void {
  const given = [
    ["traefik", traefik.defaultMiddlewares] as const,
    ...edges.map(({ defaultMiddlewares = {} }, position) => [`edges.${position}`, defaultMiddlewares] as const),
  ];
  const errors = given.flatMap(([path, defaults]) =>
    undefinedDefaults(defaults, ...operatorConfigs).map(
      (name) =>
        `${path}.defaultMiddlewares: found ${JSON.stringify(name)}, which no snippet defines; a middleware of a snippet is allowed, or ${JSON.stringify(`${name}@file`)} for one in a file beside the chart`,
    ),
  );
  if (errors.length > 0) throw badSettings(errors.join("\n"));
}
