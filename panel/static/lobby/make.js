// @ts-check
// A new vault, on the way to the first list or client.
import { t, ask } from "../kapu.js";
import { byId } from "../dom.js";
import { draw, view } from "./lobby.js";
import { chosenMethod, methodFields } from "./methods.js";

draw(byId("door"), {
  id: "make", body: methodFields, go: t("page-next"),
  deed: (f) => ask("make", { view, ...chosenMethod(f) }),
});
