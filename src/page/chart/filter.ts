import type { RouteRow } from "../../api/resources/routes.ts";

/** A word of a filter: what it is looked for in, the text in lower case, and whether rows that have it are left out. */
interface Term {
  readonly field: Field | undefined;
  readonly text: string;
  readonly isLeftOut: boolean;
}

const FIELDS = {
  state: ({ state }: RouteRow) => [state],
  host: ({ hosts }: RouteRow) => hosts,
  path: ({ paths }: RouteRow) => paths,
  router: ({ router }: RouteRow) => [router],
  service: ({ service, owner }: RouteRow) => [service, owner ?? ""],
  owner: ({ owner, definedIn }: RouteRow) => [owner ?? definedIn ?? ""],
  job: ({ instances }: RouteRow) => instances.map(({ job = "" }) => job),
  node: ({ instances }: RouteRow) => instances.map(({ node }) => node),
  health: ({ instances }: RouteRow) => instances.map(({ health }) => health),
  server: ({ servers }: RouteRow) => servers,
  entrypoint: ({ entryPoints }: RouteRow) => entryPoints,
  protocol: ({ protocol }: RouteRow) => [protocol],
  chart: ({ chart }: RouteRow) => [chart],
} as const;
type Field = keyof typeof FIELDS;

/** In these a word must be the whole value: `state:held`. In the others a part of it is enough. */
const WHOLE: ReadonlySet<Field> = new Set(["state", "health", "protocol", "chart"]);

/** What a word alone is looked for in. */
const PLAIN = [
  ...(["host", "path", "router", "service", "owner", "job", "node", "server", "entrypoint"] as const),
] satisfies readonly Field[];

/** For the help: words and what they mean. */
export const FILTER_HELP: readonly { readonly words: string; readonly meaning: string }[] = [
  { words: "wiki node-1", meaning: "routes that have both, as host, path, service, router, node, job or server" },
  { words: "state:held", meaning: "in this state: live, held, emptied, sleeping, disabled, untaken" },
  {
    words: "host:lab.local",
    meaning: `the word in this place only: ${Object.keys(FIELDS).join(", ")}`,
  },
  { words: "-chart:main", meaning: "without those" },
  { words: '"two words"', meaning: "the words together" },
];

/** Says of a row whether a filter lets it through. All words must match. */
export type Filter = (row: RouteRow) => boolean;

/** Reads a filter as a person types it. Undefined where it has no word, and lets all through. */
export function parseFilter(text: string): Filter | undefined {
  const terms = termsOf(text);
  if (terms.length === 0) return undefined;
  return (row) => terms.every((term) => matches(term, row) !== term.isLeftOut);
}

/** More words are not looked at. */
const MOST_TERMS = 20;

function termsOf(text: string): readonly Term[] {
  const words = text.match(/-?(?:[a-z]+:)?"[^"]*"?|\S+/gi) ?? [];
  return words
    .slice(0, MOST_TERMS)
    .map(termOf)
    .filter((term) => term.text !== "");
}

function termOf(word: string): Term {
  const isLeftOut = word.length > 1 && word.startsWith("-");
  const rest = isLeftOut ? word.slice(1) : word;
  const [, name = "", value = ""] = /^([a-z]+):(.*)$/i.exec(rest) ?? [];
  const field = fieldNamed(name.toLowerCase());
  const text = (field === undefined ? rest : value).replaceAll('"', "").toLowerCase();
  return { field, text, isLeftOut };
}

function fieldNamed(name: string): Field | undefined {
  return isField(name) ? name : undefined;
}

function isField(name: string): name is Field {
  return Object.hasOwn(FIELDS, name);
}

function matches({ field, text }: Term, row: RouteRow): boolean {
  if (field === undefined) return plainText(row).includes(text);
  const values = FIELDS[field](row);
  return values.some((value) => (WHOLE.has(field) ? value.toLowerCase() === text : value.toLowerCase().includes(text)));
}

/** All that a word alone is looked for in; made once for each row, since a filter is typed letter by letter. */
const plainTexts = new WeakMap<RouteRow, string>();

function plainText(row: RouteRow): string {
  const known = plainTexts.get(row);
  if (known !== undefined) return known;
  const values = new Set(PLAIN.flatMap((field): readonly string[] => FIELDS[field](row)));
  const text = [...values].join("\n").toLowerCase();
  plainTexts.set(row, text);
  return text;
}

/** A filter with another word in place of those of its field: what a click on a count asks for. */
export function withWord(text: string, field: Field, value: string | undefined): string {
  const words = text.match(/-?(?:[a-z]+:)?"[^"]*"?|\S+/gi) ?? [];
  const others = words.filter((word) => !word.toLowerCase().startsWith(`${field}:`));
  return [...others, ...(value === undefined ? [] : [`${field}:${value}`])].join(" ");
}
