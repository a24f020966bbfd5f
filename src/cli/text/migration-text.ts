import type { Migration } from "../../app/moving/migrate.ts";
import { count, someNames } from "../../base/count.ts";
import { printable } from "../../base/printable.ts";
import type { ProviderReference } from "../../migrate/references.ts";
import type { OptionNote } from "../../migrate/static-migration.ts";

const MOST_LINES = 50;
const MOST_NAMES = 5;

/** What a person should know beside the settings that were written: what to review, what to change, and what has no equal. */
export function migrationText({ notes, references, opened, decision, services, unread }: Migration): string {
  const notesOf = (kind: OptionNote["kind"]) => notes.filter((note) => note.kind === kind).map(noteLine);
  const referencesIn = (place: ProviderReference["in"]) => references.filter((one) => one.in === place);
  const left = new Set(
    decision.diagnostics.flatMap(({ leavesOut }) =>
      leavesOut?.name.includes("/routers/") === true ? [leavesOut.name] : [],
    ),
  );
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["FOR REVIEW in what was written", reviewLines(opened)],
    ["Options without an equal", notesOf("without-equal")],
    ["Secrets, which are not copied", notesOf("secret")],
    ["Options that are not known", notesOf("unknown")],
    ["Options that portolan needs none for", notesOf("unneeded")],
    [
      "To change before Traefik's provider is switched off: names of its own in files and in its static configuration",
      [...referencesIn("static"), ...referencesIn("file")].map(
        ({ where, name, instead }) => `${where}: ${name} -> ${instead}`,
      ),
    ],
    [
      "Nothing to change now: tags work as they are, and their names mean the same without the provider",
      referencesIn("tag").map(({ where, name, instead }) => `service ${where}: ${name} -> ${instead}`),
    ],
    ["Not looked at", unread],
  ];
  const parts = sections
    .filter(([, lines]) => lines.length > 0)
    .map(
      ([title, lines]) =>
        `${title}:\n${shortened(lines)
          .map((line) => `  ${printable(line)}\n`)
          .join("")}`,
    );
  const rest =
    left.size === 0
      ? "no router is refused with these settings"
      : `${count(left.size, "router")} stay${left.size === 1 ? "s" : ""} out whatever settings say (${printable(someNames([...left], MOST_NAMES))})`;
  return [
    `${count(services, "service")} in the catalog; ${rest}. See: portolan compare --settings FILE --traefik-api URL\n`,
    ...parts,
  ].join("\n");
}

function reviewLines({ exceptions, authEndpoints, allow, rules, tooWide }: Migration["opened"]): readonly string[] {
  const services = new Set(exceptions.map(({ service, namespace }) => JSON.stringify([service, namespace])));
  return [
    ...(services.size === 0 ? [] : [`ports.exceptions: ${count(services.size, "service")} outside the dynamic range`]),
    ...(authEndpoints.length === 0
      ? []
      : [`ports.authEndpoints: ${count(authEndpoints.length, "server")} that forwardAuth asks`]),
    ...(allow.length === 0 ? [] : [`allow: ${count(allow.length, "line")}`]),
    ...(rules.length === 0 ? [] : [`policy: ${count(rules.length, "rule")}, since services share hosts`]),
    ...(tooWide.length === 0
      ? []
      : [
          `not in force: ${count(tooWide.length, "rule")} that would give a service every host (at the top of the settings)`,
        ]),
  ];
}

function noteLine({ option, why, todo }: OptionNote): string {
  return `${option}: ${why}${todo === undefined ? "" : `; ${todo}`}`;
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`];
}
