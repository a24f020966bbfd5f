import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { memoryPicture } from "../bench/memory-picture.ts";
import { picture } from "../bench/picture.ts";
import { isResult, isSample, readRuns } from "../bench/results.ts";
import manifest from "../package.json" with { type: "json" };
import { openApiDocument } from "../src/api/openapi.ts";
import { EVENTS as EVENT_RESOURCE } from "../src/api/resources/events.ts";
import { RESOURCES } from "../src/api/resources.ts";
import { EXIT_CODE_DOCS, EXIT_CODES, type ExitCode } from "../src/base/errors.ts";
import type { Command } from "../src/cli/command-line/command-line.ts";
import { exitCodesText, flagText, written } from "../src/cli/command-line/help.ts";
import { COMMANDS } from "../src/cli/command-table.ts";
import { DEFAULT_SETTINGS_FILE, SETTINGS_VARIABLE } from "../src/config/files/settings-file.ts";
import { PUBLISHED_SCHEMA_NAMES } from "../src/config/resolve/published-names.ts";
import { publishedSchemaText } from "../src/config/resolve/published-schema.ts";
import { settingsReference } from "../src/config/resolve/reference.ts";
import { ENVIRONMENT } from "../src/config/resolve/setting-origins.ts";
import { DIAGNOSTIC_CODES } from "../src/core/diagnostics/diagnostics.ts";
import { EVENTS } from "../src/observe/log/events.ts";
import { METRICS } from "../src/observe/metrics/metric-names.ts";
import { resourceSection } from "./api-page.ts";
import { exampleDocuments } from "./example-documents.ts";
import { performancePage } from "./performance-page.ts";
import { table } from "./table.ts";
import { tagFields } from "./tags-page.ts";
import { THREE_FORMS } from "./three-forms.ts";

const NOTICE = "<!-- Made by `npm run docs` from the code; changes made here are lost. -->";

/** The pages that the code knows better, by file name. test/repo/docs.test.ts holds the files to them. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  const runs = readRuns(join(import.meta.dirname, "performance"));
  return new Map([
    ["commands.md", await commandsPage()],
    ["api.md", apiPage()],
    ["settings.md", settingsPage()],
    ["diagnostics.md", diagnosticsPage()],
    ["events.md", eventsPage()],
    ["metrics.md", metricsPage()],
    ["tags.md", tagsPage()],
    ["performance.md", page("How fast, and at what cost", performancePage(runs))],
    ["performance.svg", picture([...runs.values()].flat().filter(isResult))],
    ...(runs.has("soak") ? [["soak.svg", memoryPicture((runs.get("soak") ?? []).filter(isSample))] as const] : []),
    ["../deploy/schema/openapi.json", `${JSON.stringify(openApiDocument(manifest.version), null, 2)}\n`],
    ...PUBLISHED_SCHEMA_NAMES.map(
      (name) => [`../deploy/schema/${name}.schema.json`, publishedSchemaText(name)] as const,
    ),
    ...(await exampleDocuments()),
  ]);
}

function page(title: string, introduction: string, ...parts: readonly string[]): string {
  return `${[NOTICE, `# ${title}`, introduction, ...parts].join("\n\n")}\n`;
}

async function commandsPage(): Promise<string> {
  const commands = await Promise.all(COMMANDS.map((row) => row.load()));
  return page(
    "Commands and exit codes",
    [
      "Results go to standard output, everything else to standard error. Flags win over the environment, which wins over the settings file. `portolan help COMMAND` says the same as this page; `portolan completion bash` and `portolan completion zsh` print a script that completes commands, flags and values.",
      THREE_FORMS,
    ].join("\n\n"),
    ...commands.map(commandSection),
    "## Exit codes",
    "The same everywhere, and a promise to unit files, job specifications and scripts; what each means for a command stands in its section.",
    table(
      ["code", "meaning", "of"],
      Object.entries(EXIT_CODES).map(([name, code]) => exitCodeRow(name, code, commands)),
    ),
  );
}

function commandSection(command: Command): string {
  const { name, operands, summary, help, flags, exitCodes } = command;
  return [
    `## portolan ${name}${operands === undefined ? "" : ` ${operands}`}`,
    `${capitalized(summary)}. ${help.replace(/(?<!\n)\n(?![\n ])/g, " ")}`,
    ...(flags.length === 0
      ? []
      : [
          table(
            ["flag", "meaning"],
            flags.map((flag) => [`\`${written(flag)}\``, flagText(flag)]),
          ),
        ]),
    exitCodesText(exitCodes),
  ].join("\n\n");
}

function exitCodeRow(name: string, code: ExitCode, commands: readonly Command[]): readonly string[] {
  const those = commands
    .filter(({ exitCodes }) => exitCodes[code] !== undefined)
    .map((command) => `\`${command.name}\``);
  return [
    String(code),
    EXIT_CODE_DOCS[name as keyof typeof EXIT_CODES],
    those.length === 0 || those.length === commands.length ? "every command" : those.join(", "),
  ];
}

function apiPage(): string {
  return page(
    "What the listener tells",
    [
      "JSON over HTTP at the address `listen` (`127.0.0.1:9532`), for scripts and for the commands `portolan status`, `routes`, `diagnostics`, `holds` and their kind, which print the same. It is for reading: orders go over the control socket.",
      "Requests are GET or HEAD, one a connection. Parameters that are not listed are refused (400) with what is allowed, a name that is not known with the nearest one that is (404); both answers are `{ code, message }`. Lists come in pages: `next` is `after` of the page behind, and null on the last one. A request for a name that is not this machine's is refused (421, `listenNames`), and every answer has the header `server: portolan`. Secrets are shown nowhere: passwords in addresses and the values that rules demand of headers are `***`.",
      "Beside it are `/` (the page for browsers, which asks the same), `/healthz` (the process works), `/readyz` (the chart can be trusted, or why not) and `/metrics` ([metrics.md](metrics.md)). Nothing in a browser may embed or read any of it from another site, and the page loads nothing from elsewhere (a content security policy); there is no CORS.",
      "A client that asks is answered at once, whatever others do: connections that say nothing, answers that are not taken and streams that fall behind give way, the oldest of the client that has the most first. 16 KB are allowed for an address and its headers (else 431); where 64 answers are being made, one more is 503 with `retry-after`, but for a client that has fewer of them than another.",
      "States of a route: `live`; `held`: published with the servers it had although no instance asks for it; `emptied`: without a server, it answers 503 and goes when its grace ends; `sleeping`: without a server, kept as its owner or the operator wishes; `disabled`: the running Traefik has disabled it; `untaken`: the running Traefik lacks it, or has another one of that name ([traefik-api.md](traefik-api.md)).",
    ].join("\n\n"),
    ...RESOURCES.flatMap((resource) =>
      resource === EVENT_RESOURCE ? [resourceSection(resource), STREAM_SECTION] : [resourceSection(resource)],
    ),
  );
}

const STREAM_SECTION = [
  "### The stream",
  "With `Accept: text/event-stream` the same address is a stream of server-sent events, as a browser's `EventSource` asks for it: `curl -N -H 'Accept: text/event-stream' http://127.0.0.1:9532/v1/events`. It tells everything to all: filters are for the reader.",
  table(
    ["event", "data", "when"],
    [
      [
        "`status`",
        "the answer of `/v1/status`",
        "at the start, when it says something else apart from ages (twice a second at most), and every 15 seconds",
      ],
      ["`change`", "a row of `events[]`", "as it happens"],
      [
        "`routes`",
        "`{ chart, generation, rows, gone }`: rows as of `/v1/routes` that are new or others than before, and the `id` of each that has gone; `{ chart, generation, all: true }` where more than 500 have changed: read the list again",
        "after each publication, and when a state changes by what Traefik says",
      ],
      ["`missed`", "`{}`", "something happened that the stream was not told: read everything again"],
    ],
  ),
  "Each event but `status` and `missed` has an `id`, greater than all before it, also over a restart. A stream that breaks is resumed with `Last-Event-ID`, as browsers do by themselves, or `after`: what came meanwhile is told, or `missed`, which it is always after a restart of portolan, and where no other stream was open while something was published. A comment every 15 seconds shows that the stream is alive.",
  "256 streams may be open. One more is refused (503) unless a client with at least two more gives up its oldest: then ask without the header every few seconds. What a stream has not taken is dropped behind 1 MB, or after 30 seconds without a byte taken, and the stream ends.",
].join("\n\n");

function settingsPage(): string {
  const rows = settingsReference().map(({ path, doc, fallback, flag, variable }) => [
    `\`${path}\``,
    doc,
    fallback === undefined ? "" : `\`${JSON.stringify(fallback)}\``,
    [flag === undefined ? "" : `\`--${flag}\``, variable === undefined ? "" : `\`${variable}\``]
      .filter(Boolean)
      .join(", "),
  ]);
  return page(
    "Settings",
    [
      `A YAML file: the one that \`--settings\` names, else the one that the variable \`${SETTINGS_VARIABLE}\` names, else \`${DEFAULT_SETTINGS_FILE}\` where there is one. So it is for every command that has \`--settings\`; the first line of the log says which file counts. A dot in the first column is one level of it. Every key is checked, and all problems are reported at once (exit code 78). Durations have a unit: \`100ms\`, \`10s\`, \`5m\`. Relative paths count from the file; those of flags and variables from the working directory.`,
      `An empty environment variable counts as unset. \`CONSUL_HTTP_SSL=true\` makes an address without a scheme https. Read from the environment: ${Object.keys(
        ENVIRONMENT,
      )
        .map((name) => `\`${name}\``)
        .join(", ")}.`,
      "`portolan settings init` writes a first one, with comments, from what Consul, Nomad and Traefik's API say. `portolan settings show` prints what is in force and where each value comes from: a flag, a variable, a line of the file, or the default. `portolan settings doc KEY` says what one setting means, what is allowed and what counts now.",
      "Editors complete and check the file, the policy and the ledger by a JSON Schema: `settings.schema.json`, `policy.schema.json` and `ledger.schema.json` in `deploy/schema`, and `portolan settings schema` prints them. With a copy beside the file its first line is `# yaml-language-server: $schema=settings.schema.json`. What no schema can hold `portolan run` and the commands say.",
      "SIGHUP reads the file again: `compat`, `equalNames`, `traefik`, `ports` (and the ledger it names), `backends`, `routes`, `claims`, `policy` (and the file it names), `allow`, `guard`, `publish`, `define`, `snippets` and `log.level` count at once, the rest after a restart.",
    ].join("\n\n"),
    table(["setting", "meaning", "default", "flag, variable"], rows),
  );
}

function diagnosticsPage(): string {
  const rows = Object.entries(DIAGNOSTIC_CODES).map(([code, { severity, doc }]) => [`\`${code}\``, severity, doc]);
  return page(
    "Diagnostics",
    "What can be wrong with a service's tags or ports. Each names the service, the instance, the node, the tag where there is one, the reason and the remedy; it is logged when it appears (`diagnostic.found`) and when it is settled, and `portolan diagnostics` lists those in force. Others never pay for it. Codes are stable, wording is not.",
    table(["code", "severity", "meaning"], rows),
  );
}

function eventsPage(): string {
  const rows = Object.entries(EVENTS).map(([name, { level, doc }]) => [`\`${name}\``, level, doc]);
  return page(
    "Log events",
    "One line an event on standard error: readable on a terminal, JSON otherwise (`--log-format`). In JSON `event` names it and its data stand beside it; names and data are stable, `msg` is not. Nothing is logged while nothing changes. `error` means that an operator must act.",
    table(["event", "level", "meaning"], rows),
  );
}

function metricsPage(): string {
  return page(
    "Metrics",
    "Prometheus text at `/metrics`. Beside these come Node's process metrics (`process_*`, `nodejs_*`).",
    table(
      ["metric", "meaning"],
      Object.entries(METRICS).map(([name, help]) => [`\`${name}\``, help]),
    ),
  );
}

function tagsPage(): string {
  const sections = Map.groupBy(tagFields(), ({ key }) => key.split(".").slice(1, 3).join("."));
  const parts = [...sections].flatMap(([section, fields]) => [
    `## ${section}`,
    table(
      ["tag", "value", "default", ""],
      fields.map(({ key, type, fallback, remarks }) => [
        `\`${key}\``,
        type,
        fallback === "" ? "" : `\`${fallback}\``,
        remarks,
      ]),
    ),
  ]);
  return page(
    "Tags",
    [
      "Every field that tags can set, for Traefik 3.6 and 3.7 (`traefik.version`), from the table by which they are decoded. Upper and lower case make no difference, except in `<name>` and in keys that you choose. Which of them exist besides, in files only, Traefik's own documentation tells; [tags-by-example.md](tags-by-example.md) has the common ones, and `portolan check tags 'TAG' …` says what tags mean.",
      "`traefik.enable=true` exposes an instance. `traefik.consulcatalog.canary=true`, in Nomad `traefik.nomad.canary=true`, gives its default service and router a name of their own. A canary needs other names in its tags for routers of its own: what it defines otherwise than the healthy stable instances of its service is left out (`CANARY_LEFT_OUT`). `portolan.canary.weight=10` gives it that percentage of the requests of its service ([beyond.md](beyond.md#canaries-with-a-share)).",
    ].join("\n\n"),
    ...parts,
  );
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

if (import.meta.main) {
  for (const [name, text] of await pages()) writeFileSync(join(import.meta.dirname, name), text);
}
