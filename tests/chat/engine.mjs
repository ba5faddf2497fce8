// A server of OpenAI's API with a real engine, llama.cpp by node-llama-cpp.
//
//	node engine.mjs PACKAGES MODEL.gguf
//
// PACKAGES is the folder of node-llama-cpp.  Listens on a free port of 127.0.0.1,
// which the file "port" then names.  One request at a time, one thread.
import http from "node:http";
import {renameSync, writeFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [packages, modelPath] = process.argv.slice(2);
const llamaCpp = await import(pathToFileURL(`${packages}/node-llama-cpp/dist/index.js`).href);
const contextSize = 1024;
const llama = await llamaCpp.getLlama({gpu: false, build: "never", maxThreads: 1, logLevel: "error"});
const model = await llama.loadModel({modelPath});
const context = await model.createContext({contextSize, threads: 1});
const embedding = await model.createEmbeddingContext({contextSize, threads: 1});
const sequence = context.getSequence();
const chatWrapper = new llamaCpp.JinjaTemplateChatWrapper({
    template: model.fileInfo.metadata.tokenizer.chat_template,
    tokenizer: model.tokenizer
});

class Refusal extends Error {
    constructor(status, code, message) {
        super(message);
        Object.assign(this, {status, code});
    }
}

function count(texts) {
    return texts.reduce((sum, text) => sum + model.tokenize(text).length, 0);
}

function checkRoom(used, wanted) {
    if (used + wanted > contextSize - 64)
        throw new Refusal(400, "context_length_exceeded",
            `${used} tokens and ${wanted} to answer exceed the context of ${contextSize}`);
}

async function grammarOf(format) {
    if (format?.type === "json_schema")
        return await llama.createGrammarForJsonSchema(format.json_schema.schema);
    return format?.type === "json_object" ? await llama.getGrammarFor("json") : undefined;
}

function toItem({role, content}) {
    return role === "assistant" ? {type: "model", response: [content]} : {type: role, text: content};
}

async function chat(q) {
    const used = count(q.messages.map(m => m.content)), maxTokens = q.max_tokens ?? 64;
    checkRoom(used, maxTokens);
    await sequence.clearHistory();
    let made = 0;
    const engine = new llamaCpp.LlamaChat({contextSequence: sequence, chatWrapper});
    const {response, metadata} = await engine.generateResponse(
        [...q.messages.map(toItem), {type: "model", response: []}],
        {grammar: await grammarOf(q.response_format), maxTokens, temperature: q.temperature ?? 0,
            onToken: tokens => { made += tokens.length; }});
    engine.dispose({disposeSequence: false});
    const finish_reason = metadata.stopReason === "maxTokens" ? "length" : "stop";
    return {
        id: "chatcmpl-0", object: "chat.completion", model: "tiny",
        choices: [{index: 0, message: {role: "assistant", content: response}, finish_reason}],
        usage: {prompt_tokens: used, completion_tokens: made, total_tokens: used + made}
    };
}

async function embed(q) {
    const inputs = [q.input].flat(), data = [], used = count(inputs);
    for (const [index, text] of inputs.entries()) {
        checkRoom(count([text]), 0);
        data.push({object: "embedding", index, embedding: [...(await embedding.getEmbeddingFor(text)).vector]});
    }
    return {object: "list", model: "tiny", data, usage: {prompt_tokens: used, total_tokens: used}};
}

const paths = {"/v1/chat/completions": chat, "/v1/embeddings": embed};

async function respond(request) {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += part;
    const run = paths[request.url];
    if (run === undefined) throw new Refusal(404, "not_found", "no such path");
    return await run(JSON.parse(body));
}

let last = Promise.resolve();
const server = http.createServer((request, response) => {
    last = last.then(() => respond(request)).then(body => [200, body], error => [error.status ?? 500,
        {error: {message: error.message, type: "invalid_request_error", param: null, code: error.code ?? null}}]
    ).then(([status, body]) => {
        response.writeHead(status, {"Content-Type": "application/json"}).end(JSON.stringify(body));
    });
});
server.listen(0, "127.0.0.1", () => {
    writeFileSync("port.new", `${server.address().port}\n`);
    renameSync("port.new", "port");
});
