import { expect, test } from "vitest";
import { urlProblem } from "../../src/go/url.ts";

test.each([
  "http://10.0.0.1:8080",
  "https://a.example.org/x%20y?q=%zz#f",
  "h2c://[::1]:80",
  "http://[fe80::1%25eth0]/",
  "http://user:pass@host:",
  "http://",
  "localhost:80",
  "/only/a/path",
  "",
])("Go takes %j", (url) => {
  expect(urlProblem(url)).toBeUndefined();
});

test.each([
  ["10.0.0.1:80", "has no scheme before host and port"],
  [":80", "begins with a colon instead of a scheme"],
  ["http://host:http", "has a port that is no number"],
  ["http://::1:80", "has a port that is no number"],
  ["http://a b", "has a character that no host may have"],
  ["http://{host}", "has a character that no host may have"],
  ["http://ho%41st", "has a character that no host may have"],
  ["http://host\n", "has a control character"],
  ["http://host/%zz", "has a % without two hexadecimal digits"],
  ["http://host#%z", "has a % without two hexadecimal digits"],
  ["http://[::1", "has a stray bracket in its host"],
  ["http://a[::1]", "has a stray bracket in its host"],
  ["http://[10.0.0.1]", "has no IPv6 address in its brackets"],
  ["http://[::1]x", "has a port that is no number"],
  ["http://[::1%25]", "has a bad zone in its IPv6 address"],
  ["http://us er@host", "has a bad user name"],
])("Go refuses %j: it %s", (url, problem) => {
  expect(urlProblem(url)).toBe(problem);
});
