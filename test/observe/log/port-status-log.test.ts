import { expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { surveyPorts } from "../../../src/core/ports/survey.ts";
import { createPortStatusLog } from "../../../src/observe/log/port-status-log.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, settings } from "../../builders/world.ts";
import { createRecordingLog } from "../../fakes/recording-log.ts";

const ENTRY = { ports: 9000, owner: "minio", exposure: "internal", purpose: "S3" };
const minio = instance({ service: "minio", id: "minio", port: 9000, tags: [] });
const stranger = instance({ service: "job", id: "job", port: 9000, tags: [] });

function surveyOf(...instances: readonly ServiceInstance[]) {
  const core = settings();
  return surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: ledger({ ports: [ENTRY] }) } });
}

test("a status that changes is told with who holds the port and for whom it is declared, and a bad one as a warning", () => {
  const log = createRecordingLog();
  const ports = createPortStatusLog(log);
  ports.portsSurveyed(surveyOf(minio));
  ports.portsSurveyed(surveyOf(stranger));
  ports.portsSurveyed(surveyOf(stranger));
  ports.portsSurveyed(surveyOf());
  expect(log.events).toEqual([
    {
      event: "ports.contested",
      message: "port 9000/tcp on node-1 is Squatted, and was Active: registered by job, declared for minio",
      data: {
        ...{ port: 9000, protocol: "tcp", node: "node-1", class: "infrastructure", before: "Active" },
        ...{ status: "Squatted", holders: ["job"], declaredFor: ["minio"] },
      },
    },
    {
      event: "ports.status",
      message: "port 9000/tcp on node-1 is Reserved, and was Squatted: registered by no service, declared for minio",
      data: expect.objectContaining({ status: "Reserved", holders: [] }),
    },
  ]);
});

test("what is wrong at a start is told without what it was before, which is not known", () => {
  const log = createRecordingLog();
  createPortStatusLog(log).portsSurveyed(surveyOf(stranger));
  expect(log.events).toMatchObject([
    { message: "port 9000/tcp on node-1 is Squatted: registered by job, declared for minio" },
  ]);
  expect(log.events[0]?.data).not.toHaveProperty("before");
});

test("of many that change at once some are told, and how many more", () => {
  const log = createRecordingLog();
  const ports = createPortStatusLog(log);
  ports.portsSurveyed(surveyOf());
  ports.portsSurveyed(surveyOf(...Array.from({ length: 50 }, (_, at) => ({ ...stranger, port: 8000 + at }))));
  expect(log.events).toHaveLength(21);
  expect(log.events.at(-1)).toMatchObject({ event: "ports.status", data: { more: 30 } });
});

test("ports that an operator should look at are told before all others, and counted apart", () => {
  const log = createRecordingLog();
  const followed: string[] = [];
  const ports = createPortStatusLog(log, (event) => followed.push(event));
  const many = (count: number, first: number) =>
    Array.from({ length: count }, (_, at) => ({ ...stranger, port: first + at }));
  ports.portsSurveyed(surveyOf());
  // Of two services at one port both are told as one conflict.
  const clashes = many(25, 7000).flatMap((one) => [one, { ...one, service: "other", id: "other" }]);
  ports.portsSurveyed(surveyOf(...many(25, 8000), stranger, ...clashes));
  expect(log.events.slice(0, 20).map(({ event }) => event)).toEqual(Array(20).fill("ports.contested"));
  expect(log.events[0]?.message).toContain("port 9000/tcp on node-1 is Squatted");
  expect(log.events[20]).toMatchObject({ event: "ports.contested", data: { more: 6 } });
  expect(log.events.slice(21, -1).map(({ event }) => event)).toEqual(Array(20).fill("ports.status"));
  expect(log.events.at(-1)).toMatchObject({ event: "ports.status", data: { more: 5 } });
  expect(followed).toEqual(log.names);
});

test("a catalog that does not answer is told once, until it has answered again", () => {
  const log = createRecordingLog();
  const ports = createPortStatusLog(log);
  const denied = new AppError("/v1/catalog/node: denied", { code: "E_CATALOG_DENIED", retryable: true });
  for (const _ of [1, 2]) ports.portsUnsurveyed("consul", denied);
  ports.portsSurveyed(surveyOf());
  ports.portsUnsurveyed("consul", denied);
  expect(log.events.map(({ event }) => event)).toEqual(["ports.unsurveyed", "ports.unsurveyed"]);
  expect(log.events[0]).toMatchObject({ message: expect.stringContaining("consul: the ports of all services") });
});
