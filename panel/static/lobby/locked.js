// @ts-check
// The way back in: to the very page where the person was. Who cannot be asked by a dialog is asked here.
import { t, ask } from "../kapu.js";
import { byId, one } from "../dom.js";
import { nothing } from "../lit/lit-html.js";
import { draw, view } from "./lobby.js";

draw(byId("door"), {
  id: "unlock", body: () => nothing, go: t("page-unlock"),
  deed: (f) => ask("unlock", { view, secret: f.current?.value ?? "" }),
});
one("#unlock button", HTMLButtonElement).focus();
