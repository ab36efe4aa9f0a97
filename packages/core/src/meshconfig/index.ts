export { absenceOf } from "./absence.js";
export {
  addTokenEntry,
  planTokenEntry,
  setContextProvider,
  setCurrentContext,
  type TokenEntryPlan,
} from "./changes.js";
export { giveOwnToken, type OwnTokenPlan, planOwnToken, proveOwnToken } from "./own-token.js";
export { inspectMeshconfig, resolveMeshconfig } from "./resolve.js";
export { list as listNames, matchName } from "./select-context.js";
export { serverAddress } from "./server-address.js";
export type {
  MeshContext,
  Meshconfig,
  MeshconfigInput,
  MeshconfigProblem,
  MeshToken,
  TokenLocation,
} from "./types.js";
