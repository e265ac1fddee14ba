#!/usr/bin/env python3
"""What a careful PyTorch script takes for the work of `shadenet apply`: for docs/performance.md.

peer_apply.py IN OUT    reads every PNG and JPEG of IN with Pillow, applies the reference network, folded to one
                        convolution, and writes the same names to OUT (JPEG at quality 95, without subsampling)

Debian: apt install python3-torch python3-pil
"""
import os
import pathlib
import sys
import time

import numpy
import torch
from PIL import Image


def folded_network() -> torch.nn.Conv2d:
    """Two 3x3 convolutions without an activation are one of 5x5 but for the border, which costs nothing here."""
    torch.manual_seed(1)
    conv = torch.nn.Conv2d(3, 3, 5, padding=2)
    with torch.no_grad():
        conv.weight.mul_(0.1)
        for channel in range(3):
            conv.weight[channel, channel, 2, 2] += 1
    return conv.to(memory_format=torch.channels_last).eval()


def filtered(network: torch.nn.Conv2d, picture: Image.Image) -> Image.Image:
    pixels = torch.from_numpy(numpy.asarray(picture.convert("RGB")).copy())
    x = pixels.permute(2, 0, 1).unsqueeze(0).float().div_(255)  # channels last already
    y = network(x).clamp_(0, 1).mul_(255).round_().to(torch.uint8)
    return Image.fromarray(y[0].permute(1, 2, 0).contiguous().numpy())


def main() -> None:
    source, results = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    results.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    network = folded_network()
    files = sorted(source.iterdir())
    with torch.inference_mode():
        filtered(network, Image.open(files[0]))  # warms up
        start = time.perf_counter()
        for file in files:
            result = filtered(network, Image.open(file))
            if file.suffix.lower() in (".jpg", ".jpeg"):
                result.save(results / file.name, quality=95, subsampling=0)
            else:
                result.save(results / file.name)
        seconds = time.perf_counter() - start
    print(f"{len(files)} pictures, {len(files) / seconds:.2f} a second")


if __name__ == "__main__":
    main()
