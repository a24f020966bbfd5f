/** The views, in the order of the page's head; `explain` is reached from an item of another. */
export const VIEWS = ["chart", "ports", "timeline", "attention", "explain"] as const;
export type View = (typeof VIEWS)[number];

/** What the part of the page's address behind `#` says: `#/chart?filter=wiki` is the view `chart` with its filter. */
export interface Address {
  readonly view: View;
  /** Of the view, by name; what is not given is absent. */
  readonly query: Readonly<Partial<Record<string, string>>>;
}

/** A longer value is cut: none that the page writes is as long. */
const MOST_OF_VALUE = 2_000;

/** Reads the part behind `#`, whatever a person has written there: what is no view is the chart. */
export function parseAddress(hash: string): Address {
  const [path = "", ...query] = hash.replace(/^#?\/?/, "").split("?");
  const view = VIEWS.find((one) => one === path) ?? "chart";
  const pairs = [...new URLSearchParams(query.join("?"))].filter(([name, value]) => name !== "" && value !== "");
  return { view, query: Object.fromEntries(pairs.map(([name, value]) => [name, value.slice(0, MOST_OF_VALUE)])) };
}

/** Writes an address for a link: `#/chart?filter=wiki`. Empty values are left out. */
export function addressOf(view: View, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, value.slice(0, MOST_OF_VALUE).toWellFormed()] as const],
  );
  return given.length === 0 ? `#/${view}` : `#/${view}?${new URLSearchParams(Object.fromEntries(given))}`;
}

/** The address that explains something: a service, a host, a URL, a router, a port or an allocation. */
export function explainAddress(about: string): string {
  return addressOf("explain", { about });
}
