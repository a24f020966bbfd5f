import type { Locator, Page } from "playwright-core";

/** Where a person finds what the tests look at, by roles and names. */

/** The row of a router in the chart. */
export function routeRow(page: Page, router: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name: router, exact: true }) });
}

export function filterField(page: Page): Locator {
  return page.getByRole("searchbox");
}

/** A view, by its name in the page's head. */
export function viewLink(page: Page, name: "Chart" | "Ports" | "Timeline" | "Attention"): Locator {
  return page.getByRole("navigation", { name: "Views" }).getByRole("link", { name, exact: true });
}

/** The page's word for how it hears of the daemon: live, asked every 2 s, reconnecting. */
export function connection(page: Page, word: string): Locator {
  return page.getByRole("banner").getByText(badge(word));
}

/** The text of a badge: a word behind its sign. */
export function badge(word: string): RegExp {
  return new RegExp(`^\\S* ?${word}`);
}
