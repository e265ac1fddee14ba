// check_onnx.js FOLDER: ONNX Runtime computes what the float64 reference does, of every model in FOLDER.
'use strict';
const fs = require('fs');
const path = require('path');
const runtime = require('onnxruntime-node');

const folder = process.argv[2];
const bound = 2e-6; // of the largest result

const values = (name) => {
  const bytes = fs.readFileSync(path.join(folder, name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

// The largest difference as a share of the largest result.
async function shareOff(file, pictures, shape, expected) {
  const session = await runtime.InferenceSession.create(path.join(folder, file));
  const made = await session.run({ input: new runtime.Tensor('float32', pictures, shape) });
  const results = made[session.outputNames[0]].data;
  if (results.length !== expected.length) throw new Error(`${file}: ${results.length} values`);
  let worst = 0, largest = 0;
  expected.forEach((value, i) => {
    const difference = Math.abs(results[i] - value);
    if (!(difference <= worst)) worst = difference; // NaN too
    largest = Math.max(largest, Math.abs(value));
  });
  return worst / largest;
}

async function main() {
  let failed = false;
  for (const line of fs.readFileSync(path.join(folder, 'cases.txt'), 'utf8').trim().split('\n')) {
    const [name, ...extents] = line.split(' ');
    const shape = extents.map(Number);
    const pictures = values(`${name}.pictures`), expected = values(`${name}.results`);
    const one = [1, ...shape.slice(1)];
    const shares = [
      await shareOff(`${name}.onnx`, pictures, shape, expected),
      await shareOff(`${name}.fold.onnx`, pictures, shape, expected),
      await shareOff(`${name}.static.onnx`, pictures.slice(0, pictures.length / shape[0]), one,
        expected.slice(0, expected.length / shape[0])),
    ];
    const good = shares.every((share) => share <= bound);
    failed = failed || !good;
    console.log(`${good ? 'passed' : 'FAILED'}  ${name.padEnd(20)} ${shares.map((s) => s.toExponential(1)).join('  ')}`);
  }
  if (failed) process.exitCode = 1;
}

main().catch((error) => {
  console.error(`check_onnx.js: ${error.message}`);
  process.exitCode = 1;
});
