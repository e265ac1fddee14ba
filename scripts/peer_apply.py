#!/usr/bin/env python3
"""What a careful PyTorch script takes for the work of `shadenet apply`: for docs/performance.md.

peer_apply.py --samples FOLDER
                        draws what the measured folders hold: FOLDER/png, FOLDER/jpg and FOLDER/large
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


def draw_samples(folder: pathlib.Path) -> None:
    """Parts of the sample pictures with the noise of a camera: 200 PNG of 512x512, 20 JPEG of 4000x3000 and one of
    30,000x30,000."""
    random = numpy.random.default_rng(3)
    inputs = pathlib.Path(__file__).parent.parent / "assets/pairs/input"
    pictures = [Image.open(file).convert("RGB") for file in sorted(inputs.glob("*.png"))]

    def noisy(picture: Image.Image, deviation: float) -> numpy.ndarray:
        pixels = numpy.asarray(picture).astype(numpy.float32)
        pixels += deviation * random.standard_normal(pixels.shape, dtype=numpy.float32)
        return pixels.clip(0, 255).round().astype(numpy.uint8)

    for name in ("png", "jpg", "large"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for i in range(200):
        picture = pictures[i % len(pictures)]
        side = int(random.integers(300, 512))
        x, y = (int(random.integers(0, extent - side + 1)) for extent in picture.size)
        part = picture.crop((x, y, x + side, y + side)).resize((512, 512), Image.LANCZOS)
        Image.fromarray(noisy(part, 2)).save(folder / f"png/{i:03d}.png")
    for i in range(20):
        large = pictures[i % len(pictures)].resize((4000, 3000), Image.LANCZOS)
        Image.fromarray(noisy(large, 3)).save(folder / f"jpg/{i:02d}.jpg", quality=92)
    tile = noisy(pictures[0].resize((3000, 3000), Image.LANCZOS), 2)
    Image.fromarray(numpy.tile(tile, (10, 10, 1))).save(folder / "large/large.jpg", quality=90)


def main() -> None:
    if sys.argv[1] == "--samples":
        draw_samples(pathlib.Path(sys.argv[2]))
        return
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
