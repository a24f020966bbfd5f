import { expect } from "vitest";
import { tooWideBy } from "./support/axe.ts";
import { pageTest } from "./support/page-test.ts";
import { keepPicture } from "./support/pictures.ts";

/** HTML that would run, a sequence that clears a terminal, and a mark that turns around what follows it. */
const EVIL = `<img src=x onerror="window.stolen=1"><script>window.stolen=2</script>\u001b[2J\u202egnp.exe\u2066`;
const LONG = "long-".repeat(2_000);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** 400 letters, each of which may be shown by six. An address names a thing whole. */
const MOST_OF_TITLE = 3_000;

const VIEWS = ["/#/chart", "/#/ports", "/#/timeline", "/#/attention"] as const;

pageTest(
  "names of HTML, terminal sequences, marks of direction and 10,000 letters are inert text in every view",
  async ({ open, cluster }) => {
    const name = `evil ${EVIL}`;
    const routed = (router: string, host: string) => [
      "traefik.enable=true",
      `traefik.http.routers.${router}.rule=Host(\`${host}\`)`,
    ];
    cluster.register({ service: name, port: 24_200, node: `node ${EVIL}`, tags: routed("evil", "evil.test") });
    cluster.register({
      service: `${name} 2`,
      port: 24_201,
      tags: ["traefik.enable=true", `traefik.http.routers.e.ru${EVIL}le=x`],
    });
    cluster.register({ service: LONG, port: 24_202, node: LONG, tags: routed("long", `${"label.".repeat(40)}test`) });
    cluster.register({
      service: `${LONG}2`,
      port: 24_203,
      tags: ["traefik.enable=true", `traefik.http.routers.${LONG}.ruel=x`],
    });
    const addresses = [
      ...VIEWS,
      ...[name, LONG, EVIL].map((about) => `/#/explain?about=${encodeURIComponent(about)}`),
      `/#/chart?filter=${encodeURIComponent(EVIL)}`,
    ];
    for (const width of [1_280, 360]) {
      const { page } = await open("/#/chart", { width });
      await page.getByText("evil.test").first().waitFor();
      for (const [position, address] of addresses.entries()) {
        await page.goto(new URL(address, page.url()).href);
        await page.getByRole("heading", { level: 1 }).waitFor();
        if (position < VIEWS.length)
          await page
            .getByRole("main")
            .getByText(/<img src=x/)
            .first()
            .waitFor();
        expect(await page.evaluate("window.stolen"), address).toBeUndefined();
        expect(await page.locator("main img, main script, main iframe").count(), address).toBe(0);
        const text = await page.locator("body").innerText();
        expect(text.match(UNPRINTABLE), address).toBeNull();
        const attributes = await page.evaluate<readonly (readonly [string, string])[]>(
          "[...document.querySelectorAll('*')].flatMap(({ attributes }) => [...attributes].map(({ name, value }) => [name, value])).filter(([name]) => /^(title|aria-label|href|datetime)$/.test(name))",
        );
        const isBad = ([name, value]: readonly [string, string]) =>
          UNPRINTABLE.test(value) || (name !== "href" && value.length > MOST_OF_TITLE);
        expect(attributes.filter(isBad), address).toEqual([]);
        expect(await page.title(), address).not.toMatch(UNPRINTABLE);
        await keepPicture(page, `hostile-${position}-${width}`);
        expect(await tooWideBy(page), `${address} at ${width} pixels`).toBeLessThanOrEqual(0);
      }
    }
  },
);

pageTest("an address that a stranger has made shows nothing but text", async ({ open }) => {
  const { page } = await open(
    `/#/${encodeURIComponent(EVIL)}?about=${encodeURIComponent(EVIL)}&__proto__=x&constructor=y`,
  );
  await page.getByRole("heading", { level: 1, name: "Chart" }).waitFor();
  await page.goto(new URL(`/#/explain?about=${encodeURIComponent(`javascript:${EVIL}`)}`, page.url()).href);
  await page.getByRole("heading", { level: 1, name: /^javascript:/ }).waitFor();
  expect(await page.evaluate("window.stolen")).toBeUndefined();
  expect(await page.locator("a[href^=javascript]").count()).toBe(0);
});
