import { z } from "zod";
import { text } from "./field-kinds.ts";
import { listenAddress } from "./setting-kinds.ts";

/** The chart for Traefiks on other machines, which ask for it by their HTTP provider. */
export const serveSection = z
  .strictObject({
    listen: listenAddress.describe(
      "HOST:PORT where Traefik's HTTP provider gets the chart (`/v1/chart`, those of `edges` at `/v1/chart/NAME`): a listener of its own, off unless this is named; an address other than loopback needs `serve.tls`",
    ),
    tokenFile: text
      .exactOptional()
      .describe(
        "file with the token, of at least 16 characters, that Traefik sends as `Authorization: Bearer TOKEN`; read again when it changes; demanded unless `serve.tls.caFile` demands a certificate, and beside it where both are named",
      ),
    tls: z
      .strictObject({
        certFile: text.exactOptional().describe("PEM file with our certificate and those between it and its authority"),
        keyFile: text.exactOptional().describe("PEM file with our certificate's key"),
        caFile: text
          .exactOptional()
          .describe("PEM file with the authorities one of which must have signed the client's certificate"),
      })
      .prefault({}),
  })
  .exactOptional();
