import { expect, test } from "vitest";
import { AppError } from "../../src/base/errors.ts";
import { createPacedVersions } from "../../src/daemon/paced-versions.ts";
import type { VersionChanges } from "../../src/daemon/version-changes.ts";
import { createFakeClock } from "../fakes/fake-clock.ts";
import { createFakeVersions } from "../fakes/fake-versions.ts";

const added = (router: string): VersionChanges => new Map([[router, "added"]]);

/** 10 s of packing. */
const LARGE = "x".repeat(500_000);

test("a large chart is kept at once, the next ones when their time has come, and of those the last", async () => {
  const clock = createFakeClock();
  const versions = createFakeVersions();
  const paced = createPacedVersions({ versions, clock, failed: (error) => expect.fail(String(error)) });
  for (const router of ["first", "second", "third"]) await paced.keep(LARGE, added(router), clock.nowMs());
  const reasons = async () => (await paced.list()).map(({ reason }) => reason);
  expect(await reasons()).toEqual(["1 added: first"]);
  await clock.advance(9_999);
  expect(await reasons()).toEqual(["1 added: first"]);
  await clock.advance(1);
  expect(await reasons()).toEqual(["2 added: second, third", "1 added: first"]);
});

test("small charts are kept one and all where they come a moment apart", async () => {
  const clock = createFakeClock();
  const paced = createPacedVersions({ versions: createFakeVersions(), clock, failed() {} });
  for (const router of ["first", "second"]) {
    await paced.keep("a small chart", added(router), clock.nowMs());
    await clock.advance(1);
  }
  expect(await paced.list()).toHaveLength(2);
});

test("the first version changes nothing where it has no routes; one that changes no router later is told as such", async () => {
  const clock = createFakeClock();
  const paced = createPacedVersions({
    versions: createFakeVersions(),
    clock,
    failed: (error) => expect.fail(String(error)),
  });
  for (const text of ["no routes", "another middleware"]) {
    await paced.keep(text, new Map(), clock.nowMs());
    await clock.advance(1);
  }
  expect((await paced.list()).map(({ reason }) => reason)).toEqual([
    "what routers refer to changed",
    "the first chart that is kept",
  ]);
});

test("a version that cannot be kept later is reported", async () => {
  const clock = createFakeClock();
  const reported: AppError[] = [];
  const full = new AppError("no space", { code: "E_OUTPUT_NO_SPACE", retryable: true });
  const versions = createFakeVersions();
  const paced = createPacedVersions({
    versions: {
      ...versions,
      keep: (text, reason, nowMs) =>
        reason.endsWith("bad") ? Promise.reject(full) : versions.keep(text, reason, nowMs),
    },
    clock,
    failed: (error) => reported.push(error),
  });
  await paced.keep(LARGE, added("good"), clock.nowMs());
  await paced.keep(LARGE, added("bad"), clock.nowMs());
  await clock.advance(10_000);
  expect(reported).toEqual([full]);
});
