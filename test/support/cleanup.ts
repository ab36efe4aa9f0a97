import { afterAll } from "vitest";

const tasks: (() => unknown)[] = [];

/**
 * Runs something when the tests of the file have ended, the last first. Unlike vitest's `onTestFinished` it
 * can be used at any time in tests that run side by side.
 */
export function atEnd(task: () => unknown): void {
  tasks.push(task);
}

afterAll(async () => {
  for (const task of tasks.splice(0).reverse()) await task();
});
