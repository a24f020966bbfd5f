import { describe, expect, test } from "vitest";
import { decodeInstances, decodeServiceList } from "../../../src/sources/nomad/decode.ts";
import { recording } from "../../fixtures/nomad/recordings.ts";

const RULE = "traefik.http.routers.windmill.rule=Host(`windmill.lab.local`)";

describe("what a real agent answered", () => {
  test.each(["services", "services-all-namespaces"])(
    "%s: names with their namespace, and the union of tags",
    (name) => {
      expect(decodeServiceList(recording(name).body)).toEqual(
        new Map([
          [
            "default/windmill-grpc",
            ["traefik.enable=true", "traefik.http.services.windmill-grpc.loadbalancer.server.scheme=h2c"],
          ],
          ["default/windmill", ["traefik.enable=true", RULE]],
        ]),
      );
    },
  );

  test("service-windmill: everything that decides a route", () => {
    const [first, second, ...others] = decodeInstances(recording("service-windmill").body);
    expect(first).toEqual({
      catalog: "nomad",
      service: "windmill",
      id: "_nomad-task-04e823c9-45a5-fc91-18fc-a9d9c14274b0-group-web-windmill-http",
      node: "3f4fb4fa-7044-5ef1-a4a8-1c1c1900760e",
      nodeId: "3f4fb4fa-7044-5ef1-a4a8-1c1c1900760e",
      datacenter: "dc1",
      namespace: "default",
      job: "windmill",
      nodeAddress: "",
      address: "127.0.0.1",
      port: 20_317,
      tags: ["traefik.enable=true", RULE],
      checks: [],
      meta: {},
      taggedAddresses: {},
      weights: { passing: 1, warning: 1 },
      createIndex: 15,
    });
    expect(second).toMatchObject({ port: 24_039, createIndex: 14 });
    expect(others).toEqual([]);
  });

  test("canary-service-windmill: a canary is one more registration with tags of its own", () => {
    const canaries = decodeInstances(recording("canary-service-windmill").body).filter(({ tags }) =>
      tags.includes("traefik.nomad.canary=true"),
    );
    expect(canaries.map(({ port, createIndex }) => ({ port, createIndex }))).toEqual([
      { port: 23_596, createIndex: 25 },
    ]);
  });

  test("promoted-service-windmill: a promotion changes tags and leaves the index of creation", () => {
    const promoted = decodeInstances(recording("promoted-service-windmill").body);
    expect(promoted.find(({ port }) => port === 23_596)).toMatchObject({
      createIndex: 25,
      tags: ["traefik.enable=true", RULE],
    });
  });

  test("drained-services and service-unknown: nothing, which is an answer", () => {
    expect(decodeServiceList(recording("drained-services").body)).toEqual(new Map());
    expect(decodeInstances(recording("service-unknown").body)).toEqual([]);
  });
});

test("services of one name in two namespaces are two", () => {
  const body = ["a", "b"].map((Namespace) => ({ Namespace, Services: [{ ServiceName: "web", Tags: null }] }));
  expect(decodeServiceList(body)).toEqual(
    new Map([
      ["a/web", []],
      ["b/web", []],
    ]),
  );
});

describe("a body of another shape is refused as a whole", () => {
  const wrong = ["<html>", 42, null, undefined, {}, ["x"], [null], [{}], [{ Namespace: "a" }]];
  test.each(wrong.map((body) => ({ body })))("$body", ({ body }) => {
    for (const decode of [decodeServiceList, decodeInstances]) {
      expect(() => decode(body)).toThrow(expect.objectContaining({ code: "E_CATALOG_SHAPE" }));
    }
  });

  test.each([
    ["a port that is text", { Port: "20317" }],
    ["half a port", { Port: 0.5 }],
    ["a tag that is a number", { Tags: [1] }],
    ["no address", { Address: undefined }],
    ["no namespace", { Namespace: undefined }],
  ])("one registration among good ones with %s, and the message says where to look", (_what, fault) => {
    const [good] = recording("service-windmill").body as object[];
    expect(() => decodeInstances([good, { ...good, ...fault }])).toThrow(
      expect.objectContaining({
        code: "E_CATALOG_SHAPE",
        message: expect.stringMatching(
          /^\/v1\/service answered .*: 1\..*check that nomad.address is Nomad's HTTP API$/,
        ),
      }),
    );
  });
});

test("the order of the answer does not matter", () => {
  const body = recording("canary-service-windmill").body as object[];
  expect(decodeInstances(body.toReversed())).toEqual(decodeInstances(body));
});
