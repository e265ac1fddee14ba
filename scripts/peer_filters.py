#!/usr/bin/env python3
"""Trains the network of a run of shadenet in PyTorch, and prints its PSNR on other pictures: for scripts/filters.sh.

peer_filters.py RUN INPUT TARGET TEST WANTED    the run's folder, and four folders of binary PPM

The run's config.json and history.csv say the network, its start, the optimizer, the rates, the steps, and how large
crops are. Where they lie is drawn here. Pictures beyond the edges of crops are seen as shadenet sees them.
Debian: apt install python3-torch python3-numpy libopenblas0
"""
import csv
import json
import math
import pathlib
import sys

try:
    import numpy
    import torch

    from peer_network import Reader
except ImportError:
    sys.exit(f"peer_filters.py: {sys.executable} has no PyTorch; on Debian: apt install python3-torch python3-numpy "
             "libopenblas0, and /usr/bin/python3")


def fail(text):
    sys.exit(f"peer_filters.py: {text}")


def read_pictures(folder):
    """Tensors [1,3,h,w] of values 0..1, in the order of their names."""
    pictures = []
    for path in sorted(pathlib.Path(folder).glob("*.ppm")):
        with open(path, "rb") as file:
            magic, extent, most = (file.readline().split() for _ in range(3))
            if magic != [b"P6"] or most != [b"255"]:
                fail(f"{path} is no binary PPM of 8 bits")
            pixels = numpy.frombuffer(file.read(), numpy.uint8).reshape(int(extent[1]), int(extent[0]), 3)
        pictures.append(torch.from_numpy(pixels.copy()).permute(2, 0, 1).unsqueeze(0).float().div_(255))
    return pictures


class Crops:
    """Batches of places that are as likely as any other; every picture once before one comes again."""

    def __init__(self, inputs, targets, side, network, batch, flip):
        self.inputs = [network.padded(picture) for picture in inputs]
        self.targets, self.side, self.margin, self.batch, self.flip = targets, side, network.margin, batch, flip
        self.order = []

    def draw(self):
        pairs = [self.one() for _ in range(self.batch)]
        return torch.cat([pair[0] for pair in pairs]), torch.cat([pair[1] for pair in pairs])

    def one(self):
        if not self.order:
            self.order = torch.randperm(len(self.inputs)).tolist()
        picture = self.order.pop()
        target = self.targets[picture]
        height, width = (self.side or extent for extent in target.shape[2:])
        row, column = (int(torch.randint(extent - part + 1, ())) for extent, part in
                       zip(target.shape[2:], (height, width)))
        x = self.inputs[picture][:, :, row:row + height + 2 * self.margin, column:column + width + 2 * self.margin]
        y = target[:, :, row:row + height, column:column + width]
        if self.flip and torch.rand(()) < 0.5:
            x, y = x.flip(3), y.flip(3)
        return x, y


def begin(network, config):
    """The start of shadenet: normal weights with deviation sqrt(1.3 / ((fan_in + fan_out)/2)), cut at two."""
    for layer in network.layers:
        if isinstance(layer, torch.nn.Conv2d):
            fans = layer.kernel_size[0] * layer.kernel_size[1] * (layer.in_channels + layer.out_channels)
            deviation = math.sqrt(2.6 / fans)
            torch.nn.init.trunc_normal_(layer.weight, 0, deviation, -2 * deviation, 2 * deviation)
            torch.nn.init.zeros_(layer.bias)
    if config["zero_init_residual"]:
        torch.nn.init.zeros_(network.norms()[-1].weight)


def rate_at(config, step, steps):
    schedule = config["schedule"]
    rate = config["optimizer"]["learning_rate"]
    if schedule["kind"] == "cosine":
        return rate * (1 + math.cos(math.pi * step / steps)) / 2
    if schedule["kind"] == "constant":
        return rate
    return fail(f"knows no schedule {schedule['kind']}")


def train(network, config, crops, steps):
    per_epoch = steps // config["epochs"]
    # With the same moments as PyTorch's own start, which are what shadenet has too.
    optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=1.0)
    network.train()
    frozen_from = (config["freeze_norm"] - 1) * per_epoch if config["freeze_norm"] else steps
    for step in range(steps):
        if step == frozen_from:
            for norm in network.norms():
                norm.eval()
        optimizer.param_groups[0]["lr"] = rate_at(config, step, steps)
        optimizer.zero_grad(set_to_none=True)
        x, y = crops.draw()
        torch.nn.functional.mse_loss(network(x), y).backward()
        optimizer.step()


def psnr(network, picture, wanted):
    with torch.no_grad():
        made = network(network.padded(picture)).clamp_(0, 1).mul_(255).add_(0.5).floor_()
    error = (made - wanted * 255).double().square().mean().item()
    return min(99.0, 10 * math.log10(255 ** 2 / error)) if error > 0 else 99.0


def main():
    if len(sys.argv) != 6:
        fail("give RUN INPUT TARGET TEST WANTED")
    run = pathlib.Path(sys.argv[1])
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    with open(run / "history.csv", encoding="utf-8") as file:
        steps = int(list(csv.DictReader(file))[-1]["step"])
    inputs, targets, test, wanted = map(read_pictures, sys.argv[2:])
    torch.manual_seed(config["seed"])
    network = Reader(None).read(config["network"]["text"])
    begin(network, config)
    # A batch of 0 is all pairs; a size of 0, or that of the pictures, takes them whole.
    crops = Crops(inputs, targets, config["size"], network, config["batch"] or len(inputs), config.get("flip", False))
    train(network, config, crops, steps)
    network.eval()
    scores = [psnr(network, *pair) for pair in zip(test, wanted)]
    print(f"{sum(scores) / len(scores):.2f}")


if __name__ == "__main__":
    main()
