import type { ServiceInstance } from "../catalog/snapshot.ts";
import { withoutDefaults } from "../default-middlewares/dressed-router.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { limitsNow, ownRule } from "../policy/own-rule.ts";
import { plainName } from "../policy/required-middlewares.ts";
import { placeOf, writeRules } from "../policy/write-rule.ts";
import type { CoreSettings } from "../settings.ts";
import { type ConfigObject, protocolOf, type RouterSection, resourceKey } from "../traefik/chart/dynamic-config.ts";
import type { Unmet } from "./unmet-demands.ts";

/** A router that does not meet a demand. */
export interface UnmetRouter {
  readonly section: RouterSection;
  readonly name: string;
  /** What tags call it; undefined where that is not known. */
  readonly nameInTags: string | undefined;
  readonly router: ConfigObject;
  /** Who asks for it. */
  readonly instance: ServiceInstance;
}

/** What is wrong with such a router, and the tag that mends it. */
export function unmetFinding(unmet: Unmet, subject: UnmetRouter, settings: CoreSettings): Finding {
  const key = resourceKey(subject.section, subject.name);
  const { demand, towards } = unmet;
  const demands = `${demand.by} demands${towards === undefined ? "" : ` of every router to ${towards}`}`;
  switch (unmet.kind) {
    case "lacks":
      return {
        code: "MIDDLEWARE_REQUIRED",
        message: `${key} has not ${listed(unmet.missing)}, which ${demands}`,
        remedy: tagRemedy(unmet, subject, settings),
      };
    case "late":
      return {
        code: "MIDDLEWARE_REQUIRED",
        message: `${key} comes to the error pages of ${JSON.stringify(unmet.before)} before ${listed(unmet.missing)}, which ${demands}`,
        remedy: tagRemedy(unmet, subject, settings),
      };
    case "past":
      return {
        code: "MIDDLEWARE_REQUIRED",
        message: `${key} leads past ${listed(demand.middlewares)}, which ${demands}: a ${protocolOf(subject.section)} router has no ${demand.isAllowList === true ? "allow-list" : "middlewares of HTTP"}`,
        remedy:
          demand.isAllowList === true
            ? `route the service by HTTP or TCP, or change the exposure in ${demand.by.replace(/ \(.*$/, "")}`
            : `route the service by HTTP${towards === undefined ? entryPointLines(subject, settings) : ""}`,
      };
  }
}

function listed(middlewares: readonly string[]): string {
  return `the middleware${middlewares.length === 1 ? "" : "s"} ${middlewares.map((one) => JSON.stringify(one)).join(", ")}`;
}

/** The tag with what is missing before what the router has already, apart from the default middlewares. */
function tagRemedy(
  { missing, definedByTags }: Extract<Unmet, { readonly missing: readonly string[] }>,
  { section, router, nameInTags }: UnmetRouter,
  { traefik }: CoreSettings,
): string {
  const first =
    definedByTags.length === 0 ? "" : `remove the tags that define the middleware ${definedByTags.join(", ")}, and `;
  if (nameInTags === undefined) return `${first}name ${missing.join(", ")} first among the middlewares of the router`;
  const own = withoutDefaults(router, traefik.defaultMiddlewares) ?? router;
  const names = [own["middlewares"] ?? []].flat().map(String);
  const others = names.filter((name) => !missing.some((one) => plainName(one) === plainName(name)));
  const tag = `${traefik.prefix}.${protocolOf(section)}.routers.${nameInTags}.middlewares=${[...missing, ...others].join(",")}`;
  return names.length === 0
    ? `${first}add the tag ${tag}`
    : `${first}in place of the one that it has write the tag ${tag}`;
}

/** The lines of a policy that let the service have a router of another protocol at the entry points that it names. */
function entryPointLines({ section, router, instance }: UnmetRouter, { policy }: CoreSettings): string {
  const named = [router["entryPoints"] ?? []].flat().map(String);
  const field = section === "udp/routers" ? "udpEntryPoints" : "tcpEntryPoints";
  if (named.length === 0) return `, or name an entry point that the policy lists for it (${field})`;
  const rule = ownRule(instance, { ...limitsNow(instance, policy), [field]: named });
  const lines = rule && writeRules([rule], policy);
  return lines === undefined
    ? `, or have the operator list its entry points in the policy (${field})`
    : `; to let it past, ${placeOf(lines)}`;
}
