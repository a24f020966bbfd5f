import { memoize } from "../incremental/memoize.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import { kindOf, newConfig, resourceKey, SECTIONS, type Section, splitKey } from "../traefik/chart/dynamic-config.ts";
import { isLocal, renameReferences, targetOf } from "../traefik/chart/references.ts";
import type { Fragment } from "../translate/draft.ts";
import type { Translated } from "./instance-state.ts";

/**
 * With `equalNames: prefix`: what an instance asks for, under names that no other catalog can have. Else as it is.
 *
 * @param operatorConfig whose names stay as they are, so that tags may go on to mention them
 */
export function prefixerFor(
  { equalNames }: CoreSettings,
  operatorConfig: OperatorConfig,
): (one: Translated) => Translated {
  return equalNames === "prefix" ? prefixer(operatorConfig) : (one) => one;
}

const prefixer = memoize((operatorConfig: OperatorConfig) =>
  memoize((one: Translated): Translated => {
    const { instance, state } = one;
    const { catalogName } = instance;
    if (catalogName === undefined || !("fragment" in state) || state.fragment === undefined) return one;
    return {
      instance,
      state: { ...state, fragment: prefixed(state.fragment, catalogName, operatorConfig) },
    };
  }),
);

/** The kinds of things that tags define; what else they mention is the operator's or Traefik's own. */
const KINDS = ["routers", "services", "middlewares"];

function prefixed(
  { config, byDefaultRule, leftOut }: Fragment,
  catalogName: string,
  { origins }: OperatorConfig,
): Fragment {
  /** No catalog's name has an underscore: what stands before the first one is the whole name of the catalog. */
  function rename(section: Section | undefined, name: string): string {
    if (section === undefined || !KINDS.includes(kindOf(section)) || name === "") return name;
    return origins.has(resourceKey(section, name)) ? name : `${catalogName}_${name}`;
  }

  const renamed = newConfig();
  for (const section of SECTIONS) {
    for (const [name, object] of config[section]) {
      const own = renameReferences(section, object, (reference) =>
        isLocal(reference.name) ? rename(targetOf(section, reference), reference.name) : reference.name,
      );
      renamed[section].set(rename(section, name), own);
    }
  }
  return {
    config: renamed,
    byDefaultRule: new Set(Array.from(byDefaultRule, (name) => rename("http/routers", name))),
    leftOut: new Map(
      Array.from(leftOut, ([key, part]) => {
        const { section, name } = splitKey(key);
        return [resourceKey(section, rename(section, name)), part] as const;
      }),
    ),
  };
}
