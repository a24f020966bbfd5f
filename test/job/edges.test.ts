import { expect, test } from "vitest";
import { jobGroup, jobOf, jobService, staticPort } from "../builders/job.ts";
import { instance } from "../builders/world.ts";
import { judged, told } from "./judged.ts";

const WEB = "group app, service web";
const PUBLIC = { edges: [{ name: "outside", prefix: "public", file: "/out/public.yml" }] };

function ofTags(tags: readonly string[], service: object = {}, beside: Parameters<typeof judged>[1] = {}) {
  const web = jobService("web", { Tags: tags, ...service });
  return judged(jobOf([jobGroup([web])]), { settings: PUBLIC, ...beside });
}

test("tags with an edge's prefix are judged by that edge, which has the route", () => {
  const { findings, services } = ofTags(["public.enable=true", "public.http.routers.shop.rule=Host(`a.example.org`)"]);
  expect(findings).toEqual([]);
  expect(services[0]).toMatchObject({
    isAsking: true,
    routes: [{ key: "http/routers/shop", rule: "Host(`a.example.org`)", edge: "outside" }],
  });
});

test("a slip in them is told with the edge's name and the tag", () => {
  const tag = "public.http.routers.shop.rule=Host(`a.example.org`";
  const { findings } = ofTags(["public.enable=true", tag]);
  expect(findings).toEqual([expect.objectContaining({ severity: "error", place: `${WEB}, edge outside`, tag })]);
});

test("a service that only an edge routes needs its check and its delay all the same", () => {
  const web = jobService("web", { Tags: ["public.enable=true"], Checks: null });
  const job = jobOf([jobGroup([web], { ShutdownDelay: 0 })]);
  expect(told(judged(job, { settings: PUBLIC }))).toEqual([
    `warning JOB_CHECK_MISSING ${WEB}`,
    `warning JOB_SHUTDOWN_DELAY ${WEB}`,
  ]);
  expect(told(judged(job))).toEqual([]);
});

test("what all charts say alike is said once, as are static ports", () => {
  const both = ["traefik.enable=true", "public.enable=true"];
  expect(
    told(judged(jobOf([jobGroup([jobService("web", { Tags: both })], staticPort(8080))]), { settings: PUBLIC })),
  ).toEqual([`error PORT_OUTSIDE_WINDOW ${WEB}`]);
  expect(ofTags(both).services[0]?.routes.map(({ key, edge }) => [key, edge])).toEqual([
    ["http/routers/web", undefined],
    ["http/routers/web", "outside"],
  ]);
});

test("a host that another service has at the edge is told there, and not in the chart where none has it", () => {
  const rule = (prefix: string, host: string) => `${prefix}.http.routers.web.rule=Host(\`${host}\`)`;
  const live = [
    instance({
      service: "old",
      id: "old",
      port: 24_001,
      tags: ["public.enable=true", "public.http.routers.old.rule=Host(`a.example.org`)"],
    }),
  ];
  const tags = [
    "traefik.enable=true",
    rule("traefik", "a.example.org"),
    "public.enable=true",
    rule("public", "a.example.org"),
  ];
  expect(told(ofTags(tags, {}, { live }))).toEqual([`error HOST_TAKEN ${WEB}, edge outside`]);
});

test("the policy's edges count: a service that may be in one chart alone is refused in the other", () => {
  const policy = { rules: [{ edge: ["main"] }] };
  expect(told(ofTags(["public.enable=true"], {}, { policy }))).toEqual([
    expect.stringMatching(/^error .*, edge outside$/),
  ]);
});
