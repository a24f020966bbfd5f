import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { allowRemedy, allows } from "../policy/allow.ts";
import type { CoreSettings } from "../settings.ts";
import { newConfig, type ResourceKey, resourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import type { Fragment } from "../translate/draft.ts";
import { leaveOut } from "../translate/left-out.ts";
import type { OwnTags } from "../translate/own-tags.ts";
import { hasNoDefaults } from "./defaults-at.ts";
import { withDefaults } from "./dressed-router.ts";
import { whyPastDefaults } from "./past-defaults.ts";

/** What an instance is judged by, and what its tags call the router that is made for it. */
export interface DefaultsSubject {
  readonly instance: ServiceInstance;
  readonly settings: CoreSettings;
  readonly tags: OwnTags;
  readonly defaultName: string;
  readonly defaultNameInTags: string;
}

/** What the settings open to a service that is to be reached without the default middlewares. */
const OPENED = { withoutDefaultMiddlewares: true };

/**
 * Puts the operator's default middlewares before those of an instance's routers. They need no permission of a policy, and a tag
 * keeps a router from them only where the settings open that: they may be what authenticates.
 *
 * | | |
 * |---|---|
 * | a router of HTTP | has them before its own |
 * | the same, and its tags ask to be without | is without where the settings open it (`allow`), else has them and is told |
 * | a TCP router where they stand before routers of HTTP | is left out, unless the settings open it: TCP comes before HTTP |
 */
export function putDefaultsBefore(
  fragment: Fragment,
  subject: DefaultsSubject,
): { readonly fragment: Fragment; readonly findings: readonly Finding[] } {
  const { instance, settings } = subject;
  const { defaultMiddlewares: defaults } = settings.traefik;
  if (hasNoDefaults(defaults)) return { fragment, findings: [] };
  const isOpen = allows(settings, instance, OPENED);
  const past = isOpen ? NONE : pastDefaults(fragment, instance, settings);
  const left = leaveOut(fragment, past);
  const findings: Finding[] = [...unknownRouters(left.fragment, subject), ...past.values(), ...left.findings];
  const config = newConfig(left.fragment.config);
  for (const [name, router] of config["http/routers"]) {
    const isAsked = asksToBeWithout(name, subject);
    if (isAsked && isOpen) continue;
    if (isAsked) findings.push(keptBefore(name, instance));
    config["http/routers"].set(name, withDefaults(router, defaults));
  }
  // What was published is compared with what was left out, too.
  const leftOut = new Map(
    Array.from(left.fragment.leftOut, ([key, part]) => {
      const isRouter = splitKey(key).section === "http/routers";
      return [
        key,
        part.object === undefined || !isRouter ? part : { ...part, object: withDefaults(part.object, defaults) },
      ];
    }),
  );
  return { fragment: { ...left.fragment, config, leftOut }, findings };
}

const NONE: ReadonlyMap<ResourceKey, Finding> = new Map();

function pastDefaults(
  { config }: Fragment,
  instance: ServiceInstance,
  settings: CoreSettings,
): ReadonlyMap<ResourceKey, Finding> {
  const past = new Map<ResourceKey, Finding>();
  for (const [name, router] of config["tcp/routers"]) {
    const why = whyPastDefaults(router, settings.traefik);
    if (why === undefined) continue;
    past.set(resourceKey("tcp/routers", name), {
      code: "DEFAULTS_BYPASSED",
      message: `${resourceKey("tcp/routers", name)} ${why}: its visitors would come past the default middlewares`,
      ...allowRemedy("name an entry point of its own, or have the operator open it, in", instance, OPENED),
    });
  }
  return past;
}

function asksToBeWithout(name: string, { tags, ...names }: DefaultsSubject): boolean {
  const ofRouter = tags.defaultMiddlewaresOf?.get(nameInTags(name, names));
  return (ofRouter ?? tags.defaultMiddlewares ?? true) === false;
}

function nameInTags(
  name: string,
  { defaultName, defaultNameInTags }: Pick<DefaultsSubject, "defaultName" | "defaultNameInTags">,
): string {
  return name === defaultName ? defaultNameInTags : name;
}

function keptBefore(name: string, instance: ServiceInstance): Finding {
  return {
    code: "DEFAULTS_KEPT",
    message: `${resourceKey("http/routers", name)} asks to be without the default middlewares (portolan.defaultMiddlewares), and has them, since the settings do not open that to its service`,
    ...allowRemedy("remove the tag, or have the operator open it, in", instance, OPENED),
  };
}

/** Tags about routers that the instance does not have. */
function* unknownRouters({ config, leftOut }: Fragment, { tags, ...names }: DefaultsSubject): Generator<Finding> {
  const routers = [...config["http/routers"].keys()];
  for (const asked of tags.defaultMiddlewaresOf?.keys() ?? []) {
    if (routers.some((name) => nameInTags(name, names) === asked) || leftOut.has(resourceKey("http/routers", asked)))
      continue;
    const known = routers.map((name) => nameInTags(name, names)).join(", ") || "none";
    yield {
      code: "VALUE_IGNORED",
      message: `tag portolan.http.routers.${asked}.defaultMiddlewares is about no router of HTTP of this instance: it has ${known}`,
      remedy: "correct the name, or remove the tag",
    };
  }
}
