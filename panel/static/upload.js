// @ts-check
// Files and pictures on their way to the agent, which reads them.
import { t, ask, Problem } from "./kapu.js";

const most = 64; // MiB, as upload.go knows

/**
 * upload gives a file to a method of the agent. It is read here first: what the browser cannot read (a folder, a file
 * that is gone) must not look like an agent that is gone.
 * @template {string} M
 * @param {M} method
 * @param {object} request
 * @param {File} file
 * @param {AbortSignal} [signal] ends it, in the agent too
 */
export async function upload(method, request, file, signal) {
  if (file.size > most * 2 ** 20) throw new Problem(t("page-upload-big", { File: file.name, N: most }));
  const data = await readable(file, file.arrayBuffer());
  const form = new FormData();
  form.append("request", JSON.stringify(request));
  form.append("file", new Blob([data]));
  return ask(method, null, { body: form, signal });
}

/**
 * readable is what reading a file gives, or the sentence that it cannot be read.
 * @template T
 * @param {File} file
 * @param {Promise<T>} reading
 * @returns {Promise<T>}
 */
async function readable(file, reading) {
  try {
    return await reading;
  } catch {
    throw new Problem(t("page-upload-unreadable", { File: file.name }));
  }
}

/**
 * base64 is the content of a small file as it can travel within a request.
 * @param {File} file
 */
export async function base64(file) {
  const bytes = new Uint8Array(await readable(file, file.arrayBuffer()));
  let text = "";
  for (const b of bytes) text += String.fromCharCode(b);
  return btoa(text);
}

/**
 * intake calls back with the files that are chosen, dropped anywhere on the page, or pasted as pictures.
 * @param {HTMLInputElement} input
 * @param {HTMLElement} zone
 * @param {(files: File[]) => void} came
 */
export function intake(input, zone, came) {
  input.addEventListener("change", () => { came([...input.files ?? []]); input.value = ""; });
  const open = () => zone.offsetParent !== null; // else this step is over
  addEventListener("dragover", (e) => { e.preventDefault(); zone.classList.toggle("over", open()); });
  addEventListener("dragleave", (e) => { if (!e.relatedTarget) zone.classList.remove("over"); });
  addEventListener("drop", (e) => {
    e.preventDefault(); // else the browser leaves the page for the file
    zone.classList.remove("over");
    const files = [...e.dataTransfer?.files ?? []];
    if (open() && files.length) came(files);
  });
  addEventListener("paste", (e) => {
    const files = [...e.clipboardData?.files ?? []];
    if (open() && files.length) { e.preventDefault(); came(files); }
  });
}

/**
 * forget lets the agent drop what it has read. It works while the page is being left, too.
 * @param {string} id
 */
export function forget(id) {
  if (id) fetch("/api/drop-staged", { method: "POST", body: JSON.stringify(id), keepalive: true }).catch(() => {});
}
