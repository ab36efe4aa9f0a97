import { type Host, ProviderError } from "@meshauth/provider-api";
import { openReceiver, type RegisteredAddress, readRegistered } from "../receiver/index.js";
import type { Runtime } from "../runtime.js";
import { printable } from "../text.js";
import { requireOpener, waitForLogin } from "./browser-login.js";
import { waitForDevice } from "./device-login.js";
import { wantsBrowser } from "./opening.js";
import type { HostOptions } from "./options.js";

/** A {@link Host} for one call of a provider, with what has to be cleaned up after it. */
export interface OpenHost {
  readonly host: Host;
  /** Warnings that were reported, for the report. */
  readonly warnings: readonly string[];
  /** Closes what is still open. At once, or when a browser that was answered has its page. */
  close(options: { immediate: boolean }): Promise<void>;
}

/** Makes the {@link Host} that a provider is handed. */
export function createHost(runtime: Runtime, options: HostOptions): OpenHost {
  const { terminal, secrets } = runtime;
  const { signal } = options;
  const warnings: string[] = [];
  const closers: ((close: { immediate: boolean }) => Promise<void>)[] = [];

  function warn(message: string): void {
    const line = secrets.redact(printable(message, 500));
    warnings.push(line);
    terminal.notify({ kind: "warning", message: line });
  }

  const host: Host = {
    signal,
    interactive: terminal.interactive,
    env: runtime.env,
    home: runtime.home,
    server: options.server,
    now: () => runtime.now(),
    fetch: options.fetch,
    async wantsBrowser() {
      return wantsBrowser(await runtime.surroundings(), options.browser);
    },
    async listen(listen) {
      const registered = listen.redirectUri === undefined ? undefined : registeredOf(listen.redirectUri);
      const surroundings = await runtime.surroundings();
      requireOpener(runtime, surroundings, options);
      const receiver = await openReceiver({
        providerId: options.installed.entry.id,
        ...(options.browser.port === undefined ? {} : { port: options.browser.port }),
        ...(registered === undefined ? {} : { registered }),
        parameters: listen.parameters,
        accept: (parameters) => listen.accept(parameters),
        onSecret: (value) => secrets.add(value),
        onNotice: (notice) =>
          notice.kind === "second-token"
            ? warn(notice.message)
            : terminal.notify({ kind: "plain", message: notice.message }),
        signal,
      });
      closers.push((close) => receiver.close(close));
      return {
        redirectUri: receiver.redirectUri,
        state: receiver.state,
        close: () => receiver.close(),
        wait: (link, hint) =>
          waitForLogin({ runtime, options, surroundings, receiver, listen, link: String(link), hint }),
      };
    },
    device: (login) => waitForDevice(runtime, options, login),
    async ask({ message, secret = false }) {
      const answer = await terminal.ask({ message: printable(message, 500), secret }, signal);
      if (secret) secrets.add(answer);
      return answer;
    },
    confirm: ({ message, initial = false }) =>
      terminal.confirm({ message: printable(message, 500), initial }, signal),
    choose: ({ message, choices, initial }) =>
      terminal.choose(
        {
          message: printable(message, 500),
          choices: choices.map(({ value, label, hint }) => ({
            value,
            label: printable(label),
            ...(hint === undefined ? {} : { hint: printable(hint) }),
          })),
          ...(initial === undefined ? {} : { initial }),
        },
        signal,
      ),
    async readStdin(limit) {
      const bytes = await terminal.readStdin(limit, signal);
      if (bytes.length > limit) {
        throw new ProviderError("input", `Standard input holds more than ${limit} bytes.`);
      }
      return bytes;
    },
    report(event) {
      if (event.type === "warning") warn(event.message);
      else terminal.notify({ kind: "plain", message: printable(event.message, 500) });
    },
    secret: (value) => secrets.add(value),
    debug: (message) => runtime.debug(`${options.installed.entry.id}: ${message}`),
  };

  return {
    host,
    warnings,
    async close(close) {
      await Promise.all(closers.map((end) => end(close)));
    },
  };
}

function registeredOf(redirectUri: string): RegisteredAddress {
  const address = readRegistered(redirectUri);
  if (address !== undefined) return address;
  throw new ProviderError("usage", "The redirect address cannot be used.", {
    reason:
      "It has to be plain http to localhost, 127.0.0.1 or [::1], with a path as browsers write it, and no query.",
    next: ["Give an address such as http://127.0.0.1/callback."],
  });
}
