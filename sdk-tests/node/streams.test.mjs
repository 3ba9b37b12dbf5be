import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import OpenAI from 'openai';
import { callerLeft, client, hello } from './gateway.mjs';

const stream = (model, options) =>
  client.chat.completions.create({ model, messages: hello, stream: true }, options);

describe('a stream breaks', () => {
  for (const [where, model, begins, code, message] of [
    ['in the middle of an event', 'broken-stream', 'One, two, three', 'stream_broken', /broke off/],
    ['between two events', 'breaks', 'This answer is simulated', 'stream_broken', /broke off/],
    ['before its end', 'ended-stream', 'One, two, three', 'stream_broken', /broke off/],
    ['with an error of the provider', 'failed-stream', 'One', null, /The server had an error/],
  ]) {
    test(where, async () => {
      let seen = '';
      await assert.rejects(
        async () => {
          for await (const chunk of await stream(model)) seen += chunk.choices[0].delta.content ?? '';
        },
        (error) => {
          assert.ok(error instanceof OpenAI.APIError, error);
          assert.equal(error.code, code);
          assert.match(error.message, message);
          assert.match(error.requestID, /^req_/);
          return true;
        },
      );
      assert.equal(seen, begins);
    });
  }

  test('and never becomes a whole answer', async () => {
    const events = client.chat.completions.stream({ model: 'broken-stream', messages: hello });
    await assert.rejects(events.finalChatCompletion(), { code: 'stream_broken' });
  });
});

describe('a call is given up', () => {
  for (const streamed of [false, true]) {
    test(`by the client’s timeout, ${streamed ? 'streamed' : 'whole'}`, async () => {
      await assert.rejects(
        client.chat.completions.create(
          { model: 'silent', messages: hello, stream: streamed },
          { timeout: 1000 },
        ),
        OpenAI.APIConnectionTimeoutError,
      );
      await callerLeft('silent');
    });
  }

  test('by a signal', async () => {
    const controller = new AbortController();
    const call = client.chat.completions.create(
      { model: 'held-stream', messages: hello, stream: true },
      { signal: controller.signal },
    );
    for await (const chunk of await call) {
      if (chunk.choices[0].delta.content) controller.abort();
    }
    await callerLeft('held-stream');
  });

  test('by leaving the loop', async () => {
    let seen = '';
    for await (const chunk of await stream('held-stream')) {
      seen += chunk.choices[0].delta.content ?? '';
      if (seen) break;
    }
    assert.equal(seen, 'One');
    await callerLeft('held-stream');
  });
});
