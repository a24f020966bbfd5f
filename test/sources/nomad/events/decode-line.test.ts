import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEventLine } from "../../../../src/sources/nomad/events/decode-line.ts";

/** Lines of a real Nomad 2.0.6, their payloads cut to what names them. */
const REGISTRATION =
  '{"Index":14,"Events":[{"FilterKeys":["windmill","windmill"],"Index":14,"Key":"_nomad-task-c92475fa-group-app-windmill-http","Namespace":"default","Payload":{"Service":{"AllocID":"c92475fa","ID":"_nomad-task-c92475fa-group-app-windmill-http","JobID":"windmill","Namespace":"default","Port":21096,"ServiceName":"windmill-http","Tags":["traefik.enable=true"]}},"Topic":"Service","Type":"ServiceRegistration"}]}';
const PLAN =
  '{"Index":12,"Events":[{"FilterKeys":["windmill","f5d33197"],"Index":12,"Key":"c92475fa","Namespace":"default","Payload":{"Allocation":{"ID":"c92475fa","JobID":"windmill"}},"Topic":"Allocation","Type":"PlanResult"},{"FilterKeys":["windmill"],"Index":12,"Key":"f5d33197","Namespace":"default","Payload":{"Deployment":{"ID":"f5d33197","JobID":"windmill"}},"Topic":"Deployment","Type":"PlanResult"}]}';
const NODE =
  '{"Index":9,"Events":[{"Index":9,"Key":"128b0d71","Namespace":"","Payload":{"Node":{"ID":"128b0d71"}},"Topic":"Node","Type":"NodeStreamEvent"}]}';

test.each([
  ["a sign of life", "{}", "heartbeat"],
  ["a registration", REGISTRATION, [{ topic: "Service", namespace: "default", service: "windmill-http", index: 14n }]],
  [
    "a plan",
    PLAN,
    [
      { topic: "Allocation", namespace: "default", id: "c92475fa", index: 12n },
      { topic: "Deployment", namespace: "default", job: "windmill" },
    ],
  ],
  ["a topic that was not asked for", NODE, []],
  ["a write without events", '{"Index":9,"Events":[]}', []],
])("%s", (_what, line, found) => {
  expect(decodeEventLine(line)).toEqual(found);
});

test.each([
  ["no JSON", "<html>"],
  ["half a line", REGISTRATION.slice(0, 100)],
  ["no object", "[]"],
  ["an index that is none", REGISTRATION.replace('"Index":14,"Events"', '"Index":"14","Events"')],
  ["an index that no number can hold", REGISTRATION.replace('"Index":14,"Events"', '"Index":1e300,"Events"')],
  ["events that are no list", '{"Index":9,"Events":{}}'],
  ["a registration without its service", REGISTRATION.replace('"ServiceName":"windmill-http"', '"ServiceName":7')],
  ["a name without an end", REGISTRATION.replace('"windmill-http"', `"${"x".repeat(5_000)}"`)],
  ["an event without a namespace", PLAN.replaceAll('"default"', "null")],
])("%s is garbage", (_what, line) => {
  expect(decodeEventLine(line)).toBe("garbage");
});

test("whatever a line holds, it is taken for one thing or another", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      const found = decodeEventLine(line);
      expect(found === "heartbeat" || found === "garbage" || Array.isArray(found)).toBe(true);
    }),
  );
});
