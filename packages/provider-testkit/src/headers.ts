/** Tells the gateway which server a request was for. */
export const ORIGIN_HEADER = "x-meshauth-kit-origin";

/** Tells the gateway how to misbehave. */
export const FAULT_HEADER = "x-meshauth-kit-fault";
