// @ts-check
// Exchanges the one-time ticket in the link's fragment for a session, and leaves nothing of it in the history.
const ticket = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

async function enter() {
  const answer = await fetch("/open", { method: "POST", body: JSON.stringify(ticket) });
  if (!answer.ok) throw new Error(String(answer.status));
  location.replace(await answer.json());
}

enter().catch(() => document.getElementById("refused")?.removeAttribute("hidden"));
