import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { asked, client, hello } from './gateway.mjs';

const Machine = z.object({
  title: z.string(),
  parts: z.array(
    z.object({ name: z.string(), size: z.enum(['small', 'large']), weight: z.number().nullable() }),
  ),
  works: z.boolean(),
});
const response_format = zodResponseFormat(Machine, 'machine');

test('a model fills a schema', async () => {
  const completion = await client.chat.completions.parse({ model: 'chat', messages: hello, response_format });
  const { message } = completion.choices[0];
  assert.equal(typeof message.parsed.works, 'boolean');
  assert.deepEqual(Machine.parse(JSON.parse(message.content)), message.parsed);
});

test('a model fills a schema as it streams', async () => {
  const deltas = [];
  const stream = client.chat.completions
    .stream({ model: 'chat', messages: hello, response_format })
    .on('content.delta', ({ delta }) => deltas.push(delta));
  const { message } = (await stream.finalChatCompletion()).choices[0];
  assert.ok(deltas.length > 3);
  assert.deepEqual(Machine.parse(JSON.parse(deltas.join(''))), message.parsed);
});

test('a model refuses', async () => {
  const completion = await client.chat.completions.parse({ model: 'refusal', messages: hello, response_format });
  const { message } = completion.choices[0];
  assert.equal(message.parsed, null);
  assert.equal(message.refusal, "I'm sorry, I cannot assist with that request.");
  const { body } = (await asked('refusal')).at(-1);
  assert.deepEqual(body.response_format, JSON.parse(JSON.stringify(response_format)));
});

test('a model refuses as it streams', async () => {
  let refused = '';
  const stream = client.chat.completions
    .stream({ model: 'refusal-stream', messages: hello, response_format })
    .on('refusal.delta', ({ delta }) => (refused += delta));
  const { message } = (await stream.finalChatCompletion()).choices[0];
  assert.equal(refused, "I'm sorry, I cannot assist with that request.");
  assert.equal(message.refusal, refused);
  assert.equal(message.parsed, null);
});

test('any object', async () => {
  const completion = await client.chat.completions.create({
    model: 'chat', messages: hello, response_format: { type: 'json_object' },
  });
  assert.equal(completion.choices[0].message.content, '{"simulated":true}');
});
