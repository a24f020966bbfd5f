import { isAnyPattern, matchesGlob } from "../catalog/glob.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Opening } from "../diagnostics/diagnostics.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Allowance, CoreSettings, Who } from "../settings.ts";
import { compileWho, isOfNamedNamespace } from "./who.ts";
import { writeFlow } from "./write-rule.ts";

/** What an allowance may open: keys of one of the settings' `allow`. */
export type Opened = Omit<Allowance, keyof Who>;

/**
 * Do the settings open this for an instance? Each item of a list must be open, by whichever of the allowances that are
 * about the instance; items of those may have `*`. One that names a service or a job and no namespace is about the default
 * namespace.
 *
 * @param opened for example `{ healthCheckMethods: ["POST"] }`
 */
export function allows({ allow }: Pick<CoreSettings, "allow">, instance: ServiceInstance, opened: Opened): boolean {
  if (allow.length === 0) return false;
  const own = allowancesFor(allow)(instance);
  return (Object.keys(opened) as (keyof Opened)[]).every((key) => {
    const asked = opened[key];
    if (!Array.isArray(asked)) return asked !== true || own.some((one) => one[key] === true);
    return asked.every((item) => own.some((one) => isListed(one[key], item)));
  });
}

/** A remedy that ends with the line of the settings which opens something, and that line where there is one. */
export interface AllowRemedy {
  readonly remedy: string;
  readonly opens?: Extract<Opening, { readonly file: "settings" }>;
}

/**
 * How the operator may open this for a service.
 *
 * @param before what comes before `the settings: allow: …`, which is YAML to the end
 */
export function allowRemedy(before: string, { service, namespace }: ServiceInstance, opened: Opened): AllowRemedy {
  const items = Object.values(opened).flat().map(String);
  // Pasted, such a line would open it to others, or more than was asked for.
  if (isAnyPattern([service, namespace, ...items])) {
    const instead = "the settings (allow), by its node or its job: an asterisk in a name would stand for other names";
    return { remedy: `${before} ${instead}` };
  }
  const lines = `allow: ${writeFlow([{ service, ...(namespace === "" ? {} : { namespace }), ...opened }])}`;
  return { remedy: `${before} the settings: ${lines}`, opens: { file: "settings", lines } };
}

const allowancesFor = memoize((allow: readonly Allowance[]) => {
  const compiled = allow.map((allowance) => ({ allowance, isMeant: compileWho(allowance) }));
  return (instance: ServiceInstance) =>
    compiled
      .filter(({ allowance, isMeant }) => isMeant(instance) && isOfNamedNamespace(allowance, instance))
      .map(({ allowance }) => allowance);
});

function isListed(listed: Allowance[keyof Opened], item: string): boolean {
  return Array.isArray(listed) && listed.some((glob: string) => matchesGlob(glob, item));
}
