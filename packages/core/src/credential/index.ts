export { type ExecCredential, execCredential } from "./exec-credential.js";
export { freshCredential } from "./fresh.js";
export {
  DEFAULT_MIN_VALIDITY,
  type FreshCredential,
  type Freshness,
} from "./fresh-as-it-is.js";
export {
  contentOf,
  endsWithin,
  environmentCredential,
  environmentToken,
  type Held,
  MEND_ENVIRONMENT,
  providerTime,
  TOLERATED_SKEW_MS,
} from "./held.js";
export { keepRenewed } from "./keep.js";
export { onlyRemote } from "./only-remote.js";
export { openProviderOf, providerOfCredential } from "./provider.js";
export { notableSkew, RENEWAL_LIMIT_MS } from "./renewer.js";
export { readHeld, resolveHeld } from "./resolve-held.js";
export {
  type CredentialDocument,
  credentialDocument,
  requireToken,
  TOKEN_FORMATS,
  type TokenFormat,
  tokenText,
} from "./token-text.js";
