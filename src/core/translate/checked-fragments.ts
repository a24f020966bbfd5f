import { ipBits } from "../../go/ip-address.ts";
import { allocationOf } from "../catalog/allocation.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { nameInText } from "../diagnostics/name-in-text.ts";
import { endpointDeclaration, isAuthEndpoint } from "../ports/auth-endpoint.ts";
import { whereabouts } from "../ports/ledger/whereabouts.ts";
import type { PortSettings } from "../ports/port-settings.ts";
import { judgeAuthEndpoint, judgePort, type WantedBackend } from "../ports/port-window.ts";
import { type BackendTarget, parseBackendUrl, parseEndpoint } from "../traefik/backend-url.ts";
import { type ConfigObject, type Protocol, resourceKey, type Section } from "../traefik/chart/dynamic-config.ts";
import { type Connection, connectionsOf } from "../traefik/connections/connections.ts";
import { withoutCredentials } from "../traefik/url-credentials.ts";
import { noPortFinding } from "./backend.ts";
import { refuseOutOfBounds } from "./bounds.ts";
import type { FragmentRules, Subject } from "./draft.ts";
import { refuseNames } from "./refused-names.ts";
import { dropUnsound } from "./unsound.ts";

/** The rules of the default mode. */
export const CHECKED_FRAGMENTS: FragmentRules = {
  refusalCosts: "part",
  ownProvider: "",
  judgeServerUrl,
  judgeServerPort,
  judgeMiddleware,
  judgeWhole(draft) {
    refuseNames(draft);
    refuseOutOfBounds(draft);
    dropUnsound(draft);
  },
  emptyObjectHint,
};

/** Whatever the tags say, the final target must pass the port window. */
function judgeServerUrl(service: string, url: string, { instance, server, settings }: Subject): Finding | undefined {
  const target = parseBackendUrl(url);
  if (target === undefined) {
    return {
      code: "TAG_BAD_VALUE",
      message: `the backend of service ${JSON.stringify(service)} is not a URL that Traefik can use: ${JSON.stringify(withoutCredentials(url))}`,
      remedy:
        withBrackets(url) ??
        "server.port is a number up to 65535, server.scheme one of http, https, h2c, server.url has both",
    };
  }
  if (target.port === 0) return noPortFinding("http", service, settings.traefik.prefix);
  const wanted = wantedBackend(instance, server.address, target, settings.ports);
  const found = portFinding(wanted, settings.ports, isInsideAddress(instance, target));
  const isOwn = unbracketed(target.host) === server.address;
  return isOwn ? byTag("http", service, target.port, found, { instance, server, settings }) : found;
}

function judgeServerPort(
  protocol: "tcp" | "udp",
  service: string,
  port: string,
  { instance, server, settings }: Subject,
): Finding | undefined {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    return {
      code: "TAG_BAD_VALUE",
      message: `the backend of ${protocol} service ${JSON.stringify(service)} has the port ${JSON.stringify(port)}`,
      remedy: "server.port is a number up to 65535",
    };
  }
  if (Number(port) === 0) return noPortFinding(protocol, service, settings.traefik.prefix);
  const at = whereabouts(server.address, instance, settings.ports.ledger);
  const isInside = isInsideAddress(instance, { host: server.address, port: Number(port) });
  const found = portFinding({ service: instance, port: Number(port), protocol, ...at }, settings.ports, isInside);
  return byTag(protocol, service, Number(port), found, { instance, server, settings });
}

/** A middleware that asks another server has a backend too: the port window counts for its address. */
function judgeMiddleware(name: string, middleware: ConfigObject, subject: Subject): Finding | undefined {
  for (const connection of connectionsOf("http/middlewares", middleware)) {
    const what = `${connection.path} of middleware ${JSON.stringify(name)}`;
    const refused =
      connection.form === "url"
        ? judgeAskedUrl(what, connection, subject)
        : judgeAskedEndpoint(what, connection, subject);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function judgeAskedUrl(
  what: string,
  { text }: Connection,
  { instance, server, settings, authEndpoints }: Subject,
): Finding | undefined {
  const target = parseBackendUrl(text);
  if (target === undefined) {
    return {
      code: "TAG_BAD_VALUE",
      message: `${what} is not an http or https URL`,
      remedy: withBrackets(text) ?? "write it with a scheme and a host, for example http://127.0.0.1:24000/verify",
    };
  }
  const wanted = wantedBackend(instance, server.address, target, settings.ports);
  const judged = isAuthEndpoint(target, authEndpoints)
    ? judgeAuthEndpoint(wanted, settings.ports)
    : judgePort(wanted, settings.ports);
  if (judged.kind !== "refused") return undefined;
  const message = `${what}: ${judged.message}`;
  if (judged.code !== "PORT_OUTSIDE_WINDOW") return { code: judged.code, message, remedy: judged.remedy };
  const { text: declared, opens } = endpointDeclaration(target, authEndpoints);
  const remedy = `ask a service on a dynamic port, or declare the server in ${declared}`;
  return { code: judged.code, message, remedy, ...(opens && { opens }) };
}

/** An end point is no URL, so that none is listed as an authentication endpoint. */
function judgeAskedEndpoint(
  what: string,
  { text }: Connection,
  { instance, server, settings }: Subject,
): Finding | undefined {
  const target = parseEndpoint(text);
  if (target === undefined) {
    return {
      code: "TAG_BAD_VALUE",
      message: `${what} has what is no HOST:PORT`,
      remedy: "write HOST:PORT, for example 192.168.11.20:24000; an IPv6 address is in brackets",
    };
  }
  const refused = portFinding(wantedBackend(instance, server.address, target, settings.ports), settings.ports);
  return refused && { ...refused, message: `${what} is ${JSON.stringify(text)}: ${refused.message}` };
}

/** @param isInside whether the port is one inside the address that Nomad gave the allocation */
function portFinding(wanted: WantedBackend, ports: PortSettings, isInside = false): Finding | undefined {
  const judged = judgePort(wanted, ports);
  if (judged.kind !== "refused") return undefined;
  const { code, message, remedy, opens } = judged;
  if (!isInside || code !== "PORT_OUTSIDE_WINDOW") return { code, message, remedy, ...(opens && { opens }) };
  return {
    ...{ code, ...(opens && { opens }) },
    message: `${message}; its address is not the node's, as with address_mode = "alloc" or "driver", where a service is registered with the port inside its network`,
    remedy: `set address_mode = "host" in the service block, and a port label, so that it is registered with the node's address and the port that Nomad hands out; or ${remedy.replace("let the scheduler choose the port, or ", "")}`,
  };
}

/** Is this the registered port at an address that Nomad gave the allocation instead of the node's? */
function isInsideAddress(instance: Subject["instance"], { host, port }: Pick<BackendTarget, "host" | "port">): boolean {
  const { id, address, nodeAddress } = instance;
  if (allocationOf(id) === undefined || address === "" || nodeAddress === "" || address === nodeAddress) return false;
  return port === instance.port && unbracketed(host) === address;
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

/**
 * The finding about a port of the registered address, which a tag may have named: labels of containers name the port inside,
 * and the port that the scheduler has chosen is registered anyway.
 */
function byTag(
  protocol: Protocol,
  service: string,
  port: number,
  found: Finding | undefined,
  { instance, server, settings }: Pick<Subject, "instance" | "server" | "settings">,
): Finding | undefined {
  const registered = Number(server.port);
  if (found?.code !== "PORT_OUTSIDE_WINDOW" || port === registered || registered === 0) return found;
  const at = whereabouts(server.address, instance, settings.ports.ledger);
  const own = { service: instance, port: registered, protocol: protocol === "udp" ? "udp" : "tcp", ...at } as const;
  if (judgePort(own, settings.ports).kind === "refused") return found;
  const tag = `${settings.traefik.prefix}.${protocol}.services.${service}.loadbalancer.server.port`;
  return {
    ...found,
    message: `${found.message}; a tag names it, and the service is registered with port ${registered}`,
    remedy: `remove the tag ${nameInText(tag)} if the registered port is meant, else ${found.remedy}`,
  };
}

/** How the URL is to be written where its host is an IPv6 address without brackets, with a port behind it or without one. */
function withBrackets(url: string): string | undefined {
  const [, before = "", host = "", after = ""] = BARE_IPV6.exec(url) ?? [];
  const colon = host.lastIndexOf(":");
  const [address, port] = ipBits(host.slice(0, colon)) === 128 ? [host.slice(0, colon), host.slice(colon)] : [host, ""];
  if (ipBits(address) !== 128) return undefined;
  return `put the IPv6 address into brackets: ${withoutCredentials(`${before}[${address}]${port}${after}`)}`;
}

const BARE_IPV6 = /^([a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?)([0-9a-f.]*:[0-9a-f:.]*)([/?#].*)?$/i;

/**
 * A target other than the address that the instance is registered with is on some other node, and it is not known on which. That
 * address proves nothing either: it may be another node's.
 */
function wantedBackend(
  instance: Subject["instance"],
  ownAddress: string,
  { host, port }: Pick<BackendTarget, "host" | "port">,
  { ledger }: PortSettings,
): WantedBackend {
  const isOwn = host === ownAddress || host === `[${ownAddress}]`;
  const at = isOwn ? whereabouts(host, instance, ledger) : { node: undefined };
  return { service: instance, port, protocol: "tcp", ...at };
}

/** Routed as Traefik's own provider would: by an empty list (`stripprefix.prefixes=`) the middleware does nothing. */
function emptyObjectHint(section: Section, name: string, path: string): Finding {
  return {
    code: "VALUE_IGNORED",
    message: `${resourceKey(section, name)} has no field that counts${path === "" ? "" : ` below ${path}`}, so that Traefik takes its defaults`,
    remedy: "give it a field with a value, or remove its tags",
  };
}
