// The platform's own SDK as a second client, and its own libraries for what is sealed and signed: commands come as JSON
// lines on stdin, answers and events go to stdout.
// {"id", "do", ...} is answered by {"id", "result"} or {"id", "error"}; what the SDK tells of itself is {"event", ...}.

import { createCipheriv } from "node:crypto";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const load = createRequire(`${process.env.DUBAN_TEST_PEERS}/peer.js`);
const { WSClient, WecomCrypto, decryptFile, pkcs7Pad } = load("@wecom/aibot-node-sdk");
const { encrypt, decrypt, getSignature } = load("@wecom/crypto");

const tell = (about) => process.stdout.write(`${JSON.stringify(about)}\n`);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let client = null;

// Two libraries of the platform's that seal and sign; each says what it made, or what it read and whether it was signed.
const libraries = {
  crypto: {
    seal({ token, key, receiver, text, stamp, nonce }) {
      const sealed = encrypt(key, text, receiver);
      return { sealed, signature: getSignature(token, stamp, nonce, sealed) };
    },
    unseal({ token, key, receiver, sealed, stamp, nonce, signature }) {
      const { message, id } = decrypt(key, sealed);
      return { text: message, right: id === receiver && getSignature(token, stamp, nonce, sealed) === signature };
    },
  },
  sdk: {
    seal({ token, key, receiver, text, stamp, nonce }) {
      const made = new WecomCrypto(token, key, receiver).encrypt(text, stamp, nonce);
      return { sealed: made.encrypt, signature: made.signature };
    },
    unseal({ token, key, receiver, sealed, stamp, nonce, signature }) {
      const library = new WecomCrypto(token, key, receiver);
      return { text: library.decrypt(sealed), right: library.verifySignature(signature, stamp, nonce, sealed) };
    },
  },
};

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
  seal: ({ library, ...about }) => libraries[library].seal(about),
  unseal: ({ library, ...about }) => libraries[library].unseal(about),
  openFile: ({ base64, key }) => decryptFile(Buffer.from(base64, "base64"), key).toString("base64"),
  sealFile({ base64, key }) {
    const secret = Buffer.from(key, "base64");
    const cipher = createCipheriv("aes-256-cbc", secret, secret.subarray(0, 16)).setAutoPadding(false);
    const padded = pkcs7Pad(Buffer.from(base64, "base64"), 32);
    return Buffer.concat([cipher.update(padded), cipher.final()]).toString("base64");
  },
};

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, do: name, ...about } = JSON.parse(line);
  try {
    tell({ id, result: (await commands[name](about)) ?? null });
  } catch (error) {
    tell({ id, error: error instanceof Error ? { message: error.message } : error });
  }
}).on("close", () => process.exit(0));
