import type { Browser, Page } from "playwright-core";

/** How the page is looked at. */
export interface View {
  readonly theme?: "light" | "dark";
  /** In CSS pixels. Default: 1280. */
  readonly width?: number;
  readonly height?: number;
}

/** A page in a profile of its own, beside what it must never do and did. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, errors that nothing caught, and requests to another host. */
  complaints(): readonly string[];
  /** What a test brings about on purpose, such as a connection that is refused, is no complaint from now on. */
  expectComplaint(about: RegExp): void;
  close(): Promise<void>;
}

/** Opens a blank page of its own; `origin` is the one place that it may ask. */
export async function openWatched(browser: Browser, origin: string, view: View = {}): Promise<WatchedPage> {
  const { theme = "light", width = 1_280, height = 800 } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: "en-GB",
    timezoneId: "UTC",
    // What is asked must not depend on an animation that is under way.
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const heard: string[] = [];
  const expected: RegExp[] = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) heard.push(`asked another host: ${request.url().slice(0, 200)}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      heard.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => heard.push(`error that nothing caught: ${error.error().stack}`));
  // Chromium reports most of them to the console, but not all, such as those of a frame.
  await context.addInitScript(
    `addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
       console.error("against the content security policy:", violatedDirective, blockedURI), true)`,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  return {
    page,
    complaints: () => heard.filter((one) => !expected.some((about) => about.test(one))),
    expectComplaint: (about) => void expected.push(about),
    close: () => context.close(),
  };
}
