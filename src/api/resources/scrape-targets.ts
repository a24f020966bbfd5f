import { z } from "zod";
import { defineResource } from "../resource.ts";

/** One target a group, since each has labels of its own. The form is Prometheus's: https://prometheus.io/docs/prometheus/latest/http_sd/ */
const group = z.object({
  targets: z.array(z.string()).describe("`HOST:PORT`"),
  labels: z
    .record(z.string(), z.string())
    .describe(
      "`__scheme__`, `__metrics_path__`, and as `__meta_portolan_…` what is known: `source` (`catalog` or `ledger`), `service`, `namespace`, `node`, `datacenter`, `catalog`, `job`, `group`, `task`, `allocation`, `purpose`",
    ),
});

/** What is to be scraped. */
export const SCRAPE_TARGETS = defineResource({
  path: "/v1/sd/prometheus",
  summary:
    "what Prometheus should scrape, in the form of its HTTP service discovery: always the whole list, else 503, for which Prometheus keeps the list it has",
  query: z.strictObject({}),
  answer: z.array(group),
});

export type ScrapeTargetsAnswer = z.infer<typeof SCRAPE_TARGETS.answer>;
