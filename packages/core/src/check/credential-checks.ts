import { isStoreError } from "@meshauth/auth-store";
import { inspectToken, parseToken } from "@meshauth/provider-api/format";
import { EXIT } from "../errors/table.js";
import { isLocalName } from "../standing.js";
import { type Check, skipped } from "./outcome.js";

const LOGIN = "meshauth login";

/** The credential file: where it is, what it holds, and until when. */
export const credentialChecks = {
  "credential.location": ({ target }) => {
    if (!target) return skipped("config.context");
    const location = target.context?.location;
    if (location?.disagrees) {
      return {
        result: "warn",
        message: `For the location ${location.raw} mesheryctl reads ${location.readerFile} but writes ${location.writerFile}.`,
        next: "Give the token in config.yaml a bare file name, or an absolute path in your home directory.",
      };
    }
    if (location?.missingEntry) {
      return {
        result: "warn",
        message: `The context names a token "${target.context?.tokenName}" that config.yaml does not list.`,
        next: LOGIN,
      };
    }
    return { result: "pass", message: `The credential file is ${target.store.file}.` };
  },

  "credential.exists": async (subject) => {
    const { target, runtime } = subject;
    if (!target) return skipped("config.context");
    const token = runtime.env["MESHERY_API_TOKEN"];
    if (token) {
      runtime.secrets.add(token);
      subject.held = { serverName: runtime.env["MESHERY_PROVIDER"] ?? "", token };
      return { result: "pass", message: "MESHERY_API_TOKEN is set and wins over the file." };
    }
    try {
      subject.credential = await target.store.read();
      subject.details = await target.store.details();
    } catch (error) {
      if (!isStoreError(error)) throw error;
      return {
        result: "fail",
        message: `${error.message} ${error.why}`,
        next: error.next[0] ?? LOGIN,
        exit: EXIT.storage,
      };
    }
    const { state } = subject.credential;
    if (state === "missing")
      return {
        result: "fail",
        message: "There is no credential file.",
        next: LOGIN,
        exit: EXIT.notAuthenticated,
      };
    if (state === "logged-out")
      return {
        result: "fail",
        message: "The file is empty: logged out.",
        next: LOGIN,
        exit: EXIT.notAuthenticated,
      };
    return { result: "pass", message: "The credential file exists." };
  },

  "credential.mode": ({ credential, runtime }) => {
    if (credential?.state !== "present" && credential?.state !== "damaged")
      return skipped("credential.exists");
    if (runtime.platform === "win32")
      return { result: "skip", message: "On Windows the profile folder protects the file." };
    const warning = credential.warnings.find(({ code }) => code !== "bom" && code !== "duplicate-key");
    if (warning) return { result: "warn", message: warning.message, next: warning.next ?? LOGIN };
    return { result: "pass", message: "Only you can read the file." };
  },

  "credential.shape": (subject) => {
    const { credential } = subject;
    if (subject.held) return { result: "pass", message: "The credential comes from the environment." };
    if (credential?.state === "damaged") {
      return {
        result: "fail",
        message: `mesheryctl cannot read the file: ${credential.reason}`,
        next: LOGIN,
        exit: EXIT.storage,
      };
    }
    if (credential?.state !== "present") return skipped("credential.exists");
    const bom = credential.warnings.find(({ code }) => code === "bom");
    if (bom) return { result: "fail", message: bom.message, next: LOGIN, exit: EXIT.storage };
    const { serverName, token } = credential;
    if (!serverName) {
      return {
        result: "fail",
        message: "The file names no provider, so no server can use it.",
        next: LOGIN,
        exit: EXIT.storage,
      };
    }
    subject.held = { serverName, token: token ?? "" };
    const repeated = credential.warnings.find(({ code }) => code === "duplicate-key");
    if (repeated) return { result: "warn", message: repeated.message, next: LOGIN };
    return { result: "pass", message: "mesheryctl can read the file." };
  },

  "credential.token": ({ held, runtime }) => {
    if (!held) return skipped("credential.shape");
    runtime.secrets.add(held.token);
    if (held.token === "") {
      if (isLocalName(held.serverName))
        return { result: "pass", message: "The local provider needs no token." };
      return {
        result: "fail",
        message: `There is no token for ${held.serverName}.`,
        next: LOGIN,
        exit: EXIT.notAuthenticated,
      };
    }
    const token = parseToken(held.token);
    if (token.form !== "invalid")
      return { result: "pass", message: "The token has a form that Meshery Servers read." };
    return {
      result: "fail",
      message: `The token has no form that a Meshery Server reads: ${token.reason}.`,
      next: LOGIN,
      exit: EXIT.storage,
    };
  },

  "credential.expiry": async ({ held, runtime, server }) => {
    if (!held) return skipped("credential.shape");
    if (held.token === "") return { result: "skip", message: "Without a token there is no expiry." };
    const { expiresAt, refreshable } = inspectToken(held.token);
    if (!expiresAt) return { result: "pass", message: "The token does not expire." };
    await server?.providers();
    const skew = server?.clockSkew() ?? 0;
    const left = expiresAt.getTime() - (runtime.now().getTime() + skew);
    const clock =
      Math.abs(skew) > 60_000 ? ` The server's clock differs by ${Math.round(skew / 60_000)} min.` : "";
    if (left > 0)
      return { result: "pass", message: `The token is valid until ${expiresAt.toISOString()}.${clock}` };
    if (refreshable)
      return {
        result: "pass",
        message: `The access token ended at ${expiresAt.toISOString()}; it can be renewed.${clock}`,
      };
    return {
      result: "fail",
      message: `The token ended at ${expiresAt.toISOString()}.${clock}`,
      next: LOGIN,
      exit: EXIT.notAuthenticated,
    };
  },
} satisfies Record<string, Check>;
