import type { RouteRow } from "../../api/resources/routes.ts";
import { type FilterWord, filterWords } from "../parts/row-filter.ts";

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

/** For the help. */
export const ROUTE_FILTER_FIELDS = Object.keys(FIELDS);

/** Says of a row whether a filter lets it through. All words must match. */
export type Filter = (row: RouteRow) => boolean;

/** Reads a filter as a person types it. Undefined where it has no word, and lets all through. */
export function parseFilter(text: string): Filter | undefined {
  const words = filterWords(text, ROUTE_FILTER_FIELDS);
  if (words.length === 0) return undefined;
  return (row) => words.every((word) => matches(word, row) !== word.isLeftOut);
}

function matches({ field, text }: FilterWord, row: RouteRow): boolean {
  if (field === undefined) return plainText(row).includes(text);
  const values = FIELDS[field as Field](row);
  const isWhole = WHOLE.has(field as Field);
  return values.some((value) => (isWhole ? value.toLowerCase() === text : value.toLowerCase().includes(text)));
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
