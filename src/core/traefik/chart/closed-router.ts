import {
  type ConfigObject,
  configObject,
  protocolOf,
  type ResourceKey,
  type RouterSection,
  resourceKey,
} from "./dynamic-config.ts";

/** A router that answers 503, and the service without servers that it leads to. */
export interface ClosedForm {
  readonly router: ConfigObject;
  readonly service: ResourceKey;
}

/**
 * The router as it answers 503. Nothing is behind it, so that no middleware is missed, and none asks an address that may be
 * another service's by now. No tag can define a name with a dot.
 */
export function closedForm(section: RouterSection, name: string, router: ConfigObject): ClosedForm {
  const { middlewares: _, ...rest } = router;
  const service = `${name}.closed`;
  return {
    router: configObject(Object.entries({ ...rest, service })),
    service: resourceKey(`${protocolOf(section) as "http" | "tcp" | "udp"}/services`, service),
  };
}

/** What the service of a closed router is. */
export const WITHOUT_SERVERS = configObject([["loadBalancer", configObject([["servers", []]])]]);
