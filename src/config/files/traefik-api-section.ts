import { z } from "zod";
import { tlsFields } from "./catalog-sections.ts";
import { addressWithout, text } from "./field-kinds.ts";

/** Where the API of a running Traefik answers, and as whom portolan asks it. */
export const traefikApiFields = z.strictObject({
  address: addressWithout("the user and the password go into user and passwordFile").describe(
    "the API of the Traefik that reads the chart, by which portolan sees what Traefik made of it: a URL such as `http://127.0.0.1:8080`, or `unix://` and a socket's path; `api: URL` is the short form. It decides nothing about the chart. Not asked unless this is named: [traefik-api.md](traefik-api.md)",
  ),
  user: text.exactOptional().describe("user whom the API's router lets in by HTTP's basic authentication"),
  password: text.exactOptional().describe("the user's password; prefer `passwordFile` or the environment"),
  passwordFile: text
    .exactOptional()
    .describe(
      "file with the password, read again when it changes and when the password is refused; wins over `password`",
    ),
  ...tlsFields("the API"),
});

/** Of `traefik.api`. Its URL alone is its short form, which is written out before the schema sees it. */
export const traefikApiSection = traefikApiFields.exactOptional().meta({ hasShortForm: true });

/** Another Traefik reads the chart of an edge. */
export const edgeApiSection = traefikApiFields.exactOptional().meta({
  description:
    "the API of the Traefik that reads this chart, with the fields of `traefik.api` above, or its URL; no variable counts for it",
  isDescribedElsewhere: true,
  hasShortForm: true,
});
