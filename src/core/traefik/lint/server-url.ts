import { urlProblem } from "../../../go/url.ts";
import { isConfigObject } from "../chart/dynamic-config.ts";
import { type LintCheck, listAt, textAt, titleOf } from "./subject.ts";

/** A URL that Go cannot parse makes Traefik disable the whole service, with the routers that use it. */
export const checkServerUrls: LintCheck = (subject) => {
  if (subject.protocol !== "http") return [];
  return listAt(subject.object, "loadBalancer", "servers").flatMap((server) => {
    const url = isConfigObject(server) ? textAt(server, "url") : undefined;
    const problem = url === undefined ? undefined : urlProblem(url);
    if (problem === undefined) return [];
    return [
      {
        code: "SERVER_URL_INVALID",
        message: `${titleOf(subject)} has a server whose URL ${problem}`,
        remedy: "write SCHEME://HOST:PORT, for example http://10.0.0.7:8080",
      } as const,
    ];
  });
};
