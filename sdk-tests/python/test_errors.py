import unittest

import openai

from gateway import HELLO, GatewayTest, asked, client


def chat(model="chat", of=client, refuse=None, **more):
    headers = {"x-refuse": refuse} if refuse else {}
    return of.chat.completions.create(
        model=model, messages=more.pop("messages", HELLO), extra_headers=headers, **more
    )


class Errors(GatewayTest):
    def assert_raises(self, kind, status, code, *args, **more):
        with self.assertRaises(kind) as caught:
            chat(*args, **more)
        self.assertIs(kind, type(caught.exception))
        self.assert_error(caught.exception, status, code)
        return caught.exception

    def test_unknown_key(self):
        for key in ("wrong", "sk-proj-" + "x" * 200):
            self.assert_raises(
                openai.AuthenticationError,
                401,
                "invalid_api_key",
                of=client.with_options(api_key=key),
            )

    def test_route_not_granted(self):
        error = self.assert_raises(openai.PermissionDeniedError, 403, "route_not_granted", "closed")
        self.assertEqual("model", error.param)

    def test_denied_by_the_policy(self):
        for refuse, kind, message in (
            ("400", openai.BadRequestError, "Not like this."),
            ("403", openai.PermissionDeniedError, "Not you."),
            ("413", openai.APIStatusError, "Send less."),
            ("429", openai.RateLimitError, "Not now."),
        ):
            with self.subTest(refuse):
                error = self.assert_raises(kind, int(refuse), "policy_denied", refuse=refuse)
                self.assertEqual(message, error.body["message"])
                self.assertIn(message, str(error))

    def test_unknown_model(self):
        error = self.assert_raises(openai.NotFoundError, 404, "model_not_found", "gpt-9")
        self.assertEqual("model", error.param)

    def test_unknown_endpoint(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            client.files.list()
        self.assert_error(caught.exception, 404, "path_not_found")

    def test_not_a_request(self):
        self.assert_raises(openai.BadRequestError, 400, "invalid_request", model=7)
        self.assert_raises(openai.BadRequestError, 400, "invalid_request", messages="Hello")

    def test_a_body_that_is_too_large(self):
        large = [{"role": "user", "content": "x" * (33 * 1024 * 1024)}]
        self.assert_raises(openai.APIStatusError, 413, "body_too_large", messages=large)
        self.assertTrue(chat().choices)

    def test_errors_of_the_provider_that_are_the_clients(self):
        error = self.assert_raises(
            openai.BadRequestError, 400, "context_length_exceeded", "bad-request"
        )
        self.assertEqual("messages", error.param)
        self.assertIn("maximum context length", str(error))
        self.assert_raises(openai.UnprocessableEntityError, 422, "invalid_file", "unprocessable")

    def test_a_provider_that_limits_the_gateway(self):
        error = self.assert_raises(
            openai.RateLimitError, 429, "upstream_rate_limited", "rate-limited"
        )
        self.assertEqual("7", error.response.headers["retry-after"])
        self.assertNotIn("org-provider", str(error))

    def test_errors_of_the_provider_that_are_its_own(self):
        for model, status, code in (
            ("server-error", 502, "upstream_error"),
            ("broken-answer", 502, "upstream_error"),
            ("unauthorized", 502, "upstream_unauthorized"),
            ("unreachable", 502, "upstream_unreachable"),
            ("overloaded", 503, "upstream_overloaded"),
            ("down", 503, "upstream_overloaded"),
            ("breaks", 502, "upstream_error"),
            ("impatient", 504, "upstream_timeout"),
        ):
            with self.subTest(model):
                error = self.assert_raises(openai.InternalServerError, status, code, model)
                self.assertEqual("server_error", error.type)

    def test_errors_of_a_stream_that_has_not_begun(self):
        self.assert_raises(openai.RateLimitError, 429, "policy_denied", refuse="429", stream=True)
        self.assert_raises(
            openai.InternalServerError, 502, "upstream_error", "server-error", stream=True
        )


class Retries(GatewayTest):
    def test_come_when_the_provider_wants(self):
        for recording in ("rate-limited-once", "overloaded-once"):
            with self.subTest(recording):
                before = len(asked(recording))
                answer = chat(recording, of=client.with_options(max_retries=2))
                self.assertEqual("Here I am again.", answer.choices[0].message.content)
                first, second = asked(recording)[before:]
                # By itself the SDK would come again after half a second at most.
                self.assertGreaterEqual(second["at_millis"] - first["at_millis"], 950)

    def test_do_not_come_where_the_policy_says_no(self):
        calls = []
        with openai.DefaultHttpxClient(event_hooks={"request": [calls.append]}) as http:
            patient = client.with_options(max_retries=2, http_client=http)
            with self.assertRaises(openai.RateLimitError):
                chat(refuse="429", of=patient)
        self.assertEqual(1, len(calls))


if __name__ == "__main__":
    unittest.main()
