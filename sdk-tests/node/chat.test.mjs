import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { all, asked, client, hello, joined, key } from './gateway.mjs';

const chat = (more = {}) => client.chat.completions.create({ model: 'chat', messages: hello, ...more });

describe('a whole answer', () => {
  test('has words, an end and usage', async () => {
    const completion = await chat();
    const [choice] = completion.choices;
    assert.match(choice.message.content, /You wrote: Hello, Writ$/);
    assert.equal(choice.message.role, 'assistant');
    assert.equal(choice.finish_reason, 'stop');
    const { prompt_tokens, completion_tokens, total_tokens } = completion.usage;
    assert.ok(prompt_tokens > 0);
    assert.equal(prompt_tokens + completion_tokens, total_tokens);
    assert.match(completion._request_id, /^req_[0-9a-f]{32}$/);
  });

  test('has the request id of the client', async () => {
    const completion = await client.chat.completions.create(
      { model: 'chat', messages: hello },
      { headers: { 'x-request-id': 'case-7' } },
    );
    assert.equal(completion._request_id, 'case-7');
  });

  test('tells how it came about', async () => {
    const { data, response } = await chat({ model: 'gpt-4.1-mini' }).withResponse();
    assert.equal(response.headers.get('x-writ-route'), 'chat/only');
    assert.equal(response.headers.get('x-writ-model'), 'words');
    assert.equal(data.choices.length, 1);
  });

  test('ends where the client wants', async () => {
    const short = await chat({ max_completion_tokens: 3, n: 2 });
    assert.deepEqual(
      short.choices.map((choice) => [choice.index, choice.finish_reason]),
      [[0, 'length'], [1, 'length']],
    );
    const stopped = await chat({ stop: [' is '] });
    assert.equal(stopped.choices[0].message.content, 'This answer');
  });

  test('comes from the older completions, too', async () => {
    const completion = await client.completions.create({ model: 'chat', prompt: 'Once upon a time' });
    assert.match(completion.choices[0].text, /Once upon a time$/);
  });

  test('has the probabilities of its tokens', async () => {
    const completion = await chat({ model: 'logprobs', logprobs: true, top_logprobs: 2 });
    const tokens = completion.choices[0].logprobs.content;
    assert.deepEqual(tokens.map((token) => token.token), ['Hello', '!', '…']);
    assert.equal(tokens[0].logprob, -0.31725305);
    assert.deepEqual(tokens[0].top_logprobs.map((token) => token.token), ['Hello', 'Hi']);
    assert.equal(Buffer.from(tokens[2].bytes).toString(), '…');
  });
});

describe('a streamed answer', () => {
  test('is the whole answer in deltas', async () => {
    const whole = await chat();
    const chunks = await all(await chat({ stream: true }));
    assert.equal(joined(chunks), whole.choices[0].message.content);
    assert.ok(chunks.length > 5);
    assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    const reasons = chunks.map((chunk) => chunk.choices[0].finish_reason);
    assert.equal(reasons.pop(), 'stop');
    assert.deepEqual(new Set(reasons), new Set([null]));
    assert.ok(chunks.every((chunk) => !chunk.usage));
  });

  test('ends with usage if that is asked for', async () => {
    const whole = await chat();
    const chunks = await all(await chat({ stream: true, stream_options: { include_usage: true } }));
    const last = chunks.pop();
    assert.deepEqual(last.choices, []);
    assert.deepEqual(last.usage, whole.usage);
    assert.ok(chunks.every((chunk) => chunk.usage === null));
  });

  test('keeps characters whole', async () => {
    const chunks = await all(
      await chat({ model: 'text-stream', stream: true, stream_options: { include_usage: true } }),
    );
    assert.equal(joined(chunks), 'Grüße aus Köln: 你好, 🎉!');
    assert.equal(chunks.at(-1).usage.total_tokens, 27);
    assert.equal((await asked('text-stream')).at(-1).body.stream_options.include_usage, true);
  });

  test('tells how it came about', async () => {
    const { data, response } = await chat({ stream: true }).withResponse();
    assert.equal(response.headers.get('x-writ-route'), 'chat/only');
    assert.match(response.headers.get('content-type'), /^text\/event-stream/);
    await all(data);
  });

  test('has the probabilities of its tokens', async () => {
    const stream = client.chat.completions.stream({
      model: 'logprobs-stream', messages: hello, logprobs: true,
    });
    const [choice] = (await stream.finalChatCompletion()).choices;
    assert.equal(choice.message.content, 'Hello!…');
    assert.deepEqual(choice.logprobs.content.map((token) => token.token), ['Hello', '!', '…']);
  });

  test('comes from the older completions, too', async () => {
    const chunks = await all(
      await client.completions.create({ model: 'chat', prompt: 'Once upon a time', stream: true }),
    );
    assert.match(chunks.map((chunk) => chunk.choices[0].text).join(''), /Once upon a time$/);
  });

  test('does not mix with others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, number) => {
        const messages = [{ role: 'user', content: `I am number ${number}` }];
        const text = number % 2
          ? joined(await all(await chat({ messages, stream: true })))
          : (await chat({ messages })).choices[0].message.content;
        return text.split(' ').at(-1);
      }),
    );
    assert.deepEqual(answers, answers.map((_, number) => String(number)));
  });
});

describe('what reaches the provider', () => {
  test('pictures', async () => {
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'high' } },
      { type: 'image_url', image_url: { url: 'https://example.org/dot.png' } },
    ];
    const completion = await chat({ model: 'vision', messages: [{ role: 'user', content }] });
    assert.equal(completion.choices[0].message.content, 'A red dot on white.');
    const { body } = (await asked('vision')).at(-1);
    assert.deepEqual(body, { model: 'vision-model', messages: [{ role: 'user', content }] });
  });

  test('fields that nobody knows yet', async () => {
    const fields = { x_new: { deep: [1, 2.5, 'é', null] }, x_other: false, seed: 7 };
    const completion = await chat({ model: 'new-fields', ...fields });
    assert.deepEqual(completion.x_carbon, { grams: 0.25, region: 'eu' });
    assert.equal(completion.choices[0].message.x_mood, 'calm');
    const { body } = (await asked('new-fields')).at(-1);
    assert.deepEqual(body, { model: 'new-fields-model', messages: hello, ...fields });
  });

  test('no key and no header of the client', async () => {
    await client
      .withOptions({ organization: 'org-1', project: 'proj-1', defaultHeaders: { 'x-secret': 's3cret' } })
      .chat.completions.create({ model: 'new-fields', messages: hello });
    const { headers } = (await asked('new-fields')).at(-1);
    assert.equal(headers.authorization, 'Bearer sk-of-the-gateway');
    for (const secret of [key, 'org-1', 'proj-1', 's3cret', 'stainless', 'OpenAI/JS']) {
      assert.ok(!JSON.stringify(headers).includes(secret), JSON.stringify(headers));
    }
  });
});
