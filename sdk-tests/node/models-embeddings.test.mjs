import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { all, assertFails, client } from './gateway.mjs';

const input = ['a red apple', 'an apple that is red', 'quarterly report'];
const product = (one, other) => one.reduce((sum, x, i) => sum + x * other[i], 0);

test('embeddings are the same in both encodings', async () => {
  // Without an encoding the SDK asks for base64, and decodes it.
  const byDefault = await client.embeddings.create({ model: 'embeddings', input });
  const plain = await client.embeddings.create({
    model: 'text-embedding-3-small', input, encoding_format: 'float',
  });
  assert.deepEqual(byDefault.data.map((each) => each.index), [0, 1, 2]);
  byDefault.data.forEach(({ embedding }, i) => {
    const other = plain.data[i].embedding;
    assert.equal(embedding.length, other.length);
    assert.ok(embedding.every((x, at) => Math.abs(x - other[at]) < 1e-6));
    assert.ok(Math.abs(product(embedding, embedding) - 1) < 1e-4);
  });
  assert.deepEqual(byDefault.usage, plain.usage);
  assert.ok(plain.usage.prompt_tokens > 0);
});

test('embeddings have the dimensions asked for, and near texts are near', async () => {
  const { data } = await client.embeddings.create({ model: 'embeddings', input, dimensions: 64 });
  const [apple, same, other] = data.map((each) => each.embedding);
  assert.deepEqual([apple.length, same.length, other.length], [64, 64, 64]);
  assert.ok(product(apple, same) > product(apple, other));
});

test('models are what the key may use', async () => {
  const models = await all(client.models.list());
  const ids = models.map((model) => model.id);
  for (const id of ['chat', 'gpt-4.1-mini', 'embeddings', 'silent']) assert.ok(ids.includes(id), id);
  assert.ok(!ids.includes('closed'));
  assert.ok(models.every((model) => model.object === 'model' && Number.isInteger(model.created)));
  assert.ok(models.every((model) => typeof model.owned_by === 'string'));
});

test('one model', async () => {
  assert.equal((await client.models.retrieve('gpt-4.1-mini')).id, 'gpt-4.1-mini');
  for (const unknown of ['closed', 'none', 'a/b']) {
    await assertFails(client.models.retrieve(unknown), OpenAI.NotFoundError, 404, 'model_not_found');
  }
});
