"use strict";

// Starts and stops the extension in an editor that is not there: what it takes of the editor and of
// the language client stands in here, no more.

const assert = require("node:assert");
const Module = require("node:module");
const test = require("node:test");

const settings = { path: "${workspaceFolder}/writ", policies: ["policies"], lint: false };

/** Commands of the server: the client registers them, so nobody else may. */
const COMMANDS_OF_SERVER = ["writ.runTests", "writ.explainTest", "writ.showPlaces"];
const commands = new Map();
const clients = [];
let trusted = true;
let settingsChanged;

class LanguageClient {
  constructor(id, name, server, options) {
    Object.assign(this, { id, name, server, options, running: false });
    clients.push(this);
  }
  async start() {
    this.running = true;
  }
  async stop() {
    this.running = false;
  }
  needsStop() {
    return this.running;
  }
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

const vscode = {
  Position,
  Range: class {
    constructor(start, end) {
      Object.assign(this, { start, end });
    }
  },
  Location: class {
    constructor(uri, range) {
      Object.assign(this, { uri, range });
    }
  },
  Uri: { parse: (text) => `parsed ${text}` },
  workspace: {
    workspaceFolders: [{ uri: { fsPath: "/projects" } }],
    getConfiguration: () => ({ get: (name, other) => settings[name] ?? other }),
    onDidChangeConfiguration: (listener) => {
      settingsChanged = listener;
      return { dispose() {} };
    },
    onDidGrantWorkspaceTrust: () => ({ dispose() {} }),
    get isTrusted() {
      return trusted;
    },
  },
  window: {
    activeTextEditor: { document: { uri: "file:///open" } },
    createOutputChannel: () => ({ show() {}, dispose() {} }),
  },
  commands: {
    registerCommand: (name, run) => {
      commands.set(name, run);
      return { dispose() {} };
    },
    executeCommand: async (...all) => all,
  },
};

const load = Module._load;
Module._load = (name, ...rest) => {
  if (name === "vscode") {
    return vscode;
  }
  return name === "vscode-languageclient/node"
    ? { LanguageClient, TransportKind: { stdio: 0 } }
    : load(name, ...rest);
};

const extension = require("../src/extension.js");
const manifest = require("../package.json");

test("starts the server that is set, for policies", async () => {
  await extension.activate({ subscriptions: [] });
  const client = clients.at(-1);
  assert.strictEqual(client.server.run.command, "/projects/writ");
  assert.deepStrictEqual(client.server.run.args, ["lsp"]);
  assert.deepStrictEqual(client.options.initializationOptions, {
    policies: ["policies"],
    lint: false,
    tests: true,
  });
  assert.deepStrictEqual(client.options.synchronize, { configurationSection: "writ" });
  assert.ok(client.options.documentSelector.every((each) => each.language === "writ"));
  assert.ok(client.running);
});

test("brings every command that it lists", () => {
  for (const { command } of manifest.contributes.commands) {
    assert.ok(commands.has(command) || COMMANDS_OF_SERVER.includes(command), command);
  }
  for (const command of COMMANDS_OF_SERVER) {
    assert.ok(!commands.has(command), command);
  }
});

test("starts anew with other settings", async () => {
  const before = clients.at(-1);
  settings.path = "writ";
  await settingsChanged({ affectsConfiguration: (name) => name === "writ.path" });
  assert.ok(!before.running);
  assert.strictEqual(clients.at(-1).server.run.command, "writ");
});

test("shows the places of a lens", async () => {
  const start = { line: 1, character: 2 };
  const { executeCommand } = clients.at(-1).options.middleware;
  const places = [{ uri: "file:///b", range: { start, end: start } }];
  const shown = await executeCommand("writ.showPlaces", ["file:///a", start, places], () =>
    assert.fail("the editor shows them itself"),
  );
  assert.deepStrictEqual(shown.slice(0, 3), [
    "editor.action.showReferences",
    "parsed file:///a",
    new Position(1, 2),
  ]);
  assert.strictEqual(shown[3][0].uri, "parsed file:///b");
});

test("passes commands on, those of the palette for the open file", () => {
  const { executeCommand } = clients.at(-1).options.middleware;
  const next = (...all) => all;
  assert.deepStrictEqual(executeCommand("writ.runTests", ["file:///a", "t"], next), [
    "writ.runTests",
    ["file:///a", "t"],
  ]);
  assert.deepStrictEqual(executeCommand("writ.runTests", [], next), [
    "writ.runTests",
    ["file:///open"],
  ]);
});

test("starts nothing in a workspace that is not trusted, and stops", async () => {
  await extension.deactivate();
  assert.ok(!clients.at(-1).running);
  trusted = false;
  const count = clients.length;
  await extension.activate({ subscriptions: [] });
  assert.strictEqual(clients.length, count);
});
