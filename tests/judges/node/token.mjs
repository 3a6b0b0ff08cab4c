// Asks the library jose about a token, with the key that the DID document lists under the token's `kid`.
import {decodeProtectedHeader, importJWK, jwtVerify} from 'jose';
import {answer, credential as token, didDocument} from './world.mjs';

const {kid} = decodeProtectedHeader(token);
const method = didDocument.verificationMethod.find(listed => listed.id === kid);
try {
  const key = await importJWK(method.publicKeyJwk, 'RS256');
  const {payload} = await jwtVerify(token, key, {typ: 'vc+jwt', algorithms: ['RS256'], issuer: didDocument.id});
  answer({verified: true, payload});
} catch (error) {
  answer({verified: false, reasons: [error.code ?? String(error)]});
}
