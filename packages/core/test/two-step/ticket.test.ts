import { expect, test } from "vitest";
import { createTicket, parseTicket } from "../../src/two-step/ticket.js";

test("a ticket says when it ends and names a folder from which it cannot be had", () => {
  const expiresAt = new Date("2031-02-03T04:05:06.000Z");
  const ticket = createTicket(expiresAt);
  expect(ticket).toMatch(/^[0-9a-z]+-[\w-]{32}$/);
  expect(encodeURIComponent(ticket)).toBe(ticket);
  const { id = "", ...rest } = parseTicket(ticket) ?? {};
  expect(rest).toEqual({ expiresAt });
  expect(id).toMatch(/^[0-9a-f]{32}$/);
});

test("no two tickets are the same", () => {
  const end = new Date();
  const tickets = Array.from({ length: 1000 }, () => createTicket(end));
  expect(new Set(tickets).size).toBe(1000);
  expect(new Set(tickets.map((ticket) => parseTicket(ticket)?.id)).size).toBe(1000);
});

test.each([
  "",
  "-",
  "../../../etc/passwd",
  `${"a".repeat(6)}-${"b".repeat(31)}`,
  `${"a".repeat(6)}-${"b".repeat(33)}`,
  `${"a".repeat(6)}-${"b".repeat(31)}\n`,
  `A${"a".repeat(6)}-${"b".repeat(32)}`,
  `--force${"b".repeat(32)}`,
])("%j is no ticket", (text) => {
  expect(parseTicket(text)).toBeUndefined();
});
