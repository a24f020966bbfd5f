import { expect } from "vitest";
import { pageTest } from "./support/page-test.ts";

pageTest("the page loads, without an error and without asking another host", async ({ open }) => {
  const { page } = await open();
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect(await page.title()).toMatch(/portolan/);
});
