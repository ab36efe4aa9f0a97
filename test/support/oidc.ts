import type { Certified } from "../../packages/provider-oidc/test/support/certified.js";
import { signInAt } from "../../packages/provider-oidc/test/support/person.js";
import { type Home, type Outcome, type RunOptions, startMeshauth } from "./program.js";

/** The link of a sign-in, as it is printed: with the browser, or with a code. */
const LINK = /^http:\S+\/(?:auth|device)\?\S+$/m;

export interface SignInOptions extends RunOptions {
  /** Default: ada. */
  readonly user?: string;
  /** Called while the link waits. */
  readonly meanwhile?: (login: { readonly pid: number; readonly link: URL }) => void;
}

/** A whole login at a certified server, by a person who fills in its forms. `more` may name another client than `cli`. */
export async function signIn(
  home: Home,
  { issuer }: Pick<Certified, "issuer">,
  more: readonly string[] = [],
  { user = "ada", meanwhile, ...run }: SignInOptions = {},
): Promise<Outcome> {
  const client = more.includes("--client-id") ? [] : ["--client-id", "cli"];
  const args = ["login", "oidc", "--issuer", issuer, ...client, "--prompt", "consent", "--no-browser"];
  const { seen, outcome, pid } = startMeshauth(home, [...args, ...more], run);
  const [text] = await seen(LINK);
  const link = new URL(text);
  meanwhile?.({ pid, link });
  await signInAt(link, { user });
  return await outcome;
}
