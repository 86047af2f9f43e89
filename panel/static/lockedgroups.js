// @ts-check
// The groups that are locked, each as a button that unlocks it.
import { t, ask, hear, onLocked } from "./kapu.js";
import { complain } from "./complain.js";
import { unlock } from "./unlock.js";

/**
 * follow shows them, and keeps what it shows up to date.
 * @param {HTMLElement} place
 * @param {(some: boolean) => void} told is called with whether there are any
 */
export function follow(place, told) {
  async function load() {
    const folders = await ask("locked-folders");
    place.hidden = folders.length === 0;
    place.replaceChildren(t("page-groups-locked"), ...folders.map((folder) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = folder;
      button.title = t("page-group-unlock-one", { Folder: folder });
      button.onclick = () => { unlock(folder).catch(complain); };
      return button;
    }));
    told(folders.length > 0);
  }
  hear((news) => { if (news.type === "changed") load().catch(complain); });
  onLocked(() => place.replaceChildren());
  load().catch(complain);
}
