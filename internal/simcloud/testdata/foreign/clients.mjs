// Signs in to the simulated cloud with Microsoft's MSAL for Node and pages through incidents with Microsoft's Graph
// client: what works here works because the simulator speaks the protocol, not because it was written with its client.
//
// Environment: SIM_URL, SIM_HOME, SIM_TENANTS (ids, comma-separated), SIM_PUBLIC_CLIENT, SIM_CLIENT, SIM_SECRET, and
// NODE_EXTRA_CA_CERTS for the simulator's authority. Prints one JSON object.
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.cwd(), "clients.cjs"));
const msal = require("@azure/msal-node");
const { Client } = require("@microsoft/microsoft-graph-client");

const root = process.env.SIM_URL;
const host = new URL(root).host;
const tenants = process.env.SIM_TENANTS.split(",");

function auth(clientId, tenant, more) {
  return { auth: { clientId, authority: `${root}/${tenant}`, knownAuthorities: [host], ...more } };
}

function graph(accessToken) {
  return Client.init({
    baseUrl: root,
    defaultVersion: "v1.0",
    customHosts: new Set([new URL(root).hostname]),
    authProvider: (done) => done(null, accessToken),
  });
}

// incidents reads every page through @odata.nextLink.
async function incidents(client) {
  let count = 0;
  let pages = 0;
  let page = await client.api("/security/incidents").top(20).header("Prefer", "include-unknown-enum-members").get();
  for (;;) {
    pages++;
    count += page.value.length;
    if (!page["@odata.nextLink"]) return { count, pages };
    page = await client.api(page["@odata.nextLink"]).get();
  }
}

async function withSecret(tenant) {
  const app = new msal.ConfidentialClientApplication(auth(process.env.SIM_CLIENT, tenant, { clientSecret: process.env.SIM_SECRET }));
  const result = await app.acquireTokenByClientCredential({ scopes: [`${root}/.default`] });
  return incidents(graph(result.accessToken));
}

// approve does what a person does in the browser.
async function approve(code) {
  const form = new URLSearchParams({ code, decision: "approve" });
  const answer = await fetch(`${root}/devicelogin`, { method: "POST", body: form });
  if (!answer.ok) throw new Error(`approve: ${answer.status}`);
}

async function withDeviceCode() {
  const app = new msal.PublicClientApplication(auth(process.env.SIM_PUBLIC_CLIENT, process.env.SIM_HOME));
  const scopes = [`${root}/SecurityIncident.Read.All`, `${root}/User.Read`];
  const home = await app.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: (answer) => approve(answer.userCode) });
  const me = await graph(home.accessToken).api("/me").get();
  const customers = {};
  for (const tenant of tenants) {
    // MSAL for Node looks cached tokens up by the account's own tenant, so that the first token of another one must be asked for.
    const guest = await app.acquireTokenSilent({ scopes, account: home.account, authority: `${root}/${tenant}`, forceRefresh: true });
    customers[tenant] = await incidents(graph(guest.accessToken));
  }
  return { me: me.userPrincipalName, customers };
}

const result = { secret: {}, device: null, refused: null };
for (const tenant of tenants) result.secret[tenant] = await withSecret(tenant);
result.device = await withDeviceCode();
try {
  await graph("not-a-token").api("/me").get();
} catch (error) {
  result.refused = { status: error.statusCode, code: error.code };
}
console.log(JSON.stringify(result));
