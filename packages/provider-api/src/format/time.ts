/** RFC 3339 section 5.6 with upper-case `T` and `Z`, the only form that Go reads. */
const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** 0001-01-01T00:00:00Z: how Go writes a time that was never set. */
const GO_ZERO_TIME = -62_135_596_800_000;

/**
 * Reads the `expiry` of a token envelope.
 *
 * @returns The time, to the millisecond; `"none"` for Go's zero time, which stands for a token that does
 *   not end; `"invalid"` for text that is no RFC 3339 time or that no calendar has.
 */
export function parseExpiry(text: string): Date | "none" | "invalid" {
  const match = RFC3339.exec(text);
  if (match === null) return "invalid";
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return "invalid";
  if (hour > 23 || minute > 59 || second > 59) return "invalid";
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return "invalid";
  return time.getTime() === GO_ZERO_TIME ? "none" : time;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
