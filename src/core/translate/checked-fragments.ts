import type { Finding } from "../diagnostics/finding.ts";
import { endpointDeclaration, isAuthEndpoint } from "../ports/auth-endpoint.ts";
import { knownNodeOf } from "../ports/ledger.ts";
import type { PortSettings } from "../ports/port-settings.ts";
import { judgeAuthEndpoint, judgePort, type WantedBackend } from "../ports/port-window.ts";
import { type BackendTarget, parseBackendUrl } from "../traefik/backend-url.ts";
import { type ConfigObject, isConfigObject, resourceKey, type Section } from "../traefik/chart/dynamic-config.ts";
import { withoutCredentials } from "../traefik/url-credentials.ts";
import type { FragmentRules, Subject } from "./draft.ts";
import { refuseEmptyName } from "./empty-name.ts";
import { dropUnsound } from "./unsound.ts";

/** The rules of the default mode. */
export const CHECKED_FRAGMENTS: FragmentRules = {
  refusalCosts: "part",
  ownProvider: "",
  judgeServerUrl,
  judgeServerPort,
  judgeMiddleware: judgeForwardAuth,
  judgeWhole(draft) {
    dropUnsound(draft);
    refuseEmptyName(draft);
  },
  judgeEmptyObject,
};

/** Whatever the tags say, the final target must pass the port window. */
function judgeServerUrl(service: string, url: string, { instance, server, settings }: Subject): Finding | undefined {
  const target = parseBackendUrl(url);
  if (target === undefined) {
    return {
      code: "TAG_BAD_VALUE",
      message: `the backend of service ${JSON.stringify(service)} is not a URL that Traefik can use: ${JSON.stringify(withoutCredentials(url))}`,
      remedy: "server.port is a number up to 65535, server.scheme one of http, https, h2c, server.url has both",
    };
  }
  return portFinding(wantedBackend(instance, server.address, target, settings.ports), settings.ports);
}

function judgeServerPort(
  protocol: "tcp" | "udp",
  service: string,
  port: string,
  { instance, settings }: Subject,
): Finding | undefined {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    return {
      code: "TAG_BAD_VALUE",
      message: `the backend of ${protocol} service ${JSON.stringify(service)} has the port ${JSON.stringify(port)}`,
      remedy: "server.port is a number up to 65535",
    };
  }
  const node = knownNodeOf(settings.ports.ledger, instance);
  return portFinding({ service: instance, port: Number(port), protocol, node }, settings.ports);
}

/** A middleware that asks another server has a backend too: the port window counts for its address. */
function judgeForwardAuth(
  name: string,
  middleware: ConfigObject,
  { instance, server, settings, authEndpoints }: Subject,
): Finding | undefined {
  const forwardAuth = middleware["forwardAuth"];
  const address = isConfigObject(forwardAuth) ? forwardAuth["address"] : undefined;
  if (address === undefined) return undefined;
  const target = parseBackendUrl(String(address));
  if (target === undefined) {
    return {
      code: "TAG_BAD_VALUE",
      message: `forwardAuth.address of middleware ${JSON.stringify(name)} is not an http or https URL`,
      remedy: "write it with a scheme and a host, for example http://127.0.0.1:24000/verify",
    };
  }
  const wanted = wantedBackend(instance, server.address, target, settings.ports);
  const judged = isAuthEndpoint(target, authEndpoints)
    ? judgeAuthEndpoint(wanted, settings.ports)
    : judgePort(wanted, settings.ports);
  if (judged.kind !== "refused") return undefined;
  return {
    code: judged.code,
    message: `forwardAuth.address of middleware ${JSON.stringify(name)}: ${judged.message}`,
    remedy:
      judged.code === "PORT_OUTSIDE_WINDOW"
        ? `ask a service on a dynamic port, or declare the server in ${endpointDeclaration(target, authEndpoints)}`
        : judged.remedy,
  };
}

function portFinding(wanted: WantedBackend, ports: PortSettings): Finding | undefined {
  const judged = judgePort(wanted, ports);
  if (judged.kind !== "refused") return undefined;
  const { code, message, remedy } = judged;
  return { code, message, remedy };
}

/** A target other than the instance's own address is on some other node, and it is not known on which. */
function wantedBackend(
  instance: Subject["instance"],
  ownAddress: string,
  { host, port }: BackendTarget,
  { ledger }: PortSettings,
): WantedBackend {
  const isOwn = host === ownAddress || host === `[${ownAddress}]`;
  return { service: instance, port, protocol: "tcp", node: isOwn ? knownNodeOf(ledger, instance) : undefined };
}

function judgeEmptyObject(section: Section, name: string, path: string): Finding {
  return {
    code: "TAG_BAD_VALUE",
    message: `${resourceKey(section, name)} has no field that counts${path === "" ? "" : ` below ${path}`}, and Traefik refuses a file for an empty object`,
    remedy: "give it a field with a value, or remove its tags",
  };
}
