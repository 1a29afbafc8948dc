// A SAML identity provider on loopback. It lets anybody in whose name stands in PEOPLE: {"name": {"email": …, "name": …}}
// Prints one line, its address, when it listens. `?unsigned=1` answers without a signature, as a forger would.
const { createServer } = require('node:http');
const { readFileSync } = require('node:fs');
const samlp = require('samlp');

const { CERTIFICATE, KEY, ACS, ENTITY, PEOPLE } = process.env;
const people = JSON.parse(PEOPLE);
const options = {
  issuer: ENTITY,
  cert: readFileSync(CERTIFICATE),
  key: readFileSync(KEY),
  recipient: ACS,
  destination: ACS,
  lifetimeInSeconds: 300,
  getPostURL: (audience, request, req, done) => done(null, ACS),
};

function profile(name) {
  const { email, name: full } = people[name];
  const [givenName, familyName] = full.split(' ');
  return { id: name, displayName: email, name: { givenName, familyName }, emails: email ? [{ value: email }] : [] };
}

const form = '<!doctype html><title>IdP</title><form method="post"><label>Name <input name="login"></label><button>Sign in</button></form>';

const server = createServer(async (req, res) => {
  const url = new URL(req.url, 'http://127.0.0.1');
  req.query = Object.fromEntries(url.searchParams);
  req.originalUrl = req.url;
  res.set = (name, value) => res.setHeader(name, value);
  res.send = (body) => res.end(String(body));
  if (url.pathname === '/metadata') {
    req.protocol = 'http';
    req.get = (name) => req.headers[name.toLowerCase()];
    return samlp.metadata({ ...options, endpointPath: '/sso', redirectEndpointPath: '/sso', postEndpointPath: '/sso' })(req, res);
  }
  if (req.method === 'GET') {
    res.setHeader('content-type', 'text/html');
    return res.end(form);
  }
  let body = '';
  for await (const chunk of req) body += chunk;
  const name = new URLSearchParams(body).get('login');
  if (!people[name]) {
    res.statusCode = 401;
    return res.end('unknown');
  }
  req.user = profile(name);
  const unsigned = req.query.unsigned === '1';
  delete req.query.unsigned;
  req.method = 'GET'; // the request came in the address, by the redirect binding
  return samlp.auth({ ...options, signAssertion: !unsigned })(req, res, (error) => {
    res.statusCode = 500;
    res.end(String(error));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
