import json
import unittest
from typing import Literal

import openai
from pydantic import BaseModel

from gateway import GatewayTest, asked, client

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather of a city.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    },
}
TIME = {
    "type": "function",
    "function": {
        "name": "get_time",
        "parameters": {"type": "object", "properties": {"zone": {"type": "string"}}},
    },
}
QUESTION = [{"role": "user", "content": "How is Paris?"}]
FORCED = {"type": "function", "function": {"name": "get_weather"}}


class Weather(BaseModel):
    city: str
    unit: Literal["celsius", "fahrenheit"]


class Tools(GatewayTest):
    def assert_weather(self, arguments):
        Weather.model_validate_json(arguments, strict=True)

    def test_a_forced_call(self):
        choice = client.chat.completions.create(
            model="chat", messages=QUESTION, tools=[TIME, WEATHER], tool_choice=FORCED
        ).choices[0]
        self.assertEqual("tool_calls", choice.finish_reason)
        self.assertIsNone(choice.message.content)
        [call] = choice.message.tool_calls
        self.assertEqual("get_weather", call.function.name)
        self.assertTrue(call.id)
        self.assert_weather(call.function.arguments)

    def test_a_forced_call_in_fragments(self):
        chunks = list(
            client.chat.completions.create(
                model="chat",
                messages=QUESTION,
                tools=[TIME, WEATHER],
                tool_choice=FORCED,
                stream=True,
            )
        )
        deltas = [d for c in chunks for d in c.choices[0].delta.tool_calls or []]
        self.assertEqual(("get_weather", 0), (deltas[0].function.name, deltas[0].index))
        self.assertEqual([None], list({d.id for d in deltas[1:]}))
        self.assertGreater(len(deltas), 3)
        self.assert_weather("".join(d.function.arguments for d in deltas))
        self.assertEqual("tool_calls", chunks[-1].choices[0].finish_reason)

    def test_two_calls_at_once(self):
        completion = client.chat.completions.create(
            model="parallel-tools", messages=QUESTION, tools=[WEATHER, TIME]
        )
        self.assert_paris(completion.choices[0].message)

    def test_two_calls_at_once_in_fragments(self):
        with client.chat.completions.stream(
            model="parallel-tools-stream",
            messages=QUESTION,
            tools=[openai.pydantic_function_tool(Weather, name="get_weather")],
            stream_options={"include_usage": True},
        ) as stream:
            done = [e for e in stream if e.type == "tool_calls.function.arguments.done"]
            completion = stream.get_final_completion()
        self.assert_paris(completion.choices[0].message)
        self.assertEqual("tool_calls", completion.choices[0].finish_reason)
        self.assertEqual(116, completion.usage.total_tokens)
        self.assertEqual(["get_weather", "get_time"], [e.name for e in done])
        self.assertEqual(Weather(city="Paris", unit="celsius"), done[0].parsed_arguments)

    def assert_paris(self, message):
        self.assertEqual(
            [
                ("call_DdmO9pD3xa9XTPNJ32zg2hcA", "get_weather", {"city": "Paris", "unit": "celsius"}),
                ("call_abc123LmNoPqRsTuVwXyZ456", "get_time", {"zone": "Europe/Paris"}),
            ],
            [(c.id, c.function.name, json.loads(c.function.arguments)) for c in message.tool_calls],
        )

    def test_results_are_sent_back(self):
        asking = client.chat.completions.create(
            model="parallel-tools", messages=QUESTION, tools=[WEATHER, TIME]
        ).choices[0].message
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": content}
            for call, content in zip(asking.tool_calls, ['{"degrees": 18}', "10:30"])
        ]
        answer = client.chat.completions.create(
            model="after-tools", messages=[*QUESTION, asking, *results], tools=[WEATHER, TIME]
        )
        self.assertEqual(
            "It is 18 degrees in Paris, at 10:30.", answer.choices[0].message.content
        )
        body = asked("after-tools")[-1]["body"]
        self.assertEqual([WEATHER, TIME], body["tools"])
        self.assertEqual(results, body["messages"][2:])
        self.assertEqual(
            [call.model_dump() for call in asking.tool_calls], body["messages"][1]["tool_calls"]
        )


if __name__ == "__main__":
    unittest.main()
