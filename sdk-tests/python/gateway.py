"""What every test needs: clients of the gateway, and what the replayed provider saw."""

import json
import os
import unittest
import urllib.error
import urllib.request

import openai

URL = os.environ["WRIT_URL"]
KEY = os.environ["WRIT_KEY"]
PROVIDER = os.environ["WRIT_PROVIDER"]

HELLO = [{"role": "user", "content": "Hello, Writ"}]

# Without retries, so that each call is one call; tests of retries switch them on.
_options = dict(base_url=URL, api_key=KEY, max_retries=0, timeout=60)
client = openai.OpenAI(**_options)


def async_client():
    """Returns a client for the event loop of one test."""
    return openai.AsyncOpenAI(**_options)


def _ask_provider(question):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{PROVIDER}/{question}", timeout=60) as answer:
        return json.load(answer)


def asked(recording):
    """Returns the calls that a recording has answered so far."""
    return _ask_provider(f"asked/{recording}")


class GatewayTest(unittest.TestCase):
    maxDiff = None

    def assert_caller_left(self, recording):
        """Waits until the gateway has ended its last call of a recording."""
        try:
            _ask_provider(f"gone/{recording}")
        except urllib.error.HTTPError as e:
            self.fail(f"the gateway goes on with its call of {recording}: {e}")

    def assert_error(self, error, status, code):
        """Checks what an SDK tells of an answer that is an error."""
        self.assertEqual((status, code), (error.status_code, error.code), error)
        self.assertRegex(error.request_id, r"\Areq_[0-9a-f]{32}\Z")
        self.assertEqual(error.response.headers["x-writ-request-id"], error.request_id)
        self.assertTrue(error.body["message"])
        self.assertTrue(error.type)
