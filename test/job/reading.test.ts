import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { JOB_CODES } from "../../src/job/codes.ts";
import { decodeJob } from "../../src/job/file/decode-job.ts";
import { readJobFile } from "../../src/job/file/job-file.ts";
import { jobGroup, jobOf, jobService } from "../builders/job.ts";
import { judged, told } from "./judged.ts";

describe("a text that is given as a job", () => {
  test.each<[string, string, object]>([
    ["what nomad job run -output prints", JSON.stringify({ Job: jobOf() }), { kind: "json", place: "Job" }],
    ["the job by itself", JSON.stringify(jobOf()), { kind: "json", place: "" }],
    ["HCL", '# a job\nvariable "image" {}\njob "web" {}', { kind: "hcl" }],
    ["HCL that begins with locals", 'locals {\n}\njob "web" {}', { kind: "hcl" }],
    ["HCL in JSON", '{"job": {"web": {}}}', { kind: "other", message: expect.stringContaining("JSON form of HCL") }],
    ["a service of Consul's", '{"service": {"name": "web"}}', { kind: "other", remedy: "portolan check service FILE" }],
    ["another object", '{"a": 1}', { kind: "other", message: "found no job: neither Job nor TaskGroups" }],
    ["a Job that is none", '{"Job": 5}', { kind: "other" }],
    ["a list", "[]", { kind: "other", message: "found a list; one job of Nomad's is allowed" }],
    ["a number", "5", { kind: "other" }],
    ["null", "null", { kind: "other" }],
    ["nothing", "", { kind: "other" }],
    ["a page", "<html>", { kind: "other", remedy: expect.stringContaining("nomad job run -output FILE") }],
    ["nesting without end", "[".repeat(100_000), { kind: "other" }],
  ])("may be %s", (_, text, expected) => {
    expect(readJobFile(text)).toMatchObject(expected);
  });
});

describe("a job as the API has it", () => {
  const problems = (job: unknown) => {
    const decoded = decodeJob(job, "Job");
    return decoded.kind === "refused" ? decoded.problems.map(({ place, message }) => `${place}: ${message}`) : [];
  };

  test.each<[unknown, string]>([
    [
      jobOf([jobGroup([jobService("web", { Tags: "x" })])]),
      'Job.TaskGroups.0.Services.0.Tags: found "x"; a list is allowed',
    ],
    [
      jobOf([jobGroup([jobService("web", { Provider: "etcd" })])]),
      'Job.TaskGroups.0.Services.0.Provider: found "etcd"; allowed: , consul, nomad',
    ],
    [jobOf([]), "Job.TaskGroups: found an empty list; at least 1 is allowed"],
    [{ TaskGroups: [jobGroup([])] }, "Job.ID: found nothing; a string is allowed"],
  ])("is refused with the place of what is none", (job, problem) => {
    expect(problems(job)).toHaveLength(1);
    expect(problems(job)[0]?.split(":")[0]).toBe(problem.split(":")[0]);
  });

  test("tells the first mistakes of thousands", () => {
    expect(
      problems(jobOf([jobGroup(Array.from({ length: 5_000 }, () => jobService("web", { Tags: 5 })))])),
    ).toHaveLength(20);
  });

  test("means the same with null, with nothing and with Nomad's defaults", () => {
    const fields = [
      "Constraints",
      "Meta",
      "Update",
      "Periodic",
      "ParameterizedJob",
      "Stop",
      "Namespace",
      "Region",
      "Type",
    ];
    const nulls = jobOf(undefined, Object.fromEntries(fields.map((field) => [field, null])));
    const defaults = jobOf(undefined, {
      Namespace: "default",
      Type: "service",
      Stop: false,
      Update: { MaxParallel: 1, Canary: 0 },
    });
    expect(decodeJob(nulls, "")).toEqual(decodeJob(jobOf(), ""));
    expect(decodeJob(defaults, "")).toEqual(decodeJob(jobOf(), ""));
  });

  test("that a real Nomad has told is read, with its canary", () => {
    const recorded = JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures/nomad/canary-job.json"), "utf8"));
    const beside = judged(recorded, { charted: [{ kind: "nomad", namespaces: ["default"] }] });
    expect(beside.services.map(({ routes }) => routes.map(({ rule }) => rule))).toEqual([
      ["Host(`windmill.lab.local`)", "Host(`next.windmill.lab.local`)"],
    ]);
    // Its delay is one second.
    expect(told(beside)).toEqual(["warning JOB_SHUTDOWN_DELAY group app, service windmill"]);
  });

  test("of a thousand services is judged", () => {
    const services = Array.from({ length: 1_000 }, (_, at) => jobService(`web-${at}`));
    expect(judged(jobOf([jobGroup(services)])).findings).toEqual([]);
  });
});

test("docs/before-deploying.md has every code", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/before-deploying.md"), "utf8");
  for (const [code, meaning] of Object.entries(JOB_CODES)) expect(page).toContain(`| \`${code}\` | ${meaning} |`);
});
