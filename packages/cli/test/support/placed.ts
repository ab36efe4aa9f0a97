import { existsSync } from "node:fs";
import { join } from "node:path";
import { recordConsent } from "./consent.js";
import { createUser, type User } from "./program.js";
import { type ProviderPackage, placePlugin, write } from "./provider-package.js";

export const NAME = "acme-provider";
export const LOGIN = ["login", "acme", "--skip-verify", "--server", "http://127.0.0.1:9"];
export const CONSENT = { code: 10, document: { error: { code: "MESHAUTH_E_CONSENT" } } };
export const TAMPERED = { code: 9, document: { error: { code: "MESHAUTH_E_TAMPERED" } } };

/** A provider whose code leaves a mark when it is loaded. */
export const marking = (marker: string): ProviderPackage => ({
  entry: { serverNames: ["Acme"], hosts: ["https://login.acme.example"] },
  pjson: { dependencies: { needed: "1" } },
  files: {
    "index.js": `import { appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(marker)}, "ran\\n");
const revoke = async () => ({ outcome: "revoked" });
const refresh = async (credential) => ({ ...credential, token: process.env.NEW_TOKEN });
export default { api: { major: 1, minor: 0 }, id: "acme", refresh, revoke,
  async login() { return { kind: "local", serverName: "Acme" }; } };\n`,
  },
});

export interface Placed {
  readonly user: User;
  readonly root: string;
  readonly needed: string;
  ran(): boolean;
}

/** A user with an installed plugin, and a package that it needs. */
export async function withPlugin({ consent = false } = {}): Promise<Placed> {
  const user = await createUser();
  const marker = join(user.home, "marker");
  const root = await placePlugin(user.dataDir, NAME, "acme", marking(marker));
  const needed = join(user.dataDir, "node_modules/needed/index.js");
  await write(join(needed, "../package.json"), { name: "needed", version: "1.0.0" });
  await write(needed, "export {};");
  if (consent) await recordConsent(user.dataDir);
  return { user, root, needed, ran: () => existsSync(marker) };
}
