import { expect, test } from "vitest";
import { age } from "../../src/base/age.ts";
import { whyEmpty } from "../../src/page/chart/why-empty.ts";
import { shown, webUrl } from "../../src/page/parts/shown.ts";
import { timeOfDay } from "../../src/page/parts/times.ts";
import { connectionWords } from "../../src/page/shell/connection-words.ts";
import { routeRow } from "./route-row.ts";
import { statusAnswer } from "./status-answer.ts";

const NOON = new Date(2026, 10, 30, 12, 3, 10).getTime();

test("a text of an unknown author is one harmless line, and not endless", () => {
  expect(shown("a\u202eb\u001b[31mc\nd")).toBe("a\\u202eb\\u001b[31mc\\u000ad");
  expect(shown("x".repeat(100_000))).toHaveLength(401);
});

test.each([
  ["https://nomad.test/ui/allocations/1", "https://nomad.test/ui/allocations/1"],
  ["http://10.0.0.1:4646/ui", "http://10.0.0.1:4646/ui"],
  ["javascript:alert(1)", undefined],
  ["data:text/html,x", undefined],
  ["//evil.test", undefined],
  ["", undefined],
  [undefined, undefined],
])("a link to %s", (text, url) => {
  expect(webUrl(text)).toBe(url);
});

test("times are short, and of the day where they are not of today", () => {
  expect([500, 59_000, 60_000, 7_200_000, 200_000_000, -5_000].map((ms) => age(ms / 1_000))).toEqual([
    "0s",
    "59s",
    "1m",
    "2h",
    "2d",
    "0s",
  ]);
  expect(timeOfDay(NOON, NOON)).toBe("12:03:10");
  expect(timeOfDay(NOON, NOON + 86_400_000)).toBe("2026-11-30 12:03:10");
});

test("a page without its daemon says since when, and of when is what it shows", () => {
  const away = { kind: "away", sinceMs: NOON + 5_000, heardMs: NOON } as const;
  expect(connectionWords(away, NOON + 9_000).whole).toBe(
    "The daemon does not answer; what is shown is of 12:03:10. Reconnecting since 12:03:15.",
  );
  expect(connectionWords({ ...away, heardMs: undefined }, NOON).whole).toContain("nothing has been read yet");
});

const READ = { rows: [], isWhole: true, total: 0 };
const LIVE = { kind: "live" } as const;

test("an empty chart says why it is empty", () => {
  const status = statusAnswer();
  const unread = { source: "Consul http://c:8500", ageSeconds: null, failingSeconds: 60, services: 0 };
  const lastError = { code: "E_CATALOG_AWAY", message: "connection refused" };
  const asked = { text: "", routes: READ, status, connection: LIVE, nowMs: NOON };
  expect(whyEmpty(asked).sentences.join()).toContain("traefik.enable=true");
  expect(whyEmpty({ ...asked, routes: { ...READ, total: undefined } }).title).toBe("Reading the routes …");
  expect(whyEmpty({ ...asked, status: statusAnswer({ sources: [{ ...unread, lastError }] as never }) })).toEqual({
    title: "The catalog has not been read",
    sentences: ["Consul http://c:8500: connection refused (E_CATALOG_AWAY) since 12:02:10"],
    isFiltered: false,
  });
  const filtered = whyEmpty({ ...asked, text: "wikki", routes: { rows: [routeRow("wiki")], isWhole: true, total: 1 } });
  expect(filtered).toMatchObject({ title: "Nothing matches “wikki”", isFiltered: true });
});
