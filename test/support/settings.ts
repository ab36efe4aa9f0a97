import { readFileSync } from "node:fs";
import { join } from "node:path";
import { offlineHome } from "./offline.js";
import { type Home, meshauth, type Outcome, type RunOptions } from "./program.js";
import { linkProviders, moduleWith, type ThirdParty } from "./third-party.js";

/** The provider of {@link acmeHome}. */
export const ACME = "acme";

/** Options of every type. */
const OPTIONS = [
  { name: "base", type: "url", summary: "Address of Acme", required: true, env: "ACME_BASE" },
  { name: "level", type: "integer", summary: "Level of Acme", min: 1, max: 5, env: "ACME_LEVEL" },
  { name: "fast", type: "boolean", summary: "Sign in fast" },
  { name: "mode", type: "string", summary: "Mode of Acme", values: ["plain", "fancy"] },
  { name: "key", type: "file", summary: "File with a key" },
  { name: "note", type: "string", summary: "Anything" },
];

const KEEP = `
  const { writeFileSync } = await import("node:fs");
  writeFileSync(process.env.HOME + "/received.json", JSON.stringify(request.options));
  return { kind: "local", serverName: "Acme" };`;

/** A provider whose login keeps the options that it was given in `received.json` of the home. */
export function acme(entry: object = {}): ThirdParty {
  const declared = { title: "Acme Cloud", serverNames: ["Acme"], options: OPTIONS, ...entry };
  return { id: ACME, module: moduleWith(ACME, KEEP), entry: declared };
}

/** A home with {@link acme} in it, and no server in reach. */
export function acmeHome(entry: object = {}): Home {
  const home = offlineHome();
  linkProviders(home, [acme(entry)]);
  return home;
}

/** What the last login with {@link acme} was given. */
export function received(home: Home): unknown {
  return JSON.parse(readFileSync(join(home.path, "received.json"), "utf8"));
}

/** The file that settings are saved in. */
export function settingsFile(home: Home): string {
  return join(home.path, ".config/meshauth/providers.json");
}

/** `provider configure` with a name. */
export function configure(
  home: Home,
  name: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return meshauth(home, ["provider", "configure", ...args, "--name", name], options);
}
