import type { Finding } from "../../diagnostics/finding.ts";
import { type ConfigObject, isConfigObject } from "../chart/dynamic-config.ts";
import { type LintCheck, type Subject, titleOf } from "./subject.ts";

const SERVICE_TYPES: readonly string[] = ["loadBalancer", "weighted", "highestRandomWeight", "mirroring", "failover"];
/** The order in which Traefik looks for the type of a TCP middleware. */
const TCP_MIDDLEWARE_TYPES: readonly string[] = ["ipAllowList", "ipWhiteList", "inFlightConn"];

/** A service is of exactly one type; Traefik disables others together with the routers that use them. */
export const checkServiceTypes: LintCheck = (subject) => {
  const types = Object.keys(subject.object).filter((field) => SERVICE_TYPES.includes(field));
  return exactlyOne(subject, types, SERVICE_TYPES.join(", "));
};

/** A middleware is of exactly one type, too; of the types of a TCP middleware Traefik takes one and ignores the others. */
export const checkMiddlewareTypes: LintCheck = (subject) => {
  if (subject.protocol === "tcp") return checkTcpMiddleware(subject);
  const types = Object.keys(subject.object);
  const plugin = subject.object["plugin"];
  if (types.length === 1 && isConfigObject(plugin)) {
    return exactlyOne(subject, pluginTypes(plugin), "plugin.NAME");
  }
  return exactlyOne(subject, types, "one such as headers, chain or stripPrefix");
};

function checkTcpMiddleware(subject: Subject): readonly Finding[] {
  const [taken, ...ignored] = TCP_MIDDLEWARE_TYPES.filter((type) => Object.hasOwn(subject.object, type));
  if (taken === undefined) return exactlyOne(subject, [], TCP_MIDDLEWARE_TYPES.join(", "));
  if (ignored.length === 0) return [];
  return [
    {
      code: "VALUE_IGNORED",
      message: `${titleOf(subject)} has several types; traefik takes ${taken} and ignores ${ignored.join(", ")}`,
      remedy: "define one middleware for each",
    },
  ];
}

function pluginTypes(plugin: ConfigObject): readonly string[] {
  return Object.keys(plugin).map((name) => `plugin.${name}`);
}

function exactlyOne(subject: Subject, types: readonly string[], allowed: string): readonly Finding[] {
  if (types.length === 1) return [];
  if (types.length === 0) {
    const message = `${titleOf(subject)} has no type, allowed is exactly one: ${allowed}`;
    return [{ code: "TYPE_MISSING", message, remedy: `give the ${subject.kind} a type` }];
  }
  const message = `${titleOf(subject)} is ${types.join(" and ")}, allowed is exactly one type`;
  return [{ code: "TYPE_AMBIGUOUS", message, remedy: `define one ${subject.kind} for each` }];
}
