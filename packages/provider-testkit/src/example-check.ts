import type { OptionSpec, ProviderEntry } from "@meshauth/provider-api";
import type { LoginExample, ProviderExample } from "./definition.js";

/** What does not fit between an example and what `package.json` declares, as a clause; `undefined` when all does. */
export function flawOfExample(example: ProviderExample, entry: ProviderEntry): string | undefined {
  if (typeof example?.login !== "object") return "it has no login";
  return (
    flawOfServers(example, entry) ??
    [example.login, example.tokenLogin].map((login) => login && flawOfLogin(login, entry)).find(Boolean) ??
    (example.tokenLogin !== undefined && example.tokenLogin.token === undefined
      ? "its tokenLogin has no token"
      : undefined)
  );
}

function flawOfServers({ servers = {} }: ProviderExample, { hosts = [] }: ProviderEntry): string | undefined {
  for (const origin of Object.keys(servers)) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      return `its server ${origin} is no origin`;
    if (!hosts.includes(origin) && !hosts.includes("configured")) {
      return `its server ${origin} is not among the hosts of package.json`;
    }
  }
  return undefined;
}

function flawOfLogin({ options = {}, token }: LoginExample, entry: ProviderEntry): string | undefined {
  if (token !== undefined && !entry.flows.includes("paste")) {
    return "it has a token, and the provider does not have the flow paste";
  }
  const specs = new Map((entry.options ?? []).map((spec) => [spec.name, spec]));
  for (const [name, value] of Object.entries(options)) {
    const spec = specs.get(name);
    if (spec === undefined) return `its option "${name}" is not declared`;
    const flaw = value === undefined ? undefined : flawOfValue(value, spec);
    if (flaw !== undefined) return `its option "${name}" ${flaw}`;
  }
  const absent = [...specs.values()].find(({ name, required }) => required && options[name] === undefined);
  return absent && `it lacks the option "${absent.name}", which is required`;
}

function flawOfValue(
  value: string | number | boolean,
  { type, values, min, max }: OptionSpec,
): string | undefined {
  const wanted = type === "boolean" ? "boolean" : type === "integer" ? "number" : "string";
  const given = typeof value;
  if (given !== wanted) return `is a ${given}, not a ${wanted}`;
  if (typeof value === "number" && (value < (min ?? value) || value > (max ?? value)))
    return "is out of bounds";
  return values && !values.includes(String(value)) ? "is not one of its values" : undefined;
}
