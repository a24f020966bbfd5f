import { count } from "../../base/count.ts";
import type { WrittenSetting } from "./written-settings.ts";
import { writeSettings } from "./written-settings.ts";

/** What was asked of the surroundings, and came of it: a value, or why there is none. */
export type Told<Value> =
  | { readonly kind: "told"; readonly value: Value }
  | { readonly kind: "untold"; readonly why: string };

/** What a first settings file is made from. */
export interface Surroundings {
  readonly consul: { readonly address: string; readonly told: Told<{ readonly instances: number }> };
  readonly nomad: { readonly address: string; readonly told: Told<{ readonly dynamic: string }> };
  readonly traefik: {
    readonly address: string;
    readonly told: Told<{
      readonly version: string;
      /** The line of `traefik.version` that it is of; undefined where it is another one. */
      readonly line: string | undefined;
      readonly entryPoints: readonly string[];
      readonly defaultEntryPoints: readonly string[];
      /** The directory of its file provider, as Traefik sees it. */
      readonly directory: string | undefined;
    }>;
  };
  /** Where the chart shall be, where that was said. */
  readonly output: string | undefined;
  readonly stateDir: string | undefined;
}

/** Nomad's own services are charted where Consul does not answer and Nomad does. */
function chartsNomad({ consul, nomad }: Surroundings): boolean {
  return consul.told.kind === "untold" && nomad.told.kind === "told";
}

/**
 * A settings file that portolan takes as it is: what the surroundings told is in force, what else is often wanted stands there
 * as a comment, and each says what it is about. A line is switched on by removing its `#`.
 */
export function firstSettings(found: Surroundings): string {
  return writeSettings(
    [...catalogSettings(found), ...traefikSettings(found), ...portSettings(found), ...ownSettings(found)],
    [
      "Settings of portolan, made by `portolan settings init`. What they mean: `portolan settings doc KEY`; what is in force:",
      "`portolan settings show`. A line that begins with # is off. With `portolan settings schema > portolan.schema.json`",
      "editors complete and check this file, by a first line of their own: yaml-language-server: $schema=portolan.schema.json",
    ],
  );
}

function catalogSettings(found: Surroundings): readonly WrittenSetting[] {
  const { consul, nomad } = found;
  const isNomad = chartsNomad(found);
  return [
    {
      path: "consul.address",
      isOff: isNomad,
      comment: ["The catalog.", told(consul.told, ({ instances }) => `It answered: ${count(instances, "instance")}.`)],
      value: consul.address,
    },
    {
      path: "consul.tokenFile",
      isOff: true,
      comment: ["Where it has ACLs (docs/identity.md)."],
      value: "/run/portolan/consul.token",
    },
    {
      path: "nomad.address",
      isOff: !isNomad,
      comment: ["In place of Consul: Nomad's own services."],
      value: nomad.address,
    },
    {
      path: "schedulers",
      isOff: isNomad || nomad.told.kind === "untold",
      comment: [
        "The Nomad that runs the services: it is asked which ports are dynamic, and what it stopped.",
        told(nomad.told, ({ dynamic }) => `It answered: ports ${dynamic} are dynamic.`),
      ],
      value: { items: [{ value: { address: nomad.address } }] },
    },
  ];
}

function traefikSettings({ traefik }: Surroundings): readonly WrittenSetting[] {
  const { address } = traefik;
  const known = traefik.told.kind === "told" ? traefik.told.value : undefined;
  return [
    {
      path: "traefik.version",
      isOff: known?.line === undefined,
      comment: [
        "The line of the Traefik that reads the chart.",
        told(traefik.told, ({ version, line }) =>
          line === undefined ? `It is ${version}, which is of no line that is known here.` : `It is ${version}.`,
        ),
      ],
      value: known?.line ?? "3.6",
    },
    {
      path: "traefik.entryPoints",
      isOff: known === undefined || known.entryPoints.length === 0,
      comment: ["All that it has: a name that is misspelt in a tag is told then."],
      value: known?.entryPoints ?? ["web", "websecure"],
    },
    {
      path: "traefik.defaultEntryPoints",
      isOff: known === undefined || known.defaultEntryPoints.length === 0,
      comment: ["Those of routers that name none (asDefault)."],
      value: known?.defaultEntryPoints ?? ["websecure"],
    },
    {
      path: "traefik.defaultMiddlewares",
      isOff: true,
      comment: ["Middlewares of yours before those of every router, by entry point (docs/beyond.md)."],
      value: { "*": ["headers@file"] },
    },
    {
      path: "traefik.api",
      isOff: known === undefined,
      comment: ["Its API, by which portolan sees what Traefik made of the chart."],
      value: address,
    },
  ];
}

function portSettings({ nomad }: Surroundings): readonly WrittenSetting[] {
  return [
    {
      path: "ports.dynamic",
      isOff: true,
      comment: ["Ports that may be routed; where a Nomad is asked, it says."],
      value: nomad.told.kind === "told" ? nomad.told.value.dynamic : "20000-32000",
    },
    {
      path: "ports.exceptions",
      isOff: true,
      comment: ["Backends on other ports, each declared."],
      value: { items: [{ value: { service: "legacy", ports: 8080, purpose: "says why" } }] },
    },
  ];
}

function ownSettings({ traefik, output, stateDir }: Surroundings): readonly WrittenSetting[] {
  const directory = traefik.told.kind === "told" ? traefik.told.value.directory : undefined;
  const file = output ?? `${directory ?? "/etc/traefik/dynamic"}/portolan.yml`;
  return [
    {
      path: "policy",
      isOff: true,
      comment: ["What services may ask for (docs/policy.md)."],
      value: "policy.yml",
    },
    { path: "snippets", isOff: true, comment: ["A folder of your own files in Traefik's format."], value: "snippets" },
    {
      path: "output.file",
      comment: [
        "The chart: in a directory that Traefik's file provider watches.",
        ...(output === undefined && directory !== undefined
          ? ["Its directory as Traefik sees it: in a container it may have another path here."]
          : []),
      ],
      value: file,
    },
    {
      path: "stateDir",
      comment: ["What must survive a restart; portolan's alone."],
      value: stateDir ?? "/var/lib/portolan",
    },
    { path: "listen", isOff: true, comment: ["Health, metrics and status."], value: "127.0.0.1:9532" },
    { path: "log.format", isOff: true, comment: ["json, pretty, or auto."], value: "auto" },
  ];
}

function told<Value>(found: Told<Value>, sentence: (value: Value) => string): string {
  return found.kind === "told" ? sentence(found.value) : `It did not answer when this was written: ${found.why}`;
}
