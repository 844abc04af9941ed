// A real OpenID provider on this machine with a few made-up people: ./run.sh --sso and the tests sign in with it.
//
//   PORT           on 127.0.0.1; 0 picks a free one                     0
//   PORTAL_ORIGIN  the portal's address, for its redirect addresses     required
//   CLIENT_SECRET  the portal's secret here                             required
//   TLS_KEY, TLS_CERTIFICATE  files, to speak https
//   STOP_WITH_INPUT  1 ends it when nobody holds its standard input any more
//   CONTROL        1 lets tests ask for new keys: POST /control/new-keys
//
// Prints "Issuer: ADDRESS" when it answers.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

const people = {
  dana: { name: 'Dana Developer', roles: ['Portal.Requester'] },
  ari: { name: 'Ari Approver', roles: ['Portal.Requester', 'Portal.Approver'] },
  olu: { name: 'Olu Operator', roles: ['Portal.Operator'] },
  aud: { name: 'Aud Auditor', roles: ['Portal.Auditor'] },
  ada: { name: 'Ada Administrator', roles: ['Portal.Administrator'] },
  grete: { name: 'Grete Group', groups: ['portal-approvers'] },
  nora: { name: 'Nora Norole' },
};

const { PORTAL_ORIGIN: portal, CLIENT_SECRET: secret } = process.env;
if (!portal || !secret) {
  console.error('PORTAL_ORIGIN and CLIENT_SECRET must be set.');
  process.exit(2);
}

const escape = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const page = (title, body) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><link rel="icon" href="data:,">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:10vh auto;padding:0 1rem}button{font:inherit;display:block;width:100%;margin:.5rem 0;padding:.6rem}</style>
<h1>${escape(title)}</h1>${body}`;

async function signingKeys() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: crypto.randomUUID() }] };
}

async function createProvider(issuer) {
  return new Provider(issuer, {
    jwks: await signingKeys(),
    cookies: { keys: [crypto.randomUUID()] },
    clients: [{
      client_id: 'portal',
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: [`${portal}/signin-oidc`],
      post_logout_redirect_uris: [`${portal}/signout-callback-oidc`],
      backchannel_logout_uri: `${portal}/signout-backchannel`,
      backchannel_logout_session_required: true,
      response_types: ['code'],
      grant_types: ['authorization_code'],
    }],
    claims: { openid: ['sub'], profile: ['name', 'roles', 'groups'] },
    // The portal asks nobody but the token who somebody is.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    responseModes: ['form_post'],
    ttl: { Session: 3600, Interaction: 900, Grant: 3600, IdToken: 600, AccessToken: 600 },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    // There is nothing to agree to.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    // By itself it refuses to call this machine, which is right for everybody else.
    fetch: (url, options) => {
      const { dispatcher, ...rest } = options;
      return fetch(url, rest);
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = page('Sign out here too?', `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`);
        },
        postLogoutSuccessSource(ctx) {
          ctx.body = page('Signed out', '<p>You are signed out here.</p>');
        },
      },
    },
    renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = page('This did not work', `<pre>${escape(JSON.stringify(out, null, 2))}</pre>`);
    },
  });
}

const tls = process.env.TLS_KEY && { key: readFileSync(process.env.TLS_KEY), cert: readFileSync(process.env.TLS_CERTIFICATE) };
const server = tls ? https.createServer(tls) : http.createServer();
await new Promise((resolve) => server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', resolve));
const issuer = `${tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}`;
let provider = await createProvider(issuer);
let answer = provider.callback();

async function interact(request, response) {
  const { prompt } = await provider.interactionDetails(request, response);
  if (request.method === 'POST') {
    let body = '';
    for await (const part of request) body += part;
    const chosen = new URLSearchParams(body).get('person');
    const result = chosen in people ? { login: { accountId: chosen } } : { error: 'access_denied', error_description: '<b>nobody</b> was chosen' };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    return;
  }

  const buttons = Object.entries(people).map(([id, { name }]) => `<button name="person" value="${id}">${escape(name)}</button>`).join('');
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(page('Who are you?', `<p>${escape(prompt.name)}: made-up people, no passwords.</p><form method="post">${buttons}<button name="person" value="">Cancel</button></form>`));
}

server.on('request', async (request, response) => {
  try {
    if (process.env.CONTROL === '1' && request.method === 'POST' && request.url === '/control/new-keys') {
      provider = await createProvider(issuer);
      answer = provider.callback();
      response.end();
    } else if (request.url.startsWith('/interaction/')) {
      await interact(request, response);
    } else {
      await answer(request, response);
    }
  } catch (error) {
    response.statusCode = 400;
    response.end(page('This did not work', `<p>${escape(error.message)}</p>`));
  }
});
console.log(`Issuer: ${issuer}`);
if (process.env.STOP_WITH_INPUT === '1') process.stdin.resume().on('end', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
