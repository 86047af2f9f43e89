// @ts-check
/**
 * saveFile is a download: it lets the browser save data under a name. The address under which it does so means nothing
 * to others.
 * @param {string} name
 * @param {Blob} data
 */
export function saveFile(name, data) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
