import { expect } from "vitest";
import { until } from "../support/await-until.ts";
import { badge, connection, routeRow, viewLink } from "./support/find.ts";
import { pageTest } from "./support/page-test.ts";

pageTest("the page loads, hears of the daemon live, and leads to each view", async ({ open }) => {
  const { page } = await open();
  await page.getByRole("heading", { level: 1, name: "Chart" }).waitFor();
  expect(await page.title()).toMatch(/Chart.*portolan/);
  await connection(page, "live").waitFor();
  await routeRow(page, "shop").waitFor();
  for (const view of ["Ports", "Timeline", "Attention", "Chart"] as const) {
    await viewLink(page, view).click();
    await page.getByRole("heading", { level: 1, name: view }).waitFor();
    expect(await viewLink(page, view).getAttribute("aria-current")).toBe("page");
  }
});

pageTest("a service that comes, changes and goes is on the page without a reload", async ({ open, cluster }) => {
  const { page } = await open("/#/chart");
  await routeRow(page, "shop").waitFor();
  expect(await routeRow(page, "news").count()).toBe(0);

  const news = { service: "news", port: 24_100 };
  cluster.register(news);
  await routeRow(page, "news").getByText(badge("live")).waitFor();
  await routeRow(page, "news").getByText("http://127.0.0.1:24100").waitFor();

  cluster.register({ ...news, port: 24_101, node: "node-2" });
  await routeRow(page, "news").getByText("http://127.0.0.1:24101").waitFor();
  await routeRow(page, "news").getByText("on node-2").waitFor();

  cluster.deregister(news);
  await routeRow(page, "news").getByText("http://127.0.0.1:24100").waitFor({ state: "detached" });
  cluster.deregister({ ...news, port: 24_101, node: "node-2" });
  await routeRow(page, "news").getByText(badge("emptied")).waitFor();
  await routeRow(page, "news").getByText("503").waitFor();
});

pageTest(
  "where the stream is refused the page says so, asks again and again, and shows what is new",
  async ({ open, cluster }) => {
    const watched = await open("about:blank");
    watched.expectComplaint(/ERR_FAILED/);
    const { page } = watched;
    await page.route("**/v1/events*", async (route) => {
      if (route.request().headers()["accept"]?.includes("text/event-stream")) await route.abort();
      else await route.continue();
    });
    await page.goto(`${cluster.url}/#/chart`);
    await connection(page, "asked every").waitFor();
    cluster.register({ service: "news", port: 24_100 });
    await routeRow(page, "news").waitFor();
  },
);

pageTest(
  "the page says that the daemon is away, keeps what it had, and comes back by itself with what is new",
  async ({ open, cluster }) => {
    const watched = await open("/#/chart");
    watched.expectComplaint(
      /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/,
    );
    const { page } = watched;
    await routeRow(page, "shop").waitFor();
    await cluster.endPortolan();
    await connection(page, "reconnecting").waitFor();
    await page
      .getByRole("region", { name: "State of the daemon" })
      .getByText(/does not answer/)
      .waitFor();
    expect(await routeRow(page, "shop").count()).toBe(1);

    cluster.register({ service: "news", port: 24_100 });
    await cluster.startPortolan();
    await connection(page, "live").waitFor();
    await routeRow(page, "news").waitFor();
    await until(async () => (await page.getByRole("region", { name: "State of the daemon" }).count()) === 0, {
      timeoutMs: 5_000,
      what: "the page to say no more that the daemon is away",
    });
  },
);
