import { expect, test } from "vitest";
import type { AnswerFacts } from "../../../src/sources/http/answer-facts.ts";
import { answerFacts } from "../../../src/sources/http/answer-facts.ts";
import { createVisibility } from "../../../src/sources/watch/visibility.ts";

const PLAIN_FACTS: AnswerFacts = { ageMs: 0, knowsLeader: true, isFiltered: false, deniesByDefault: false };

function facts(headers: Record<string, string>): AnswerFacts {
  return answerFacts({ header: (name) => headers[name] }, "x-consul");
}

/** A visibility, and what it reported in order. */
function watched(serversName?: string) {
  const reported: string[] = [];
  const visibility = createVisibility(serversName);
  visibility.onChange((sign, isPresent) => reported.push(`${isPresent ? "+" : "-"}${sign}`));
  return { visibility, reported };
}

test.each<[string, Record<string, string>, Partial<AnswerFacts>]>([
  ["no header at all says nothing", {}, { ageMs: undefined, knowsLeader: undefined, isFiltered: false }],
  ["a server's last contact", { "x-consul-lastcontact": "42" }, { ageMs: 42 }],
  ["the age of a cached answer, in seconds", { age: "7" }, { ageMs: 7_000 }],
  ["the older of the two", { age: "1", "x-consul-lastcontact": "2500" }, { ageMs: 2_500 }],
  ["a leader", { "x-consul-knownleader": "true" }, { knowsLeader: true }],
  ["no leader", { "x-consul-knownleader": "false" }, { knowsLeader: false }],
  ["a filtered answer", { "x-consul-results-filtered-by-acls": "true" }, { isFiltered: true }],
  ["denial by default", { "x-consul-default-acl-policy": "deny" }, { deniesByDefault: true }],
  ["allowance by default", { "x-consul-default-acl-policy": "allow" }, { deniesByDefault: false }],
  [
    "no leader since the server started, as Nomad says it",
    { "x-consul-lastcontact": "9223372036854", "x-consul-knownleader": "true" },
    { ageMs: Infinity, knowsLeader: false },
  ],
  ["an age that is no number", { age: "soon", "x-consul-lastcontact": "-3" }, { ageMs: undefined }],
])("%s", (_what, headers, found) => {
  expect(facts(headers)).toMatchObject(found);
});

test("a list without the servers' own service is a sign, until it has it again", () => {
  const { visibility, reported } = watched("consul");
  visibility.sawList(new Map([["consul", []]]));
  visibility.sawList(new Map([["web", []]]));
  visibility.sawList(new Map());
  visibility.sawList(new Map([["consul", []]]));
  expect(reported).toEqual(["+no-servers", "-no-servers"]);
});

test("a product without such a service has no such sign", () => {
  const { visibility, reported } = watched();
  visibility.sawList(new Map());
  expect(reported).toEqual([]);
});

test("an empty list is a sign where ACLs deny by default, and only there", () => {
  const { visibility, reported } = watched();
  visibility.sawList(new Map());
  visibility.saw({ ...PLAIN_FACTS, deniesByDefault: true });
  visibility.sawList(new Map([["web", []]]));
  expect(reported).toEqual([]);
  visibility.sawList(new Map());
  expect(visibility.partialViewReasons).toEqual(["default-deny"]);
});

test("one filtered answer is a sign until a complete read has met none", () => {
  const { visibility, reported } = watched();
  visibility.saw({ ...PLAIN_FACTS, isFiltered: true });
  visibility.saw(PLAIN_FACTS);
  expect(visibility.partialViewReasons).toEqual(["filtered"]);
  visibility.beginRead();
  visibility.saw({ ...PLAIN_FACTS, isFiltered: true });
  visibility.saw(PLAIN_FACTS);
  visibility.endRead();
  expect(visibility.partialViewReasons).toEqual(["filtered"]);
  visibility.beginRead();
  visibility.saw(PLAIN_FACTS);
  visibility.endRead();
  expect(reported).toEqual(["+filtered", "-filtered"]);
});

test("a server that does not say whether it knows a leader changes nothing", () => {
  const { visibility, reported } = watched();
  visibility.saw({ ...PLAIN_FACTS, knowsLeader: false });
  visibility.saw({ ...PLAIN_FACTS, knowsLeader: undefined });
  expect(visibility.partialViewReasons).toEqual(["no-leader"]);
  visibility.saw(PLAIN_FACTS);
  expect(reported).toEqual(["+no-leader", "-no-leader"]);
});
