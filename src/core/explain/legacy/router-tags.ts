import {
  type ConfigObject,
  type ConfigValue,
  isConfigObject,
  protocolOf,
  type ResourceKey,
  splitKey,
} from "../../traefik/chart/dynamic-config.ts";

/** The tags by which a service asks for what a router of a file is, but for the service that it leads to. */
export function routerTags(key: ResourceKey, router: ConfigObject, prefix: string): readonly string[] {
  const { section, name } = splitKey(key);
  const { service: _, ...rest } = router;
  return tagsBelow(`${prefix}.${protocolOf(section)}.routers.${name}`, rest);
}

/** The tags for what a service of a file is beside its servers, and for how these are spoken to. */
export function serviceTags(
  key: ResourceKey,
  service: ConfigObject,
  scheme: string | undefined,
  prefix: string,
): readonly string[] {
  const { section, name } = splitKey(key);
  const at = `${prefix}.${protocolOf(section)}.services.${name}.loadbalancer`;
  const { servers: _, ...rest } = isConfigObject(service["loadBalancer"]) ? service["loadBalancer"] : {};
  const isPlain = scheme === undefined || scheme === "http";
  return [...(isPlain ? [] : [`${at}.server.scheme=${scheme}`]), ...tagsBelow(at, rest)];
}

function tagsBelow(at: string, value: ConfigValue): readonly string[] {
  if (Array.isArray(value)) {
    if (value.every((item) => !isConfigObject(item))) return [`${at}=${value.join(",")}`];
    return value.flatMap((item, position) => tagsBelow(`${at}[${position}]`, item));
  }
  if (!isConfigObject(value)) return [`${at}=${String(value)}`];
  const fields = Object.entries(value);
  // At the top of a router or service nothing is meant by nothing.
  if (fields.length === 0) return /\.(?:routers\.[^.]+|loadbalancer)$/.test(at) ? [] : [`${at}=true`];
  return fields.flatMap(([name, below]) => tagsBelow(`${at}.${name.toLowerCase()}`, below));
}
