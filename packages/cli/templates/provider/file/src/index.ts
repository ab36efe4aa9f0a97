import {
  type Credential,
  defineProvider,
  type Host,
  type LoginRequest,
  PROVIDER_API,
  ProviderError,
} from "@meshauth/provider-api";
import { ID, originFrom, SERVER_NAME } from "./about.js";
import { identify } from "./identify.js";
import { readKeyFile } from "./key-file.js";

export default defineProvider({ api: PROVIDER_API, id: ID, login, identify });

/** Takes the token of a key file that the person downloaded. */
async function login({ options }: LoginRequest, host: Host): Promise<Credential> {
  const origin = originFrom(options);
  const { file } = options;
  const path = typeof file === "string" ? file : await askPath(host);
  return { kind: "token", serverName: SERVER_NAME, token: await readKeyFile(path, host), origin };
}

async function askPath(host: Host): Promise<string> {
  if (host.interactive) return (await host.ask({ message: "Path of the key file:" })).trim();
  throw new ProviderError("interaction", "No key file was named, and there is no terminal to ask for one.", {
    next: [`meshauth login ${ID} FILE`],
  });
}
