import { isProviderError } from "@meshauth/provider-api";
import { toMeshauthError } from "../errors/error.js";
import type { Runtime } from "../runtime.js";
import { printable } from "../text.js";
import { withTimeLimit } from "../time-limit.js";
import type { Answer } from "./answer.js";
import { readDocument } from "./document.js";
import { ApiError } from "./error.js";
import { exchange, type Settled } from "./exchange.js";
import { shownHeaders } from "./headers.js";
import { prepareRequest } from "./prepare.js";
import type { ApiDocument, ApiInput, ApiOutput } from "./types.js";

/**
 * Sends a request to the Meshery Server with the credential in force, and hands the body of the answer on, byte
 * for byte. It ends early, and well, when nobody reads any more.
 *
 * @throws MeshauthError `MESHAUTH_E_HTTP` and `MESHAUTH_E_NETWORK` after an answer that says that the request
 *   failed; `MESHAUTH_E_NOT_AUTHENTICATED` when the server does not accept the credential; `MESHAUTH_E_PROTOCOL` for
 *   an answer that is none; `MESHAUTH_E_TIMEOUT`; `MESHAUTH_E_USAGE`.
 */
export async function api(runtime: Runtime, input: ApiInput, output: ApiOutput): Promise<void> {
  await limited(runtime, input, async ({ answer, error }) => {
    if (input.include) output.head(headOf(answer));
    for await (const bytes of answer.body) {
      if (!(await output.body(bytes))) break;
    }
    if (error) throw error;
  });
}

/**
 * The same for programs that want one document.
 *
 * @throws MeshauthError as {@link api} does; an {@link ApiError} where there is an answer to the request.
 */
export async function apiDocument(runtime: Runtime, input: ApiInput): Promise<ApiDocument> {
  return await limited(runtime, input, async ({ answer, error }) => {
    const document = await readDocument(answer, runtime.secrets);
    if (error === undefined) return document;
    const { code, message, why, next, cause } = error;
    throw new ApiError(code, { message, why, next, cause }, document);
  });
}

async function limited<T>(
  runtime: Runtime,
  input: ApiInput,
  deliver: (settled: Settled) => Promise<T>,
): Promise<T> {
  return await withTimeLimit(runtime.signal, input.timeout, async (signal) => {
    const bounded = { ...runtime, signal };
    const request = await prepareRequest(bounded, input);
    let answer: Answer | undefined;
    try {
      const settled = await exchange(bounded, input.target, input.path, request);
      answer = settled.answer;
      return await deliver(settled);
    } catch (error) {
      throw isProviderError(error) ? toMeshauthError(error) : error;
    } finally {
      answer?.close();
    }
  });
}

/** As an HTTP/1.1 server writes it, with CRLF, which is what readers of such text expect. */
function headOf({ status, statusText, headers }: Answer): string {
  const lines = shownHeaders(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${printable(statusText)}`.trim(), ...lines, "", ""].join("\r\n");
}
