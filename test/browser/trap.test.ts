import { createServer, type Server } from "node:http";
import { expect } from "vitest";
import { until } from "../support/await-until.ts";
import { pageTest } from "./support/page-test.ts";
import { openWatched } from "./support/watched-page.ts";

const EVIL = `<!doctype html><link rel="icon" href="/icon"><title>evil</title>
<body onload="alert('inline')"><img src="http://127.0.0.2:9/elsewhere.png"><script src="/evil.js"></script></body>`;

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "");
    });
  });
}

pageTest(
  "what a page must never do is heard: errors, requests to another host, inline scripts",
  async ({ browser }) => {
    const server = createServer((request, response) => {
      response.setHeader("content-security-policy", "default-src 'self'");
      if (request.url !== "/evil.js") return response.setHeader("content-type", "text/html").end(EVIL);
      response.setHeader("content-type", "text/javascript").end("console.warn('warned'); throw new Error('thrown');");
    });
    const origin = await listen(server);
    const watched = await openWatched(browser, origin);
    try {
      await watched.page.goto(origin);
      const wanted = [
        /thrown/,
        /console warning: warned/,
        /asked another host: http:\/\/127\.0\.0\.2:9/,
        /script-src-attr/,
      ];
      for (const one of wanted) {
        await until(() => watched.complaints().some((complaint) => one.test(complaint)), {
          timeoutMs: 10_000,
          what: `a complaint about ${one}`,
        });
      }
      watched.expectComplaint(/thrown/);
      expect(watched.complaints().filter((one) => /thrown/.test(one))).toEqual([]);
    } finally {
      await watched.close();
      server.closeAllConnections();
      server.close();
    }
  },
);
