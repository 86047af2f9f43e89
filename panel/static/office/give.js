// Giving a member a right to some rows of the table.
import { t, ask, notify } from "../kapu.js";
import { html, nothing } from "../lit/lit-html.js";
import { dialogue, rightText, rightLong, rights } from "./office.js";

// change asks which right; done is called when it was given.
export function change(rows, members, member, known, done) {
  const one = members.find((m) => m.id === member);
  if (members.length === 0) return notify(t("page-office-no-staff"));
  const now = one && rows.length === 1 ? known.at(member, rows[0]).own : null;
  let form;
  // What comes from a folder or from everything is not taken away by less in one row: that is said before.
  const stays = () => {
    const who = form?.elements.member?.value ?? member ?? members[0].id;
    const wanted = form?.elements.right.value ?? "";
    const n = rows.filter((r) => { const at = known.at(who || members[0].id, r); return at.through && rights.indexOf(at.right) > rights.indexOf(wanted); }).length;
    return n > 0 ? html`<p class="warning">${t("page-office-stays", { N: n })}</p>` : nothing;
  };
  const what = rows.length === 1 ? rows[0].name : t("page-selected", { N: rows.length });
  const d = dialogue({
    title: one ? `${one.name}: ${what}` : what,
    go: t("page-set"),
    body: () => html`${one ? nothing : html`<label>${t("page-office-member")}<select name="member">${members.map((m) => html`<option value=${m.id}>${m.name}</option>`)}</select></label>`}
      <fieldset><legend>${t("page-office-right")}</legend>${["", "codes", "use", "edit"].map((r) => html`<label class="tick"><input type="radio" name="right" value=${r} ?checked=${r === (now ?? "use")} ?autofocus=${r === (now ?? "use")}>
        <span>${r ? rightText[r] : t("page-office-nothing")}${r ? html` <small>${rightLong[r]}</small>` : nothing}</span></label>`)}</fieldset>
      ${form?.elements.right.value === "codes" || !form && now === "codes" ? html`<label>${t("page-office-last-day")}<input name="until" type="date" required autocomplete="off"></label>` : nothing}
      ${rows.some((r) => r.kind === "all") ? html`<p class="hint">${t("page-office-all-hint")}</p>` : nothing}${stays()}`,
    async deed(f) {
      const n = await ask("office-set-rights", {
        member: one ? member : f.member.value, right: f.right.value, until: f.until?.value ?? "",
        clients: rows.filter((r) => r.kind === "client").map((r) => r.client.id), folders: rows.filter((r) => r.kind === "folder").map((r) => r.folder),
        all: rows.some((r) => r.kind === "all"),
      });
      notify(t("page-office-given", { N: n }));
      done();
    },
  });
  form = d.dialog.querySelector("form");
  d.show();
}
