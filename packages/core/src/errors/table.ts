import type { ErrorEntry } from "./entry.js";
import { EXIT } from "./exit.js";

/**
 * Every way in which the program fails on purpose. This table is the only source: `docs/errors.md` is
 * generated from it, and a code that is not in it does not compile.
 */
export const ERRORS = {
  MESHAUTH_E_UNEXPECTED: {
    exit: EXIT.unexpected,
    message: "Something went wrong that meshauth did not expect.",
    cause: "A defect of meshauth.",
    next: ["Run the command again with DEBUG=meshauth* and report what it prints; secrets are left out."],
  },
  MESHAUTH_E_USAGE: {
    exit: EXIT.usage,
    message: "The command line cannot be understood.",
    cause: "A flag, an argument or a value is missing, or is not one that this command takes.",
    next: ["meshauth help"],
  },
  MESHAUTH_E_UNKNOWN_COMMAND: {
    exit: EXIT.usage,
    message: "There is no such command.",
    cause: "The name is misspelled, or belongs to a plugin that is not installed.",
    next: ["meshauth help"],
  },
  MESHAUTH_E_UNKNOWN_PROVIDER: {
    exit: EXIT.usage,
    message: "There is no such provider.",
    cause: "The name is misspelled, or belongs to a provider that is not installed.",
    next: ["meshauth provider list"],
  },
  MESHAUTH_E_UNKNOWN_CONTEXT: {
    exit: EXIT.usage,
    message: "There is no such context.",
    cause: "The name that was given is not among the contexts of config.yaml.",
    next: ["meshauth context list"],
  },
  MESHAUTH_E_TICKET: {
    exit: EXIT.usage,
    message: "The ticket is not good for a login.",
    cause: "It is misspelled, was used before, or the process that waited for its sign-in has ended.",
    next: ["Start again: run the command with --start."],
  },
  MESHAUTH_E_NOT_AUTHENTICATED: {
    exit: EXIT.notAuthenticated,
    message: "Nobody is signed in.",
    cause: "There is no credential for this context, or it was logged out.",
    next: ["meshauth login"],
  },
  MESHAUTH_E_EXPIRED: {
    exit: EXIT.notAuthenticated,
    message: "The credential has expired and cannot be renewed.",
    cause: "Its end has passed and it has no refresh token.",
    next: ["meshauth login"],
  },
  MESHAUTH_E_NOT_RENEWABLE: {
    exit: EXIT.notAuthenticated,
    message: "The credential cannot be renewed.",
    cause: "It has no refresh token, or its provider has no way to renew one.",
    next: ["meshauth login"],
  },
  MESHAUTH_E_NO_PREVIOUS: {
    exit: EXIT.notAuthenticated,
    message: "There is no earlier credential to bring back.",
    cause:
      "None was replaced, or it was brought back already, is more than 24 hours old, or was removed by a logout.",
    next: ["meshauth login"],
  },
  MESHAUTH_E_DENIED: {
    exit: EXIT.refused,
    message: "The provider refused the sign-in.",
    cause: "The provider, or the Meshery Server, does not accept this credential.",
    next: ["meshauth login"],
  },
  MESHAUTH_E_NOT_REVOKED: {
    exit: EXIT.refused,
    message: "Signed out on this machine, but the token was not revoked.",
    cause:
      "The provider has no way to revoke this kind of token, or refused to; --strict asks for certainty.",
    next: ["Delete the token on the provider's page of tokens."],
  },
  MESHAUTH_E_HTTP: {
    exit: EXIT.refused,
    message: "The Meshery Server refused the request.",
    cause: "It answered with a status of 400 to 499 that is not about the sign-in.",
    next: ["Check the path, the method and the data of the request."],
  },
  MESHAUTH_E_WRONG_ACCOUNT: {
    exit: EXIT.refused,
    message: "This is not the account that was expected.",
    cause:
      "The account that signed in is not the one given with --expect-account, or it could not be asked for.",
    next: ["Sign out at the provider, or use a private browser window, and log in again."],
  },
  MESHAUTH_E_TIMEOUT: {
    exit: EXIT.timeout,
    message: "The time is up.",
    cause: "Nothing came back within the limit of --timeout.",
    next: ["Run the same command with more time, such as --timeout 15m."],
  },
  MESHAUTH_E_PENDING: {
    exit: EXIT.timeout,
    message: "The sign-in is not finished yet.",
    cause: "Nobody has come back from the provider's page so far; the ticket is still good.",
    next: ["Run the same command again, or add --timeout 2m to wait for it."],
  },
  MESHAUTH_E_NETWORK: {
    exit: EXIT.network,
    message: "The other side cannot be reached.",
    cause: "Name resolution, the connection, TLS or a proxy failed, or the other side is out of order.",
    next: ["meshauth check"],
  },
  MESHAUTH_E_PROTOCOL: {
    exit: EXIT.network,
    message: "The answer makes no sense.",
    cause: "The answer is malformed, redirects elsewhere, or is a web page where data was due.",
    next: ["meshauth check"],
  },
  MESHAUTH_E_PORT_IN_USE: {
    exit: EXIT.network,
    message: "The port is not free.",
    cause: "Another program listens on the port given with --port, on 127.0.0.1 or on ::1.",
    next: ["Leave --port out, and a free port is chosen."],
  },
  MESHAUTH_E_NO_LOOPBACK: {
    exit: EXIT.network,
    message: "No port on the loopback interface can be used safely.",
    cause: "Another program took the matching ::1 port each of ten times, or loopback is not available.",
    next: ["meshauth login file-import FILE"],
  },
  MESHAUTH_E_CONFIG: {
    exit: EXIT.storage,
    message: "config.yaml cannot be used.",
    cause: "The file is unreadable, is not YAML, or does not have the structure of a Meshery config.",
    next: ["meshauth check"],
  },
  MESHAUTH_E_NO_HOME: {
    exit: EXIT.storage,
    message: "There is no home directory.",
    cause: "HOME is unset, relative or not a directory, and MESHERY_HOME names no other folder.",
    next: ["Set MESHERY_HOME to the folder that Meshery's files are in."],
  },
  MESHAUTH_E_DAMAGED: {
    exit: EXIT.storage,
    message: "The credential file is damaged.",
    cause:
      "Its content is not what mesheryctl can read: it is cut off, is not JSON, or holds values that are no text.",
    next: ["meshauth login"],
  },
  MESHAUTH_E_UNSAFE: {
    exit: EXIT.storage,
    message: "The credential file is not safe to use.",
    cause:
      "The file, its folder or a link on the way to it belongs to someone else, is open to others, or is no regular file.",
    next: ["meshauth check"],
  },
  MESHAUTH_E_LOCKED: {
    exit: EXIT.storage,
    message: "Another program is working on the credential file.",
    cause: "The lock beside the file was held until the limit.",
    next: ["Wait for the other program, or end it, and try again."],
  },
  MESHAUTH_E_STORE: {
    exit: EXIT.storage,
    message: "The credential file cannot be read or written.",
    cause: "The operating system refused: the disk is full or read-only, or permission is missing.",
    next: ["meshauth check"],
  },
  MESHAUTH_E_CHANGED: {
    exit: EXIT.storage,
    message: "Another program signed in meanwhile.",
    cause: "The credential file holds a new login that was not there when this command started.",
    next: ["meshauth status", "meshauth login --force"],
  },
  MESHAUTH_E_ROOT: {
    exit: EXIT.storage,
    message: "Running as root would leave files that the folder's owner cannot use.",
    cause: "The program runs as root, and the credential folder belongs to another user.",
    next: ["Run the command as that user, without sudo."],
  },
  MESHAUTH_E_IMPORT: {
    exit: EXIT.storage,
    message: "The file cannot be imported.",
    cause: "It is no credential that Meshery could use.",
    next: ["Download a new auth.json from the tokens page of the cloud and import that."],
  },
  MESHAUTH_E_PROVIDER_MISSING: {
    exit: EXIT.provider,
    message: "The provider is not installed.",
    cause: "A credential or a setting names a provider that no installed package offers.",
    next: ["meshauth provider list"],
  },
  MESHAUTH_E_PROVIDER_BROKEN: {
    exit: EXIT.provider,
    message: "The provider's code failed.",
    cause: "A defect of the provider package, not of the login.",
    next: [
      "meshauth plugins update",
      "Run the command again with DEBUG=meshauth* to see where it failed.",
      "MESHAUTH_SAFE_MODE=1 meshauth login",
    ],
  },
  MESHAUTH_E_PLUGIN: {
    exit: EXIT.provider,
    message: "The plugin cannot be used.",
    cause: "The package is missing, incompatible or incomplete.",
    next: ["meshauth provider list"],
  },
  MESHAUTH_E_PLUGIN_UNSAFE: {
    exit: EXIT.provider,
    message: "The package is not one that meshauth installs.",
    cause: "It is too large, holds links that lead out of it, or brings a program with meshauth's own name.",
    next: ["meshauth plugins"],
  },
  MESHAUTH_E_SIGNATURE: {
    exit: EXIT.provider,
    message: "The signature of the package is not good.",
    cause: "The package, or one that it needs, is not what was signed: somebody may have changed it.",
    next: ["Do not install it. Tell its author, or the registry."],
  },
  MESHAUTH_E_TAMPERED: {
    exit: EXIT.provider,
    message: "The plugin is not as it was installed.",
    cause: "Its files, or those of a package that it needs, were changed since, so none of its code is run.",
    next: ["meshauth plugins install NAME"],
  },
  MESHAUTH_E_CONSENT: {
    exit: EXIT.interaction,
    message: "Nobody has allowed the plugin's code to run yet.",
    cause:
      "A login asks before a plugin's first use, and after an update. Nobody is asked here, or it was withdrawn.",
    next: ["meshauth plugins trust NAME --yes"],
  },
  MESHAUTH_E_INTERACTION: {
    exit: EXIT.interaction,
    message: "A person is needed, and none can be asked here.",
    cause: "Standard input or standard error is no terminal, or CI, --no-input or --json forbids questions.",
    next: ["meshauth login none", "meshauth login file-import FILE", "meshauth login layer5 --no-browser"],
  },
  MESHAUTH_E_INTERRUPTED: {
    exit: EXIT.interrupted,
    message: "Interrupted.",
    cause: "The person or the system ended the command.",
    next: [],
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
