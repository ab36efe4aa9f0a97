export { type CompleteInput, completeLogin } from "./complete.js";
export { providerOfTicket } from "./find.js";
export { keepLogin } from "./keep.js";
export { type Keeper, keeperFailed, type LaunchKeeper, type StartReport, startLogin } from "./start.js";
export type { FirstWord, Starter } from "./starter.js";
