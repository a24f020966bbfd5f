import { z } from "zod";

/** What an instance is called; with its task, where it is one of Nomad's. */
export const INSTANCE_LABEL = {
  id: z.string(),
  node: z.string().describe("the node's name"),
  catalog: z.string().exactOptional(),
  jobNamespace: z.string().exactOptional(),
  job: z.string().exactOptional(),
  group: z.string().exactOptional(),
  task: z.string().exactOptional(),
  allocation: z.string().exactOptional(),
  toldBy: z.enum(["nomad", "id", "refuted"]).exactOptional(),
};
