// Types of what the page uses of lit-html 3.3.3 (lit-html.js is minified and carries none).

/** What a template makes; opaque. */
export interface Template {
  readonly strings: TemplateStringsArray;
  readonly values: readonly unknown[];
}

/** A directive's result, or lit's mark for "no attribute" or "no content"; opaque. */
export interface Special {
  readonly special: unique symbol;
}

export type Scalar = string | number | boolean | null | undefined;

/** What stands in a template: content, the value of an attribute or property, or an event's handler. */
export type Value = Scalar | Template | Special | Node | readonly Value[] | ((event: never) => unknown);

export function html(strings: TemplateStringsArray, ...values: Value[]): Template;
export function svg(strings: TemplateStringsArray, ...values: Value[]): Template;
export function render(value: Value, container: HTMLElement | DocumentFragment): void;
export const nothing: Special;
