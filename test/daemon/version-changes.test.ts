import { expect, test } from "vitest";
import type { RouteChange } from "../../src/core/changes/route-change.ts";
import { changesInWords, type VersionChanges, withLaterChanges } from "../../src/daemon/version-changes.ts";

type Kind = RouteChange["kind"];

const changed = (...changes: readonly (readonly [string, Kind])[]): VersionChanges => new Map(changes);

test("the words name the routers, some of many", () => {
  const many = Array.from({ length: 7 }, (_, index) => [`r${index}`, "added"] as const);
  expect(changesInWords(changed(["web", "servers"], ...many, ["db (tcp)", "emptied"]))).toBe(
    "7 added: r0, r1, r2, r3, r4 and 2 more; 1 emptied: db (tcp); 1 with other servers: web",
  );
  expect(changesInWords(changed())).toBe("what routers refer to changed");
});

test.each<[Kind, Kind, Kind | undefined]>([
  ["added", "removed", undefined],
  ["added", "servers", "added"],
  ["removed", "added", "changed"],
  ["servers", "emptied", "emptied"],
  ["emptied", "restored", "servers"],
  ["emptied", "removed", "removed"],
  ["changed", "servers", "changed"],
  ["servers", "changed", "changed"],
])("%s and then %s are one change: %s", (first, then, both) => {
  expect(withLaterChanges(changed(["web", first]), changed(["web", then])).get("web")).toBe(both);
});
