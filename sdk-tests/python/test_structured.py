import unittest
from enum import Enum
from typing import List, Optional

from pydantic import BaseModel

from gateway import HELLO, GatewayTest, asked, client


class Size(Enum):
    small = "small"
    large = "large"


class Part(BaseModel):
    name: str
    size: Size
    weight: Optional[float]


class Machine(BaseModel):
    title: str
    parts: List[Part]
    works: bool


class Structured(GatewayTest):
    def test_a_model_fills_a_schema(self):
        completion = client.chat.completions.parse(
            model="chat", messages=HELLO, response_format=Machine
        )
        message = completion.choices[0].message
        self.assertIsInstance(message.parsed, Machine)
        self.assertEqual(Machine.model_validate_json(message.content), message.parsed)

    def test_a_model_fills_a_schema_as_it_streams(self):
        with client.chat.completions.stream(
            model="chat", messages=HELLO, response_format=Machine
        ) as stream:
            deltas = [e.delta for e in stream if e.type == "content.delta"]
            message = stream.get_final_completion().choices[0].message
        self.assertGreater(len(deltas), 3)
        self.assertEqual(Machine.model_validate_json("".join(deltas)), message.parsed)

    def test_a_model_refuses(self):
        completion = client.chat.completions.parse(
            model="refusal", messages=HELLO, response_format=Machine
        )
        message = completion.choices[0].message
        self.assertIsNone(message.parsed)
        self.assertEqual("I'm sorry, I cannot assist with that request.", message.refusal)
        sent = asked("refusal")[-1]["body"]["response_format"]
        self.assertEqual("json_schema", sent["type"])
        self.assertTrue(sent["json_schema"]["strict"])
        self.assertEqual(
            ["title", "parts", "works"], sent["json_schema"]["schema"]["required"]
        )

    def test_a_model_refuses_as_it_streams(self):
        with client.chat.completions.stream(
            model="refusal-stream", messages=HELLO, response_format=Machine
        ) as stream:
            refused = "".join(e.delta for e in stream if e.type == "refusal.delta")
            message = stream.get_final_completion().choices[0].message
        self.assertEqual("I'm sorry, I cannot assist with that request.", refused)
        self.assertEqual((None, refused), (message.parsed, message.refusal))

    def test_any_object(self):
        completion = client.chat.completions.create(
            model="chat", messages=HELLO, response_format={"type": "json_object"}
        )
        self.assertEqual('{"simulated":true}', completion.choices[0].message.content)


if __name__ == "__main__":
    unittest.main()
