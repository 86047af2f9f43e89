// Exchanges the ticket in the link's fragment for a session and leaves nothing of it in the history.
const ticket = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

async function open() {
  const answer = await fetch("/open", { method: "POST", body: JSON.stringify(ticket) });
  if (!answer.ok) throw new Error(answer.status);
  location.replace(await answer.json());
}

open().catch(() => { document.getElementById("refused").hidden = false; });
