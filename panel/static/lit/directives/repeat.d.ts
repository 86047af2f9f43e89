// Types of lit-html's keyed list.
import type { Special, Value } from "../lit-html.js";

export function repeat<T>(
  items: Iterable<T>, key: (item: T, i: number) => unknown, one: (item: T, i: number) => Value,
): Special;
