import type { CoreSettings, PortRange } from "../settings.ts";

export type PortVerdict =
  | { readonly kind: "dynamic" }
  | { readonly kind: "exception"; readonly purpose: string }
  | { readonly kind: "refused"; readonly message: string; readonly remedy: string };

/**
 * May this port of this service become a backend? Only dynamic ports may, because nobody planned them and nobody else
 * relies on them; everything else is infrastructure until the settings declare it.
 */
export function judgePort(service: string, port: number, ports: CoreSettings["ports"]): PortVerdict {
  if (isWithin(port, ports.dynamic)) return { kind: "dynamic" };
  const exception = ports.exceptions.find((entry) => entry.service === service && isWithin(port, entry.ports));
  if (exception !== undefined) return { kind: "exception", purpose: exception.purpose };
  const { first, last } = ports.dynamic;
  return {
    kind: "refused",
    message: `port ${port} is ${portClass(port)}, outside the dynamic range ${first}-${last}`,
    remedy: `let the scheduler choose the port, or declare it in the settings: ports.exceptions: [{ service: ${JSON.stringify(service)}, ports: "${port}", purpose: "…" }]`,
  };
}

function isWithin(port: number, range: PortRange): boolean {
  return port >= range.first && port <= range.last;
}

function portClass(port: number): string {
  if (port < 1) return "no port at all";
  if (port < 1024) return "a system port";
  if (port < 20_000) return "an infrastructure port";
  return "outside what the scheduler hands out";
}
