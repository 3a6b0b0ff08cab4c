// Asks the verifier of the Digital Credentials Consortium. It fetches what it needs, so fetching is replaced first.
import {answer, credential, didDocument, documents, reasons} from './world.mjs';

globalThis.fetch = async input => {
  const address = String(input.url ?? input);
  const document = address.endsWith('/did.json') ? didDocument : documents.get(address);
  const headers = {'content-type': 'application/json'};
  return document ? new Response(JSON.stringify(document), {headers}) : new Response('{}', {status: 404, headers});
};
console.log = console.error;

const {verifyCredential} = await import('@digitalcredentials/verifier-core');
const result = await verifyCredential({credential, knownDIDRegistries: []});
const step = name => (result.log ?? []).find(entry => entry.id === name) ?? {};
answer({
  fatal: (result.errors ?? []).map(error => error.name),
  signature: step('valid_signature').valid ?? null,
  unexpired: step('expiration').valid ?? null,
  unrevoked: step('revocation_status').valid ?? null,
  status_error: step('revocation_status').error?.name ?? null,
  steps: (result.log ?? []).map(entry => [entry.id, entry.valid ?? null]),
  reasons: (result.errors ?? []).flatMap(reasons),
});
