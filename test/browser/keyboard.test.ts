import { expect } from "vitest";
import { until } from "../support/await-until.ts";
import { filterField, routeRow } from "./support/find.ts";
import { pageTest } from "./support/page-test.ts";

/** The accessible name of what has the focus, by its text. */
const focused = "document.activeElement?.textContent?.trim() || document.activeElement?.getAttribute('aria-label')";

pageTest(
  "all of it is reached without a mouse: views, filter, rows, explanation, help and the way back",
  async ({ open }) => {
    const { page } = await open("/#/chart");
    await routeRow(page, "shop").waitFor();
    const isFocused = (what: RegExp | string) =>
      until(async () => new RegExp(what).test(String(await page.evaluate(focused))), {
        timeoutMs: 5_000,
        what: `the focus on ${what}`,
      });

    await page.keyboard.press("Tab");
    await isFocused("Skip to the content");
    await page.keyboard.press("Enter");
    await isFocused("Chart");

    await page.keyboard.press("/");
    await page.keyboard.type("shop");
    await routeRow(page, "api").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await routeRow(page, "api").waitFor();

    // The first row's link, then from row to row.
    await filterField(page).focus();
    for (let steps = 0; steps < 10 && (await page.evaluate(focused)) !== "api.test"; steps += 1)
      await page.keyboard.press("Tab");
    await isFocused("^api.test$");
    await page.keyboard.press("ArrowDown");
    await isFocused("^api$");
    await page.keyboard.press("End");
    await isFocused("^shop$");
    await page.keyboard.press("Home");
    await isFocused("^api.test$");

    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "api.test" }).waitFor();
    await isFocused("^api.test$");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Chart" }).waitFor();

    await page.getByRole("button", { name: "Help" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await isFocused("^(\\?|Help)$");
  },
);

pageTest("arrow keys go over a heading that has no link", async ({ open, cluster }) => {
  cluster.register({
    service: "dns",
    port: 24_010,
    tags: [
      "traefik.enable=true",
      "traefik.udp.routers.dns.entrypoints=dns",
      "traefik.udp.services.dns.loadbalancer.server.port=24010",
    ],
  });
  const { page } = await open("/#/chart");
  await routeRow(page, "dns").getByRole("link").first().focus();
  const seen: string[] = [];
  for (const key of ["ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"]) {
    await page.keyboard.press(key);
    const before = seen.at(-1);
    await until(
      async () => {
        const text = String(await page.evaluate(focused));
        if (text === (before ?? "dns")) return false;
        seen.push(text);
        return true;
      },
      { timeoutMs: 5_000, what: `another focus after ${key}` },
    );
  }
  expect(seen).toEqual(["(any host)", "shop", "(any host)", "dns"]);
});

pageTest("the focus can be seen wherever it goes", async ({ open }) => {
  const { page } = await open("/#/chart");
  await routeRow(page, "shop").waitFor();
  const unseen: string[] = [];
  for (let steps = 0; steps < 14; steps += 1) {
    await page.keyboard.press("Tab");
    const style = await page.evaluate<string>(
      "(({ outlineStyle, outlineWidth, boxShadow }) => [outlineStyle, outlineWidth, boxShadow].join(' '))(getComputedStyle(document.activeElement))",
    );
    if (/^none|^\S+ 0px/.test(style) && style.endsWith("none"))
      unseen.push(`${await page.evaluate(focused)}: ${style}`);
  }
  expect(unseen).toEqual([]);
});

pageTest("the theme is chosen, kept over a reload, and as the system has it else", async ({ open }) => {
  const { page } = await open("/#/chart", { theme: "dark" });
  const isDark = () =>
    page.evaluate<boolean>("Number(getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/)) < 100");
  await routeRow(page, "shop").waitFor();
  expect(await isDark()).toBe(true);
  await page.getByRole("combobox", { name: "Colours" }).selectOption({ label: "☀ light" });
  expect(await isDark()).toBe(false);
  await page.reload();
  await routeRow(page, "shop").waitFor();
  expect(await isDark()).toBe(false);
});
