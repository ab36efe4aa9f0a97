/** What a failed TLS handshake means, in words: why, and what mends it. */
export interface TlsFault {
  /** Completes "the secure connection failed: …". */
  readonly reason: string;
  readonly next: readonly string[];
}

const TRUST =
  "If the network belongs to a company, set NODE_EXTRA_CA_CERTS to the file with its root certificate (PEM) and try again.";
const CLOCK = "Compare this machine's clock with the real time.";

const unknownIssuer = (reason: string): TlsFault => ({ reason, next: [TRUST] });

// Codes of OpenSSL's X509_verify_cert_error and of Node.
const FAULTS: Readonly<Record<string, TlsFault>> = {
  SELF_SIGNED_CERT_IN_CHAIN: unknownIssuer(
    "the certificate chain ends in a root that this machine does not know, as behind a proxy that looks into TLS",
  ),
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownIssuer("the certificate is self-signed, so nobody vouches for it"),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer(
    "the certificate's issuer is not known here, or the server leaves out its intermediate certificate",
  ),
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer("the certificate's issuer is not known here"),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer("the certificate's issuer is not known here"),
  CERT_UNTRUSTED: unknownIssuer("the certificate's root is not trusted here"),
  CERT_HAS_EXPIRED: {
    reason: "the certificate has expired",
    next: [CLOCK, "If the clock is right, tell those who run the server."],
  },
  CERT_NOT_YET_VALID: { reason: "the certificate is not valid yet", next: [CLOCK] },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: "the certificate is for another host name",
    next: [
      "Correct the address. NODE_EXTRA_CA_CERTS does not help here: the name in the certificate is the wrong one.",
    ],
  },
  CERT_REVOKED: { reason: "the certificate was revoked", next: ["Tell those who run the server."] },
};

const NO_TLS: TlsFault = {
  reason: "the other side does not speak TLS, or no version of it that is still safe",
  next: ["Check the port, and whether the address should start with http://."],
};

/** Explains an error code of a TLS connection; `undefined` when it is none. */
export function explainTls(code: string): TlsFault | undefined {
  if (Object.hasOwn(FAULTS, code)) return FAULTS[code];
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) return NO_TLS;
  if (/^(CERT|CRL|UNABLE_TO|ERR_TLS|INVALID_(CA|PURPOSE)|PATH_LENGTH)/.test(code)) {
    return { reason: `the certificate was refused (${code})`, next: [TRUST] };
  }
  return undefined;
}
