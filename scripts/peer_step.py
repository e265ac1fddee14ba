#!/usr/bin/env python3
"""Times a training step and an evaluation of a network in PyTorch, beside `shadenet bench --network`.

peer_step.py --network FILE|TEXT --batch N [--size S] [--rounds R] [--threads T] [--device cpu|cuda]

Reads the text that `shadenet --network` takes (docs/models.md). As `shadenet bench`, it trains a network whose result
is one pixel of several channels on random labels by the cross-entropy, any other on noise by the mean squared error,
with Adam. Prints a table on stderr, and one line of JSON on stdout. For developers: needs PyTorch, on a processor
with OpenBLAS (Debian: python3-torch libopenblas0).
"""
import argparse
import json
import os
import statistics
import sys
import time

try:
    import torch
    from torch.nn import functional

    from peer_network import Reader
except ImportError:
    sys.exit(f"peer_step.py: {sys.executable} has no PyTorch; on Debian: apt install python3-torch libopenblas0, "
             "and /usr/bin/python3")


def fail(text):
    sys.exit(f"peer_step.py: {text}")


def blas():
    """The library that has the matrix products, told by the files that this process has loaded."""
    if torch.backends.mkl.is_available():
        return "mkl"
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            paths = {os.path.realpath(line.split()[-1]) for line in maps if "/" in line}
    except OSError:
        return "unknown"
    # Debian links to libblas.so.3, which each BLAS has in a folder of its own; others may be loaded beside it.
    linked = [path for path in paths if os.path.basename(path).startswith("libblas.so")] or sorted(paths)
    for name in ("openblas", "blis"):
        if any(name in path.lower() for path in linked):
            return name
    return "netlib" if any("libblas.so" in path for path in linked) else "unknown"


def summary(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "runs": len(values)}


def timed(work, rounds, synchronize):
    """Milliseconds by the clock and of all processors, after rounds that do not count for a third of a second."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < 0.333:
        work()
        synchronize()
    wall, process = [], []
    for _ in range(rounds):
        clock, processor = time.perf_counter(), time.process_time()
        work()
        synchronize()
        wall.append(1e3 * (time.perf_counter() - clock))
        process.append(1e3 * (time.process_time() - processor))
    return {"ms": summary(wall), "processor_ms": summary(process)}


def time_form(network, x, target, loss, rounds, call):
    """Of a training step and of an evaluation of the same batch."""
    synchronize = torch.cuda.synchronize if x.is_cuda else lambda: None
    optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=1e-3)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss(call(x), target).backward()
        optimizer.step()

    def evaluate():
        with torch.no_grad():
            return loss(call(x), target)

    network.train()
    trained = timed(step, rounds, synchronize)
    network.eval()
    return {"train_step": trained, "evaluation": timed(evaluate, rounds, synchronize)}


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--network", required=True, metavar="FILE|TEXT")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--size", type=int, default=512, help="side of pictures, for networks of any size")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    arguments = parser.parse_args()
    if min(arguments.batch, arguments.size, arguments.rounds, arguments.threads) < 1:
        fail("--batch, --size, --rounds and --threads are at least 1")
    if arguments.device == "cuda" and not torch.cuda.is_available():
        fail("PyTorch sees no CUDA device here; use --device cpu")
    return arguments


def main():
    arguments = read_arguments()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    text, reader = arguments.network, Reader(arguments.size)
    if os.path.isfile(text):
        with open(text, encoding="utf-8") as file:
            text = file.read()
    elif "," not in text and not text.startswith("input"):
        fail(f"{text} is no file here; --network takes a file with the layers, or the layers themselves")
    network = reader.read(text)
    channels, *result = reader.shape
    labels = result == [1, 1] and channels > 1
    x = torch.randint(256, (arguments.batch, *reader.input)).float() * (reader.scale / 255)
    if labels:
        target, loss = torch.randint(channels, (arguments.batch, 1, 1)), functional.cross_entropy
    else:
        target = torch.randint(256, (arguments.batch, *reader.shape)).float() * (reader.scale / 255)
        loss = functional.mse_loss
    device = torch.device(arguments.device)
    forms = {}
    formats = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
    if not any(isinstance(layer, torch.nn.Conv2d) for layer in network.layers):
        del formats["channels_last"]
    for name, memory in formats.items():
        network = network.to(device, memory_format=memory)
        x, y = x.to(device, memory_format=memory), target.to(device)
        forms[name] = time_form(network, x, y, loss, arguments.rounds, network)
        if arguments.device == "cuda" and hasattr(torch, "compile"):
            forms[name + ", compiled"] = time_form(network, x, y, loss, arguments.rounds, torch.compile(network))
    report = {"torch": torch.__version__, "blas": blas(), "threads": torch.get_num_threads(),
              "device": torch.cuda.get_device_name() if arguments.device == "cuda" else "cpu",
              "batch": arguments.batch, "input": reader.input, "loss": "cross_entropy" if labels else "mse",
              "forms": forms}
    show(report)
    print(json.dumps(report))


def show(report):
    def tell(line):
        print(line, file=sys.stderr)

    if report["device"] == "cpu" and report["blas"] not in ("openblas", "mkl", "blis"):
        tell(f"WARNING: BLAS is {report['blas']}, which can be ten times slower than OpenBLAS: these times say nothing "
             "of PyTorch. On Debian: apt install libopenblas0")
    tell(f"PyTorch {report['torch']} on {report['device']}, BLAS {report['blas']}, {report['threads']} threads; batch "
         f"{report['batch']} of {'x'.join(map(str, report['input']))}, {report['loss']}")
    tell(f"{'milliseconds':<36}{'median':>10}{'min':>10}{'processor':>12}{'min':>10}")
    for form, times in report["forms"].items():
        for what, time_of in times.items():
            wall, process = time_of["ms"], time_of["processor_ms"]
            tell(f"  {what.replace('_', ' ') + ', ' + form:<34}{wall['median']:>10.2f}{wall['min']:>10.2f}"
                 f"{process['median']:>12.2f}{process['min']:>10.2f}")


if __name__ == "__main__":
    main()
