import { expect, test } from "vitest";
import type { AllocationWord } from "../../../src/core/catalog/allocation.ts";
import { nomadTaskOf } from "../../../src/core/catalog/nomad-task.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { instance } from "../../builders/world.ts";

const ID = "_nomad-task-96ae0c8b-7352-2b14-bb9c-a1a88d99cb44";
const allocation = "96ae0c8b";
const OF_JOB: AllocationWord = {
  kind: "of-job",
  nomad: "n",
  namespace: "default",
  job: "windmill",
  group: "app",
  isCanary: false,
};

test.each<[string, Partial<ServiceInstance>, ReturnType<typeof nomadTaskOf>]>([
  ["an id that is none of Nomad's", { id: "web-1" }, undefined],
  ["a group's service", { id: `${ID}-group-app-web-http` }, { group: "app", allocation, toldBy: "id" }],
  ["a task's service", { id: `${ID}-server-web-http` }, { task: "server", allocation, toldBy: "id" }],
  ["names with hyphens", { id: `${ID}-group-my-app-web-http` }, { group: "my-app", allocation, toldBy: "id" }],
  [
    "a group that is called like its service",
    { id: `${ID}-group-web-web-http` },
    { group: "web", allocation, toldBy: "id" },
  ],
  ["a service without a port", { id: `${ID}-group-app-web-` }, { group: "app", allocation, toldBy: "id" }],
  [
    "a sidecar",
    { id: `${ID}-group-app-web-9090-sidecar-proxy`, service: "web-sidecar-proxy" },
    { group: "app", allocation, toldBy: "id" },
  ],
  ["another service than the id's", { id: `${ID}-group-app-shop-http` }, { allocation, toldBy: "id" }],
  ["a name that is longer than any", { id: `${ID}-group-${"x".repeat(200)}-web-http` }, { allocation, toldBy: "id" }],
  [
    "an allocation of which Nomad says the job",
    { id: `${ID}-group-app-web-http`, allocation: OF_JOB },
    { job: "windmill", group: "app", allocation, toldBy: "nomad" },
  ],
  [
    "a job of another namespace",
    { id: `${ID}-group-app-web-http`, allocation: { ...OF_JOB, namespace: "team" } },
    { jobNamespace: "team", job: "windmill", group: "app", allocation, toldBy: "nomad" },
  ],
  [
    "a group that the id says otherwise: Nomad's word counts",
    { id: `${ID}-group-bank-web-http`, allocation: OF_JOB },
    { job: "windmill", group: "app", allocation, toldBy: "nomad" },
  ],
  [
    "a task that only the id says, of an allocation whose job is Nomad's word",
    { id: `${ID}-server-web-http`, allocation: OF_JOB },
    { job: "windmill", group: "app", allocation, toldBy: "nomad" },
  ],
  [
    "an allocation that Nomad has elsewhere",
    { id: `${ID}-group-app-web-http`, allocation: { kind: "elsewhere", nomad: "n" } },
    { allocation, toldBy: "refuted" },
  ],
  [
    "Nomad's own registration",
    { id: `${ID}-group-app-web-http`, catalog: "nomad", job: "windmill", namespace: "default" },
    { job: "windmill", group: "app", allocation, toldBy: "nomad" },
  ],
])("%s", (_what, more, task) => {
  expect(nomadTaskOf(instance({ service: "web", ...more }))).toEqual(task);
});
