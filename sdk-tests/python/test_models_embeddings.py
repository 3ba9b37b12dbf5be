import math
import unittest

import openai

from gateway import GatewayTest, client


def product(one, other):
    return sum(x * y for x, y in zip(one, other))


class Embeddings(GatewayTest):
    texts = ["a red apple", "an apple that is red", "quarterly report"]

    def test_numbers_are_the_same_in_both_encodings(self):
        # Without an encoding the SDK asks for base64, and decodes it.
        default = client.embeddings.create(model="embeddings", input=self.texts)
        plain = client.embeddings.create(
            model="text-embedding-3-small", input=self.texts, encoding_format="float"
        )
        self.assertEqual([0, 1, 2], [e.index for e in default.data])
        for one, other in zip(default.data, plain.data):
            self.assertEqual(len(one.embedding), len(other.embedding))
            for x, y in zip(one.embedding, other.embedding):
                self.assertAlmostEqual(x, y, places=6)
            self.assertAlmostEqual(1, math.hypot(*one.embedding), places=4)
        self.assertEqual(default.usage, plain.usage)
        self.assertGreater(default.usage.prompt_tokens, 0)

    def test_dimensions_and_near_texts(self):
        data = client.embeddings.create(model="embeddings", input=self.texts, dimensions=64).data
        apple, same, other = [e.embedding for e in data]
        self.assertEqual([64] * 3, [len(apple), len(same), len(other)])
        self.assertGreater(product(apple, same), product(apple, other))


class Models(GatewayTest):
    def test_lists_what_the_key_may_use(self):
        models = {m.id: m for m in client.models.list()}
        self.assertLessEqual({"chat", "gpt-4.1-mini", "embeddings", "silent"}, set(models))
        self.assertNotIn("closed", models)
        self.assertEqual("model", models["chat"].object)
        self.assertIsInstance(models["chat"].created, int)
        self.assertIsInstance(models["chat"].owned_by, str)

    def test_retrieves_one(self):
        self.assertEqual("gpt-4.1-mini", client.models.retrieve("gpt-4.1-mini").id)
        for unknown in ("closed", "none", "a/b"):
            with self.assertRaises(openai.NotFoundError) as caught:
                client.models.retrieve(unknown)
            self.assert_error(caught.exception, 404, "model_not_found")


if __name__ == "__main__":
    unittest.main()
