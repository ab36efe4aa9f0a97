// @ts-check
// `npm run report`: keeps the report of the conformance kit in the package, for `meshauth provider show`.
import { writeFile } from "node:fs/promises";
import { runConformance } from "@meshauth/provider-testkit";

const report = await runConformance({ root: new URL("..", import.meta.url) });
await writeFile("meshauth-conformance.json", `${JSON.stringify(report, null, 2)}\n`);
if (!report.ok) process.exitCode = 1;
