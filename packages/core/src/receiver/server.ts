import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ReceiverLimits } from "./options.js";

/** What a receiver's server calls. */
interface ServerEvents {
  connection(socket: Socket): void;
  request(request: IncomingMessage, response: ServerResponse): void;
  /** A client began with a TLS handshake. */
  tls(): void;
  /** The whole text of the answer to a client whose request could not be read. */
  malformed(status: number): string;
}

/** The content type of a TLS handshake record (RFC 8446 section 5.1): how a ClientHello begins. */
const TLS_HANDSHAKE = 0x16;

/** An HTTP server that no client can keep busy or bring down. */
export function createReceiverServer(limits: ReceiverLimits, events: ServerEvents): Server {
  const server = createServer({
    maxHeaderSize: limits.head,
    headersTimeout: limits.request,
    requestTimeout: limits.request,
    connectionsCheckingInterval: limits.interval,
    // Node's own answer to a missing Host would lack our headers.
    requireHostHeader: false,
  });
  // A pipelined second request is dropped by Node instead of being taken without an answer.
  server.maxRequestsPerSocket = 1;
  server.on("connection", events.connection);
  server.on("request", events.request);
  // Without these Node itself answers "100 Continue" or 417.
  server.on("checkContinue", events.request);
  server.on("checkExpectation", events.request);
  server.on("clientError", (error: ClientError, stream) => {
    const socket = stream as Socket;
    if (error.rawPacket?.[0] === TLS_HANDSHAKE && socket.bytesRead === error.rawPacket.length) events.tls();
    else if (socket.writable && socket.bytesWritten === 0 && error.code?.startsWith("HPE_")) {
      const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
      socket.end(events.malformed(status), () => socket.destroy());
      return;
    }
    socket.destroy();
  });
  return server;
}

interface ClientError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}
