// Files in the form of Java properties, as Kafka clients have them.

/**
 * The entries of a file: lines of `name=value` or `name: value`; `#` and `!` begin comments, and a backslash at the end
 * continues the line. Throws an Error that names the line that is neither.
 */
export function parseProperties(text) {
  const found = {};
  let pending = "";
  text.split(/\r\n|\r|\n/).forEach((raw, index) => {
    const line = pending ? raw.trimStart().trimEnd() : raw.trim();
    if (!pending && (!line || line.startsWith("#") || line.startsWith("!"))) return;
    if (/(^|[^\\])(\\\\)*\\$/.test(line)) {
      pending += line.slice(0, -1);
      return;
    }
    const whole = pending + line;
    pending = "";
    const end = whole.search(/[=:]/);
    if (end < 1) throw new Error(`Line ${index + 1} is not of the form name=value.`);
    found[whole.slice(0, end).trim()] = unescape(whole.slice(end + 1).trim());
  });
  return found;
}

const escapes = { n: "\n", t: "\t", r: "\r", f: "\f" };

function unescape(value) {
  return value.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (whole, code) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return escapes[code] ?? code;
  });
}

/** The log-in of an API key, as Java clients and links write it. */
export function plainLogin(key, secret) {
  const quoted = (text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  return `org.apache.kafka.common.security.plain.PlainLoginModule required username=${quoted(key)} password=${quoted(secret)};`;
}
