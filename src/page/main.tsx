import { render } from "preact";
import { browserWorld } from "./live/browser-world.ts";
import { createLive } from "./live/live.ts";
import { restWhileHidden } from "./live/rest-while-hidden.ts";
import { LiveContext } from "./live/use-live.ts";
import { Shell } from "./shell/shell.tsx";
import { keptTheme, showTheme } from "./theme.ts";

showTheme(keptTheme());
const live = createLive(browserWorld);
restWhileHidden(live, document, browserWorld);
const place = document.getElementById("page");
if (place !== null) {
  render(
    <LiveContext.Provider value={live}>
      <Shell />
    </LiveContext.Provider>,
    place,
  );
}
