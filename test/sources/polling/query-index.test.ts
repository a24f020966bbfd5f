import { expect, test } from "vitest";
import { judgeIndex } from "../../../src/sources/polling/query-index.ts";

test.each([
  { what: "a higher index is an advance", previous: 5n, header: "7", step: { kind: "advanced", index: 7n } },
  { what: "the first answer is an advance", previous: 0n, header: "7", step: { kind: "advanced", index: 7n } },
  { what: "an equal index is the same", previous: 7n, header: "7", step: { kind: "same", index: 7n } },
  { what: "a lower index starts again from 0", previous: 7n, header: "6", step: { kind: "reset", index: 0n } },
  {
    what: "0 counts as 1, or the next query would not block",
    previous: 0n,
    header: "0",
    step: { kind: "advanced", index: 1n },
  },
  { what: "0 again is the same 1", previous: 1n, header: "0", step: { kind: "same", index: 1n } },
  { what: "0 after more is a reset", previous: 9n, header: "0", step: { kind: "reset", index: 0n } },
  {
    what: "the largest index is kept to its last digit",
    previous: 18446744073709551614n,
    header: "18446744073709551615",
    step: { kind: "advanced", index: 18446744073709551615n },
  },
  { what: "no header is invalid", previous: 5n, header: undefined, step: { kind: "invalid", found: "no header" } },
  ...["", "-1", "1.5", "0x10", "1e3", " 7", "7,7", "abc", "123456789012345678901"].map((header) => ({
    what: `${JSON.stringify(header)} is invalid`,
    previous: 5n,
    header,
    step: { kind: "invalid", found: header },
  })),
])("$what", ({ previous, header, step }) => {
  expect(judgeIndex(previous, header)).toEqual(step);
});
