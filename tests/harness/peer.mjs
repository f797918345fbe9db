// The platform's own SDK as a second client: commands come as JSON lines on stdin, answers and events go to stdout.
// {"id", "do", ...} is answered by {"id", "result"} or {"id", "error"}; what the SDK tells of itself is {"event", ...}.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const load = createRequire(`${process.env.DUBAN_TEST_PEERS}/peer.js`);
const { WSClient } = load("@wecom/aibot-node-sdk");

const tell = (about) => process.stdout.write(`${JSON.stringify(about)}\n`);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let client = null;

const commands = {
  connect({ options }) {
    client = new WSClient({ logger: quiet, ...options });
    for (const name of ["authenticated", "disconnected", "reconnecting"]) {
      client.on(name, (about) => tell({ event: name, about: about ?? null }));
    }
    client.on("error", (error) => tell({ event: "error", name: error.name, about: error.message }));
    client.on("message", (frame) => tell({ event: "message", frame }));
    client.on("event", (frame) => tell({ event: "event", frame }));
    client.connect();
  },
  stream: ({ frame, stream, content, finish }) => client.replyStream(frame, stream, content, finish),
  reply: ({ frame, body }) => client.reply(frame, body),
  welcome: ({ frame, body }) => client.replyWelcome(frame, body),
  update: ({ frame, card, users }) => client.updateTemplateCard(frame, card, users),
  send: ({ chat, body }) => client.sendMessage(chat, body),
  upload: ({ base64, type, name }) => client.uploadMedia(Buffer.from(base64, "base64"), { type, filename: name }),
  media: ({ chat, type, media }) => client.sendMediaMessage(chat, type, media),
  async download({ url, key }) {
    const { buffer, filename } = await client.downloadFile(url, key);
    return { base64: buffer.toString("base64"), name: filename };
  },
  disconnect: () => client.disconnect(),
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, do: name, ...about } = JSON.parse(line);
  try {
    tell({ id, result: (await commands[name](about)) ?? null });
  } catch (error) {
    tell({ id, error: error instanceof Error ? { message: error.message } : error });
  }
}).on("close", () => process.exit(0));
