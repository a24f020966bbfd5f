import { expect, test } from "vitest";
import { withoutCredentials } from "../../../src/core/traefik/url-credentials.ts";

test.each([
  ["http://10.0.0.1:24001/", "http://10.0.0.1:24001/"],
  ["10.0.0.1:24001", "10.0.0.1:24001"],
  ["http://user:s3cret@10.0.0.1:24001", "http://***@10.0.0.1:24001"],
  ["HTTPS://user:s3/cr@et@10.0.0.1", "HTTPS://***@10.0.0.1"],
  ["user:s3cret@10.0.0.1:24001", "***@10.0.0.1:24001"],
])("%s is shown as %s", (url, shown) => {
  expect(withoutCredentials(url)).toBe(shown);
});
