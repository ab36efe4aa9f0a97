import { type Credential, type Host, type OptionValues, ProviderError } from "@meshauth/provider-api";
import { ID, REGIONS } from "./about.js";

/**
 * The Lantern server of a login: the one of `--url` or `--region`, or the one that the person chooses.
 *
 * @throws {@link ProviderError} `usage` for a value that cannot be used; `interaction` where nobody can be asked.
 */
export async function chooseOrigin({ url, region }: OptionValues, host: Host): Promise<string> {
  if (url !== undefined) return originOfUrl(url);
  if (region !== undefined) return originOfRegion(region);
  if (!host.interactive) {
    throw new ProviderError("interaction", "It is not said where the Lantern account is.", {
      // Commands that work as they are, for whoever reads the error in a log.
      next: Object.keys(REGIONS).map((name) => `meshauth login ${ID} --region ${name}`),
    });
  }
  return originOfRegion(
    await host.choose({
      message: "Where is your Lantern account?",
      choices: Object.entries(REGIONS).map(([value, { name, origin }]) => ({
        value,
        label: name,
        hint: origin,
      })),
    }),
  );
}

/**
 * The Lantern server of a credential: `login` put it there. Other tools that write auth.json keep no origin, and then
 * nobody knows whom to ask.
 */
export function originOf({ origin }: Credential): string {
  if (origin !== undefined) return origin;
  throw new ProviderError("unreachable", "It is not known which Lantern server this sign-in belongs to.", {
    next: [`meshauth login ${ID}`],
  });
}

function originOfUrl(url: OptionValues[string]): string {
  const address = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  // A token must not travel in the open: http is for a server on this machine.
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(address?.hostname ?? "");
  if (address?.protocol === "https:" || (address?.protocol === "http:" && isLocal)) return address.origin;
  // The value is not repeated: an address may hold a password.
  throw new ProviderError("usage", "The value of --url is no address that can be used.");
}

function originOfRegion(region: OptionValues[string]): string {
  const found = Object.entries(REGIONS).find(([name]) => name === region);
  if (found !== undefined) return found[1].origin;
  throw new ProviderError("usage", `A region is one of ${Object.keys(REGIONS).join(" and ")}.`);
}
