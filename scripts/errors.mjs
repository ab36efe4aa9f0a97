// Writes docs/errors.md from the table of errors. With --check it only says whether the page is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS } from "@meshauth/core";
import { root } from "./setup.mjs";

const file = join(root, "docs/errors.md");
const page = render();
if (!process.argv.includes("--check")) writeFileSync(file, page);
else if (readFileSync(file, "utf8") !== page) {
  process.stderr.write("docs/errors.md is out of date: run `npm run errors`.\n");
  process.exit(1);
}

function render() {
  const sections = Object.entries(ERRORS).map(([code, { exit, message, cause, next }]) =>
    [
      `## ${code}`,
      `Exit code ${exit}. ${message}`,
      `**Cause.** ${cause}`,
      ...(next.length > 0 ? [`**Next.**\n\n${next.map((step) => `- ${asCode(step)}`).join("\n")}`] : []),
    ].join("\n\n"),
  );
  return `# Errors

Every failure has one of these codes. On a terminal it is printed with a message, a cause and a next step; with
\`--json\` it is the document \`{"error":{"code","exitCode","message","cause","next"}}\` on standard output. The
message and the next step of a particular case may say more than this page does.

This page is generated from \`packages/core/src/errors/table.ts\` by \`npm run errors\`.

${sections.join("\n\n")}
`;
}

function asCode(step) {
  return /^(meshauth|[A-Z_]+=)/.test(step) ? `\`${step}\`` : step;
}
