import { expect, test } from "vitest";
import { CatalogError } from "../../../src/sources/catalog/catalog-error.ts";
import { type TokenReader, withToken } from "../../../src/sources/credentials/token.ts";

const never = new AbortController().signal;

/** A catalog that knows some tokens; `asked` are those that it was shown. */
function catalogThatKnows(...known: readonly string[]) {
  const asked: string[] = [];
  return {
    asked,
    async request(token: string) {
      asked.push(token);
      if (!known.includes(token)) throw new CatalogError("E_CATALOG_DENIED", `403: ${asked.join()} not known`);
      return `read with ${token}`;
    },
  };
}

/** One token until it is refused, then another. */
const replaced: TokenReader = (refused) => (refused === undefined ? "old-token" : "new-token");

test("a request is made with the token that is in use", async () => {
  const { request, asked } = catalogThatKnows("old-token");
  expect(await withToken(replaced, never, request)).toBe("read with old-token");
  expect(asked).toEqual(["old-token"]);
});

test("a refused request is made again with the token that has taken the place of the refused one", async () => {
  const { request, asked } = catalogThatKnows("new-token");
  expect(await withToken(replaced, never, request)).toBe("read with new-token");
  expect(asked).toEqual(["old-token", "new-token"]);
});

test("it is not made again with the same token, nor a third time, and no token is in the error", async () => {
  const same = catalogThatKnows();
  await expect(withToken(() => "old-token", never, same.request)).rejects.toMatchObject({ code: "E_CATALOG_DENIED" });
  expect(same.asked).toEqual(["old-token"]);

  const strict = catalogThatKnows();
  await expect(withToken(replaced, never, strict.request)).rejects.toMatchObject({
    code: "E_CATALOG_DENIED",
    message: expect.not.stringContaining("old-token"),
  });
  expect(strict.asked).toEqual(["old-token", "new-token"]);
});

test("another failure is no reason for another token", async () => {
  const asked: string[] = [];
  const request = async (token: string) => {
    asked.push(token);
    throw new CatalogError("E_CATALOG_STATUS", "status 500");
  };
  await expect(withToken(replaced, never, request)).rejects.toMatchObject({ code: "E_CATALOG_STATUS" });
  expect(asked).toEqual(["old-token"]);
});

test("a request that waits for a token may be given up", async () => {
  const giveUp = new AbortController();
  const waiting = withToken(
    () => new Promise(() => {}),
    giveUp.signal,
    async () => "never",
  );
  giveUp.abort();
  await expect(waiting).rejects.toMatchObject({ code: "E_CATALOG_ABORTED" });
});
