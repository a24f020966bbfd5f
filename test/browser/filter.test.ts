import { expect } from "vitest";
import { until } from "../support/await-until.ts";
import { filterField, routeRow, viewLink } from "./support/find.ts";
import { pageTest } from "./support/page-test.ts";

pageTest(
  "the filter narrows as one types, and the address holds it: for a reload and for a colleague",
  async ({ open }) => {
    const { page } = await open("/#/chart");
    await routeRow(page, "api").waitFor();
    await filterField(page).pressSequentially("sho");
    await routeRow(page, "api").waitFor({ state: "detached" });
    expect(await routeRow(page, "shop").count()).toBe(1);
    await until(() => page.url().endsWith("#/chart?filter=sho"), { timeoutMs: 5_000, what: "the address to hold it" });

    await page.reload();
    await routeRow(page, "shop").waitFor();
    expect(await filterField(page).inputValue()).toBe("sho");
    expect(await routeRow(page, "api").count()).toBe(0);

    const { page: colleague } = await open(new URL(page.url()).hash.replace("#", "/#"));
    await routeRow(colleague, "shop").waitFor();
    expect(await routeRow(colleague, "api").count()).toBe(0);

    await filterField(page).press("Escape");
    await routeRow(page, "api").waitFor();
    await until(() => page.url().endsWith("#/chart"), { timeoutMs: 5_000, what: "the address to be without it" });
  },
);

pageTest("what a filter leaves out is counted, and nothing found is said with what may be done", async ({ open }) => {
  const { page } = await open("/#/chart?filter=shop");
  await page.getByText(/1 of 2/).waitFor();
  await filterField(page).fill("no-such-thing");
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await routeRow(page, "api").waitFor();
  expect(await filterField(page).inputValue()).toBe("");
});

pageTest("back and forward go from view to view, with the filter as it was", async ({ open }) => {
  const { page } = await open("/#/chart");
  await routeRow(page, "api").waitFor();
  await filterField(page).fill("shop");
  await routeRow(page, "api").waitFor({ state: "detached" });
  await routeRow(page, "shop").getByRole("link", { name: "shop", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: "shop" }).waitFor();
  await viewLink(page, "Ports").click();
  await page.getByRole("heading", { level: 1, name: "Ports" }).waitFor();

  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "shop" }).waitFor();
  await page.goBack();
  await routeRow(page, "shop").waitFor();
  expect(await filterField(page).inputValue()).toBe("shop");
  expect(await routeRow(page, "api").count()).toBe(0);
  await page.goForward();
  await page.getByRole("heading", { level: 1, name: "shop" }).waitFor();
});

pageTest("a huge filter from an address is cut, and the page stays as quick as it was", async ({ open }) => {
  const { page } = await open(`/#/chart?filter=${encodeURIComponent("(x+x+)+y ".repeat(5_000))}`);
  await page.getByRole("link", { name: "Clear the filter" }).waitFor();
  expect((await filterField(page).inputValue()).length).toBeLessThanOrEqual(2_000);
  await page.getByRole("link", { name: "Clear the filter" }).click();
  await routeRow(page, "shop").waitFor();
});
