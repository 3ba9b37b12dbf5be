"use strict";

// Starts `writ lsp` and passes on what it says; all knowledge of policies is in there.

const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const LANGUAGE = "writ";

let client;
let output;

/** Returns the command that starts Writ, as the author has set it. */
function command() {
  const set = vscode.workspace.getConfiguration(LANGUAGE).get("path", "writ");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const named = set.replaceAll("${workspaceFolder}", folder);
  return named.startsWith("~/") ? path.join(process.env.HOME ?? "", named.slice(2)) : named;
}

function makeClient() {
  const run = { command: command(), args: ["lsp"], transport: TransportKind.stdio };
  return new LanguageClient(
    LANGUAGE,
    "Writ",
    { run, debug: run },
    {
      documentSelector: [
        { scheme: "file", language: LANGUAGE },
        { scheme: "untitled", language: LANGUAGE },
      ],
      outputChannel: output,
      initializationOptions: {
        policies: vscode.workspace.getConfiguration(LANGUAGE).get("policies", []),
        lint: vscode.workspace.getConfiguration(LANGUAGE).get("lint", true),
        tests: vscode.workspace.getConfiguration(LANGUAGE).get("tests", true),
      },
      // What changes while the server runs: it is told, and need not start anew.
      synchronize: { configurationSection: LANGUAGE },
      middleware: { executeCommand },
    },
  );
}

async function start() {
  client = makeClient();
  try {
    await client.start();
  } catch (error) {
    const open = "Open settings";
    const picked = await vscode.window.showErrorMessage(
      `Writ does not start: ${error.message ?? error}. ` +
        "Install it, or set `writ.path` to the script `writ`.",
      open,
    );
    if (picked === open) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "writ.path");
    }
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running?.needsStop()) {
    await running.stop();
  }
}

/**
 * Carries out a command of the server, of which the client registers each: those that the editor
 * does better, here; those from the palette, for the policy of the file that is open.
 */
function executeCommand(command, args, next) {
  if (command === "writ.showPlaces") {
    return showPlaces(...args);
  }
  const open = vscode.window.activeTextEditor?.document.uri;
  return next(command, args.length === 0 && open ? [open.toString()] : args);
}

/** Shows places that a lens of the server names, in the words of the protocol. */
function showPlaces(uri, position, places) {
  const at = (place) => new vscode.Position(place.line, place.character);
  return vscode.commands.executeCommand(
    "editor.action.showReferences",
    vscode.Uri.parse(uri),
    at(position),
    places.map(
      (place) =>
        new vscode.Location(
          vscode.Uri.parse(place.uri),
          new vscode.Range(at(place.range.start), at(place.range.end)),
        ),
    ),
  );
}

function check() {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? ".";
  const named = vscode.workspace.getConfiguration(LANGUAGE).get("policies", []);
  const terminal = vscode.window.createTerminal({
    name: "writ check",
    cwd: folder,
    shellPath: command(),
    shellArgs: ["check", named[0] ?? "."],
  });
  terminal.show();
}

async function activate(context) {
  output = vscode.window.createOutputChannel("Writ");
  const changed = (event) =>
    event.affectsConfiguration("writ.path") || event.affectsConfiguration("writ.policies");
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("writ.restart", async () => {
      await stop();
      await start();
    }),
    vscode.commands.registerCommand("writ.check", check),
    vscode.commands.registerCommand("writ.showOutput", () => output.show()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (changed(event) && vscode.workspace.isTrusted) {
        await stop();
        await start();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(start),
  );
  if (vscode.workspace.isTrusted) {
    await start();
  }
}

module.exports = { activate, deactivate: stop };
