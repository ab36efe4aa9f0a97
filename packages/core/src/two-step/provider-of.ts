import type { InstalledProvider, Registry } from "../registry/index.js";
import type { PendingLogin } from "./pending.js";

/** The provider that a login was started with, if it is still installed: another package's of that id is another. */
export function providerOfPending(
  { providers }: Pick<Registry, "providers">,
  { provider: { id, package: name } }: Pick<PendingLogin, "provider">,
): InstalledProvider | undefined {
  return providers.find((installed) => installed.entry.id === id && installed.package === name);
}
