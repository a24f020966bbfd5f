import { startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { createWorld, registrationOf, type WorldShape } from "../world.ts";
import { tellState } from "./worker.ts";

export interface EmbeddedState {
  readonly url: string;
  /** Reads so far: all but the writes. */
  readonly requests: number;
}

const catalog = createCatalog();
for (const instance of createWorld(JSON.parse(process.argv[2] ?? "") as WorldShape)) {
  catalog.register(registrationOf(instance));
}
const { url, requests } = await startCatalogServer({ catalog });
tellState((): EmbeddedState => ({ url, requests: requests.count() - requests.count("/v1/catalog/*register") }));
