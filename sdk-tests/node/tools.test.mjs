import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zodFunction } from 'openai/helpers/zod';
import { z } from 'zod';
import { all, asked, client } from './gateway.mjs';

const Weather = z.strictObject({ city: z.string(), unit: z.enum(['celsius', 'fahrenheit']) });
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Tells the weather of a city.',
    strict: true,
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['city', 'unit'],
      additionalProperties: false,
    },
  },
};
const time = {
  type: 'function',
  function: { name: 'get_time', parameters: { type: 'object', properties: { zone: { type: 'string' } } } },
};
const messages = [{ role: 'user', content: 'How is Paris?' }];
const forced = { type: 'function', function: { name: 'get_weather' } };

function assertParis(message) {
  assert.deepEqual(
    message.tool_calls.map((call) => [call.id, call.function.name, JSON.parse(call.function.arguments)]),
    [
      ['call_DdmO9pD3xa9XTPNJ32zg2hcA', 'get_weather', { city: 'Paris', unit: 'celsius' }],
      ['call_abc123LmNoPqRsTuVwXyZ456', 'get_time', { zone: 'Europe/Paris' }],
    ],
  );
}

test('a forced call', async () => {
  const completion = await client.chat.completions.create({
    model: 'chat', messages, tools: [time, weather], tool_choice: forced,
  });
  const [choice] = completion.choices;
  assert.equal(choice.finish_reason, 'tool_calls');
  assert.equal(choice.message.content, null);
  assert.equal(choice.message.tool_calls.length, 1);
  const [call] = choice.message.tool_calls;
  assert.equal(call.function.name, 'get_weather');
  assert.ok(call.id);
  Weather.parse(JSON.parse(call.function.arguments));
});

test('a forced call in fragments', async () => {
  const chunks = await all(
    await client.chat.completions.create({
      model: 'chat', messages, tools: [time, weather], tool_choice: forced, stream: true,
    }),
  );
  const deltas = chunks.flatMap((chunk) => chunk.choices[0].delta.tool_calls ?? []);
  assert.equal(deltas[0].function.name, 'get_weather');
  assert.ok(deltas.length > 3);
  assert.ok(deltas.slice(1).every((delta) => delta.index === 0 && !delta.id));
  Weather.parse(JSON.parse(deltas.map((delta) => delta.function.arguments).join('')));
  assert.equal(chunks.at(-1).choices[0].finish_reason, 'tool_calls');
});

test('two calls at once', async () => {
  const completion = await client.chat.completions.create({
    model: 'parallel-tools', messages, tools: [weather, time],
  });
  assertParis(completion.choices[0].message);
});

test('two calls at once in fragments', async () => {
  const done = [];
  const stream = client.chat.completions
    .stream({
      model: 'parallel-tools-stream',
      messages,
      tools: [zodFunction({ name: 'get_weather', parameters: Weather })],
      stream_options: { include_usage: true },
    })
    .on('tool_calls.function.arguments.done', (call) => done.push(call));
  const completion = await stream.finalChatCompletion();
  assertParis(completion.choices[0].message);
  assert.equal(completion.choices[0].finish_reason, 'tool_calls');
  assert.equal(completion.usage.total_tokens, 116);
  assert.deepEqual(done.map((call) => call.name), ['get_weather', 'get_time']);
  assert.deepEqual(done[0].parsed_arguments, { city: 'Paris', unit: 'celsius' });
});

test('results are sent back', async () => {
  const asking = (
    await client.chat.completions.create({ model: 'parallel-tools', messages, tools: [weather, time] })
  ).choices[0].message;
  const results = [
    { role: 'tool', tool_call_id: asking.tool_calls[0].id, content: '{"degrees": 18}' },
    { role: 'tool', tool_call_id: asking.tool_calls[1].id, content: '10:30' },
  ];
  const answer = await client.chat.completions.create({
    model: 'after-tools', messages: [...messages, asking, ...results], tools: [weather, time],
  });
  assert.equal(answer.choices[0].message.content, 'It is 18 degrees in Paris, at 10:30.');
  const { body } = (await asked('after-tools')).at(-1);
  assert.deepEqual(body.tools, [weather, time]);
  assert.deepEqual(body.messages, JSON.parse(JSON.stringify([...messages, asking, ...results])));
});

test('the SDK calls tools until there are words', async () => {
  const called = [];
  const runner = client.chat.completions.runTools({
    model: 'chat',
    messages: [{ role: 'user', content: 'Use get_weather' }],
    tools: [
      {
        type: 'function',
        function: {
          ...weather.function,
          parse: (text) => Weather.parse(JSON.parse(text)),
          function: (weather) => {
            called.push(weather);
            return `18 degrees ${weather.unit}`;
          },
        },
      },
    ],
  });
  assert.match(await runner.finalContent(), /You wrote: 18 degrees (celsius|fahrenheit)$/);
  assert.equal(called.length, 1);
});
