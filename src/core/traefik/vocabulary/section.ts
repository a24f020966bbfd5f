/** The kinds of named things that a chart may define, in the order of the file. */
export const SECTIONS = [
  "http/routers",
  "http/services",
  "http/middlewares",
  "http/serversTransports",
  "tcp/routers",
  "tcp/services",
  "tcp/middlewares",
  "tcp/serversTransports",
  "udp/routers",
  "udp/services",
  "tls/options",
  "tls/stores",
] as const;
export type Section = (typeof SECTIONS)[number];
export type Protocol = "http" | "tcp" | "udp" | "tls";

export const ROUTER_SECTIONS = ["http/routers", "tcp/routers", "udp/routers"] as const satisfies readonly Section[];
export type RouterSection = (typeof ROUTER_SECTIONS)[number];

export function isRouterSection(section: Section): section is RouterSection {
  return ROUTER_SECTIONS.some((one) => one === section);
}

/** Something for each section. */
export function sectionsMade<T>(make: (section: Section) => T): Record<Section, T> {
  const made: Partial<Record<Section, T>> = {};
  for (const section of SECTIONS) made[section] = make(section);
  return made as Record<Section, T>;
}

export function protocolOf(section: Section): Protocol {
  return PROTOCOLS[section];
}

/** By which its connections are made: HTTP goes by TCP. */
export function transportOf(section: Section): "tcp" | "udp" {
  return protocolOf(section) === "udp" ? "udp" : "tcp";
}

const PROTOCOLS = sectionsMade((section) => section.slice(0, section.indexOf("/")) as Protocol);

/** `routers`, `services`, … */
export function kindOf(section: Section): string {
  return KINDS[section];
}

const KINDS = sectionsMade((section) => section.slice(section.indexOf("/") + 1));

/** The section that a reference from another section points into, if it is one that a chart may define. */
export function sectionOf(protocol: Protocol, kind: string): Section | undefined {
  return SECTIONS.find((section) => section === `${protocol}/${kind}`);
}
