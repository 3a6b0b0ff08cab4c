// The world that a judge sees: one question on standard input, and documents by address. Nothing else exists.
import {readFileSync} from 'node:fs';

const question = JSON.parse(readFileSync(0, 'utf8'));

export const credential = question.credential;
export const documents = new Map(Object.entries(question.documents));
export const did = question.did;
export const didDocument = question.didDocument;
export const now = question.now ? new Date(question.now) : undefined;

// Print one verdict and end; what a library logged goes to standard error and is not read.
export function answer(verdict) {
  process.stdout.write(JSON.stringify(verdict) + '\n');
}

// The reasons in an error of these libraries, which nest them.
export function reasons(error) {
  if (!error) return [];
  const inner = [...(error.errors ?? []), ...(error.cause ? [error.cause] : [])];
  return [String(error.message ?? error), ...inner.flatMap(reasons)];
}
