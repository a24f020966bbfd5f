import type { Page } from "playwright-core";
import { expect } from "vitest";
import { until } from "../support/await-until.ts";
import { startCluster } from "./support/cluster.ts";
import { filterField, routeRow } from "./support/find.ts";
import { pageTestOf } from "./support/page-test.ts";
import { keepPicture } from "./support/pictures.ts";

const COUNT = 5_000;
const nameOf = (at: number) => `service-${String(at).padStart(4, "0")}`;

const manyTest = pageTestOf(async () => {
  const instances = Array.from({ length: COUNT }, (_, at) => ({
    service: nameOf(at),
    port: 20_000 + at,
    node: `node-${at % 50}`,
  }));
  return await startCluster(instances);
});

/** How many rows the page has drawn; what is not seen is not drawn. */
const drawn = (page: Page) => page.getByRole("row").count();

manyTest(
  "5,000 services are counted, scrolled through to the last, filtered as one types, and never all drawn",
  async ({ open, cluster }) => {
    const { page } = await open("/#/chart");
    await page.getByText(/5,?000 routes/).waitFor();
    await routeRow(page, nameOf(0)).waitFor();
    expect(await drawn(page)).toBeLessThan(200);
    await keepPicture(page, "many-services-1280", { isWhole: false });

    // The first are on the screen before the last are read.
    await page.getByText(/5,?000 hosts$/).waitFor();
    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)");
    await routeRow(page, nameOf(COUNT - 1)).waitFor();
    expect(await drawn(page)).toBeLessThan(200);

    await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight / 2)");
    await routeRow(page, nameOf(COUNT - 1)).waitFor({ state: "detached" });
    await until(async () => (await drawn(page)) > 10, { timeoutMs: 5_000, what: "the rows in the middle" });

    await filterField(page).pressSequentially(nameOf(4_321));
    await page.getByText(/1 of 5,?000/).waitFor();
    await routeRow(page, nameOf(4_321)).waitFor();
    expect(await routeRow(page, nameOf(4_320)).count()).toBe(0);

    // What changes is shown also where it is one of many.
    cluster.register({ service: nameOf(4_321), port: 30_001, node: "node-1" });
    await routeRow(page, nameOf(4_321)).getByText("http://127.0.0.1:30001").waitFor();
  },
);
