import { type CoreSettings, MAIN_EDGE } from "../../core/settings.ts";
import type { EdgePlan } from "./edge-plan.ts";

/**
 * The settings by which an edge's chart is decided: those of all, with its own prefix and default middlewares. The same object as long as no reload
 * changes the settings: translations are memoized by it.
 */
export function edgeCore({ name, prefix, defaultMiddlewares }: EdgePlan, core: () => CoreSettings): () => CoreSettings {
  if (name === MAIN_EDGE) return core;
  const own = { prefix, ...(defaultMiddlewares === undefined ? {} : { defaultMiddlewares }) };
  let known: { readonly from: CoreSettings; readonly settings: CoreSettings } | undefined;
  return () => {
    const from = core();
    if (known?.from !== from) known = { from, settings: { ...from, edge: name, traefik: { ...from.traefik, ...own } } };
    return known.settings;
  };
}
