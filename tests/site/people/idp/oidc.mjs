// An OpenID Connect provider on loopback. It lets anybody in under the name they write; who they are is told by PEOPLE.
// Prints one line, the issuer, when it listens. PEOPLE: {"name": {"email": …, "email_verified": …, "name": …}}
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { CLIENT, SECRET, CALLBACK, PEOPLE } = process.env;
const people = JSON.parse(PEOPLE);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT, client_secret: SECRET, redirect_uris: CALLBACK.split(' ') }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['only-for-tests'] },
    pkce: { required: () => true },
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
