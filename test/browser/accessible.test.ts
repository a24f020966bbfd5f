import { describe, expect } from "vitest";
import { tooWideBy, violations } from "./support/axe.ts";
import { pageTest } from "./support/page-test.ts";
import { keepPicture } from "./support/pictures.ts";

/** Each view with what must be there before it is looked at. */
const VIEWS: readonly (readonly [string, string, RegExp])[] = [
  ["chart", "/#/chart", /shop\.test/],
  ["chart-nothing-found", "/#/chart?filter=nothing-like-it", /Clear the filter/],
  ["ports", "/#/ports", /8081/],
  ["timeline", "/#/timeline", /shop/],
  ["attention", "/#/attention", /ruel/],
  ["explain-refused", "/#/explain?about=wiki", /ruel/],
  ["explain-routed", "/#/explain?about=shop", /24001/],
  ["explain-unknown", "/#/explain?about=nothing-like-it", /nothing-like-it/],
];

describe.each([
  ["light", 1_280],
  ["dark", 1_280],
  ["light", 360],
  ["dark", 360],
] as const)("in the theme %s at %i pixels", (theme, width) => {
  pageTest("every view is accessible by axe, and none has to be scrolled sideways", async ({ open }) => {
    const { page } = await open("/", { theme, width, height: width < 500 ? 740 : 800 });
    const found: string[] = [];
    for (const [name, address, content] of VIEWS) {
      await page.goto(new URL(address, page.url()).href);
      await page.getByRole("main").getByText(content).first().waitFor();
      await keepPicture(page, `${name}-${theme}-${width}`);
      found.push(...(await violations(page)).map((one) => `${name}: ${one}`));
      const pixels = await tooWideBy(page);
      if (pixels > 0) found.push(`${name}: ${pixels} pixels too wide`);
    }
    expect(found).toEqual([]);
  });
});
