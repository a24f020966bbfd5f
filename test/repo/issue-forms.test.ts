import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { COMMANDS } from "../../src/cli/command-table.ts";

const ROOT = join(import.meta.dirname, "../..");
const FORMS = join(ROOT, ".github/ISSUE_TEMPLATE");

const text = z.string().min(1);
/** GitHub takes letters, digits, - and _ in an id. */
const id = z.string().regex(/^[\w-]+$/);
const validations = z.strictObject({ required: z.boolean().optional() }).optional();
const labelled = { label: text, description: text.optional() };
const written = { ...labelled, placeholder: text.optional(), value: text.optional() };

function distinct(options: readonly unknown[]): boolean {
  return new Set(options.map((option) => JSON.stringify(option))).size === options.length;
}

/**
 * What GitHub takes as a form; one that it does not take is not offered, and only the maintainers see why.
 * https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
 */
const part = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("markdown"), attributes: z.strictObject({ value: text }) }),
  z.strictObject({ type: z.literal("input"), id, attributes: z.strictObject(written), validations }),
  z.strictObject({
    type: z.literal("textarea"),
    id,
    attributes: z.strictObject({ ...written, render: text.optional() }),
    validations,
  }),
  z.strictObject({
    type: z.literal("dropdown"),
    id,
    attributes: z.strictObject({
      ...labelled,
      multiple: z.boolean().optional(),
      // "None" is GitHub's own option.
      options: z
        .array(text.refine((option) => option.toLowerCase() !== "none"))
        .min(1)
        .refine(distinct),
    }),
    validations,
  }),
  z.strictObject({
    type: z.literal("checkboxes"),
    id,
    attributes: z.strictObject({
      ...labelled,
      options: z
        .array(z.strictObject({ label: text, required: z.boolean().optional() }))
        .min(1)
        .refine(distinct),
    }),
  }),
]);
const form = z.strictObject({
  name: text,
  description: text,
  title: text.optional(),
  labels: z.array(text).min(1).optional(),
  assignees: z.array(text).min(1).optional(),
  body: z
    .array(part)
    .refine((parts) => parts.some(({ type }) => type !== "markdown"), "a form asks for something")
    .refine((parts) => distinct(parts.flatMap((one) => ("id" in one ? [one.id] : []))), "each id once")
    .refine(
      (parts) => distinct(parts.flatMap((one) => ("label" in one.attributes ? [one.attributes.label] : []))),
      "each label once",
    ),
});
const chooser = z.strictObject({
  blank_issues_enabled: z.boolean(),
  contact_links: z.array(z.strictObject({ name: text, url: z.url({ protocol: /^https$/ }), about: text })).optional(),
});

function read(file: string): string {
  return readFileSync(join(FORMS, file), "utf8");
}

const files = readdirSync(FORMS).sort();
const forms = files.filter((file) => file !== "config.yml");

describe("the forms for issues", () => {
  test("there is one for each: what is wrong, a question, a way to report a vulnerability", () => {
    expect(files).toEqual(["bug.yml", "config.yml", "question.yml", "security.yml"]);
    const names = forms.map((file) => form.parse(load(read(file))).name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(forms)("GitHub takes %s", (file) => {
    expect(form.safeParse(load(read(file))).error?.issues ?? []).toEqual([]);
  });

  test("GitHub takes the chooser, and issues come by a form", () => {
    expect(chooser.parse(load(read("config.yml")))).toMatchObject({ blank_issues_enabled: false });
  });

  test.each([
    ["without a body", { body: undefined }],
    ["without a description", { description: undefined }],
    ["with a part of no kind", { body: [{ type: "text", attributes: { label: "x" } }] }],
    ["with a dropdown without options", { body: [{ type: "dropdown", id: "x", attributes: { label: "x" } }] }],
    ["with an id of other characters", { body: [{ type: "input", id: "a b", attributes: { label: "x" } }] }],
    ["with nothing to fill in", { body: [{ type: "markdown", attributes: { value: "x" } }] }],
    ["with a key of no meaning", { label: ["bug"] }],
  ])("a form %s is refused, so the tests above can fail", (_, change) => {
    const sound = form.parse(load(read("bug.yml")));
    expect(form.safeParse({ ...sound, ...change }).success).toBe(false);
  });

  test("the way to report a vulnerability asks for no detail: nothing long may be written there, and its first words say why", () => {
    const { body } = form.parse(load(read("security.yml")));
    expect(body.filter(({ type }) => type === "textarea")).toEqual([]);
    expect(body[0]).toMatchObject({ type: "markdown", attributes: { value: expect.stringContaining("public") } });
    const promised = body.find(({ type }) => type === "checkboxes");
    expect(promised).toMatchObject({ attributes: { options: [{ required: true }] } });
  });

  test("every command that a form names is one", () => {
    const commands = new Set(COMMANDS.map(({ name }) => name));
    const named = forms.flatMap((file) => [
      ...read(file).matchAll(/`(?:docker exec \S+ )?portolan ([a-z -]+?)(?= [A-Z'>-]|`)/g),
    ]);
    expect(named.length).toBeGreaterThan(5);
    for (const [, command = ""] of named) expect([...commands]).toContain(command.trim());
  });

  test("SECURITY.md names the form that there is", () => {
    const { name } = form.parse(load(read("security.yml")));
    expect(readFileSync(join(ROOT, "SECURITY.md"), "utf8")).toContain(`**${name}**`);
  });
});

describe("SECURITY.md", () => {
  const page = readFileSync(join(ROOT, "SECURITY.md"), "utf8");

  test("has fixes for the version that is released next", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly version: string };
    expect(page).toContain(`(${version.split(".").slice(0, 2).join(".")})`);
  });

  test("every heading that it links to is there", () => {
    const links = [...page.matchAll(/\]\(([^)#]+)#([^)]+)\)/g)];
    expect(links.length).toBeGreaterThan(4);
    for (const [, file = "", anchor] of links) expect(anchorsOf(join(ROOT, file))).toContain(anchor);
  });
});

/** As GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
  return [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}
