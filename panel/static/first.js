// @ts-check
// A prefetch: the clients are asked for before anything else is here, so that they arrive with the scripts that show
// them.

/** @type {Promise<Response> | null} */
export let first = fetch("/api/clients", { method: "POST", body: "{}" });

// taken lets go of the answer.
export function taken() { first = null; }
