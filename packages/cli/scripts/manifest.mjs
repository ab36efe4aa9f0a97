// Writes oclif.manifest.json from the built commands, so that no command is loaded before it is run.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Plugin } from "@oclif/core";
import { replaceFile } from "./replace-file.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const plugin = new Plugin({ root, type: "core", ignoreManifest: true, errorOnManifestCreate: true });
await plugin.load();
await replaceFile(join(root, "oclif.manifest.json"), `${JSON.stringify(plugin.manifest)}\n`);
