import { expect } from "vitest";
import { routeRow } from "./support/find.ts";
import { pageTest } from "./support/page-test.ts";

/** Words of an answer, without its form on a terminal and what passes with time. */
function words(text: string): readonly string[] {
  return text
    .replaceAll(/answered \d+ ?\S+ ago|\b\d+ ?(?:s|ms)\b/g, " ")
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((word) => word !== "");
}

pageTest.for([
  ["a service with a slip in a tag", "wiki"],
  ["a service on a port that is not a dynamic one", "powerdns"],
  ["a service that is routed", "shop"],
  ["a host", "api.test"],
  ["a name that nothing has", "nothing-like-it"],
] as const)(
  "%s is explained on the page with every word of the command's answer",
  async ([, about], { open, cluster }) => {
    const said = await cluster.command("explain", about);
    const [verdict = ""] = said.replace(/^\S /, "").split("\n");
    expect(verdict).not.toBe("");
    const { page } = await open(`/#/explain?about=${about}`);
    const main = page.getByRole("main");
    await main.getByText(verdict).first().waitFor();
    const shown = new Set(words(await main.innerText()).map((word) => word.toLowerCase()));
    expect(words(said).filter((word) => !shown.has(word.toLowerCase()))).toEqual([]);
  },
);

pageTest("from a route to its explanation and on, and the remedy is copied whole", async ({ open, cluster }) => {
  const { page } = await open("/#/chart");
  await routeRow(page, "shop").getByRole("link", { name: "shop", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: "shop" }).waitFor();
  await page.getByRole("main").getByText("shop.test").first().waitFor();
  expect(new URL(page.url()).hash).toBe("#/explain?about=shop");

  await page.goto(`${cluster.url}/#/explain?about=powerdns`);
  await page.getByRole("heading", { level: 1, name: "powerdns" }).waitFor();
  await page.getByRole("button", { name: "Copy as command" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await page.evaluate<string>("navigator.clipboard.readText()")).toContain("portolan explain powerdns");

  await page.goto(`${cluster.url}/#/attention?filter=service:powerdns`);
  const finding = page.locator(".finding", { hasText: "Remedy: " }).first();
  await finding.getByRole("button", { name: "Copy the remedy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const remedy = await page.evaluate<string>("navigator.clipboard.readText()");
  expect(remedy).toContain("let the scheduler choose the port");
  expect(await finding.innerText()).toContain(remedy);
});

pageTest("an explanation follows what happens: a tag that is mended", async ({ open, cluster }) => {
  const { page } = await open("/#/explain?about=wiki");
  const main = page.getByRole("main");
  await main.getByText(/wiki is not routed/).waitFor();
  cluster.register({ service: "wiki", port: 24_003 });
  await main.getByText(/wiki is routed/).waitFor();
});
