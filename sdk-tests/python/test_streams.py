import unittest

import openai

from gateway import HELLO, GatewayTest, client


def stream(model):
    return client.chat.completions.create(model=model, messages=HELLO, stream=True)


def text(chunk):
    return chunk.choices[0].delta.content or ""


class Broken(GatewayTest):
    def assert_breaks(self, model, begins, code, message):
        seen = []
        with self.assertRaises(openai.APIError) as caught:
            for chunk in stream(model):
                seen.append(text(chunk))
        self.assertEqual(begins, "".join(seen))
        self.assertEqual(code, caught.exception.code)
        self.assertIn(message, str(caught.exception))

    def test_in_the_middle_of_an_event(self):
        self.assert_breaks("broken-stream", "One, two, three", "stream_broken", "broke off")

    def test_between_two_events(self):
        self.assert_breaks("breaks", "This answer is simulated", "stream_broken", "broke off")

    def test_before_its_end(self):
        self.assert_breaks("ended-stream", "One, two, three", "stream_broken", "broke off")

    def test_with_an_error_of_the_provider(self):
        self.assert_breaks("failed-stream", "One", None, "The server had an error")

    def test_never_becomes_a_whole_answer(self):
        with self.assertRaises(openai.APIError) as caught:
            with client.chat.completions.stream(model="broken-stream", messages=HELLO) as events:
                events.get_final_completion()
        self.assertEqual("stream_broken", caught.exception.code)


class GivenUp(GatewayTest):
    def test_by_the_clients_timeout(self):
        for streamed in (False, True):
            with self.subTest(streamed=streamed):
                with self.assertRaises(openai.APITimeoutError):
                    client.with_options(timeout=1).chat.completions.create(
                        model="silent", messages=HELLO, stream=streamed
                    )
                self.assert_caller_left("silent")

    def test_by_the_clients_timeout_in_the_middle(self):
        seen = []
        with self.assertRaises(openai.APITimeoutError):
            for chunk in client.with_options(timeout=1).chat.completions.create(
                model="held-stream", messages=HELLO, stream=True
            ):
                seen.append(text(chunk))
        self.assertEqual("One, two, three", "".join(seen))
        self.assert_caller_left("held-stream")

    def test_in_the_middle(self):
        with stream("held-stream") as chunks:
            self.assertEqual(["", "One"], [text(next(chunks)) for _ in range(2)])
        self.assert_caller_left("held-stream")


if __name__ == "__main__":
    unittest.main()
