import { namespaceOf, PLAIN, type ServiceInstance, serviceKey } from "../../catalog/snapshot.ts";
import { shellWord } from "../../diagnostics/shell-word.ts";
import { translateInstance } from "../../instances/instance.ts";
import { catalogAddressText } from "../../operator-config/catalog-address.ts";
import type { OperatorConfig } from "../../operator-config/operator-config.ts";
import type { StaticPlace } from "../../static-entries/static-places.ts";
import { type ConfigObject, kindOf, type ResourceKey, splitKey } from "../../traefik/chart/dynamic-config.ts";
import { hostName } from "../../traefik/rule-reach/matcher-reach.ts";
import { withoutCredentials } from "../../traefik/url-credentials.ts";
import type { Reason } from "../answer.ts";
import type { Decided, ReadCatalog } from "../decided.ts";
import { serviceKeys, servicesNamed } from "../known-services.ts";
import { reasonsOfInstance } from "../way/instance-reasons.ts";
import { distinct } from "../way/reason.ts";
import { GUARDED_LESS } from "./guards.ts";
import type { LegacyEntry, NextStep } from "./legacy-answer.ts";
import { routerTags, serviceTags } from "./router-tags.ts";

/** What the steps of an entry are made of. */
export interface StepParts {
  /** At least one. */
  readonly places: readonly StaticPlace[];
  /** The routers of the operator's files that lead to the entry. */
  readonly routerKeys: readonly ResourceKey[];
  readonly operatorConfig: OperatorConfig;
  /** All that is registered, as far as it is known. */
  readonly instances: readonly ServiceInstance[];
}

type Entry = Omit<LegacyEntry, "next">;

/**
 * What to do next with a static entry, in the order that costs no visitor an error: the service is registered beside it, and asks
 * for what the file serves; the file's routers go first until they are deleted, and in the very pass that sees them gone the
 * service's take over.
 */
export function nextSteps(entry: Entry, parts: StepParts, decided: Decided): readonly NextStep[] {
  if (entry.state === "done") return [deletion(entry, parts)];
  const isService = kindOf(splitKey(entry.key as ResourceKey).section) === "services";
  if (!isService || entry.usedBy.length > 0) return nameTheService(entry, parts, decided);
  const asking = entry.routers.flatMap(({ refused }) => refused);
  if (asking.length > 0) return asking.map(openTheWay);
  return entry.addresses.some(({ registered }) => registered.length > 0)
    ? tagsForRegistered(entry, parts, decided)
    : registration(entry, parts, decided);
}

/** `http.routers.nas`, as the file nests it. */
function pathIn(key: string): string {
  return key.replace("/", ".").replace("/", ".");
}

function deletion(
  { key, name, addresses, routers }: Entry,
  { routerKeys, operatorConfig: { origins } }: StepParts,
): NextStep {
  // A router may stand in another file than what it leads to.
  const byFile = Map.groupBy([...routerKeys, key as ResourceKey], (one) => origins.get(one) ?? "");
  const gone = [...byFile].map(([file, keys]) => `${keys.map(pathIn).join(" and ")} from ${file}`).join(", and ");
  if (routers.length === 0) {
    const besides = `where no file beside the chart and no entry point of Traefik's names ${name}@file`;
    return { says: `nothing in the chart leads to it: ${besides}, delete ${gone}`, lines: [] };
  }
  const takers = [...new Set(routers.flatMap(({ successors }) => successors.map(({ service }) => service)))];
  const known = new Set(addresses.flatMap(({ registered }) => registered.map(({ service }) => service)));
  const elsewhere = takers.filter((service) => !known.has(service));
  const then = "it takes over in the pass that sees them gone, and no visitor gets an error in between";
  if (elsewhere.length === 0) {
    return { says: `${named(takers)} asks for the same and is healthy: delete ${gone}; ${then}`, lines: [] };
  }
  const at = addresses.map(({ address }) => address).join(", ");
  const who = takers.length === 1 ? `${named(takers)} asks` : `${named(takers)} ask`;
  const doubt = `${takers.length === elsewhere.length ? "" : `${named(elsewhere)} `}is not registered at ${at}`;
  return {
    says: `${who} for the same and is healthy, and ${doubt}: see first that it is the service that is meant, since a tenant that may register this name answers for these hosts then; delete ${gone}; ${then}`,
    lines: [],
  };
}

function named(services: readonly string[]): string {
  return services.map((service) => `service ${service}`).join(" and ");
}

/** What others use is not deleted: the service takes the place of its address, and need ask for no route. */
function nameTheService(entry: Entry, parts: StepParts, decided: Decided): readonly NextStep[] {
  const steps = parts.places.flatMap((place, position): readonly NextStep[] => {
    const there = entry.addresses[position]?.registered ?? [];
    const services = [...new Set(there.map(({ service }) => service))].toSorted();
    // Which of them is meant only the operator knows: a tenant's own may be registered there too.
    if (services.length > 1) return [severalAt(services, place, entry.file)];
    const known = parts.instances.find((one) =>
      there.some(({ service, id }) => service === serviceKey(one) && id === one.id),
    );
    if (known === undefined) return [];
    const first = decided.settings.catalogOrder[0];
    const namespace = namespaceOf(known) === "default" ? {} : { namespace: known.namespace };
    const catalogName =
      known.catalogName === undefined || known.catalogName === first ? {} : { catalogName: known.catalogName };
    const { scheme } = place;
    const rest = scheme === undefined ? "" : place.text.replace(/^[a-z0-9+.-]+:\/\/[^/?#]*/i, "");
    const how = scheme === undefined ? {} : { scheme: scheme as "http" | "https" | "h2c" };
    const text = catalogAddressText({ service: known.service, ...namespace, ...catalogName, ...how, rest });
    return [
      {
        says: `service ${serviceKey(known)} registers this address by now: name it in ${entry.file} in place of ${withoutCredentials(place.text)}, and the address follows the catalog; ${WHO_DECIDES}:`,
        lines: [text],
      },
    ];
  });
  return steps.length > 0 ? steps : registration(entry, parts, decided);
}

const WHO_DECIDES = "the tenant that may register that name decides where it leads";

function severalAt(services: readonly string[], { text }: StaticPlace, file: string): NextStep {
  return {
    says: `several services register this address: ${services.join(", ")}; see which of them is meant, and name it in ${file} in place of ${withoutCredentials(text)}, as "catalog://SERVICE/PATH": ${WHO_DECIDES}`,
    lines: [],
  };
}

function openTheWay({ router, service, reason }: Entry["routers"][number]["refused"][number]): NextStep {
  const outcome = reason.code === GUARDED_LESS ? "and is no successor" : "and would not get it yet";
  return {
    says: `service ${service} asks for it by router ${router}, ${outcome}: ${reason.message} (${reason.code}); ${reason.remedy}`,
    lines: [],
  };
}

/** The tags that ask for what the file's routers serve, at the server's scheme. */
function wantedTags({ places, routerKeys, operatorConfig }: StepParts, key: ResourceKey, prefix: string) {
  const of = (one: ResourceKey): ConfigObject => {
    const { section, name } = splitKey(one);
    return operatorConfig.config[section].get(name) ?? {};
  };
  return [
    `${prefix}.enable=true`,
    ...routerKeys.flatMap((router) => routerTags(router, of(router), prefix)),
    ...serviceTags(key, of(key), places[0]?.scheme, prefix),
  ];
}

function tagsForRegistered(entry: Entry, parts: StepParts, decided: Decided): readonly NextStep[] {
  const { prefix } = decided.settings.traefik;
  const registered = entry.addresses.flatMap(({ registered: there }) => there);
  const services = [...new Set(registered.map(({ service }) => service))];
  const tags = wantedTags(parts, entry.key as ResourceKey, prefix);
  return services.flatMap((service) => {
    const known = parts.instances.find(
      (one) => serviceKey(one) === service && registered.some(({ id }) => id === one.id),
    );
    const added = tags.filter((tag) => !known?.tags.includes(tag));
    const first = {
      says: `service ${service} registers this address by now: give it these tags; the file's router goes first until its lines are deleted, which portolan explain --legacy says when it is time`,
      lines: added.map((tag) => JSON.stringify(tag)),
    };
    const tagged = known && { ...known, tags: [...known.tags, ...added] };
    return [first, ...(tagged === undefined ? [] : forecast(tagged, decided))];
  });
}

function registration(entry: Entry, parts: StepParts, decided: Decided): readonly NextStep[] {
  const { prefix } = decided.settings.traefik;
  // What is only named by the file needs no route of its own.
  const isNamedOnly =
    parts.routerKeys.length === 0 || kindOf(splitKey(entry.key as ResourceKey).section) !== "services";
  const tags = isNamedOnly ? [] : wantedTags(parts, entry.key as ResourceKey, prefix);
  const consuls = decided.catalogs.filter(({ product }) => product === "consul");
  const service = freeName(entry.name, decided);
  const made = (catalog: ReadCatalog) =>
    parts.places.map((place, position) => madeInstance(service, place, position, tags, catalog, decided));
  const refusals = (catalog: ReadCatalog) => made(catalog).flatMap((one) => forecast(one, decided)).length;
  const [consul] = consuls.toSorted((one, other) => refusals(one) - refusals(other));
  if (consul === undefined) {
    return [
      {
        says: "Nomad registers what it runs, and nothing else: run it as a job whose service has these tags, or keep the entry",
        lines: tags.map((tag) => JSON.stringify(tag)),
      },
    ];
  }
  const [first, ...more] = made(consul);
  if (first === undefined) return [];
  const file = `${service}.json`;
  const json = JSON.stringify({ services: [first, ...more].map(definitionOf) });
  return [
    {
      says: isNamedOnly
        ? "register it as an external service; the file can name it then in place of its address:"
        : "register it as an external service, beside the file, whose router goes first until its lines are deleted:",
      lines: [
        `printf %s ${shellWord(json)} > ${shellWord(file)}`,
        `consul services register -http-addr=${shellWord(consul.address)} ${shellWord(file)}`,
      ],
    },
    ...(isNamedOnly ? [] : forecast(first, decided)),
  ];
}

/** What would be refused of an instance with these tags, by its tags, its port and the policy; without what only follows from that. */
function forecast(instance: ServiceInstance, { settings, catalogs }: Decided): readonly NextStep[] {
  const catalog = catalogs.find(({ name }) => name === instance.catalogName);
  // A port that may not be routed hides what else would be wrong.
  const atDynamicPort = { ...instance, port: settings.ports.dynamic.first };
  const reasons = [instance, atDynamicPort].flatMap((one) =>
    reasonsOfInstance(translateInstance(one, settings), settings, catalog),
  );
  return distinct(reasons.filter(({ code }) => code !== "REFERENCE_REFUSED")).map(beforehand);
}

function beforehand({ message, code, remedy }: Reason): NextStep {
  return { says: `it would be refused as things are: ${message} (${code}); ${remedy}`, lines: [] };
}

/** A name that no service has: one that is registered under another's name would serve its visitors. */
function freeName(wanted: string, decided: Decided): string {
  const plain = wanted.toLowerCase().replaceAll(/[^a-z0-9-]+/g, "-");
  if (!serviceKeys(decided).has(plain) && servicesNamed(plain, decided).length === 0) return plain;
  return `${plain}-legacy`;
}

function madeInstance(
  service: string,
  { host, port }: StaticPlace,
  position: number,
  tags: readonly string[],
  { name, datacenter }: ReadCatalog,
  { snapshots }: Decided,
): ServiceInstance {
  const seen = snapshots.find(({ catalogName }) => catalogName === name)?.instances[0];
  const check = { id: `service:${service}`, name: "TCP", status: "passing" };
  return {
    ...(name === undefined ? {} : { catalogName: name }),
    ...{ catalog: "consul", service, id: position === 0 ? service : `${service}-${position + 1}` },
    ...{ node: "external", nodeId: "", datacenter: datacenter ?? seen?.datacenter ?? "", namespace: "" },
    ...{ nodeAddress: "", address: hostName(host.replace(/^\[|\]$/g, "")), port, tags, checks: [check] },
    ...{ ...PLAIN, createIndex: 0 },
  };
}

/** As `consul services register` reads it. What speaks UDP alone has no check: Consul's connect by TCP. */
function definitionOf({ service, id, address, port, tags }: ServiceInstance) {
  const isUdp = tags.every((tag) => !/\.(?:http|tcp)\./.test(tag));
  const at = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const checks = isUdp ? {} : { checks: [{ tcp: at, interval: "10s", timeout: "2s" }] };
  return { id, name: service, address, port, tags, ...checks };
}
