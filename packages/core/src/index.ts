export { processStart, withLock } from "@meshauth/auth-store";
export { type ApiDocument, type ApiInput, type ApiOutput, answerOf, api, apiDocument } from "./api/index.js";
export { beforeAbort } from "./before-abort.js";
export { type CheckOutcome, type CheckReport, check } from "./check/check.js";
export { CHECK_IDS, type CheckId, type CheckResult } from "./check/outcome.js";
export {
  CONFORMANCE_FILE,
  type ConformanceCase,
  type ConformanceReport,
  type ConformanceStatement,
} from "./conformance.js";
export { type ContextProvider, chooseContextProvider, resetContextProvider } from "./context-provider.js";
export { type ContextList, type ContextListResult, listContexts } from "./contexts/list.js";
export type { ContextProblem, ContextRow } from "./contexts/row.js";
export { listTokens, type TokenList, type TokenRow, viewToken } from "./contexts/tokens.js";
export { type ContextUse, useContext } from "./contexts/use.js";
export { type ContextView, type ContextViews, viewContext, viewContexts } from "./contexts/view.js";
export {
  type CredentialDocument,
  credentialDocument,
  DEFAULT_MIN_VALIDITY,
  type ExecCredential,
  execCredential,
  type FreshCredential,
  freshCredential,
  MEND_ENVIRONMENT,
  TOKEN_FORMATS,
  type TokenFormat,
  tokenText,
} from "./credential/index.js";
export { argumentOf, hasToBeTold, hasTwoSteps, loginCommand } from "./entry.js";
export type { ErrorEntry } from "./errors/entry.js";
export {
  isMeshauthError,
  MeshauthError,
  type MeshauthErrorOptions,
  toMeshauthError,
} from "./errors/error.js";
export { EXIT, type ExitCode } from "./errors/exit.js";
export { ERRORS, type ErrorCode } from "./errors/table.js";
export { type ExplainInput, type Explanation, explainLogin, type Way, type WayId } from "./explain.js";
export type { BrowserFlags } from "./host/options.js";
export { inspectUrl } from "./http/index.js";
export { adviseAgain, againOf } from "./login/again.js";
export { typedWord, withoutFlag } from "./login/command-for.js";
export { type LoginInput, login } from "./login/login.js";
export type { LoginReport } from "./login/report.js";
export { type FileLogout, type LogoutReport, logout } from "./logout/logout.js";
export { nearest } from "./nearest.js";
export { withoutToken } from "./opener/attempt.js";
export { openProvider, type ProviderSession, type ProviderSessionOptions } from "./provider-session.js";
export {
  describeProblems,
  listProviders,
  type ProviderDetails,
  type ProviderList,
  type ProviderRow,
  requireProvider,
  serverNameOf,
  showProvider,
} from "./providers.js";
export { type RefreshReport, refresh } from "./refresh.js";
export * from "./registry/index.js";
export { type RestoreInput, type RestoreReport, restore } from "./restore.js";
export type { Runtime, TargetFlags } from "./runtime.js";
export { Secrets } from "./secrets.js";
export { isLocalName, type Standing } from "./standing.js";
export type { ContextStatus, StatusReport, StatusResult } from "./status/offline.js";
export { status } from "./status/status.js";
export { type StoredCredential, toCredential, toStored } from "./stored-credential.js";
export {
  type Asking,
  type Fact,
  type FactId,
  gatherSurroundings,
  isOn,
  type Surroundings,
  silenceOf,
  thisMachine,
} from "./surroundings/index.js";
export type { Notice, Terminal, WaitScreen, WaitView } from "./terminal.js";
export { minutes, printable } from "./text.js";
export { withTimeLimit } from "./time-limit.js";
export {
  type CompleteInput,
  completeLogin,
  type FirstWord,
  type Keeper,
  keeperFailed,
  keepLogin,
  type LaunchKeeper,
  providerOfTicket,
  type Starter,
  type StartReport,
  startLogin,
} from "./two-step/index.js";
export { type WhoamiReport, whoami } from "./whoami.js";
