import { isWithin, type PortRange } from "./port-range.ts";

/**
 * | class | ports | who |
 * |---|---|---|
 * | system | 1–1023 | what users expect there: DNS, HTTP, SSH |
 * | infrastructure | 1024 up to the dynamic range | Consul, Nomad, databases, exporters |
 * | dynamic | Nomad's own range | every service, on a port that no operator planned |
 * | high | beyond the dynamic range | the near ends of outgoing connections |
 */
export const PORT_CLASSES = ["system", "infrastructure", "dynamic", "high"] as const;

export type PortClass = (typeof PORT_CLASSES)[number];

/** The class of a port from 1 to 65535. The dynamic range wins wherever it lies. */
export function portClass(port: number, dynamic: PortRange): PortClass {
  if (isWithin(port, dynamic)) return "dynamic";
  if (port < 1024) return "system";
  return port < dynamic.first ? "infrastructure" : "high";
}

/** Each class with its ports, in ascending order; a class without ports is left out. */
export function portClasses(dynamic: PortRange): readonly { readonly class: PortClass; readonly ports: PortRange }[] {
  const starts = [1, 1024, dynamic.first, dynamic.last + 1].filter((first) => first <= 65_535);
  const ascending = [...new Set(starts)].toSorted((a, b) => a - b);
  const classes: { class: PortClass; ports: PortRange }[] = [];
  for (const [position, first] of ascending.entries()) {
    const last = (ascending[position + 1] ?? 65_536) - 1;
    const before = classes.at(-1);
    const own = portClass(first, dynamic);
    if (before?.class === own) classes[classes.length - 1] = { class: own, ports: { first: before.ports.first, last } };
    else classes.push({ class: own, ports: { first, last } });
  }
  return classes;
}
