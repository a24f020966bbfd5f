import { count } from "../base/count.ts";
import { flowText, type WrittenSetting, type WrittenValue, writeSettings } from "../config/written/written-settings.ts";
import type { Opened, PortException } from "./opened.ts";
import type { Provider } from "./providers.ts";
import type { StaticMigration } from "./static-migration.ts";

/** The name of the policy file beside the settings. */
export const POLICY_FILE = "policy.yml";

/** Where the policy is: in its file beside the settings, not written yet, or there is none. */
export type PolicyPlace = "beside" | "off" | "none";

/** The settings that mean what Traefik's options mean, with what the catalog needs besides. */
export function migratedSettings(
  { settings }: Pick<StaticMigration, "settings">,
  opened: Opened,
  policy: PolicyPlace,
): readonly WrittenSetting[] {
  const [sections, rest] = [settings.slice(0, -2), settings.slice(-2)];
  return [
    ...sections,
    ...exceptionSettings(opened),
    ...(opened.allow.length === 0
      ? []
      : [
          {
            path: "allow",
            comment: ["FOR REVIEW: what is closed to services unless it is open here (docs/policy.md)."],
            value: { items: opened.allow.map((value) => ({ value })) },
          },
        ]),
    ...(policy === "none"
      ? []
      : [
          {
            path: "policy",
            comment: [
              `Which services share a host today${policy === "off" ? ", below; once it is saved under this name" : ""}.`,
            ],
            value: POLICY_FILE,
            ...(policy === "off" ? { isOff: true } : {}),
          },
        ]),
    ...rest,
  ];
}

function exceptionSettings({ exceptions, authEndpoints }: Opened): readonly WrittenSetting[] {
  const services = new Set(exceptions.map(({ service, namespace }) => JSON.stringify([service, namespace])));
  return [
    ...(exceptions.length === 0
      ? []
      : [
          {
            path: "ports.exceptions",
            comment: [
              `FOR REVIEW: ${count(services.size, "service")} on ports that Nomad does not hand out. A tenant that may register a service may`,
              "register one there, too: keep a line only where the service has to be routed there, and say why.",
            ],
            value: {
              items: exceptions.toSorted(byService).map(({ nodes, ...one }) => ({
                comment: `port ${one.ports} on ${nodes.slice(0, MOST_NODES).join(", ")}${nodes.length > MOST_NODES ? ` and ${nodes.length - MOST_NODES} more` : ""}`,
                value: { ...one, purpose: "routed by Traefik's own provider before" },
              })),
            },
          },
        ]),
    ...(authEndpoints.length === 0
      ? []
      : [
          {
            path: "ports.authEndpoints",
            comment: ["FOR REVIEW: what middlewares ask for authentication (forwardAuth)."],
            value: { items: authEndpoints.map((value) => ({ value })) },
          },
        ]),
  ];
}

const MOST_NODES = 5;

function byService(one: PortException, other: PortException): number {
  const [a, b] = [one, other].map(({ service, namespace = "", ports }) =>
    [service, namespace, ports.padStart(5, "0")].join("\n"),
  );
  return (a ?? "") < (b ?? "") ? -1 : 1;
}

/** The policy that lets services share the hosts that they share today; undefined where none do. */
export function migratedPolicy({ rules }: Opened): string | undefined {
  if (rules.length === 0) return undefined;
  const items = [
    ...rules.map(({ rule, why }) => ({ comment: why, value: rule })),
    { comment: "all other services: whatever belongs to no other one, as without a policy", value: {} as WrittenValue },
  ];
  return writeSettings(
    [{ path: "rules", value: { items } }],
    [
      "FOR REVIEW: the first rule that is about a service counts (docs/policy.md). Each lets a service have what its routers",
      "ask for; without it the router is left out, for the reason above it.",
    ],
  );
}

/** The whole settings file. */
export function settingsFile(
  settings: readonly WrittenSetting[],
  { from, source, tooWide }: { readonly from: Provider; readonly source: string; readonly tooWide: Opened["tooWide"] },
): string {
  const wide = tooWide.map((rule) => `  ${flowText(rule)}`);
  return writeSettings(settings, [
    `Settings of portolan, made from the ${from} provider of ${source}. Check what is marked FOR REVIEW, then:`,
    "portolan compare --settings THIS FILE --traefik-api URL",
    ...(wide.length === 0
      ? []
      : ["", "Not in force, since each would give a service every host (docs/policy.md):", ...wide]),
  ]);
}
