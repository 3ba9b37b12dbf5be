import asyncio
import unittest

import openai

from gateway import HELLO, GatewayTest, async_client


class Asynchronous(GatewayTest, unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        # A loaded machine is slow; that is no news.
        asyncio.get_running_loop().slow_callback_duration = 60
        self.client = async_client()

    async def asyncTearDown(self):
        await self.client.close()

    async def chat(self, model="chat", **more):
        return await self.client.chat.completions.create(
            model=model, messages=more.pop("messages", HELLO), **more
        )

    async def test_many_at_once_do_not_mix(self):
        async def ask(number):
            words = [{"role": "user", "content": f"I am number {number}"}]
            if number % 2:
                stream = await self.chat(messages=words, stream=True)
                text = "".join([c.choices[0].delta.content or "" async for c in stream])
            else:
                text = (await self.chat(messages=words)).choices[0].message.content
            return text.rpartition(" ")[2]

        answers = await asyncio.gather(*(ask(number) for number in range(40)))
        self.assertEqual([str(number) for number in range(40)], answers)

    async def test_errors(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            await self.chat("gpt-9")
        self.assert_error(caught.exception, 404, "model_not_found")
        with self.assertRaises(openai.APIError) as caught:
            async for _ in await self.chat("broken-stream", stream=True):
                pass
        self.assertEqual("stream_broken", caught.exception.code)

    async def test_timeout(self):
        with self.assertRaises(openai.APITimeoutError):
            await self.chat("silent", timeout=1)
        await asyncio.to_thread(self.assert_caller_left, "silent")

    async def test_a_cancelled_task_ends_the_providers_call(self):
        begun = asyncio.Event()

        async def read():
            async with await self.chat("held-stream", stream=True) as stream:
                async for chunk in stream:
                    if chunk.choices[0].delta.content:
                        begun.set()

        task = asyncio.create_task(read())
        await asyncio.wait_for(begun.wait(), 30)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(self.assert_caller_left, "held-stream")

    async def test_models_and_embeddings(self):
        self.assertIn("chat", [m.id async for m in self.client.models.list()])
        answer = await self.client.embeddings.create(model="embeddings", input="one")
        self.assertIsInstance(answer.data[0].embedding[0], float)


if __name__ == "__main__":
    unittest.main()
