// Stands for a program on the stage's PATH: hands its words to the test, and prints and ends as it is told. Plain
// JavaScript without further imports, since it is started for each command of each page.
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const [socket, program, ...words] = process.argv.slice(2);
const stdin = words.includes("-") ? readFileSync(0, "utf8") : "";
const parts = [];
const connection = connect(socket, () =>
  connection.end(JSON.stringify({ program, words, directory: process.cwd(), stdin })),
);
connection.on("data", (part) => parts.push(part));
connection.on("end", () => {
  const { code, stdout, stderr } = JSON.parse(Buffer.concat(parts).toString());
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
});
