import { MeshauthError } from "../errors/error.js";
import type { TransferRequest } from "../http/index.js";
import type { Runtime } from "../runtime.js";
import { printable } from "../text.js";
import { isJson, readData } from "./data.js";
import { readHeaders } from "./headers.js";
import type { ApiInput } from "./types.js";

/** Methods that fetch never sends. */
const REFUSED: readonly string[] = ["CONNECT", "TRACE", "TRACK"];

/** A request that is ready to be sent, and to be sent again. */
export type PreparedRequest = TransferRequest & { readonly method: string };

/**
 * Checks what was typed and reads the data, before anything is sent.
 *
 * @throws MeshauthError `MESHAUTH_E_USAGE`
 */
export async function prepareRequest(runtime: Runtime, input: ApiInput): Promise<PreparedRequest> {
  const { data } = input;
  const method = readMethod(input.method ?? (data === undefined ? "GET" : "POST"));
  const headers = readHeaders(input.headers);
  const patience = input.timeout;
  if (data === undefined) return { method, headers, patience };
  if (method === "GET" || method === "HEAD") {
    throw new MeshauthError("MESHAUTH_E_USAGE", {
      message: `A ${method} request takes no data.`,
      why: "What it asks for is said by its path and query alone.",
      next: ["Put it into the query, or name another method: meshauth api POST PATH --data TEXT"],
    });
  }
  const body = await readData(data, runtime);
  const type = Object.hasOwn(headers, "content-type") || !isJson(body) ? {} : { "content-type": JSON_TYPE };
  return { method, headers: { ...headers, ...type }, body, patience };
}

const JSON_TYPE = "application/json";

function readMethod(text: string): string {
  const method = text.toUpperCase();
  if (/^[A-Z]{1,20}$/.test(method) && !REFUSED.includes(method)) return method;
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: `"${printable(text, 40)}" is not a method that can be sent.`,
    why: "A method is a word such as GET, POST, PUT, PATCH or DELETE, and comes before the path.",
    next: ["meshauth api GET /api/user"],
  });
}
