import { expect, test } from "vitest";
import type { Claimant } from "../../../../src/core/hosts/claimant.ts";
import { findReplacedRouters, routersStillKept } from "../../../../src/core/hosts/conflicts/replaced-routers.ts";
import { claimant, host, hostIndexOf, type RouterOptions, sharingBy } from "../../../builders/claimants.ts";

const A = host("a.org");
const gone = (rule: string, options: RouterOptions = {}) => claimant("gone", { rule, kind: "absent", ...options });
const next = (rule: string, options: RouterOptions = {}) => claimant("next", { rule, ...options });
const [KEPT, OVER] = [true, false];

test.each<[string, Claimant, boolean, readonly Claimant[], boolean]>([
  ["no other router asks", gone(A), OVER, [], false],
  ["over, and another router names the host", gone(A), OVER, [next(host("a.org", "/x"))], true],
  ["kept, and another router names the host below", gone(A), KEPT, [next(host("a.org", "/x"))], false],
  ["kept, and another router takes all", gone(A), KEPT, [next(A)], true],
  ["over, and another router names another host", gone(A), OVER, [next(host("b.org"))], false],
  ["over, and only the operator names the host", gone(A), OVER, [next(A, { kind: "operator" })], false],
  ["over, and the same set", gone("PathPrefix(`/`)"), OVER, [next("PathPrefix(`/`)")], true],
  ["kept, and the same set", gone("PathPrefix(`/`)"), KEPT, [next("PathPrefix(`/`)")], false],
  [
    "kept, and the same set in the same group",
    gone("PathPrefix(`/`)", { namespace: "n" }),
    KEPT,
    [next("PathPrefix(`/`)", { namespace: "n" })],
    true,
  ],
  [
    "over, and its group names the host at another entry point",
    gone(A, { namespace: "n", entryPoints: ["web"] }),
    OVER,
    [next(A, { namespace: "n", entryPoints: ["websecure"] })],
    false,
  ],
  [
    "kept, and its group takes all at another entry point",
    gone(A, { namespace: "n", entryPoints: ["web"] }),
    KEPT,
    [next(A, { namespace: "n", entryPoints: ["websecure"] })],
    false,
  ],
  [
    "over, and a stranger names the host at another entry point",
    gone(A, { entryPoints: ["web"] }),
    OVER,
    [next(A, { entryPoints: ["websecure"] })],
    true,
  ],
])("%s", (_, absent, isKept, asks, isReplaced) => {
  const owners = [{ claimant: absent, isKept, isPublished: true }];
  const replaced = findReplacedRouters(owners, hostIndexOf(...asks), new Map(), sharingBy());
  expect(replaced.has(absent.key)).toBe(isReplaced);
  expect(routersStillKept(owners, replaced)).toEqual(isKept && !isReplaced ? [absent] : []);
});

test("a router that is refused replaces none, and a recorded host without a router is no router", () => {
  const [absent, asking] = [gone(A), next(A)];
  const index = hostIndexOf(asking);
  const refused = new Map([[asking, { winner: absent, why: { kind: "host-taken", host: "a.org" } as const }]]);
  expect(
    findReplacedRouters([{ claimant: absent, isKept: true, isPublished: true }], index, refused, sharingBy()).size,
  ).toBe(0);
  expect(
    findReplacedRouters([{ claimant: absent, isKept: true, isPublished: false }], index, new Map(), sharingBy()).size,
  ).toBe(0);
});
