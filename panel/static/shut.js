// Groups that have locked themselves: which they are, and opening them again.
import { t, ask, hear, notify, complain, onLocked } from "./kapu.js";
import { withSecret } from "./secret.js";

// unlock opens a group for who knows the PIN or password, where there is one.
export async function unlock(folder) {
  try {
    const open = await withSecret(t("page-group-unlock-one", { Folder: folder }), (secret) => ask("unlock-folder", { folder, secret }));
    if (open) notify(t("page-group-unlocked", { Folder: folder }));
  } catch (e) {
    complain(e);
  }
}

// follow shows the locked ones, each as a button that opens it.
export function follow(place) {
  async function load() {
    const folders = await ask("locked-folders");
    place.hidden = folders.length === 0;
    place.replaceChildren(t("page-groups-shut"), ...folders.map((folder) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = folder;
      button.title = t("page-group-unlock-one", { Folder: folder });
      button.onclick = () => unlock(folder);
      return button;
    }));
  }
  hear((e) => { if (e.type === "changed") load().catch(complain); });
  onLocked(() => place.replaceChildren());
  load().catch(complain);
}
