// Stands in for a browser: writes down how it was started, and opens nothing.
import { writeFileSync } from "node:fs";

const [file, ...rest] = process.argv.slice(2);
writeFileSync(file, JSON.stringify({ argv: rest, env: process.env }));
