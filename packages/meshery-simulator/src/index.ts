export type { Reuse, TokenOptions } from "./cloud/sessions.js";
export { decodeEnvelope, type Envelope, encodeEnvelope } from "./envelope.js";
export { ERAS, type Era } from "./era.js";
export {
  type CloudFault,
  FAULTS,
  type FaultControl,
  type FaultName,
  isFaultName,
  type ServerFault,
} from "./faults/faults.js";
export { HOSTILE_TEXT } from "./hostile.js";
export type { Recorded } from "./http/recorded.js";
export { createSigningKey, type Jwk, parseJwt, type SigningKey, signJwt, verifySignature } from "./jwt.js";
export type { ProviderOption, RegisteredProvider } from "./server/registry.js";
export { type SimulatorOptions, startSimulator } from "./simulator.js";
export type { CloudControl, SimulatedCloud, SimulatedServer, Simulator } from "./types.js";
export { USERS, type User } from "./users.js";
export { type Visit, type VisitOptions, visitLogin } from "./visit.js";
