// What every test needs: a client of the gateway, and what the replayed provider saw.

import assert from 'node:assert/strict';
import OpenAI from 'openai';

function variable(name) {
  assert.ok(process.env[name], `${name} is not set`);
  return process.env[name];
}

export const key = variable('WRIT_KEY');
const provider = variable('WRIT_PROVIDER');

export const hello = [{ role: 'user', content: 'Hello, Writ' }];

// Without retries, so that each call is one call; tests of retries switch them on.
export const client = new OpenAI({
  baseURL: variable('WRIT_URL'),
  apiKey: key,
  maxRetries: 0,
  timeout: 60_000,
});

/** Returns the calls that a recording has answered so far. */
export async function asked(recording) {
  return (await fetch(`${provider}/asked/${recording}`)).json();
}

/** Waits until the gateway has ended its last call of a recording. */
export async function callerLeft(recording) {
  const answer = await fetch(`${provider}/gone/${recording}`);
  await answer.arrayBuffer();
  assert.equal(answer.status, 200, `the gateway goes on with its call of ${recording}`);
}

/** Checks what the SDK tells of an answer that is an error. */
export async function assertFails(call, kind, status, code, further = () => {}) {
  await assert.rejects(call, (error) => {
    assert.equal(error.constructor, kind, error);
    assert.equal(error.status, status);
    assert.equal(error.code, code);
    assert.match(error.requestID, /^req_[0-9a-f]{32}$/);
    assert.equal(error.headers.get('x-writ-request-id'), error.requestID);
    assert.ok(error.error.message);
    assert.ok(error.type);
    further(error);
    return true;
  });
}

/** Returns everything that comes, in order. */
export async function all(stream) {
  const seen = [];
  for await (const each of stream) seen.push(each);
  return seen;
}

/** Returns the text of the chunks of a chat. */
export function joined(chunks) {
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
}
