import { z } from "zod";
import { PRODUCTS } from "../catalog/product.ts";
import { decodeAnswer } from "../http/decode-answer.ts";
import type { ListedAllocation } from "./decode-allocations.ts";

const deployments = z.array(
  z.object({
    Namespace: z.string(),
    JobID: z.string(),
    JobVersion: z.number().int(),
    Status: z.string(),
  }),
);

/** Deployments that decide nothing any more. */
const OVER = ["successful", "failed", "cancelled"];

/**
 * `/v1/deployments`: what is being deployed, as `deploymentKey` names it. Throws E_CATALOG_SHAPE for anything else.
 */
export function decodeRunningDeployments(body: unknown): ReadonlySet<string> {
  const found = decodeAnswer(deployments, body, "/v1/deployments", PRODUCTS.nomad);
  return new Set(
    found
      .filter(({ Status }) => !OVER.includes(Status))
      .map(({ Namespace, JobID, JobVersion }) =>
        deploymentKey({ namespace: Namespace, job: JobID, jobVersion: JobVersion }),
      ),
  );
}

/** `/v1/deployment/ID`: whether it is under way. Throws E_CATALOG_SHAPE for anything else. */
export function decodeDeployment(body: unknown): boolean {
  const found = decodeAnswer(z.object({ Status: z.string() }), body, "/v1/deployment", PRODUCTS.nomad);
  return !OVER.includes(found.Status);
}

/** Each version of a job has one deployment. */
export function deploymentKey({
  namespace,
  job,
  jobVersion,
}: Pick<ListedAllocation, "namespace" | "job" | "jobVersion">): string {
  return `${namespace}/${job} ${jobVersion}`;
}
