import unittest

from gateway import HELLO, KEY, GatewayTest, asked, client


def joined(chunks):
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


class Whole(GatewayTest):
    def test_answers(self):
        completion = client.chat.completions.create(model="chat", messages=HELLO)
        choice = completion.choices[0]
        self.assertTrue(choice.message.content.endswith("You wrote: Hello, Writ"), choice)
        self.assertEqual(("assistant", "stop"), (choice.message.role, choice.finish_reason))
        usage = completion.usage
        self.assertGreater(usage.prompt_tokens, 0)
        self.assertEqual(usage.prompt_tokens + usage.completion_tokens, usage.total_tokens)
        self.assertRegex(completion._request_id, r"\Areq_[0-9a-f]{32}\Z")

    def test_takes_the_request_id_of_the_client(self):
        completion = client.chat.completions.create(
            model="chat", messages=HELLO, extra_headers={"x-request-id": "case-7"}
        )
        self.assertEqual("case-7", completion._request_id)

    def test_tells_how_the_answer_came_about(self):
        raw = client.chat.completions.with_raw_response.create(
            model="gpt-4.1-mini", messages=HELLO
        )
        self.assertEqual("chat/only", raw.headers["x-writ-route"])
        self.assertEqual("words", raw.headers["x-writ-model"])
        self.assertEqual(1, len(raw.parse().choices))

    def test_ends_where_the_client_wants(self):
        short = client.chat.completions.create(
            model="chat", messages=HELLO, max_completion_tokens=3, n=2
        )
        self.assertEqual(["length", "length"], [c.finish_reason for c in short.choices])
        self.assertEqual([0, 1], [c.index for c in short.choices])
        stopped = client.chat.completions.create(model="chat", messages=HELLO, stop=[" is "])
        self.assertEqual("This answer", stopped.choices[0].message.content)

    def test_answers_older_completions(self):
        completion = client.completions.create(model="chat", prompt="Once upon a time")
        self.assertTrue(completion.choices[0].text.endswith("Once upon a time"), completion)

    def test_gives_probabilities_of_tokens(self):
        completion = client.chat.completions.create(
            model="logprobs", messages=HELLO, logprobs=True, top_logprobs=2
        )
        tokens = completion.choices[0].logprobs.content
        self.assertEqual(["Hello", "!", "…"], [t.token for t in tokens])
        self.assertEqual(-0.31725305, tokens[0].logprob)
        self.assertEqual(["Hello", "Hi"], [t.token for t in tokens[0].top_logprobs])
        self.assertEqual("…", bytes(tokens[2].bytes).decode())


class Streamed(GatewayTest):
    def test_deltas_make_the_whole_text(self):
        whole = client.chat.completions.create(model="chat", messages=HELLO)
        chunks = list(client.chat.completions.create(model="chat", messages=HELLO, stream=True))
        self.assertEqual(whole.choices[0].message.content, joined(chunks))
        self.assertGreater(len(chunks), 5)
        self.assertEqual("assistant", chunks[0].choices[0].delta.role)
        reasons = [c.choices[0].finish_reason for c in chunks]
        self.assertEqual([None] * (len(chunks) - 1) + ["stop"], reasons)
        self.assertEqual([None], list({c.usage for c in chunks}))

    def test_usage_comes_last_if_it_is_asked_for(self):
        whole = client.chat.completions.create(model="chat", messages=HELLO)
        chunks = list(
            client.chat.completions.create(
                model="chat", messages=HELLO, stream=True, stream_options={"include_usage": True}
            )
        )
        self.assertEqual([], chunks[-1].choices)
        self.assertEqual(whole.usage, chunks[-1].usage)
        self.assertEqual([None], list({c.usage for c in chunks[:-1]}))

    def test_characters_come_through_whole(self):
        chunks = list(
            client.chat.completions.create(
                model="text-stream",
                messages=HELLO,
                stream=True,
                stream_options={"include_usage": True},
            )
        )
        self.assertEqual("Grüße aus Köln: 你好, 🎉!", joined(chunks))
        self.assertEqual((19, 8), (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens))
        self.assertTrue(asked("text-stream")[-1]["body"]["stream_options"]["include_usage"])

    def test_tells_how_the_answer_came_about(self):
        with client.chat.completions.with_streaming_response.create(
            model="chat", messages=HELLO, stream=True
        ) as response:
            self.assertEqual("chat/only", response.headers["x-writ-route"])
            self.assertEqual("text/event-stream", response.headers["content-type"].split(";")[0])
            lines = [line for line in response.iter_lines() if line]
        self.assertEqual("data: [DONE]", lines[-1])

    def test_gives_probabilities_of_tokens(self):
        with client.chat.completions.stream(
            model="logprobs-stream", messages=HELLO, logprobs=True
        ) as stream:
            choice = stream.get_final_completion().choices[0]
        self.assertEqual("Hello!…", choice.message.content)
        self.assertEqual(["Hello", "!", "…"], [t.token for t in choice.logprobs.content])

    def test_answers_older_completions(self):
        chunks = client.completions.create(model="chat", prompt="Once upon a time", stream=True)
        text = "".join(c.choices[0].text for c in chunks)
        self.assertTrue(text.endswith("Once upon a time"), text)


class PassedOn(GatewayTest):
    """What reaches the provider."""

    def test_pictures(self):
        parts = [
            {"type": "text", "text": "What is this?"},
            {
                "type": "image_url",
                "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "high"},
            },
            {"type": "image_url", "image_url": {"url": "https://example.org/dot.png"}},
        ]
        completion = client.chat.completions.create(
            model="vision", messages=[{"role": "user", "content": parts}]
        )
        self.assertEqual("A red dot on white.", completion.choices[0].message.content)
        body = asked("vision")[-1]["body"]
        self.assertEqual([{"role": "user", "content": parts}], body["messages"])
        self.assertEqual("vision-model", body["model"])

    def test_fields_that_nobody_knows_yet(self):
        extra = {"x_new": {"deep": [1, 2.5, "é", None]}, "x_other": False}
        completion = client.chat.completions.create(
            model="new-fields", messages=HELLO, extra_body=extra, seed=7, metadata={"a": "b"}
        )
        self.assertEqual({"grams": 0.25, "region": "eu"}, completion.x_carbon)
        self.assertEqual("calm", completion.choices[0].message.x_mood)
        self.assertEqual(
            {
                "model": "new-fields-model",
                "messages": HELLO,
                "seed": 7,
                "metadata": {"a": "b"},
                **extra,
            },
            asked("new-fields")[-1]["body"],
        )

    def test_no_key_and_no_header_of_the_client(self):
        client.with_options(organization="org-1", project="proj-1").chat.completions.create(
            model="new-fields", messages=HELLO, extra_headers={"x-secret": "s3cret"}
        )
        headers = asked("new-fields")[-1]["headers"]
        self.assertEqual("Bearer sk-of-the-gateway", headers["authorization"])
        told = " ".join(f"{name}: {value}" for name, value in headers.items())
        for private in (KEY, "org-1", "proj-1", "s3cret", "stainless", "Python"):
            self.assertNotIn(private, told)


if __name__ == "__main__":
    unittest.main()
