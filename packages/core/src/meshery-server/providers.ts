import type { ServerProvider } from "@meshauth/provider-api";
import { flawOfServerName, textMember } from "@meshauth/provider-api/format";
import { isJsonObject, type JsonObject } from "../registry/json-file.js";
import { printable } from "../text.js";

/**
 * Reads the body of `/api/providers`: a map whose keys are names, or on newer servers mostly hosts. Entries
 * that make no sense, or whose key could not be sent back, are left out.
 *
 * @returns `undefined` when it is no such map.
 */
export function readProviders(body: unknown): readonly ServerProvider[] | undefined {
  if (!isJsonObject(body)) return undefined;
  const entries = Object.entries(body);
  const providers = entries.flatMap(([key, value]) => readProvider(key, value));
  return providers.length === 0 && entries.length > 0 ? undefined : providers;
}

function readProvider(key: string, value: unknown): ServerProvider[] {
  if (!isJsonObject(value) || flawOfServerName(key) !== undefined) return [];
  const url = textMember(value, "providerUrl");
  const type = typeOf(value, url);
  if (type === undefined) return [];
  const name = printable(textMember(value, "providerName") ?? key);
  return [{ key, name: name === "" ? key : name, type, ...(type === "remote" && url ? { url } : {}) }];
}

// The absence of an address alone does not make a provider local: the type says it, where there is one.
function typeOf(value: JsonObject, url: string | undefined): "local" | "remote" | undefined {
  const type = textMember(value, "providerType");
  if (type === "local" || type === "remote") return type;
  if (type !== undefined) return undefined;
  if (url !== undefined) return "remote";
  return textMember(value, "providerName") === undefined ? undefined : "local";
}
