// @ts-check
/**
 * label is what a client is called where another bears the same name too: with what tells them apart, which the agent
 * says. No two clients have the same. Who acts on a client names its id.
 * @param {{ name: string, beside?: string }} client
 */
export const label = ({ name, beside }) => beside ? `${name} (${beside})` : name;
