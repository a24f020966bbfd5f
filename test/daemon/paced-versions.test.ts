import { expect, test } from "vitest";
import { AppError } from "../../src/base/errors.ts";
import { createPacedVersions } from "../../src/daemon/paced-versions.ts";
import { createFakeClock } from "../fakes/fake-clock.ts";
import { createFakeVersions } from "../fakes/fake-versions.ts";

/** 10 s of packing. */
const LARGE = "x".repeat(500_000);

test("a large chart is kept at once, the next ones when their time has come, and of those the last", async () => {
  const clock = createFakeClock();
  const versions = createFakeVersions();
  const paced = createPacedVersions({ versions, clock, failed: (error) => expect.fail(String(error)) });
  for (const reason of ["first", "second", "third"]) await paced.keep(LARGE, reason, clock.nowMs());
  const reasons = async () => (await paced.list()).map(({ reason }) => reason);
  expect(await reasons()).toEqual(["first"]);
  await clock.advance(9_999);
  expect(await reasons()).toEqual(["first"]);
  await clock.advance(1);
  expect(await reasons()).toEqual(["third", "first"]);
});

test("small charts are kept one and all where they come a moment apart", async () => {
  const clock = createFakeClock();
  const paced = createPacedVersions({ versions: createFakeVersions(), clock, failed() {} });
  for (const reason of ["first", "second"]) {
    await paced.keep("a small chart", reason, clock.nowMs());
    await clock.advance(1);
  }
  expect(await paced.list()).toHaveLength(2);
});

test("a version that cannot be kept later is reported", async () => {
  const clock = createFakeClock();
  const reported: AppError[] = [];
  const full = new AppError("no space", { code: "E_OUTPUT_NO_SPACE", retryable: true });
  const versions = createFakeVersions();
  const paced = createPacedVersions({
    versions: {
      ...versions,
      keep: (text, reason, nowMs) => (reason === "bad" ? Promise.reject(full) : versions.keep(text, reason, nowMs)),
    },
    clock,
    failed: (error) => reported.push(error),
  });
  await paced.keep(LARGE, "good", clock.nowMs());
  await paced.keep(LARGE, "bad", clock.nowMs());
  await clock.advance(10_000);
  expect(reported).toEqual([full]);
});
