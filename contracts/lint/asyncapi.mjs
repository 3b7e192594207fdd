// Reads the description of the topics, and the schemas that it refers to, with AsyncAPI's own parser.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const WARNING = 1;
const [file] = process.argv.slice(2);
const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"), { source: file });
const wrong = diagnostics.filter(({ severity }) => severity <= WARNING);
for (const { code, message, path } of wrong) {
  console.error(`${file}: ${path.join(".")}: ${message} (${code})`);
}
if (!document || wrong.length > 0) {
  process.exit(1);
}
console.log(`${file}: ${document.messages().length} messages`);
