import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { asked, assertFails, client, hello } from './gateway.mjs';

function chat({ of = client, refuse, ...more } = {}) {
  return of.chat.completions.create(
    { model: 'chat', messages: hello, ...more },
    refuse ? { headers: { 'x-refuse': refuse } } : {},
  );
}

describe('errors', () => {
  test('of an unknown key', async () => {
    for (const apiKey of ['wrong', `sk-proj-${'x'.repeat(200)}`]) {
      const of = client.withOptions({ apiKey });
      await assertFails(chat({ of }), OpenAI.AuthenticationError, 401, 'invalid_api_key');
    }
  });

  test('of a route that is not granted', () =>
    assertFails(chat({ model: 'closed' }), OpenAI.PermissionDeniedError, 403, 'route_not_granted', (error) =>
      assert.equal(error.param, 'model')));

  for (const [refuse, kind, message] of [
    ['400', OpenAI.BadRequestError, 'Not like this.'],
    ['403', OpenAI.PermissionDeniedError, 'Not you.'],
    ['413', OpenAI.APIError, 'Send less.'],
    ['429', OpenAI.RateLimitError, 'Not now.'],
  ]) {
    test(`of a policy that denies with ${refuse}`, () =>
      assertFails(chat({ refuse }), kind, Number(refuse), 'policy_denied', (error) => {
        assert.equal(error.error.message, message);
        assert.ok(error.message.includes(message));
      }));
  }

  test('of an unknown model', () =>
    assertFails(chat({ model: 'gpt-9' }), OpenAI.NotFoundError, 404, 'model_not_found', (error) =>
      assert.equal(error.param, 'model')));

  test('of an unknown endpoint', () =>
    assertFails(client.files.list(), OpenAI.NotFoundError, 404, 'path_not_found'));

  test('of what is not a request', async () => {
    await assertFails(chat({ model: 7 }), OpenAI.BadRequestError, 400, 'invalid_request');
    await assertFails(chat({ messages: 'Hello' }), OpenAI.BadRequestError, 400, 'invalid_request');
  });

  test('of a body that is too large', async () => {
    const messages = [{ role: 'user', content: 'x'.repeat(33 * 1024 * 1024) }];
    await assertFails(chat({ messages }), OpenAI.APIError, 413, 'body_too_large');
    assert.ok((await chat()).choices);
  });

  test('of the provider that are the client’s', async () => {
    await assertFails(
      chat({ model: 'bad-request' }), OpenAI.BadRequestError, 400, 'context_length_exceeded',
      (error) => {
        assert.equal(error.param, 'messages');
        assert.match(error.message, /maximum context length/);
      },
    );
    await assertFails(chat({ model: 'unprocessable' }), OpenAI.UnprocessableEntityError, 422, 'invalid_file');
  });

  test('of a provider that limits the gateway', () =>
    assertFails(chat({ model: 'rate-limited' }), OpenAI.RateLimitError, 429, 'upstream_rate_limited', (error) => {
      assert.equal(error.headers.get('retry-after'), '7');
      assert.ok(!error.message.includes('org-provider'));
    }));

  for (const [model, status, code] of [
    ['server-error', 502, 'upstream_error'],
    ['broken-answer', 502, 'upstream_error'],
    ['unauthorized', 502, 'upstream_unauthorized'],
    ['unreachable', 502, 'upstream_unreachable'],
    ['overloaded', 503, 'upstream_overloaded'],
    ['down', 503, 'upstream_overloaded'],
    ['breaks', 502, 'upstream_error'],
    ['impatient', 504, 'upstream_timeout'],
  ]) {
    test(`of the provider that are its own: ${model}`, () =>
      assertFails(chat({ model }), OpenAI.InternalServerError, status, code, (error) =>
        assert.equal(error.type, 'server_error')));
  }

  test('of a stream that has not begun', async () => {
    await assertFails(chat({ refuse: '429', stream: true }), OpenAI.RateLimitError, 429, 'policy_denied');
    await assertFails(
      chat({ model: 'server-error', stream: true }), OpenAI.InternalServerError, 502, 'upstream_error',
    );
  });
});

describe('retries', () => {
  for (const recording of ['rate-limited-once', 'overloaded-once']) {
    test(`come when the provider wants: ${recording}`, async () => {
      const before = (await asked(recording)).length;
      const answer = await chat({ of: client.withOptions({ maxRetries: 2 }), model: recording });
      assert.equal(answer.choices[0].message.content, 'Here I am again.');
      const calls = (await asked(recording)).slice(before);
      assert.equal(calls.length, 2);
      // By itself the SDK would come again after half a second at most.
      assert.ok(calls[1].at_millis - calls[0].at_millis >= 950);
    });
  }

  test('do not come where the policy says no', async () => {
    let calls = 0;
    const counting = (...args) => {
      calls += 1;
      return fetch(...args);
    };
    const patient = client.withOptions({ maxRetries: 2, fetch: counting });
    await assertFails(chat({ of: patient, refuse: '429' }), OpenAI.RateLimitError, 429, 'policy_denied');
    assert.equal(calls, 1);
  });
});
